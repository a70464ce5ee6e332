import { checkCount, checkIntervals } from './checks.ts'
import { DAY } from './dates.ts'
import { merge, subtract, type Interval } from './intervals.ts'
import { withBuffers, type Buffers } from './rules.ts'
import { countBefore } from './search.ts'
import type { Slot } from './slots.ts'
import { dayAt, dayIn, zoneNamed, type Zone } from './zones.ts'

export interface SuggestionOptions extends Buffers {
  /** IANA name: whose days are kept compact. */
  time_zone: string
  /** How many suggestions at most, and how many at most of one local day; any number of a day unless said. */
  most: number
  most_per_day?: number
  /** When appointments are taken, epoch milliseconds: free time ends where this does. Unless said, with the day. */
  open?: Interval[]
  /** The only preference there is so far. */
  prefer?: 'gaps'
}

/** A slot, and what booking it does to its day: it fills a gap, lengthens what is taken, or stands by itself. */
export type Suggestion = Slot & { fills: 'gap' | 'edge' | 'open' }

/**
 * The slots that keep the days compact, best first.
 *
 * A slot touches what is taken if no time is left between them, and the opening or closing of `open` likewise. The
 * buffers belong to the slot where it meets what is taken, which has its own; opening and closing need no buffer.
 *
 * 1. Those that touch on both sides ('gap'), then on one side ('edge'), then on none ('open').
 * 2. Among these, those with the least free time left on both sides together: that fills small gaps first and keeps
 *    long stretches whole. A side that is free to the end of the local day counts as 24 hours, so that neither
 *    midnight nor a day of 23 hours makes a difference.
 * 3. Among these, the earliest; and of two with one start, the shortest.
 *
 * `slots` and `taken` come in any order; equal slots are suggested once, and a slot that overlaps taken time (a seat in
 * a group that is not full) touches it. Costs O((slots + taken) log of both).
 */
export function suggest(
  slots: readonly Slot[],
  taken: readonly Interval[],
  options: SuggestionOptions,
): Suggestion[] {
  const { most, most_per_day = Infinity, open } = options
  const zone = zoneNamed(options.time_zone)
  checkIntervals('slots', slots, 'bounded')
  checkIntervals('taken', taken, 'any')
  checkIntervals('open', open ?? [], 'any')
  checkCount('most', most)
  if (most_per_day !== Infinity) checkCount('most_per_day', most_per_day)

  const walls = { taken: merge(taken), closed: open ? subtract([ALWAYS], open) : [] }
  const best = slots.map((slot) => placed(slot, walls, zone, options)).toSorted(byWorth)
  const suggestions: Suggestion[] = []
  const onDay = new Map<number, number>()
  for (const [i, { slot, fills }] of best.entries()) {
    if (suggestions.length === most) break
    if (i > 0 && isSame(slot, best[i - 1]!.slot)) continue
    const day = dayAt(zone, slot.start)
    const already = onDay.get(day) ?? 0
    if (already === most_per_day) continue
    onDay.set(day, already + 1)
    suggestions.push({ ...slot, fills })
  }
  return suggestions
}

const ALWAYS: Interval = { start: -Infinity, end: Infinity }
const order = ['gap', 'edge', 'open'] as const

/** What free time ends at, each merged. */
interface Walls {
  taken: Interval[]
  closed: Interval[]
}

interface Placed {
  slot: Slot
  fills: Suggestion['fills']
  /** Free time on both sides together, in milliseconds. */
  free: number
}

function placed({ start, end }: Slot, { taken, closed }: Walls, zone: Zone, buffers: Buffers): Placed {
  const wide = withBuffers({ start, end }, buffers)
  const before = Math.min(freeBefore(taken, wide.start, zone), freeBefore(closed, start, zone))
  const after = Math.min(freeAfter(taken, wide.end, zone), freeAfter(closed, end, zone))
  const openSides = Number(before > 0) + Number(after > 0)
  return { slot: { start, end }, fills: order[openSides]!, free: before + after }
}

function freeBefore(walls: Interval[], instant: number, zone: Zone): number {
  const wall = walls[countBefore(walls, (wall) => wall.start <= instant) - 1]
  const midnight = dayIn(zone, dayAt(zone, instant)).start
  if (wall === undefined || wall.end < midnight) return DAY
  return Math.max(0, instant - wall.end)
}

function freeAfter(walls: Interval[], instant: number, zone: Zone): number {
  const wall = walls[countBefore(walls, (wall) => wall.end < instant)]
  // Where clocks go back over midnight, the date that has ended is shown once more: then the day ends here.
  const midnight = Math.max(instant, dayIn(zone, dayAt(zone, instant - 1)).end)
  if (wall === undefined || wall.start > midnight) return DAY
  return Math.max(0, wall.start - instant)
}

function byWorth(a: Placed, b: Placed): number {
  return (
    order.indexOf(a.fills) - order.indexOf(b.fills) ||
    a.free - b.free ||
    a.slot.start - b.slot.start ||
    a.slot.end - b.slot.end
  )
}

function isSame(a: Slot, b: Slot): boolean {
  return a.start === b.start && a.end === b.end
}
