import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findSlots, type SlotQuery } from './slots.ts'

// 2026-06-15 is a Monday; in UTC the wall clock and the instant read alike.
const MONDAY = Date.UTC(2026, 5, 15)
const HOUR = 3_600_000

describe('free slots', () => {
  it('offers every start that leaves room for the whole visit', () => {
    assert.deepEqual(starts({ slot_minutes: 45, step_minutes: 15 }), [
      '09:00',
      '09:15',
      '09:30',
      '09:45',
      '10:00',
      '10:15',
    ])
  })

  it('answers with start and end in epoch milliseconds', () => {
    const slots = findSlots(monday({ slot_minutes: 60 }))
    assert.deepEqual(slots, [
      { start: MONDAY + 9 * HOUR, end: MONDAY + 10 * HOUR },
      { start: MONDAY + 10 * HOUR, end: MONDAY + 11 * HOUR },
    ])
  })

  it('keeps the grid of the opening when only a part of the day is asked for', () => {
    assert.deepEqual(starts({ slot_minutes: 25, from: at('09:30'), to: at('10:15') }), ['09:50'])
  })

  it('includes a slot that starts at from and leaves out one that starts at to', () => {
    assert.deepEqual(starts({ from: at('09:30'), to: at('10:30') }), ['09:30', '10:00'])
    assert.deepEqual(starts({ from: at('09:30'), to: at('09:30') }), [])
  })

  it('offers a slot that starts before the end of the range and ends after it', () => {
    assert.deepEqual(starts({ slot_minutes: 120, from: at('09:00'), to: at('09:01') }), ['09:00'])
  })

  it('runs one grid through windows that touch or overlap', () => {
    const weekly = [open('09:00', '09:50'), open('10:20', '11:30'), open('09:50', '10:30')]
    assert.deepEqual(starts({ weekly, slot_minutes: 40 }), ['09:00', '09:40', '10:20'])
  })

  it('starts a new grid after a break', () => {
    const weekly = [open('09:00', '10:10'), open('10:20', '11:30')]
    assert.deepEqual(starts({ weekly }), ['09:00', '09:30', '10:20', '10:50'])
  })
})

describe('what is busy', () => {
  it('takes every slot it meets and none it touches', () => {
    assert.deepEqual(starts({ busy: [{ start: at('09:30'), end: at('10:00') }] }), [
      '09:00',
      '10:00',
      '10:30',
    ])
    assert.deepEqual(starts({ busy: [{ start: at('09:29'), end: at('10:01') }] }), ['10:30'])
  })

  it('counts to the second: a booking until 10:00:30 takes the slot of ten', () => {
    assert.deepEqual(starts({ busy: [{ start: at('09:30'), end: at('10:00') + 30_000 }] }), [
      '09:00',
      '10:30',
    ])
  })

  it('blocks nothing when it has no length', () => {
    assert.equal(starts({ busy: [{ start: at('09:15'), end: at('09:15') }] }).length, 4)
  })

  it('may overlap, come in any order and never end', () => {
    const busy = [
      { start: at('10:30'), end: Infinity },
      { start: at('09:00'), end: at('09:20') },
      { start: at('08:00'), end: at('09:10') },
    ]
    assert.deepEqual(starts({ busy }), ['09:30', '10:00'])
  })

  it('is kept clear of by the buffers, which need no room inside the window', () => {
    const busy = [{ start: at('10:00'), end: at('10:30') }]
    assert.equal(starts({ buffer_before_minutes: 60, buffer_after_minutes: 60 }).length, 4)
    assert.deepEqual(starts({ busy, buffer_before_minutes: 10 }), ['09:00', '09:30'])
    assert.deepEqual(starts({ busy, buffer_after_minutes: 10 }), ['09:00', '10:30'])
    assert.deepEqual(starts({ busy, buffer_after_minutes: 30 }), ['09:00', '10:30'])
  })
})

describe('notice and horizon', () => {
  it('offer nothing that has begun, once it is known what time it is', () => {
    assert.deepEqual(starts({ now: at('10:01') }), ['10:30'])
  })

  it('offer a slot that starts exactly at the end of the notice', () => {
    assert.deepEqual(starts({ now: at('08:00'), notice_minutes: 120 }), ['10:00', '10:30'])
    assert.deepEqual(starts({ now: at('08:00') + 1, notice_minutes: 120 }), ['10:30'])
  })

  it('offer nothing when the notice is longer than the calendar', () => {
    assert.deepEqual(starts({ time_zone: 'Europe/London', now: at('08:00'), notice_minutes: 1e15 }), [])
  })

  it('offer a slot that starts exactly on the horizon, and none after it', () => {
    assert.deepEqual(starts({ now: at('08:00'), horizon_minutes: 90 }), ['09:00', '09:30'])
    assert.deepEqual(starts({ now: at('08:00'), notice_minutes: 60, horizon_minutes: 30 }), [])
  })
})

/** A Monday in UTC, open from nine to eleven, in slots of half an hour, unless said otherwise. */
function monday(changes: Partial<SlotQuery>): SlotQuery {
  const range = { from: MONDAY, to: MONDAY + 24 * HOUR }
  const hours = { time_zone: 'UTC', weekly: [open('09:00', '11:00')], dated: [] }
  return { ...hours, ...range, busy: [], slot_minutes: 30, ...changes }
}

function starts(changes: Partial<SlotQuery>): string[] {
  return findSlots(monday(changes)).map(({ start }) => new Date(start).toISOString().slice(11, 16))
}

function open(opens: string, closes: string) {
  return { weekday: 1, opens, closes }
}

function at(time: string): number {
  return Date.parse(`2026-06-15T${time}Z`)
}
