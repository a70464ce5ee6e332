import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findSlots, type SlotQuery } from './slots.ts'

// 2026-06-15 is a Monday; in UTC the wall clock and the instant read alike.
const MONDAY = Date.UTC(2026, 5, 15)
const HOUR = 3_600_000

describe('hours of a certain date', () => {
  it('replace the weekly hours of that date', () => {
    assert.deepEqual(starts({ dated: [{ date: '2026-06-15', windows: [open('14:00', '15:00')] }] }), [
      '14:00',
      '14:30',
    ])
  })

  it('close the day when there are none', () => {
    assert.deepEqual(starts({ dated: [{ date: '2026-06-15', windows: [] }] }), [])
  })

  it('add up when a date is named twice', () => {
    const dated = [
      { date: '2026-06-15', windows: [open('14:00', '14:30')] },
      { date: '2026-06-15', windows: [open('16:00', '16:30')] },
    ]
    assert.deepEqual(starts({ dated }), ['14:00', '16:00'])
  })

  it('open a further stretch beside the weekly hours, on one grid with what they touch', () => {
    const further = [{ start: at('08:40'), end: at('09:00') }]
    assert.deepEqual(starts({ open: further, slot_minutes: 60 }), ['08:40', '09:40'])
  })
})

describe('hours over midnight', () => {
  const night = { ...open('22:00', '01:00'), weekday: 7 }

  it('belong to the evening on which they open', () => {
    assert.deepEqual(starts({ weekly: [night] }), ['00:00', '00:30'])
    assert.deepEqual(starts({ weekly: [night], dated: [{ date: '2026-06-15', windows: [] }] }), [
      '00:00',
      '00:30',
    ])
    assert.deepEqual(starts({ weekly: [night], dated: [{ date: '2026-06-14', windows: [] }] }), [])
  })

  it('keep their grid after midnight', () => {
    assert.deepEqual(starts({ weekly: [night], slot_minutes: 40 }), ['00:00'])
    assert.deepEqual(starts({ weekly: [night], slot_minutes: 30, step_minutes: 50 }), ['00:30'])
  })

  it('give no room to a visit that begins before they close and ends after', () => {
    assert.deepEqual(starts({ weekly: [night], slot_minutes: 45, step_minutes: 15 }), ['00:00', '00:15'])
  })

  it('are one window with those of the next morning when they touch at midnight', () => {
    const weekly = [{ ...open('22:30', '24:00'), weekday: 7 }, open('00:00', '02:00')]
    assert.deepEqual(starts({ weekly, slot_minutes: 60 }), ['00:30'])
  })

  it('are none when a window closes as it opens', () => {
    assert.deepEqual(starts({ weekly: [open('09:00', '09:00'), open('00:00', '00:00')] }), [])
  })
})

describe('a place that never closes', () => {
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))

  it('offers the same times every day, counted from midnight', () => {
    for (const day of [0, 1, 2, 40]) {
      const from = MONDAY + day * 24 * HOUR
      const slots = findSlots(monday({ weekly, slot_minutes: 50, from, to: from + 2 * HOUR }))
      assert.deepEqual(
        slots.map(({ start }) => (start - from) / 60_000),
        [0, 50, 100],
      )
    }
  })

  it('offers the last slot of a day into the next', () => {
    assert.deepEqual(starts({ weekly, slot_minutes: 50, from: at('23:00') }), ['23:20'])
  })

  it('has room for a visit of three days', () => {
    const visit = starts({ weekly, slot_minutes: 3 * 24 * 60, step_minutes: 12 * 60 })
    assert.deepEqual(visit, ['00:00', '12:00'])
  })

  it('counts an evening before an open day from its own opening, and that day from midnight', () => {
    const evening = [{ ...open('22:30', '24:00'), weekday: 7 }, open('00:00', '24:00')]
    const slots = starts({ weekly: evening, slot_minutes: 60, from: at('00:00') - HOUR, to: at('02:00') })
    assert.deepEqual(slots, ['23:30', '00:00', '01:00'])
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
