/**
 * Where the button and the table come to stand in a mail, between paragraphs. They are characters for private use,
 * which are taken out of all else, so that nothing but a template can place them.
 */
export const LINK = '\uE000'
export const DETAILS = '\uE001'
export const END = '\uE002'
/** A button with what it says. */
export const linkMarks = /\uE000[^\uE002]*\uE002/g

export const withoutMarks = (text: string): string => text.replaceAll(/[\uE000-\uF8FF]/g, '')
