import { checkCount, checkIntervals, checkedDistance } from './checks.ts'
import type { Interval } from './intervals.ts'
import { withBuffers, type Buffers } from './rules.ts'
import { countBefore } from './search.ts'
import type { Slot } from './slots.ts'

/** A forced break: after so many appointments in a row, so many minutes without one. */
export interface BreakRule {
  after: number
  minutes: number
}

/**
 * How many appointments there would be in the row around [start, end), epoch milliseconds, with one there.
 *
 * Each busy stretch is one appointment, in any order; they are in one row as long as less than `minutes` lies between
 * the end of one and the start of the next. Two alike are the seats of one group session and count once, which goes for
 * [start, end) too: another seat makes no row longer. Stretches without length count for nothing. What shall not count
 * as an appointment (a time off is a break itself) must not be among them.
 */
export function longestRun(busy: readonly Interval[], start: number, end: number, minutes: number): number {
  return runAround(rowsOf(busy, checkedDistance('minutes', minutes)), { start, end })
}

/** Whether one more appointment, at `slot`, would stand in a row of more than `rule.after`. */
export function breaksTheRow(busy: readonly Interval[], slot: Interval, rule: BreakRule): boolean {
  return runAround(rowsUnder(rule, busy), slot) > rule.after
}

/**
 * The slots that break no row, in the order they came in; each is looked at by itself, with its buffers around it if
 * there are any, since reservations in `busy` have theirs around them. Costs O((busy + slots) log busy).
 */
export function keepBreaks(
  slots: readonly Slot[],
  busy: readonly Interval[],
  rule: BreakRule,
  buffers: Buffers = {},
): Slot[] {
  const rows = rowsUnder(rule, busy)
  return slots.filter((slot) => runAround(rows, withBuffers(slot, buffers)) <= rule.after)
}

/** Appointments in rows: both in order, `gap` milliseconds or more between one row and the next. */
interface Rows {
  gap: number
  rows: Row[]
  sessions: Interval[]
}

interface Row extends Interval {
  /** How many sessions lie in the rows before this one, so that any run of rows is counted by one subtraction. */
  sessions_before: number
}

function rowsUnder({ after, minutes }: BreakRule, busy: readonly Interval[]): Rows {
  checkCount('breaks.after', after)
  return rowsOf(busy, checkedDistance('breaks.minutes', minutes))
}

function rowsOf(busy: readonly Interval[], gap: number): Rows {
  checkIntervals('busy', busy, 'any')
  const sessions = distinct(busy)
  const rows: Row[] = []
  let last: Row | undefined
  for (const [i, { start, end }] of sessions.entries()) {
    if (last !== undefined && start < last.end + gap) last.end = Math.max(last.end, end)
    else rows.push((last = { start, end, sessions_before: i }))
  }
  return { gap, rows, sessions }
}

/** Stretches that last, each once, in order. */
function distinct(busy: readonly Interval[]): Interval[] {
  const lasting = busy.filter(({ start, end }) => start < end).toSorted(byStartAndEnd)
  return lasting.filter((one, i) => i === 0 || byStartAndEnd(lasting[i - 1]!, one) !== 0)
}

/** One stretch joins all rows that come closer to it than a break, and nothing else. */
function runAround({ gap, rows, sessions }: Rows, slot: Interval): number {
  const { start, end } = slot
  if (!(start < end)) throw new RangeError(`end: ${end} does not lie after the start (${start})`)
  const first = countBefore(rows, (row) => row.end + gap <= start)
  const next = countBefore(rows, (row) => row.start < end + gap)
  const sessionsBefore = (row: number) => rows[row]?.sessions_before ?? sessions.length
  const joined = sessionsBefore(next) - sessionsBefore(first)
  return hasSession(sessions, slot) ? joined : joined + 1
}

function hasSession(sessions: Interval[], slot: Interval): boolean {
  const candidate = sessions[countBefore(sessions, (session) => byStartAndEnd(session, slot) < 0)]
  return candidate !== undefined && byStartAndEnd(candidate, slot) === 0
}

function byStartAndEnd(a: Interval, b: Interval): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1
  if (a.end !== b.end) return a.end < b.end ? -1 : 1 // not a difference: stretches may go on for ever
  return 0
}
