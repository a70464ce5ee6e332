import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { someQuery } from './queries.reference.ts'
import { findSlotsSlowly } from './slots.reference.ts'
import { findSlots, type Slot, type SlotQuery } from './slots.ts'
import { isOnGrid, isOpen } from './windows.ts'

const MINUTE = 60_000

describe('for all hours, bookings and zones, slots', () => {
  it('are those that the plain and slow way finds', () => {
    holds(500, (query) => assert.deepEqual(findSlots(query), findSlotsSlowly(query)))
  })

  it('keep clear of everything busy, buffers included', () => {
    holds(500, (query) => {
      const before = query.buffer_before_minutes! * MINUTE
      const after = query.buffer_after_minutes! * MINUTE
      for (const { start, end } of findSlots(query)) {
        const meets = (busy: Slot) =>
          busy.start < busy.end && busy.start < end + after && start - before < busy.end
        assert.ok(!query.busy.some(meets))
      }
    })
  })

  it('lie inside the windows, on the grid, in the range and in order', () => {
    holds(300, (query) => {
      let last = -Infinity
      for (const { start, end } of findSlots(query)) {
        assert.ok(last < start && query.from <= start && start < query.to)
        assert.equal(end - start, query.slot_minutes * MINUTE)
        assert.ok(
          isOpen(query, start, end) && isOnGrid(query, start, query.step_minutes ?? query.slot_minutes),
        )
        last = start
      }
    })
  })

  it('are the same part of the whole answer when a part is asked for', () => {
    const part = fc.tuple(fc.nat(1_000), fc.nat(1_000))
    fc.assert(
      fc.property(someQuery, part, (query, [a, b]) => {
        const share = (n: number) => query.from + Math.floor(((query.to - query.from) * n) / 1_000)
        const [from, to] = [share(Math.min(a, b)), share(Math.max(a, b))]
        const expected = findSlots(query).filter(({ start }) => from <= start && start < to)
        assert.deepEqual(findSlots({ ...query, from, to }), expected)
      }),
      { numRuns: 1_000 },
    )
  })

  it('do not depend on the order in which things are told', () => {
    holds(300, (query) => {
      const { weekly, dated, busy, open } = query
      const turned = {
        weekly: weekly.toReversed(),
        dated: dated.toReversed(),
        busy: busy.toReversed(),
        open: open?.toReversed(),
      }
      assert.deepEqual(findSlots({ ...query, ...turned }), findSlots(query))
    })
  })

  it('become fewer by exactly those that a further booking meets', () => {
    holds(500, (query) => {
      const [first, ...others] = query.busy
      if (!first) return
      const alone = new Set(findSlots({ ...query, busy: [first] }).map(({ start }) => start))
      const expected = findSlots({ ...query, busy: others }).filter(({ start }) => alone.has(start))
      assert.deepEqual(findSlots(query), expected)
    })
  })

  it('are those without notice and horizon, less the too soon and the too far', () => {
    holds(500, (query) => {
      const { now, notice_minutes, horizon_minutes, ...timeless } = query
      const earliest = now === undefined ? -Infinity : now + notice_minutes! * MINUTE
      const latest = now === undefined ? Infinity : now + (horizon_minutes ?? Infinity) * MINUTE
      const expected = findSlots(timeless).filter(({ start }) => earliest <= start && start <= latest)
      assert.deepEqual(findSlots(query), expected)
    })
  })

  it('are found without changing the question', () => {
    holds(100, (query) => {
      const before = structuredClone(query)
      findSlots(query)
      assert.deepEqual(structuredClone(query), before)
    })
  })
})

function holds(numRuns: number, law: (query: SlotQuery) => void): void {
  fc.assert(fc.property(someQuery, law), { numRuns })
}
