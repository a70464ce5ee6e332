import { checkIntervals, checkRange } from './checks.ts'
import { readHours, type Hours } from './hours.ts'
import { merge, type Interval } from './intervals.ts'
import { bookableStarts, lengthsOf, type SlotRules } from './rules.ts'
import { gridsBetween } from './windows.ts'

/** A time that can be booked, [start, end) in epoch milliseconds. */
export type Slot = Interval

export interface SlotQuery extends Hours, SlotRules {
  /** When nothing can be booked; any order, may overlap, may go on for ever. Stretches without length block nothing. */
  busy: Interval[]
  /** A slot starts in [from, to), epoch milliseconds. */
  from: number
  to: number
}

/**
 * The slots that can be booked: sorted, no two alike.
 *
 * A slot starts on the grid of its window (see `gridsBetween`) and lies wholly inside the window. It is free when
 * nothing busy meets [start - buffer before, end + buffer after), to the millisecond; buffers need no room inside the
 * window. With `now`, the first slot starts at now + notice or later and the last at now + horizon or earlier, both
 * included. Wall-clock times are resolved as RFC 5545 §3.3.5 says, steps and lengths are elapsed time.
 *
 * Asking for a part gives that part of the whole answer. Input that makes no sense is a RangeError which names the
 * field. Costs O(busy log busy + days × windows + slots).
 */
export function findSlots(query: SlotQuery): Slot[] {
  const timetable = readHours(query)
  checkRange(query.from, query.to)
  const { earliest, latest } = bookableStarts(query, query)
  const { length, step, before, after } = lengthsOf(query)
  checkIntervals('busy', query.busy, 'any')
  const slots: Slot[] = []
  if (latest < earliest) return slots

  const busy = merge(query.busy)
  let next = 0 // the first busy stretch that does not lie wholly before the slot in question
  for (const grid of gridsBetween(timetable, earliest, latest + length)) {
    const last = Math.min(latest, grid.end - 1, grid.closes - length)
    let start = lineFrom(grid.start, step, earliest)
    while (start <= last) {
      while (next < busy.length && busy[next]!.end <= start - before) next++
      const obstacle = busy[next]
      if (obstacle === undefined || obstacle.start >= start + length + after) {
        slots.push({ start, end: start + length })
        start += step
      } else {
        start = lineFrom(grid.start, step, obstacle.end + before)
      }
    }
  }
  return slots
}

/** The first line of a grid at an instant or after it. */
function lineFrom(anchor: number, step: number, instant: number): number {
  return anchor + Math.max(0, Math.ceil((instant - anchor) / step)) * step
}
