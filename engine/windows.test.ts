import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Hours } from './hours.ts'
import { isOnGrid, isOpen, openWindows, windowsByDate } from './windows.ts'

const hours: Hours = {
  time_zone: 'UTC',
  weekly: [
    { weekday: 1, opens: '09:00', closes: '10:30' },
    { weekday: 1, opens: '10:30', closes: '12:00' },
    { weekday: 1, opens: '22:00', closes: '02:00' },
  ],
  dated: [],
}

describe('open windows', () => {
  it('are merged, and cut off where the question ends', () => {
    assert.deepEqual(openWindows(hours, at('15T10:00'), at('16T01:00')), [
      { start: at('15T10:00'), end: at('15T12:00') },
      { start: at('15T22:00'), end: at('16T01:00') },
    ])
    assert.deepEqual(openWindows(hours, at('15T10:00'), at('15T10:00')), [])
  })

  it('hold a visit that fills them to the minute, also over a seam and over midnight', () => {
    assert.ok(isOpen(hours, at('15T09:00'), at('15T12:00')))
    assert.ok(isOpen(hours, at('15T23:30'), at('16T00:30')))
  })

  it('do not hold a visit that leaves them, spans a break or has no length', () => {
    assert.ok(!isOpen(hours, at('15T08:59'), at('15T09:30')))
    assert.ok(!isOpen(hours, at('15T11:00'), at('15T12:01')))
    assert.ok(!isOpen(hours, at('15T11:00'), at('15T23:00')))
    assert.ok(!isOpen(hours, at('15T11:00'), at('15T11:00')))
  })

  it('know which starts are on their grid', () => {
    assert.ok(isOnGrid(hours, at('15T10:40'), 50))
    assert.ok(isOnGrid(hours, at('16T00:30'), 50))
    assert.ok(!isOnGrid(hours, at('15T10:30'), 50))
    assert.ok(!isOnGrid(hours, at('15T12:20'), 50))
    assert.ok(!isOnGrid(hours, at('15T09:00') + 1_000, 1))
  })

  it('have the grid of their own day where a whole day is open', () => {
    const weekly = [1, 2].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))
    assert.ok(isOnGrid({ ...hours, weekly }, at('16T00:50'), 50))
    assert.ok(!isOnGrid({ ...hours, weekly }, at('16T00:10'), 50))
  })

  it('refuse a range that makes no sense', () => {
    assert.throws(() => openWindows(hours, 1, 0), /^RangeError: to: 0 lies before from/)
    assert.throws(() => isOpen(hours, Number.NaN, 0), /^RangeError: from: NaN/)
    assert.throws(() => isOnGrid(hours, 0, 0), /^RangeError: step_minutes: 0/)
  })
})

describe('the windows of a date', () => {
  it('are whole, merged, and belong to the date on which they open', () => {
    assert.deepEqual(windowsByDate(hours, ['2026-06-15', '2026-06-16']), [
      [
        { start: at('15T09:00'), end: at('15T12:00') },
        { start: at('15T22:00'), end: at('16T02:00') },
      ],
      [],
    ])
  })

  it('stay apart from those of the next date where somebody never closes', () => {
    const weekly = [1, 2].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))
    assert.deepEqual(windowsByDate({ ...hours, weekly }, ['2026-06-15', '2026-06-16']), [
      [{ start: at('15T00:00'), end: at('16T00:00') }],
      [{ start: at('16T00:00'), end: at('17T00:00') }],
    ])
  })

  it('are those of the date where it has its own, and what is open besides', () => {
    const open = [
      { start: at('15T14:00'), end: at('15T15:00') },
      { start: at('15T23:00'), end: at('16T01:00') },
      { start: at('16T00:00'), end: at('16T03:00') },
    ]
    const dated = [{ date: '2026-06-15', windows: [{ opens: '13:00', closes: '14:00' }] }]
    assert.deepEqual(windowsByDate({ ...hours, dated, open }, ['2026-06-15']), [
      [{ start: at('15T13:00'), end: at('15T15:00') }, open[1]],
    ])
  })

  it('are none on a date that a zone skipped', () => {
    const weekly = [4, 5].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))
    const [thursday, friday] = windowsByDate({ time_zone: 'Pacific/Apia', weekly, dated: [] }, [
      '2011-12-29',
      '2011-12-30',
    ])
    assert.deepEqual([thursday!.length, friday], [1, []])
  })
})

/** A day of June 2026 and a time, in UTC; the 15th is a Monday. */
function at(day_and_time: string): number {
  return Date.parse(`2026-06-${day_and_time}Z`)
}
