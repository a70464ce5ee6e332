import { Type } from 'typebox'
import { InvalidInput } from '../server/refusal.ts'

const DATE_TIME = String.raw`[12]\d{3}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?`
const OFFSET = String.raw`([Zz]|[+-]\d\d:?\d\d)`

/** In: on the organization's wall clock, or with an offset. Out: on the wall clock, to the second, without an offset. */
export const LocalDateTime = Type.String({
  pattern: `^${DATE_TIME}${OFFSET}?$`,
  description: "2027-02-04T10:00:00 on the organization's wall clock; with an offset, what that says",
})

/** A time of day to the minute, as HH:MM or HH:MM:SS; the last second of a day is its end. */
export const LocalTime = Type.String({
  pattern: '^(([01]\\d|2[0-3]):[0-5]\\d(:00)?|23:59:59|24:00(:00)?)$',
  description: 'HH:MM or HH:MM:SS, to the minute; 24:00 and 23:59:59 are the end of the day',
})

/**
 * The instant that is meant in a zone: a time that does not exist or exists twice is resolved as RFC 5545 §3.3.5 says.
 * Throws InvalidInput for one that no calendar has.
 */
export function instantOf(field: string, text: string, time_zone: string): Temporal.Instant {
  try {
    if (new RegExp(`${OFFSET}$`).test(text)) return Temporal.Instant.from(text)
    return Temporal.PlainDateTime.from(text).toZonedDateTime(time_zone).toInstant()
  } catch {
    throw new InvalidInput([{ field, message: 'must be a date and time such as 2027-02-04T10:00:00' }])
  }
}

/** What the clock on the wall shows then. */
export function localOf(instant: Temporal.Instant, time_zone: string): string {
  const wall = instant.toZonedDateTimeISO(time_zone).toPlainDateTime()
  return wall.toString({ smallestUnit: 'second' })
}

/** Whether the wall clock alone says which instant is meant: of an hour that comes twice, only the first time. */
export function isSaidByWallClock(instant: Temporal.Instant, time_zone: string): boolean {
  const wall = instant.toZonedDateTimeISO(time_zone).toPlainDateTime()
  return wall.toZonedDateTime(time_zone).epochMilliseconds === instant.epochMilliseconds
}

/** From the first moment of a date to that of the next. Throws InvalidInput for a date that there is not. */
export function dayOf(field: string, date: string, time_zone: string) {
  try {
    const day = Temporal.PlainDate.from(date)
    const [start, end] = [day, day.add({ days: 1 })].map((of) => of.toZonedDateTime(time_zone).toInstant())
    return { start: start!, end: end! }
  } catch {
    throw new InvalidInput([{ field, message: 'must be a date such as 2027-02-04' }])
  }
}

/** As hours keep it: HH:MM, the end of the day as 24:00. */
export function timeOfDay(text: string): string {
  return text === '23:59:59' ? '24:00' : text.slice(0, 5)
}

/** As other systems read it: HH:MM:SS, and no hour 24. */
export function viewTimeOfDay(time: string): string {
  return time === '24:00' ? '23:59:59' : `${time}:00`
}
