/** A stretch of time, half-open: it has its start and not its end. Epoch milliseconds. */
export interface Interval {
  start: number
  end: number
}

/**
 * The same time in the fewest intervals: sorted, none empty, no two of them overlapping or touching.
 * Any order goes in; intervals without length vanish. What goes in is left as it was, here and below.
 */
export function merge(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = []
  let last: Interval | undefined
  for (const { start, end } of intervals.toSorted(byStart)) {
    if (start >= end) continue
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else merged.push((last = { start, end }))
  }
  return merged
}

/** The time that lies in `intervals` and in none of `taken`, merged. */
export function subtract(intervals: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const cuts = merge(taken)
  const rest: Interval[] = []
  let next = 0
  for (const { start, end } of merge(intervals)) {
    let kept = start
    while (next < cuts.length && cuts[next]!.end <= start) next++
    // A cut may reach into the following interval too, so `next` stays on it.
    for (let i = next; i < cuts.length && cuts[i]!.start < end; i++) {
      if (cuts[i]!.start > kept) rest.push({ start: kept, end: cuts[i]!.start })
      kept = cuts[i]!.end
    }
    if (kept < end) rest.push({ start: kept, end })
  }
  return rest
}

/** The time that lies in both, merged. */
export function intersect(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  const left = merge(some)
  const right = merge(others)
  const shared: Interval[] = []
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const start = Math.max(left[i]!.start, right[j]!.start)
    const end = Math.min(left[i]!.end, right[j]!.end)
    if (start < end) shared.push({ start, end })
    if (left[i]!.end < right[j]!.end) i++
    else j++
  }
  return shared
}

function byStart(a: Interval, b: Interval): number {
  return a.start - b.start
}
