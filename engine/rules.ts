import { checkInstant, checkedDistance, checkedLength } from './checks.ts'
import type { Interval } from './intervals.ts'

/** What is kept clear around an appointment. */
export interface Buffers {
  buffer_before_minutes?: number
  buffer_after_minutes?: number
}

/** How long an appointment takes, and how soon and how far ahead it may be booked. */
export interface SlotRules extends Buffers {
  slot_minutes: number
  /** From one line of the grid to the next; a slot's length unless said. */
  step_minutes?: number
  /** Epoch milliseconds. Without it the past is offered like the future. */
  now?: number
  notice_minutes?: number
  horizon_minutes?: number
}

/** The first and the last instant of [from, to) at which a slot may start, both included; epoch milliseconds. */
export function bookableStarts(
  { now, notice_minutes, horizon_minutes }: SlotRules,
  { from, to }: { from: number; to: number },
) {
  const notice = checkedDistance('notice_minutes', notice_minutes ?? 0)
  const horizon =
    horizon_minutes === undefined ? Infinity : checkedDistance('horizon_minutes', horizon_minutes)
  if (now === undefined) {
    // Ignoring a rule because nobody said when it is would offer what must not be booked.
    if (notice > 0 || horizon < Infinity)
      throw new RangeError('now: notice and horizon count from it, so give it with them')
    return { earliest: from, latest: to - 1 }
  }
  checkInstant('now', now)
  return { earliest: Math.max(from, now + notice), latest: Math.min(to - 1, now + horizon) }
}

/** The lengths that the rules name, in milliseconds. */
export function lengthsOf(rules: SlotRules) {
  return {
    length: checkedLength('slot_minutes', rules.slot_minutes),
    step: checkedLength('step_minutes', rules.step_minutes ?? rules.slot_minutes),
    ...buffersOf(rules),
  }
}

/** A slot together with what is kept clear around it. */
export function withBuffers({ start, end }: Interval, buffers: Buffers): Interval {
  const { before, after } = buffersOf(buffers)
  return { start: start - before, end: end + after }
}

function buffersOf({ buffer_before_minutes, buffer_after_minutes }: Buffers) {
  return {
    before: checkedDistance('buffer_before_minutes', buffer_before_minutes ?? 0),
    after: checkedDistance('buffer_after_minutes', buffer_after_minutes ?? 0),
  }
}
