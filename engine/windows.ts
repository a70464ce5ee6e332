import { checkInstant, checkRange, checkedLength } from './checks.ts'
import { DAY, MINUTE, dayNumber, weekdayOfDay } from './dates.ts'
import { readHours, type Hours, type Timetable } from './hours.ts'
import { intersect, merge, type Interval } from './intervals.ts'
import { dayAt, dayIn, instantOf } from './zones.ts'

/**
 * A stretch [start, end) with one grid, whose lines stand at `start` and every step after it, in elapsed time.
 * What starts here may run on until `closes`, the end of the window that the stretch is part of. Epoch milliseconds.
 */
export interface Grid extends Interval {
  closes: number
}

/** The open time between two instants (epoch milliseconds): merged windows, cut off at `from` and `to`. */
export function openWindows(hours: Hours, from: number, to: number): Interval[] {
  checkRange(from, to)
  return intersect(windowsAround(readHours(hours), from, to), [{ start: from, end: to }])
}

/**
 * What opens on each of these dates, whole, epoch milliseconds: a window that runs past midnight belongs to the date on
 * which it opens. Those of one date are merged; those of two stay two, also where they touch or overlap.
 */
export function windowsByDate(hours: Hours, dates: readonly string[]): Interval[][] {
  const timetable = readHours(hours)
  return dates.map((date) => {
    const day = dayNumber(date)
    const { start, end } = dayIn(timetable.zone, day)
    const windows = timetable.open.filter((stretch) => start <= stretch.start && stretch.start < end)
    pushWindows(windows, timetable, day)
    return merge(windows)
  })
}

/** Whether all of [start, end) lies inside one open window. Nothing is open for no time at all. */
export function isOpen(hours: Hours, start: number, end: number): boolean {
  const [window] = openWindows(hours, start, end)
  return window?.start === start && window.end === end
}

/** Whether an instant (epoch milliseconds) is open and on the grid of its window. Says nothing of what is busy. */
export function isOnGrid(hours: Hours, start: number, step_minutes: number): boolean {
  checkInstant('start', start)
  const step = checkedLength('step_minutes', step_minutes)
  return gridsBetween(readHours(hours), start, start + 1).some(
    (grid) => grid.start <= start && start < grid.end && (start - grid.start) % step === 0,
  )
}

/**
 * The grids of all windows that are open at some time in [from, to), in order, and whole from `from` on.
 *
 * A grid starts where its window opens, touching and overlapping windows having been merged; and it starts anew at
 * the midnight of every local day that is open all day. So somebody who never closes has the same times every day,
 * and a night shift keeps one grid over midnight. And since no grid outlives the start of a whole open day, a few
 * days before `from` settle it, which is why a grid is the same whatever part is asked for.
 */
export function gridsBetween(timetable: Timetable, from: number, to: number): Grid[] {
  const first = dayAt(timetable.zone, from) - DAYS_BEFORE
  const last = dayAt(timetable.zone, to) + DAYS_AFTER
  const grids: Grid[] = []
  for (const window of windowsAround(timetable, from, to)) {
    let start = window.start
    for (const midnight of wholeDays(timetable, window, first, last)) {
      grids.push({ start, end: midnight, closes: window.end })
      start = midnight
    }
    grids.push({ start, end: window.end, closes: window.end })
  }
  return grids
}

/** The midnights inside a window at which a day begins that is open to its end. */
function wholeDays({ zone }: Timetable, window: Interval, first: number, last: number): number[] {
  const midnights: number[] = []
  for (let day = Math.max(first, dayAt(zone, window.start)); day <= last; day++) {
    const { start, end } = dayIn(zone, day)
    if (end > window.end) break
    if (start > window.start && start < end) midnights.push(start)
  }
  return midnights
}

// The day before settles the grid, what opens on the day before that may run into it, and a zone may have skipped one.
const DAYS_BEFORE = 3
// Where clocks go back over midnight, the next date has begun once while the calendar still shows this one.
const DAYS_AFTER = 1

function windowsAround(timetable: Timetable, from: number, to: number): Interval[] {
  const windows = [...timetable.open]
  const last = dayAt(timetable.zone, to) + DAYS_AFTER
  for (let day = dayAt(timetable.zone, from) - DAYS_BEFORE; day <= last; day++) {
    pushWindows(windows, timetable, day)
  }
  return merge(windows).filter(({ start, end }) => start < to && from < end)
}

/** Adds the windows that open on a day. One may end before it starts, around a change of clocks: merging drops it. */
function pushWindows(windows: Interval[], { zone, by_day, by_weekday }: Timetable, day: number): void {
  const { start, end } = dayIn(zone, day)
  const isSkipped = start === end
  if (isSkipped) return
  for (const { opens, closes } of by_day.get(day) ?? by_weekday[weekdayOfDay(day)]!) {
    windows.push({
      start: instantOf(zone, day * DAY + opens * MINUTE),
      end: instantOf(zone, day * DAY + closes * MINUTE),
    })
  }
}
