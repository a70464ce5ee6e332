import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { intersect, merge, subtract, type Interval } from './intervals.ts'

const moments = Array.from({ length: 40 }, (_, moment) => moment)
const someIntervals = fc.array(fc.record({ start: fc.nat(40), end: fc.nat(40) }, { noNullPrototype: true }), {
  maxLength: 8,
})

describe('intervals', () => {
  it('merges what overlaps or touches and keeps what stands apart', () => {
    const merged = merge([stretch(5, 7), stretch(1, 3), stretch(3, 4), stretch(6, 9)])
    assert.deepEqual(merged, [stretch(1, 4), stretch(5, 9)])
  })

  it('drops stretches without length', () => {
    assert.deepEqual(merge([stretch(2, 2), stretch(4, 3)]), [])
  })

  it('cuts a hole, an edge and all of it', () => {
    assert.deepEqual(subtract([stretch(0, 10)], [stretch(4, 6)]), [stretch(0, 4), stretch(6, 10)])
    assert.deepEqual(subtract([stretch(0, 10), stretch(20, 30)], [stretch(8, 22)]), [
      stretch(0, 8),
      stretch(22, 30),
    ])
    assert.deepEqual(subtract([stretch(2, 4)], [stretch(0, 10)]), [])
  })

  it('takes away something that never ends', () => {
    assert.deepEqual(subtract([stretch(0, 10)], [stretch(5, Infinity)]), [stretch(0, 5)])
  })

  it('finds what two share, and that touching shares nothing', () => {
    assert.deepEqual(intersect([stretch(0, 5), stretch(8, 12)], [stretch(3, 9)]), [
      stretch(3, 5),
      stretch(8, 9),
    ])
    assert.deepEqual(intersect([stretch(0, 5)], [stretch(5, 9)]), [])
  })

  it('agrees at every moment with what the words say', () => {
    fc.assert(
      fc.property(someIntervals, someIntervals, (a, b) => {
        for (const moment of moments) {
          assert.equal(has(merge(a), moment), has(a, moment))
          assert.equal(has(subtract(a, b), moment), has(a, moment) && !has(b, moment))
          assert.equal(has(intersect(a, b), moment), has(a, moment) && has(b, moment))
        }
      }),
    )
  })

  it('answers sorted, with gaps between, and leaves what it was given alone', () => {
    fc.assert(
      fc.property(someIntervals, someIntervals, (a, b) => {
        const before = structuredClone([a, b])
        for (const answer of [merge(a), subtract(a, b), intersect(a, b)]) assertApart(answer)
        assert.deepEqual([a, b], before)
      }),
    )
  })
})

function stretch(start: number, end: number): Interval {
  return { start, end }
}

function has(intervals: Interval[], moment: number): boolean {
  return intervals.some(({ start, end }) => start <= moment && moment < end)
}

function assertApart(intervals: Interval[]): void {
  for (const [i, { start, end }] of intervals.entries()) {
    assert.ok(start < end)
    assert.ok(i === 0 || intervals[i - 1]!.end < start)
  }
}
