import { DAY, MINUTE, dateOfDay, dayNumber, minutesOf, weekdayOfDay } from './dates.ts'
import { checkInstant } from './checks.ts'
import type { Interval } from './intervals.ts'
import { dayAt, dayIn, instantOf, offsetAt, zoneNamed } from './zones.ts'

/** What a clock and a calendar on the wall show: 'YYYY-MM-DD' and 'HH:MM'. */
export interface WallClock {
  date: string
  time: string
}

/**
 * The instant (epoch milliseconds) of a wall-clock time '00:00' to '24:00'; '24:00' is the midnight that ends the date.
 * A time that exists twice is its first; one that was skipped is as much later as the gap is long (RFC 5545 §3.3.5).
 */
export function instantAt(time_zone: string, date: string, time: string): number {
  const minutes = minutesOf(time, 'time', '24:00')
  return instantOf(zoneNamed(time_zone), dayNumber(date) * DAY + minutes * MINUTE)
}

/** What the wall clock shows at an instant (epoch milliseconds); seconds are left off, not rounded. */
export function wallClockAt(time_zone: string, instant: number): WallClock {
  checkInstant('instant', instant)
  const wall = instant + offsetAt(zoneNamed(time_zone), instant)
  const day = Math.floor(wall / DAY)
  return { date: dateOfDay(day), time: timeOfMinutes(Math.floor((wall - day * DAY) / MINUTE)) }
}

function timeOfMinutes(minutes: number): string {
  const hour = String(Math.floor(minutes / 60)).padStart(2, '0')
  const minute = String(minutes % 60).padStart(2, '0')
  return `${hour}:${minute}`
}

/** The date at an instant (epoch milliseconds) in a zone: what "today" is there. */
export function dateAt(time_zone: string, instant: number): string {
  checkInstant('instant', instant)
  return dateOfDay(dayAt(zoneNamed(time_zone), instant))
}

/**
 * The first instant of a local date and the first of the next: 23 or 25 hours apart where clocks change, the same
 * where the zone skipped the date, and not at 00:00 where clocks skip midnight.
 */
export function localDay(time_zone: string, date: string): Interval {
  return dayIn(zoneNamed(time_zone), dayNumber(date))
}

/** Monday = 1 to Sunday = 7 (ISO 8601). */
export function weekdayOf(date: string): number {
  return weekdayOfDay(dayNumber(date))
}

/** The date so many days later, or earlier if `days` is negative. Dates have no zone. */
export function addDays(date: string, days: number): string {
  return dateOfDay(dayNumber(date) + days)
}
