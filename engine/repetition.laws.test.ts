import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { repeat, type Repetition } from './repetition.ts'
import { dateAt } from './wallclock.ts'

const MINUTE = 60_000

describe('for all rhythms and zones, a series', () => {
  const someStart = fc
    .constantFrom(
      ['Europe/London', '2026-03-29'],
      ['Europe/London', '2026-10-25'],
      ['Australia/Lord_Howe', '2026-10-04'],
      ['Australia/Lord_Howe', '2026-04-05'],
      ['America/Santiago', '2026-09-06'],
      ['Asia/Beirut', '2026-10-25'],
      ['Pacific/Chatham', '2026-04-05'],
      ['America/Toronto', '1919-03-31'],
      ['Pacific/Apia', '2011-12-30'],
      ['Asia/Kathmandu', '2024-02-29'],
    )
    .chain(([zone, date]) =>
      fc.record({
        zone: fc.constant(zone!),
        start: fc
          .integer({ min: -40 * 96, max: 8 })
          .map((quarters) => Date.parse(date!) + quarters * 15 * MINUTE),
      }),
    )
  const someRhythm = fc.record({
    every: fc.constantFrom('day', 'week', 'month'),
    interval: fc.integer({ min: 1, max: 4 }),
    weekdays: fc.subarray([1, 2, 3, 4, 5, 6, 7]),
    count: fc.integer({ min: 1, max: 12 }),
  })

  it('is what one finds by asking every date, and Temporal for the time', () => {
    fc.assert(
      fc.property(someStart, someRhythm, ({ zone, start }, rhythm) => {
        const repetition = withOwnWeekday(zone, start, rhythm)
        const found = repeat(zone, start, 45, repetition).map(({ start }) => start)
        assert.deepEqual(found, startsByAsking(zone, start, repetition))
      }),
      { numRuns: 500 },
    )
  })

  it('is the beginning of every longer one', () => {
    fc.assert(
      fc.property(someStart, someRhythm, ({ zone, start }, rhythm) => {
        const repetition = withOwnWeekday(zone, start, rhythm)
        const longer = repeat(zone, start, 45, { ...repetition, count: 12 })
        assert.deepEqual(repeat(zone, start, 45, repetition), longer.slice(0, repetition.count))
      }),
      { numRuns: 200 },
    )
  })

  it('has the same appointments until the date of its last one', () => {
    fc.assert(
      fc.property(someStart, someRhythm, ({ zone, start }, rhythm) => {
        const repetition = withOwnWeekday(zone, start, rhythm)
        const byCount = repeat(zone, start, 45, repetition)
        const until = dateAt(zone, byCount.at(-1)!.start)
        const byDate = repeat(zone, start, 45, { ...repetition, count: undefined, until })
        // Where a skipped time is resolved to the next date, that date may have an appointment of its own.
        const ownDate = byDate.filter(({ start }) => start <= byCount.at(-1)!.start)
        assert.deepEqual(ownDate, byCount)
      }),
      { numRuns: 200 },
    )
  })
})

function withOwnWeekday(zone: string, start: number, rhythm: Repetition): Repetition {
  const { weekdays = [], ...others } = rhythm
  if (rhythm.every !== 'week' || weekdays.length === 0) return others
  const own = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone).dayOfWeek
  return { ...others, weekdays: [...weekdays, own] }
}

function startsByAsking(
  zone: string,
  start: number,
  { every, interval = 1, weekdays, count }: Repetition,
): number[] {
  const there = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone)
  const first = there.toPlainDate()
  const monday = first.subtract({ days: first.dayOfWeek - 1 })
  const isDue = (date: Temporal.PlainDate) => {
    if (every === 'day') return first.until(date).days % interval === 0
    if (every === 'month') {
      const months = (date.year - first.year) * 12 + date.month - first.month
      return date.day === first.day && months % interval === 0
    }
    const weeks = Math.floor(monday.until(date).days / 7)
    return weeks % interval === 0 && (weekdays ?? [first.dayOfWeek]).includes(date.dayOfWeek)
  }
  const starts = [start]
  for (let date = first.add({ days: 1 }); starts.length < count!; date = date.add({ days: 1 })) {
    const exists = date.toZonedDateTime(zone).toPlainDate().equals(date)
    if (!exists || !isDue(date)) continue
    starts.push(date.toPlainDateTime(there.toPlainTime()).toZonedDateTime(zone).epochMilliseconds)
  }
  return starts
}
