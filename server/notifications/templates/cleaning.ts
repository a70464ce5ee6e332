import { withoutMarks } from './marks.ts'

/** Control characters, and those that turn the direction of what is read after them. */
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/**
 * Facts as they can stand in any text: what people wrote is kept, what could be mistaken for a part of the message (an
 * empty line, an invisible character) is not. An empty value is as good as none.
 */
export function clean<T>(value: T): T {
  return cleaned(value) as T
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleaned)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value)
    .map(([name, inner]) => [name, cleaned(inner)] as const)
    .filter(([, inner]) => inner !== '' && inner !== undefined && inner !== null)
  return Object.fromEntries(kept)
}

function cleanText(text: string): string {
  return withoutMarks(text.toWellFormed().replaceAll(/\r\n?|[\u2028\u2029]/g, '\n'))
    .replaceAll(UNSEEN, '')
    .replaceAll(/[ \t]*\n\s*/g, '\n')
    .trim()
}
