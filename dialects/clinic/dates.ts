import { InvalidInput } from '../../server/refusal.ts'
import type { Stretch } from '../../server/slots/reservations.ts'
import { dayOf, instantOf } from '../local-times.ts'
import { MalformedQuery } from './failures.ts'

/** A date-time without an offset is UTC here. */
export const momentOf = (field: string, text: string) => instantOf(field, text, 'UTC')

/** The day that a query names, from its first moment to that of the next. Throws MalformedQuery. */
export function dayIn(field: string, text: string, time_zone: string): Stretch {
  if (!/^[12]\d{3}-\d\d-\d\d$/.test(text)) throw notADate(field)
  try {
    return dayOf(field, text, time_zone)
  } catch (error) {
    throw error instanceof InvalidInput ? notADate(field) : error
  }
}

/** The month that a query names. Throws MalformedQuery. */
export function monthIn(field: string, text: string, time_zone: string): Stretch {
  if (!/^[12]\d{3}-(0[1-9]|1[0-2])$/.test(text)) {
    throw new MalformedQuery(`${field} must be a month such as 2027-02.`)
  }
  const first = Temporal.PlainYearMonth.from(text).toPlainDate({ day: 1 })
  const [start, end] = [first, first.add({ months: 1 })].map((date) =>
    date.toZonedDateTime(time_zone).toInstant(),
  )
  return { start: start!, end: end! }
}

/** Where a range begins or ends: a day, which is in it as a whole, or a moment. Throws MalformedQuery. */
export function edgeIn(
  field: string,
  text: string,
  edge: keyof Stretch,
  time_zone: string,
): Temporal.Instant {
  if (text.length <= 10) return dayIn(field, text, time_zone)[edge]
  if (!/^[12]/.test(text)) throw notADate(field)
  try {
    return momentOf(field, text)
  } catch (error) {
    throw error instanceof InvalidInput ? notADate(field) : error
  }
}

const notADate = (field: string) => new MalformedQuery(`${field} must be a date such as 2027-02-04.`)
