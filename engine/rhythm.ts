import { checkCount } from './checks.ts'
import { DAY, dateOfDay, weekdayOfDay } from './dates.ts'

/** How often something comes again. */
export interface Rhythm {
  every: 'day' | 'week' | 'month'
  /** Every how many days, weeks or months; 1 unless said. Weeks start on Monday. */
  interval?: number
  /** Only with 'week'. Monday = 1 to Sunday = 7 (ISO 8601); the weekday of the first day is among them. */
  weekdays?: number[]
}

/**
 * The day numbers of a rhythm in order, the first day included. They go on past the year 9999, so whoever asks stops.
 * A month without that day of the month is left out (RFC 5545 §3.3.10).
 */
export function daysIn({ every, interval = 1, weekdays }: Rhythm, first: number): Iterable<number> {
  checkCount('interval', interval)
  if (every === 'week') return weekly(first, interval, readWeekdays(weekdays, weekdayOfDay(first)))
  if (weekdays) throw new RangeError(`weekdays: they are for every week, not for every ${every}`)
  return every === 'day' ? daily(first, interval) : monthly(first, interval)
}

function readWeekdays(weekdays: number[] | undefined, own: number): number[] {
  if (weekdays === undefined) return [own]
  for (const [i, weekday] of weekdays.entries()) {
    if (!Number.isInteger(weekday) || weekday < 1 || weekday > 7)
      throw new RangeError(`weekdays[${i}]: ${weekday} is no weekday; Monday is 1 and Sunday is 7`)
  }
  if (!weekdays.includes(own))
    throw new RangeError(`weekdays: ${own} is missing, the weekday of the first appointment`)
  return [...new Set(weekdays)].toSorted((a, b) => a - b)
}

function* daily(first: number, interval: number) {
  for (let day = first; ; day += interval) yield day
}

function* weekly(first: number, interval: number, weekdays: number[]) {
  for (let monday = first - weekdayOfDay(first) + 1; ; monday += 7 * interval) {
    for (const weekday of weekdays) {
      const day = monday + weekday - 1
      if (day >= first) yield day
    }
  }
}

function* monthly(first: number, interval: number) {
  const date = Temporal.PlainDate.from(dateOfDay(first))
  // Counted from the first each time: month after month, the 31st would become the 28th in February and stay it.
  for (let months = 0; months <= MOST_MONTHS; months += interval) {
    const there = date.add({ months })
    if (there.day === date.day) yield Date.UTC(there.year, there.month - 1, there.day) / DAY
  }
}

const MOST_MONTHS = 9999 * 12 // from any date to beyond the last year, and not beyond what Temporal can count
