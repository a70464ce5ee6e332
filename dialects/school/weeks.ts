import { InvalidInput } from '../../server/refusal.ts'
import { instantOf, timeOfDay } from '../local-times.ts'

/** A time as this system says it: a week by its Monday, a day in it (Monday = 0), and times of that day. */
export interface WeekTime {
  week_start_date: string
  day_of_week: number
  start_time: string
  end_time: string
}

/** The Monday by which a week is named. Throws InvalidInput for another day, and for a date that there is not. */
export function mondayIn(field: string, text: string): Temporal.PlainDate {
  const date = dateIn(field, text)
  if (date.dayOfWeek === 1) return date
  const { dayOfWeek } = date
  const monday = date.subtract({ days: dayOfWeek - 1 })
  throw new InvalidInput([{ field, message: `must be a Monday, such as ${monday.toString()}` }])
}

/** A year as far as a database can follow; a time of day may stand behind the date. */
const DATE = /^[12]\d{3}-\d\d-\d\d(?=T|$)/

export function dateIn(field: string, text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(DATE.exec(text)?.[0] ?? '')
  } catch {
    throw new InvalidInput([{ field, message: 'must be a date such as 2027-02-04' }])
  }
}

/** The instants that are meant. Throws InvalidInput for a day that is no Monday, and for an end that is not after the start. */
export function instantsOf(time: WeekTime, time_zone: string, path = '') {
  const date = mondayIn('week_start_date', time.week_start_date).add({ days: time.day_of_week })
  const [opens, closes] = [timeOfDay(time.start_time), timeOfDay(time.end_time)]
  if (closes <= opens)
    throw new InvalidInput([{ field: `${path}end_time`, message: 'must be after start_time' }])
  const end =
    closes === '24:00' ? `${date.add({ days: 1 }).toString()}T00:00` : `${date.toString()}T${closes}`
  return {
    starts_at: instantOf(`${path}start_time`, `${date.toString()}T${opens}`, time_zone),
    ends_at: instantOf(`${path}end_time`, end, time_zone),
  }
}

/** Where an instant lies in this system's weeks. */
export function weekTimeOf(
  { starts_at, ends_at }: { starts_at: Temporal.Instant; ends_at: Temporal.Instant },
  time_zone: string,
): WeekTime {
  const [start, end] = [starts_at, ends_at].map((at) => at.toZonedDateTimeISO(time_zone))
  const date = start!.toPlainDate()
  const day_of_week = date.dayOfWeek - 1
  const midnight = end!.hour === 0 && end!.minute === 0 && !end!.toPlainDate().equals(date)
  return {
    day_of_week,
    start_time: clock(start!),
    end_time: midnight ? '23:59:59' : clock(end!),
    week_start_date: date.subtract({ days: day_of_week }).toString(),
  }
}

function clock(time: Temporal.ZonedDateTime): string {
  return time.toPlainTime().toString({ smallestUnit: 'second' })
}

/** From the first moment of a date to that of a later one. */
export function between(first: Temporal.PlainDate, days: number, time_zone: string) {
  const [from, to] = [first, first.add({ days })].map((date) => date.toZonedDateTime(time_zone).toInstant())
  return { from: from!, to: to! }
}
