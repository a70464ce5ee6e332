import { checkCount, checkInstant, checkedLength } from './checks.ts'
import { DAY, dateOfDay, dayNumber } from './dates.ts'
import type { Interval } from './intervals.ts'
import { daysIn, type Rhythm } from './rhythm.ts'
import { dayAt, dayIn, instantOf, offsetAt, zoneNamed, type Zone } from './zones.ts'

/** How often an appointment comes again. It needs `count` or `until`; with both, whichever ends it first. */
export interface Repetition extends Rhythm {
  /** How many appointments, the first included. */
  count?: number
  /** The last date, 'YYYY-MM-DD', counted in. */
  until?: string
}

/**
 * The appointments of a series, in order; times are epoch milliseconds.
 *
 * The first is the start itself. Each following one shows the same time on the wall clock of the zone: where that
 * time is skipped or exists twice it is resolved as RFC 5545 §3.3.5 says, for that one appointment and no other.
 * Lengths are elapsed time. What has no date is left out and not counted (RFC 5545 §3.3.10): the 31st of a month with
 * 30 days, and a date that the zone skipped. A series of more than `most` is a RangeError, never a part of it.
 */
export function repeat(
  time_zone: string,
  start: number,
  length_minutes: number,
  repetition: Repetition,
  most = 100,
): Interval[] {
  const zone = zoneNamed(time_zone)
  checkInstant('start', start)
  const length = checkedLength('length_minutes', length_minutes)
  const first = dayAt(zone, start)
  const wallTime = start + offsetAt(zone, start) - first * DAY
  return seriesOf(zone, first, repetition, most).map((day, i) => {
    // The second of two equal wall-clock times cannot be found from the wall clock.
    const begins = i === 0 ? start : instantOf(zone, day * DAY + wallTime)
    return { start: begins, end: begins + length }
  })
}

/** The day numbers of a series. */
function seriesOf(zone: Zone, first: number, repetition: Repetition, most: number): number[] {
  const { count = Infinity, last } = readEnd(repetition, first, most)
  const days: number[] = []
  for (const day of daysIn(repetition, first)) {
    if (day > last || days.length === count) break
    if (isSkipped(zone, day)) continue
    if (days.length === most)
      throw new RangeError(`until: there are more than ${most} appointments until then`)
    days.push(day)
  }
  if (days.length < count && repetition.until === undefined)
    throw new RangeError(`count: ${count} appointments do not end in the year 9999`)
  return days
}

function readEnd({ count, until }: Repetition, first: number, most: number) {
  if (count === undefined && until === undefined)
    throw new RangeError('count: a repetition ends; say after how many appointments, or until which date')
  checkCount('most', most)
  if (count !== undefined) checkCount('count', count)
  if (count !== undefined && until === undefined && count > most)
    throw new RangeError(`count: ${count} appointments are more than ${most}`)
  const last = dayNumber(until ?? '9999-12-31', 'until')
  if (last < first)
    throw new RangeError(`until: ${until} lies before the first appointment (${dateOfDay(first)})`)
  return { count, last }
}

function isSkipped(zone: Zone, day: number): boolean {
  const { start, end } = dayIn(zone, day)
  return start === end
}
