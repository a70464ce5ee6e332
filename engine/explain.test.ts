import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { keepBreaks } from './breaks.ts'
import { explainStart, type StartQuery } from './explain.ts'
import { someQuery } from './queries.reference.ts'
import { findSlots, type Slot, type SlotQuery } from './slots.ts'

const MINUTE = 60_000

describe('a start that is not offered', () => {
  it('lies in the past, and then it is not too soon as well', () => {
    assert.deepEqual(why('09:00', { now: at('09:00') + 1, notice_minutes: 60 }), ['past'])
    assert.deepEqual(why('09:00', { now: at('09:00') }), [])
  })

  it('is too soon for the notice, to the millisecond', () => {
    assert.deepEqual(why('09:30', { now: at('08:30') + 1, notice_minutes: 60 }), ['notice'])
    assert.deepEqual(why('09:30', { now: at('08:30'), notice_minutes: 60 }), [])
  })

  it('is further ahead than the horizon', () => {
    assert.deepEqual(why('09:30', { now: at('08:30') - 1, horizon_minutes: 60 }), ['horizon'])
    assert.deepEqual(why('09:30', { now: at('08:30'), horizon_minutes: 60 }), [])
  })

  it('is closed, or closes before the appointment ends', () => {
    assert.deepEqual(why('08:30', {}), ['closed'])
    assert.deepEqual(why('11:00', {}), ['closed'])
    assert.deepEqual(why('10:30', { slot_minutes: 60, step_minutes: 30 }), ['closed'])
    assert.deepEqual(why('10:30', {}), [])
  })

  it('is off the grid only where it is open', () => {
    assert.deepEqual(why('09:10', {}), ['off_the_grid'])
    assert.deepEqual(why('09:10', { step_minutes: 10 }), [])
    assert.deepEqual(why('10:40', {}), ['closed', 'off_the_grid'])
    assert.deepEqual(why('11:10', {}), ['closed'])
  })

  it('may start whenever it is open where there is no grid', () => {
    assert.deepEqual(why('09:10', { grid: 'none' }), [])
    assert.deepEqual(why('10:40', { grid: 'none' }), ['closed'])
    assert.deepEqual(why('09:10', { grid: 'windows' }), ['off_the_grid'])
  })

  it('is busy where something meets it, and free where it only touches', () => {
    assert.deepEqual(why('09:30', { busy: [stretch('09:59', '10:30')] }), ['busy'])
    assert.deepEqual(why('09:30', { busy: [stretch('10:00', '10:30'), stretch('09:45', '09:45')] }), [])
  })

  it('has no room for a buffer, which is said only if the appointment itself has room', () => {
    const before = { buffer_before_minutes: 15, busy: [stretch('09:00', '09:20')] }
    assert.deepEqual(why('09:30', before), ['buffer'])
    assert.deepEqual(why('09:30', { ...before, buffer_before_minutes: 10 }), [])
    const after = { buffer_after_minutes: 15, busy: [stretch('10:10', '10:20')] }
    assert.deepEqual(why('09:30', after), ['buffer'])
    assert.deepEqual(why('10:00', after), ['busy'])
  })

  it('makes a row without a break too long, buffers included', () => {
    const breaks = { after: 1, minutes: 30 }
    const busy = [stretch('09:00', '09:30')]
    assert.deepEqual(why('09:30', { busy, breaks }), ['break'])
    assert.deepEqual(why('10:00', { busy, breaks }), [])
    assert.deepEqual(why('10:00', { busy, breaks, buffer_before_minutes: 5 }), ['break'])
    assert.deepEqual(why('09:30', { busy, breaks: null }), [])
  })

  it('is not in a row with a time off where it is said what counts as an appointment', () => {
    const query = { busy: [stretch('09:00', '09:30')], breaks: { after: 1, minutes: 30 }, appointments: [] }
    assert.deepEqual(why('09:30', query), [])
  })

  it('has all the reasons that apply, in one order', () => {
    const busy = [stretch('11:00', '11:30')]
    const all = { busy, breaks: { after: 1, minutes: 15 }, now: at('10:00') }
    assert.deepEqual(why('10:50', { ...all, notice_minutes: 60, horizon_minutes: 30 }), [
      'notice',
      'horizon',
      'closed',
      'off_the_grid',
      'busy',
      'break',
    ])
    assert.deepEqual(why('09:45', { ...all, buffer_after_minutes: 46 }), [
      'past',
      'off_the_grid',
      'buffer',
      'break',
    ])
  })
})

