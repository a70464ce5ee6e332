import type { Hours } from '../../engine/hours.ts'
import { openWindows } from '../../engine/windows.ts'

const MINUTE = 60_000

/**
 * Hours whose grid is that of the clock: every window begins at the next full step of the location's wall clock, so that
 * half-hour slots start at :00 and :30 wherever the doors open.
 */
export function onTheClock(hours: Hours, step_minutes: number, from: number, to: number): Hours {
  const step = step_minutes * MINUTE
  const open = openWindows(hours, from, to).flatMap(({ start, end }) => {
    const wall = wallClockOf(start, hours.time_zone)
    const aligned = start + (Math.ceil(wall / step) * step - wall)
    return aligned < end ? [{ start: aligned, end }] : []
  })
  return { time_zone: hours.time_zone, weekly: [], dated: [], open }
}

/** What is open from an instant on, which is the first line of its grid. */
export function openFrom({ time_zone, ...hours }: Hours, from: number, to: number): Hours {
  return { time_zone, weekly: [], dated: [], open: openWindows({ time_zone, ...hours }, from, to) }
}

/** Milliseconds since midnight on the wall clock. */
function wallClockOf(instant: number, time_zone: string): number {
  const { hour, minute, second, millisecond } =
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(time_zone)
  return ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
}
