import { checkIntervals } from './checks.ts'
import { dayNumber, minutesOf } from './dates.ts'
import type { Interval } from './intervals.ts'
import { zoneNamed, type Zone } from './zones.ts'

/** When somebody takes appointments, as people say it. */
export interface Hours {
  /** IANA name: the clock that the windows are read on. */
  time_zone: string
  weekly: WeeklyWindow[]
  /** Replaces what opens on that date; no windows = closed. Two entries for one date add up. */
  dated: DatedWindows[]
  /** Further open stretches, epoch milliseconds. */
  open?: Interval[]
}

/**
 * Wall-clock times 'HH:MM'. '24:00' closes at the next midnight; a window that closes before it opens runs past
 * midnight and belongs to the day it opens on; one that closes as it opens is empty.
 */
export interface DailyWindow {
  opens: string
  closes: string
}

export interface WeeklyWindow extends DailyWindow {
  /** Monday = 1 to Sunday = 7 (ISO 8601). */
  weekday: number
}

export interface DatedWindows {
  date: string
  windows: DailyWindow[]
}

/** Hours with their texts read: windows in minutes after midnight, `closes` beyond 1440 past the next one. */
export interface Timetable {
  zone: Zone
  by_weekday: Minutes[][]
  by_day: Map<number, Minutes[]>
  open: Interval[]
}

export interface Minutes {
  opens: number
  closes: number
}

/** Reads hours; a RangeError names the field that cannot be read and says what would be right. */
export function readHours({ time_zone, weekly, dated, open = [] }: Hours): Timetable {
  const timetable: Timetable = {
    zone: zoneNamed(time_zone),
    by_weekday: Array.from({ length: 8 }, () => []),
    by_day: new Map(),
    open,
  }
  for (const [i, window] of weekly.entries()) {
    readWeekday(timetable, window.weekday, `weekly[${i}]`).push(readWindow(window, `weekly[${i}]`))
  }
  for (const [i, { date, windows }] of dated.entries()) {
    const day = dayNumber(date, `dated[${i}].date`)
    const read = windows.map((window, j) => readWindow(window, `dated[${i}].windows[${j}]`))
    timetable.by_day.set(day, [...(timetable.by_day.get(day) ?? []), ...read])
  }
  // Stretches without bounds would have no opening for a grid to start at.
  checkIntervals('open', open, 'bounded')
  return timetable
}

function readWeekday({ by_weekday }: Timetable, weekday: number, field: string): Minutes[] {
  const windows = weekday === 0 ? undefined : by_weekday[weekday]
  if (!windows)
    throw new RangeError(`${field}.weekday: ${weekday} is no weekday; Monday is 1 and Sunday is 7`)
  return windows
}

function readWindow(window: DailyWindow, field: string): Minutes {
  const opens = minutesOf(window.opens, `${field}.opens`, '23:59')
  const closes = minutesOf(window.closes, `${field}.closes`, '24:00')
  return { opens, closes: closes < opens ? closes + 24 * 60 : closes }
}
