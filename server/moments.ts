import { Type } from 'typebox'
import { InvalidInput } from './refusal.ts'

/** An edge of a range, as people say it: to the second, or by the day. */
export const Moment = Type.String({
  pattern: '^[12]\\d{3}-\\d\\d-\\d\\d(T.+)?$',
  maxLength: 40,
  description: 'An instant (RFC 3339), or a date of the organization; a date in `to` is counted in',
})

/** An instant as it is; a date as its first moment, or that of the day after it. */
export function momentIn(
  field: string,
  text: string,
  time_zone: string,
  days_after: number,
): Temporal.Instant {
  try {
    if (text.length > 10) return Temporal.Instant.from(text)
    return Temporal.PlainDate.from(text).add({ days: days_after }).toZonedDateTime(time_zone).toInstant()
  } catch {
    const example = 'an instant such as 2027-03-01T09:00:00Z, or a date such as 2027-03-01'
    throw new InvalidInput([{ field, message: `must be ${example}` }])
  }
}
