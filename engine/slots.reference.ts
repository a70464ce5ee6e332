/**
 * The policy of `findSlots` once more, for tests only: as slow and as plain as can be, sharing no code with the engine.
 * It looks at every quarter of a minute, so all times given to it must be multiples of 15 seconds.
 */
import type { SlotQuery } from './slots.ts'

const TICK = 15_000
const MINUTE = 60_000
const DAY = 86_400_000

export function findSlotsSlowly(query: SlotQuery): { start: number; end: number }[] {
  const length = query.slot_minutes * MINUTE
  const step = (query.step_minutes ?? query.slot_minutes) * MINUTE
  const before = (query.buffer_before_minutes ?? 0) * MINUTE
  const after = (query.buffer_after_minutes ?? 0) * MINUTE
  // A week back is more than the engine looks: what it leaves out must not matter.
  const first = query.from - 7 * DAY
  const last = query.to + length + 3 * DAY
  const open = new Ticks(openStretches(query, first, last), first, last)
  const busy = new Ticks(query.busy, first, last)

  const slots: { start: number; end: number }[] = []
  let anchor: number | undefined
  for (let start = first; start < query.to; start += TICK) {
    if (!open.has(start)) {
      anchor = undefined
      continue
    }
    if (anchor === undefined || startsWholeOpenDay(query.time_zone, start, open)) anchor = start
    if (start < query.from || (start - anchor) % step !== 0) continue
    if (!inTime(query, start)) continue
    if (!open.hasAll(start, start + length)) continue
    if (busy.hasAny(start - before, start + length + after)) continue
    slots.push({ start, end: start + length })
  }
  return slots
}

/** Every tick between two instants, marked or not. */
class Ticks {
  private readonly marks: Uint8Array
  private readonly first: number

  constructor(stretches: { start: number; end: number }[], first: number, last: number) {
    this.first = first
    this.marks = new Uint8Array((last - first) / TICK)
    for (const { start, end } of stretches) {
      for (let tick = Math.max(start, first); tick < Math.min(end, last); tick += TICK) {
        this.marks[(tick - first) / TICK] = 1
      }
    }
  }

  has(tick: number): boolean {
    return this.marks[(tick - this.first) / TICK] === 1
  }

  hasAll(start: number, end: number): boolean {
    for (let tick = start; tick < end; tick += TICK) if (!this.has(tick)) return false
    return true
  }

  hasAny(start: number, end: number): boolean {
    for (let tick = start; tick < end; tick += TICK) if (this.has(tick)) return true
    return false
  }
}

function inTime({ now, notice_minutes, horizon_minutes }: SlotQuery, start: number): boolean {
  if (now === undefined) return true
  const isTooSoon = start < now + (notice_minutes ?? 0) * MINUTE
  const isTooFar = horizon_minutes !== undefined && start > now + horizon_minutes * MINUTE
  return !isTooSoon && !isTooFar
}

function startsWholeOpenDay(zone: string, start: number, open: Ticks): boolean {
  if (start % (15 * MINUTE) !== 0) return false
  const date = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone).toPlainDate()
  if (date.toZonedDateTime(zone).epochMilliseconds !== start) return false
  const end = date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds
  return open.hasAll(start, end)
}

function openStretches(query: SlotQuery, first: number, last: number) {
  const stretches = [...(query.open ?? [])]
  const zone = query.time_zone
  let date = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(zone).toPlainDate()
  for (let at = first; at < last; at += DAY, date = date.add({ days: 1 })) {
    // A date that the zone skipped begins on another date.
    if (!date.toZonedDateTime(zone).toPlainDate().equals(date)) continue
    for (const { opens, closes } of windowsOn(query, date)) {
      if (opens === closes) continue
      const next = closes === '24:00' || closes < opens ? date.add({ days: 1 }) : date
      stretches.push({
        start: moment(zone, date, opens),
        end: moment(zone, next, closes.replace('24:', '00:')),
      })
    }
  }
  return stretches
}

function windowsOn(query: SlotQuery, date: Temporal.PlainDate) {
  const dated = query.dated.filter((entry) => entry.date === date.toString())
  if (dated.length > 0) return dated.flatMap((entry) => entry.windows)
  return query.weekly.filter((window) => window.weekday === date.dayOfWeek)
}

function moment(zone: string, date: Temporal.PlainDate, time: string): number {
  const wall = date.toPlainDateTime(Temporal.PlainTime.from(time))
  return wall.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
}
