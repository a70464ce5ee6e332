import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { TSchema } from 'typebox'
import type { Field } from '../../presets/preset.ts'
import { isDate } from '../http/formats.ts'
import { Email, FreeText, LocalDate, Locale, Name, Phone, TimeOfDay } from '../shapes.ts'

/** A value that cannot be read; the message says what would be right. */
export class Unreadable extends Error {}

/** Makes a value of the text of a cell, which is not empty and has no blanks around it. Throws Unreadable. */
export type Read<T> = (text: string) => T

const ajv = new Ajv({ strict: false })
addFormats.default(ajv)
ajv.addFormat('date', isDate)

export const name = like(Name, 'must be a name of at most 200 characters, on one line')
export const email = like(Email, 'must be an e-mail address, such as ada@example.org')
export const locale = like(Locale, 'must be a language, such as en or de-AT')
export const notes = like(FreeText(2000), 'must be a text of at most 2000 characters')
export const date = like(LocalDate, 'must be a date, such as 2027-03-31')

const e164 = like(Phone, 'must be a number with its country code, such as +4915112345678')
/** Numbers are kept without the blanks and signs that people put between the digits. */
export const phone: Read<string> = (text) => e164(text.replaceAll(/[\s()./-]/g, ''))

const clock = like(TimeOfDay, 'must be a time of day, such as 09:00; 24:00 is the end of the day')
/** As spreadsheets write them, too: 9:00, and 09:00:00. */
export const timeOfDay: Read<string> = (text) =>
  clock(text.replace(/^(\d{1,2}:\d\d):00$/, '$1').replace(/^(\d):/, '0$1:'))

export const weekday: Read<number> = (text) => {
  if (/^[1-7]$/.test(text)) return Number(text)
  throw new Unreadable('must be a number from 1 (Monday) to 7 (Sunday)')
}

export const truth: Read<boolean> = (text) => {
  if (/^(true|yes|1)$/i.test(text)) return true
  if (/^(false|no|0)$/i.test(text)) return false
  throw new Unreadable('must be true or false')
}

/** Several values in one cell. */
export function several<T>(read: Read<T>): Read<T[]> {
  return (text) => {
    const parts = text.split('|').map((part) => part.trim())
    return [...new Set(parts.filter((part) => part !== ''))].map(read)
  }
}

export function oneOf<const T extends string>(words: readonly T[]): Read<T> {
  return (text) => {
    const word = words.find((one) => one === text)
    if (word === undefined) throw new Unreadable(`must be one of ${words.join(', ')}`)
    return word
  }
}

/** How a client is named in other files: by address, or by number. */
export const addressOrPhone: Read<string> = (text) => (text.includes('@') ? email(text) : phone(text))

const BCRYPT = /^\$2[aby]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/
const ARGON2ID =
  /^\$argon2id\$v=19\$m=\d{1,7},t=\d{1,3},p=\d{1,3}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,172}$/

export const passwordHash: Read<string> = (text) => {
  if (BCRYPT.test(text) || ARGON2ID.test(text)) return text
  const known = 'a hash of bcrypt ($2a$, $2b$ or $2y$, of a cost up to 15) or of argon2id'
  throw new Unreadable(`must be ${known}; leave it empty, and the person chooses a new password`)
}

/** An instant with its offset, or a time on the wall clock of a zone. */
export function moment(time_zone: string): Read<Temporal.Instant> {
  return (text) => {
    try {
      if (!/^[12]\d{3}-\d\d-\d\d[T ]\d\d:\d\d/i.test(text)) throw new RangeError('no date and time')
      if (/(Z|[+-]\d\d(:?\d\d)?)$/i.test(text.slice(16))) return Temporal.Instant.from(text)
      return Temporal.PlainDateTime.from(text).toZonedDateTime(time_zone).toInstant()
    } catch {
      const example = '2027-03-01T09:00:00+01:00, or a time on your own clocks, such as 2027-03-01 09:00'
      throw new Unreadable(`must be an instant with its offset, such as ${example}`)
    }
  }
}

/** How a field of the trade is read; whether the value will do is for the field's own check. */
export function readerOf({ kind }: Field): Read<unknown> {
  switch (kind) {
    case 'number':
      return number
    case 'boolean':
      return truth
    case 'choices':
      return several((text) => text)
    case 'date':
      return date
    default:
      return (text) => text
  }
}

const number: Read<number> = (text) => {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new Unreadable('must be a number, such as 12 or 3.5')
}

function like(schema: TSchema, message: string): Read<string> {
  const isRight = ajv.compile(schema)
  return (text) => {
    if (!isRight(text)) throw new Unreadable(message)
    return text
  }
}
