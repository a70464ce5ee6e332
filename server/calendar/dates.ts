import { addDays, localDay, weekdayOf } from '../../engine/wallclock.ts'
import type { Stretch } from '../slots/reservations.ts'

/** Which days are looked at: a date, the week that holds it, or a month; those of today unless said. */
export interface Period {
  view: 'day' | 'week' | 'month'
  date?: string
  /** Of a day: so many from the date on; one unless said. */
  days?: number
  month?: string
}

/** The dates of a view; those of a month with the days of its neighbours that fill its weeks. Weeks begin on Monday. */
export function datesOf(period: Period, today: string): { dates: string[]; month: string | null } {
  const { view, date = today, days: count = 1 } = period
  if (view === 'day') return { dates: daysFrom(date, count), month: null }
  if (view === 'week') return { dates: weekOf(date), month: null }
  const month = period.month ?? today.slice(0, 7)
  const { daysInMonth } = Temporal.PlainYearMonth.from(month)
  const days = daysFrom(`${month}-01`, daysInMonth)
  return { dates: [...new Set(days.flatMap(weekOf))], month }
}

/** From the first moment of the first of these dates to the last of the last, in a zone. */
export function stretchOf(time_zone: string, dates: string[]): Stretch {
  const [first, last] = [localDay(time_zone, dates[0]!), localDay(time_zone, dates.at(-1)!)]
  return {
    start: Temporal.Instant.fromEpochMilliseconds(first.start),
    end: Temporal.Instant.fromEpochMilliseconds(last.end),
  }
}

/** ISO 8601: from Monday to Sunday. */
function weekOf(date: string): string[] {
  return daysFrom(addDays(date, 1 - weekdayOf(date)), 7)
}

function daysFrom(date: string, count: number): string[] {
  return Array.from({ length: count }, (_, days) => addDays(date, days))
}
