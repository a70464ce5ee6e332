import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { breaksTheRow, keepBreaks, longestRun } from './breaks.ts'
import type { Interval } from './intervals.ts'

const MINUTE = 60_000
const morning = [stretch('09:00', '09:30'), stretch('09:30', '10:00'), stretch('10:00', '10:30')]

describe('a row of appointments', () => {
  it('counts those before, those after and the one to be added', () => {
    assert.equal(run(morning, '10:30', '11:00'), 4)
    assert.equal(run(morning, '08:30', '09:00'), 4)
    assert.equal(run([morning[0]!, morning[2]!], '09:30', '10:00'), 3)
    assert.equal(run([], '09:00', '09:30'), 1)
  })

  it('ends where a whole break lies between, and not a minute before', () => {
    assert.equal(run(morning, '10:44', '11:00'), 4)
    assert.equal(run(morning, '10:45', '11:00'), 1)
    assert.equal(run(morning, '08:00', '08:45'), 1)
    assert.equal(run(morning, '08:00', '08:46'), 4)
  })

  it('reaches over what stands close to each other, however far that is from the one to be added', () => {
    const busy = [stretch('09:00', '09:30'), stretch('09:40', '10:00'), stretch('10:10', '10:30')]
    assert.equal(run(busy, '10:40', '11:00'), 4)
  })

  it('is joined with the next row by an appointment that leaves a break on neither side', () => {
    const busy = [stretch('09:00', '09:30'), stretch('09:30', '10:00'), stretch('10:50', '11:20')]
    assert.equal(run(busy, '10:10', '10:40'), 4)
  })

  it('counts each appointment by itself, in any order, also where they overlap', () => {
    const busy = [stretch('10:00', '10:30'), stretch('09:00', '11:00'), stretch('09:30', '09:40')]
    assert.equal(run(busy, '11:00', '11:30'), 4)
  })

  it('goes on as long as something busy that never ends', () => {
    const forEver = { start: at('10:00'), end: Infinity }
    assert.equal(run([forEver, forEver, { start: -Infinity, end: at('09:00') }], '12:00', '12:30'), 2)
  })

  it('counts a group once, however many of its seats are taken', () => {
    const group = stretch('09:00', '10:00')
    assert.equal(run([group, group, group], '10:00', '10:30'), 2)
  })

  it('becomes no longer by a further seat in a group', () => {
    const group = stretch('09:00', '10:00')
    assert.equal(run([group, stretch('10:00', '10:30')], '09:00', '10:00'), 2)
  })

  it('counts nothing that takes no time', () => {
    assert.equal(run([stretch('09:00', '09:00')], '09:00', '09:30'), 1)
  })

  it('knows appointments that touch from those that do not where a break takes no time', () => {
    assert.equal(longestRun(morning, at('10:30'), at('11:00'), 0), 1)
    assert.equal(longestRun(morning, at('10:29'), at('11:00'), 0), 2)
  })
})

describe('a forced break', () => {
  const rule = { after: 3, minutes: 15 }

  it('allows as many appointments in a row as it says, and not one more', () => {
    assert.ok(!breaksTheRow(morning.slice(0, 2), stretch('10:00', '10:30'), rule))
    assert.ok(breaksTheRow(morning, stretch('10:30', '11:00'), rule))
    assert.ok(!breaksTheRow(morning, stretch('10:45', '11:15'), rule))
  })

  it('takes away the slots around a full row, and no others', () => {
    const slots = ['08:00', '08:15', '08:30', '10:30', '10:45', '11:00'].map((start) => half(start))
    assert.deepEqual(keepBreaks(slots, morning, rule), [
      half('08:00'),
      half('08:15'),
      half('10:45'),
      half('11:00'),
    ])
  })

  it('is not shortened by the buffers of a slot', () => {
    const buffers = { buffer_before_minutes: 5, buffer_after_minutes: 10 }
    const slots = ['08:00', '08:05', '08:06', '10:49', '10:50'].map((start) => half(start))
    assert.deepEqual(keepBreaks(slots, morning, rule, buffers), [half('08:00'), half('08:05'), half('10:50')])
  })

  it('is refused by the name of its field when it makes no sense', () => {
    assert.throws(() => keepBreaks([], [], { after: 0, minutes: 15 }), /^RangeError: breaks\.after: 0/)
    assert.throws(() => keepBreaks([], [], { after: 1.5, minutes: 15 }), /^RangeError: breaks\.after: 1\.5/)
    assert.throws(() => keepBreaks([], [], { after: 3, minutes: -1 }), /^RangeError: breaks\.minutes: -1/)
    assert.throws(() => longestRun([], 0, 1, Number.NaN), /^RangeError: minutes: NaN/)
    assert.throws(() => longestRun([], 1, 1, 15), /^RangeError: end: 1 /)
    assert.throws(() => longestRun([{ start: 1, end: 0 }], 0, 1, 15), /^RangeError: busy\[0\]/)
  })
})

describe('for all calendars, a row', () => {
  const someStretch = fc
    .tuple(fc.nat(60), fc.integer({ min: 1, max: 12 }))
    .map(([start, length]) => ({ start: start * MINUTE, end: (start + length) * MINUTE }))
  const someBusy = fc.array(fc.oneof(someStretch, fc.nat(60).map(empty)), { maxLength: 12 })
  const someRule = fc.record({ after: fc.integer({ min: 1, max: 6 }), minutes: fc.nat(8) })

  it('is as long as one finds by walking from neighbour to neighbour', () => {
    fc.assert(
      fc.property(someBusy, someStretch, someRule, (busy, slot, rule) => {
        const expected = rowByWalking(busy, slot, rule.minutes * MINUTE)
        assert.equal(longestRun(busy, slot.start, slot.end, rule.minutes), expected)
        assert.equal(breaksTheRow(busy, slot, rule), expected > rule.after)
      }),
      { numRuns: 2_000 },
    )
  })

  it('keeps exactly the slots that do not break it', () => {
    fc.assert(
      fc.property(someBusy, fc.array(someStretch), someRule, (busy, slots, rule) => {
        const expected = slots.filter((slot) => !breaksTheRow(busy, slot, rule))
        assert.deepEqual(keepBreaks(slots, busy, rule), expected)
      }),
      { numRuns: 1_000 },
    )
  })
})

/** Adds neighbours until there are none: two are neighbours if less than the gap lies between them. */
function rowByWalking(busy: Interval[], slot: Interval, gap: number): number {
  const sessions = [slot, ...busy].filter(({ start, end }) => start < end)
  const others = sessions.filter((one, i) => sessions.findIndex((other) => isSame(one, other)) === i)
  const row = others.splice(0, 1)
  for (const one of row) {
    const isNear = ({ start, end }: Interval) => start - one.end < gap && one.start - end < gap
    row.push(...others.filter(isNear))
    others.splice(0, others.length, ...others.filter((other) => !isNear(other)))
  }
  return row.length
}

function isSame(a: Interval, b: Interval): boolean {
  return a.start === b.start && a.end === b.end
}

function run(busy: Interval[], start: string, end: string): number {
  return longestRun(busy, at(start), at(end), 15)
}

function half(start: string): Interval {
  return { start: at(start), end: at(start) + 30 * MINUTE }
}

function stretch(start: string, end: string): Interval {
  return { start: at(start), end: at(end) }
}

function empty(minute: number): Interval {
  return { start: minute * MINUTE, end: minute * MINUTE }
}

function at(time: string): number {
  return Date.parse(`2026-06-15T${time}Z`)
}
