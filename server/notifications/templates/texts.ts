import type { Audience, Kind, Language } from '../kinds.ts'

/** A message in Liquid: the subject of a mail, its paragraphs, and the few words of an SMS or a push. */
export interface Text {
  subject: string
  content: string
  short: string
}

export type TemplateName = `${Kind}.${Audience}`
export type Texts = Partial<Record<TemplateName, Text>>

export const texts: Record<Language, Texts> = { en: {}, de: {}, tr: {} }
