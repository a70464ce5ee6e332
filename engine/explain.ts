import { breaksTheRow, type BreakRule } from './breaks.ts'
import { checkInstant, checkIntervals } from './checks.ts'
import type { Hours } from './hours.ts'
import { intersect, type Interval } from './intervals.ts'
import { bookableStarts, lengthsOf, withBuffers, type SlotRules } from './rules.ts'
import { isOnGrid, isOpen } from './windows.ts'

export interface StartQuery extends Hours, SlotRules {
  /** The start in question, epoch milliseconds. */
  start: number
  /** As for `findSlots`. */
  busy: Interval[]
  breaks?: BreakRule | null
  /** What counts for the breaks where not all that is busy does (a room, a time off); all of `busy` unless said. */
  appointments?: Interval[]
  /** 'none': any start inside the hours will do. 'windows' unless said. */
  grid?: 'windows' | 'none'
}

/** Why a start is not offered; see `explainStart`. */
export type Reason = 'past' | 'notice' | 'horizon' | 'closed' | 'off_the_grid' | 'busy' | 'buffer' | 'break'

/**
 * Why nothing can be booked at a start: all reasons that apply, in this order, and none exactly if `findSlots`, with
 * `keepBreaks` after it, offers a slot there.
 *
 * - past: it lies before now.
 * - notice: it is still to come, but sooner than the notice allows.
 * - horizon: it is further ahead than the horizon.
 * - closed: not all of the appointment lies inside one open window.
 * - off_the_grid: the start is open, but no slot starts then.
 * - busy: something busy meets the appointment.
 * - buffer: something busy meets the buffers, and nothing the appointment.
 * - break: the appointment, its buffers around it, would make a row without a break too long (`breaksTheRow`).
 *
 * Input that makes no sense is a RangeError which names the field, as for `findSlots`.
 */
export function explainStart(query: StartQuery): Reason[] {
  const { start, now, busy, breaks, appointments = busy } = query
  checkInstant('start', start)
  checkIntervals('busy', busy, 'any')
  const { length } = lengthsOf(query)
  const { earliest, latest } = bookableStarts(query, { from: start, to: start + 1 })
  const slot = { start, end: start + length }
  const wide = withBuffers(slot, query)
  const isPast = now !== undefined && start < now
  const isBusy = meets(busy, slot)

  const reasons: [Reason, boolean][] = [
    ['past', isPast],
    ['notice', !isPast && start < earliest],
    ['horizon', start > latest],
    ['closed', !isOpen(query, slot.start, slot.end)],
    ['off_the_grid', isOffTheGrid(query)],
    ['busy', isBusy],
    ['buffer', !isBusy && meets(busy, wide)],
    ['break', breaks ? breaksTheRow(appointments, wide, breaks) : false],
  ]
  return reasons.filter(([, applies]) => applies).map(([reason]) => reason)
}

function isOffTheGrid(query: StartQuery): boolean {
  const { start, grid, slot_minutes, step_minutes = slot_minutes } = query
  if (grid === 'none' || !isOpen(query, start, start + 1)) return false
  return !isOnGrid(query, start, step_minutes)
}

/** Half-open as everything is: what only touches does not meet, and what has no length meets nothing. */
function meets(busy: readonly Interval[], stretch: Interval): boolean {
  return intersect(busy, [stretch]).length > 0
}