describe('a question about a start that makes no sense', () => {
  const senseless: [changes: Partial<StartQuery>, says: RegExp][] = [
    [{ start: Number.NaN }, /^RangeError: start: NaN/],
    [{ time_zone: 'Mars/Olympus' }, /^RangeError: time_zone/],
    [{ busy: [{ start: 1, end: 0 }] }, /^RangeError: busy\[0\]/],
    [{ slot_minutes: 0 }, /^RangeError: slot_minutes: 0/],
    [{ notice_minutes: 60 }, /^RangeError: now/],
    [{ breaks: { after: 0, minutes: 5 } }, /^RangeError: breaks\.after: 0/],
  ]
  it('is refused by the name of its field', () => {
    for (const [changes, says] of senseless) assert.throws(() => why('09:00', changes), says)
  })
})

describe('for every start of every calendar', () => {
  const someBreaks = fc.option(
    fc.record({ after: fc.integer({ min: 1, max: 3 }), minutes: fc.constantFrom(0, 5, 30, 90) }),
  )
  // Most starts that one would pick by chance are off the grid; so most of these are on it, and some just beside it.
  const someStarts = fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 0, 0, 0, -1, 1, 15_000, 30 * MINUTE)), {
    minLength: 40,
    maxLength: 40,
  })

  it('there is no reason exactly if it is offered', () => {
    fc.assert(
      fc.property(someQuery, someBreaks, someStarts, (query, breaks, picks) => {
        for (const start of startsOf(query, picks)) {
          const asked = { ...query, from: start, to: start + 1 }
          const found = findSlots(asked)
          const offered = breaks ? keepBreaks(found, query.busy, breaks, query) : found
          const reasons = explainStart({ ...query, start, breaks })
          assert.equal(
            reasons.length === 0,
            offered.length === 1,
            `${new Date(start).toISOString()}: ${reasons}`,
          )
        }
      }),
      { numRuns: 300 },
    )
  })

  it('there are the same reasons without a grid, save that it is off the grid', () => {
    fc.assert(
      fc.property(someQuery, someStarts, (query, picks) => {
        for (const start of startsOf(query, picks)) {
          const reasons = explainStart({ ...query, start }).filter((reason) => reason !== 'off_the_grid')
          assert.deepEqual(explainStart({ ...query, start, grid: 'none' }), reasons)
        }
      }),
      { numRuns: 100 },
    )
  })
})

function startsOf(query: SlotQuery, picks: [number, number][]): number[] {
  const lines = findSlots({
    ...query,
    busy: [],
    now: undefined,
    notice_minutes: 0,
    horizon_minutes: undefined,
  })
  const starts = lines.length > 0 ? lines.map(({ start }) => start) : [query.from]
  return picks.map(([pick, beside]) => starts[pick % starts.length]! + beside)
}

/** Why a start on a Monday in UTC is not offered: open from nine to eleven, in slots of half an hour unless said otherwise. */
function why(time: string, changes: Partial<StartQuery>) {
  const hours = { time_zone: 'UTC', weekly: [{ weekday: 1, opens: '09:00', closes: '11:00' }], dated: [] }
  return explainStart({ ...hours, start: at(time), busy: [], slot_minutes: 30, ...changes })
}

function stretch(start: string, end: string): Slot {
  return { start: at(start), end: at(end) }
}

function at(time: string): number {
  return Date.parse(`2026-06-15T${time}Z`)
}
