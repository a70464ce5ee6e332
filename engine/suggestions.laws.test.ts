import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { openWindows } from './windows.ts'
import { someQuery } from './queries.reference.ts'
import { findSlots, type SlotQuery } from './slots.ts'
import { suggest, type SuggestionOptions } from './suggestions.ts'

const MINUTE = 60_000
const order = ['gap', 'edge', 'open']

describe('for all hours, bookings and zones, suggestions', () => {
  it('are some of the slots, none twice, and no more than wanted', () => {
    holds(300, (query, options) => {
      const slots = findSlots(query)
      const known = new Set(slots.map(({ start }) => start))
      const found = suggest(slots, query.busy, options).map(({ start }) => start)
      assert.equal(new Set(found).size, found.length)
      assert.equal(found.filter((start) => known.has(start)).length, found.length)
      assert.ok(found.length <= options.most)
      if (!options.most_per_day) assert.equal(found.length, Math.min(options.most, slots.length))
    })
  })

  it('are no more of one local day than wanted', () => {
    holds(200, (query, options) => {
      const { most_per_day = Infinity } = options
      const dates = suggest(findSlots(query), query.busy, options).map(({ start }) => dateOf(start, query))
      for (const date of dates) assert.ok(dates.filter((other) => other === date).length <= most_per_day)
    })
  })

  it('fill gaps first and keep to nothing taken last, by what lies right before and after', () => {
    holds(300, (query, options) => {
      const open = openWindows(query, query.from - 5 * 24 * 60 * MINUTE, query.to + 10 * 24 * 60 * MINUTE)
      const before = query.buffer_before_minutes! * MINUTE
      const after = query.buffer_after_minutes! * MINUTE
      const taken = query.busy.filter(({ start, end }) => start < end)
      const suggestions = suggest(findSlots(query), taken, { ...options, open })
      for (const { start, end, fills } of suggestions) {
        const opens = !open.some((window) => window.start < start && start <= window.end)
        const closes = !open.some((window) => window.start <= end && end < window.end)
        const left = opens || taken.some((visit) => visit.start < start && visit.end >= start - before)
        const right = closes || taken.some((visit) => visit.end > end && visit.start <= end + after)
        assert.equal(fills, order[2 - Number(left) - Number(right)])
      }
      const ranks = suggestions.map(({ fills }) => order.indexOf(fills))
      assert.deepEqual(ranks, ranks.toSorted())
    })
  })

  it('do not depend on the order in which things are told, and change nothing that they are told', () => {
    holds(300, (query, options) => {
      const slots = findSlots(query)
      const before = structuredClone([slots, query.busy])
      const found = suggest(slots, query.busy, options)
      assert.deepEqual(suggest(slots.toReversed(), query.busy.toReversed(), options), found)
      assert.deepEqual([slots, query.busy], before)
    })
  })

  it('are the beginning of what more of them would be', () => {
    holds(200, (query, options) => {
      const slots = findSlots(query)
      const more = suggest(slots, query.busy, { ...options, most: options.most + 5 })
      assert.deepEqual(suggest(slots, query.busy, options), more.slice(0, options.most))
    })
  })
})

function holds(numRuns: number, law: (query: SlotQuery, options: SuggestionOptions) => void): void {
  const someLimits = fc.record({
    most: fc.integer({ min: 1, max: 30 }),
    most_per_day: fc.constantFrom(undefined, undefined, 1, 3),
  })
  const someQuestion = fc.tuple(someQuery, someLimits)
  fc.assert(
    fc.property(someQuestion, ([query, limits]) => {
      const { time_zone, buffer_before_minutes, buffer_after_minutes } = query
      law(query, { time_zone, buffer_before_minutes, buffer_after_minutes, ...limits })
    }),
    { numRuns },
  )
}

function dateOf(start: number, { time_zone }: SlotQuery): string {
  return Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(time_zone).toPlainDate().toString()
}
