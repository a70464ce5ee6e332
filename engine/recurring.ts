import { checkInstant } from './checks.ts'
import { DAY, MINUTE, weekdayOfDay } from './dates.ts'
import { dayAt, dayIn, instantOf, offsetAt, type Zone, zoneNamed } from './zones.ts'

/** What recurs: the minutes, hours, days of the month, months and weekdays of a crontab, as sorted lists. */
interface Recurrence {
  minutes: number[]
  /** null: each hour that passes, and not hours of the wall clock. */
  hours: number[] | null
  days: number[]
  months: number[]
  /** Sunday = 0, as crontabs count. */
  weekdays: number[]
}

/** Far enough for the 29th of February where a century has none. */
const MOST_DAYS = 3000

/**
 * The last time at or before `at` (epoch milliseconds) at which something was due that recurs by a crontab's five
 * fields, read in a time zone; null where there was none in eight years. A time of day that clocks skip is due as much
 * later as the gap is long, one that they show twice is due the first time: once a day whatever the clocks do. What
 * recurs each hour (its hours are `*`) follows the hours that pass, so the hour that comes twice counts twice.
 */
export function lastDue(every: string, time_zone: string, at: number): number | null {
  checkInstant('at', at)
  const recurrence = recurrenceOf(every)
  const zone = zoneNamed(time_zone)
  const today = dayAt(zone, at)
  for (let day = today; day > today - MOST_DAYS; day--) {
    const due = instantsOn(recurrence, zone, day).findLast((instant) => instant <= at)
    if (due !== undefined) return due
  }
  return null
}

/** The first such time after `after`; null where there is none in eight years. */
export function nextDue(every: string, time_zone: string, after: number): number | null {
  checkInstant('after', after)
  const recurrence = recurrenceOf(every)
  const zone = zoneNamed(time_zone)
  const today = dayAt(zone, after)
  // A time of yesterday that clocks skipped may have moved into today.
  for (let day = today - 1; day < today + MOST_DAYS; day++) {
    const due = instantsOn(recurrence, zone, day).find((instant) => instant > after)
    if (due !== undefined) return due
  }
  return null
}

function instantsOn(
  { minutes, hours, days, months, weekdays }: Recurrence,
  zone: Zone,
  day: number,
): number[] {
  const date = new Date(day * DAY)
  const isRight = days.includes(date.getUTCDate()) && months.includes(date.getUTCMonth() + 1)
  if (!isRight || !weekdays.includes(weekdayOfDay(day) % 7)) return []
  if (hours === null) return passing(minutes, zone, day)
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute))
  const instants = times.map((time) => instantOf(zone, day * DAY + time * MINUTE))
  // Where clocks go forward, a time that moved can pass one that did not.
  return instants.toSorted((one, other) => one - other)
}

/** Every minute of a local day at which the wall clock shows one of these minutes. */
function passing(minutes: number[], zone: Zone, day: number): number[] {
  const { start, end } = dayIn(zone, day)
  const instants: number[] = []
  for (let instant = start; instant < end; instant += MINUTE) {
    const minute = Math.floor((instant + offsetAt(zone, instant)) / MINUTE) % 60
    if (minutes.includes(minute)) instants.push(instant)
  }
  return instants
}

const known = new Map<string, Recurrence>()

function recurrenceOf(every: string): Recurrence {
  const read = known.get(every) ?? reading(every)
  if (known.size < 100) known.set(every, read)
  return read
}

/** Reads five fields. `*`, numbers, ranges, lists and steps; a day of the month or a weekday, not both. */
function reading(every: string): Recurrence {
  const fields = every.trim().split(/\s+/)
  if (fields.length !== 5) throw wrong(every, 'five fields are needed')
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string]
  if (day !== '*' && weekday !== '*') throw wrong(every, 'name days of the month or weekdays, not both')
  return {
    minutes: numbersIn(every, minute, 0, 59),
    hours: hour === '*' ? null : numbersIn(every, hour, 0, 23),
    days: numbersIn(every, day, 1, 31),
    months: numbersIn(every, month, 1, 12),
    weekdays: [...new Set(numbersIn(every, weekday, 0, 7).map((number) => number % 7))],
  }
}

function numbersIn(every: string, field: string, least: number, most: number): number[] {
  const numbers = field.split(',').flatMap((part) => {
    const read = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/([1-9]\d*))?$/.exec(part)
    if (!read) throw wrong(every, `"${part}" is not understood`)
    const [, from, to, step = '1'] = read
    const first = Number(from ?? least)
    const last = from === undefined ? most : Number(to ?? from)
    if (from !== undefined && to === undefined && step !== '1')
      throw wrong(every, `"${part}" is not understood`)
    if (first < least || last > most || last < first) throw wrong(every, `"${part}" is out of range`)
    const count = Math.floor((last - first) / Number(step)) + 1
    return Array.from({ length: count }, (_, at) => first + at * Number(step))
  })
  return [...new Set(numbers)].toSorted((one, other) => one - other)
}

function wrong(every: string, why: string): RangeError {
  return new RangeError(
    `every: ${JSON.stringify(every)}: ${why}; write a crontab's fields, such as "30 2 * * *"`,
  )
}
