import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DailyWindow } from './hours.ts'
import { findSlots, type SlotQuery } from './slots.ts'
import { dateAt, localDay } from './wallclock.ts'

describe('on the day the clocks change', () => {
  it('still opens at nine on the day the clocks go forward, north and south', () => {
    const hours = window('09:00', '10:00')
    assert.deepEqual(starts('Europe/London', '2026-03-28', hours), ['2026-03-28T09:00Z', '2026-03-28T09:30Z'])
    assert.deepEqual(starts('Europe/London', '2026-03-29', hours), ['2026-03-29T08:00Z', '2026-03-29T08:30Z'])
    assert.deepEqual(starts('America/New_York', '2026-03-08', hours), [
      '2026-03-08T13:00Z',
      '2026-03-08T13:30Z',
    ])
    assert.deepEqual(starts('Australia/Sydney', '2026-10-04', hours), [
      '2026-10-03T22:00Z',
      '2026-10-03T22:30Z',
    ])
    assert.deepEqual(starts('America/Santiago', '2026-09-06', hours), [
      '2026-09-06T12:00Z',
      '2026-09-06T12:30Z',
    ])
  })

  it('still opens at nine on the day the clocks go back, north and south', () => {
    const hours = window('09:00', '10:00')
    assert.deepEqual(starts('Europe/London', '2026-10-25', hours), ['2026-10-25T09:00Z', '2026-10-25T09:30Z'])
    assert.deepEqual(starts('America/Santiago', '2026-04-05', hours), [
      '2026-04-05T13:00Z',
      '2026-04-05T13:30Z',
    ])
    assert.deepEqual(starts('Africa/Casablanca', '2026-02-15', hours), [
      '2026-02-15T09:00Z',
      '2026-02-15T09:30Z',
    ])
  })

  it('opens an hour later, and for an hour less, when the opening is skipped', () => {
    const offered = starts('Europe/London', '2026-03-29', window('01:30', '03:30'))
    assert.deepEqual(offered, ['2026-03-29T01:30Z', '2026-03-29T02:00Z'])
  })

  it('does not open when nothing is left of the window', () => {
    assert.deepEqual(starts('Europe/London', '2026-03-29', window('01:00', '02:00')), [])
    assert.deepEqual(starts('Europe/London', '2026-03-29', window('01:30', '02:15')), [])
  })

  it('offers the hour that happens twice, twice', () => {
    assert.deepEqual(starts('Europe/London', '2026-10-25', window('00:30', '02:30')), [
      '2026-10-24T23:30Z',
      '2026-10-25T00:00Z',
      '2026-10-25T00:30Z',
      '2026-10-25T01:00Z',
      '2026-10-25T01:30Z',
      '2026-10-25T02:00Z',
    ])
  })

  it('keeps one of two equal hours free when the other is taken', () => {
    const night = around('Europe/London', '2026-10-25', window('01:00', '02:00'))
    const first = { start: Date.parse('2026-10-25T00:00Z'), end: Date.parse('2026-10-25T01:00Z') }
    const second = { start: first.end, end: Date.parse('2026-10-25T02:00Z') }
    assert.deepEqual(findSlots({ ...night, busy: [first] }).map(utc), [
      '2026-10-25T01:00Z',
      '2026-10-25T01:30Z',
    ])
    assert.deepEqual(findSlots({ ...night, busy: [second] }).map(utc), [
      '2026-10-25T00:00Z',
      '2026-10-25T00:30Z',
    ])
  })

  it('opens at nine, and in the night, on Chatham, whose clocks change at a quarter to', () => {
    const nine = window('09:00', '09:30')
    assert.deepEqual(starts('Pacific/Chatham', '2026-09-27', nine), ['2026-09-26T19:15Z'])
    assert.deepEqual(starts('Pacific/Chatham', '2026-04-05', nine), ['2026-04-04T20:15Z'])
    const night = starts('Pacific/Chatham', '2026-09-27', window('02:00', '04:00'))
    assert.deepEqual(night, ['2026-09-26T13:15Z', '2026-09-26T13:45Z'])
  })

  it('follows Lord Howe, where clocks move by half an hour', () => {
    const forward = starts('Australia/Lord_Howe', '2026-10-04', window('01:30', '03:30'))
    assert.deepEqual(forward, ['2026-10-03T15:00Z', '2026-10-03T15:30Z', '2026-10-03T16:00Z'])
    const back = starts('Australia/Lord_Howe', '2026-04-05', window('01:30', '02:30'))
    assert.deepEqual(back, ['2026-04-04T14:30Z', '2026-04-04T15:00Z', '2026-04-04T15:30Z'])
  })

  it('opens at one in Beirut and Santiago when their clocks skip midnight', () => {
    const hours = window('00:00', '02:00')
    assert.deepEqual(starts('Asia/Beirut', '2026-03-29', hours), ['2026-03-28T22:00Z', '2026-03-28T22:30Z'])
    assert.deepEqual(starts('America/Santiago', '2026-09-06', hours), [
      '2026-09-06T04:00Z',
      '2026-09-06T04:30Z',
    ])
  })

  it('closes at a midnight that comes an hour late in Beirut and Santiago', () => {
    const hours = window('23:00', '24:00')
    const beirut = ['2026-10-24T20:00Z', '2026-10-24T20:30Z', '2026-10-24T21:00Z', '2026-10-24T21:30Z']
    assert.deepEqual(starts('Asia/Beirut', '2026-10-24', hours), beirut)
    const santiago = ['2026-04-05T02:00Z', '2026-04-05T02:30Z', '2026-04-05T03:00Z', '2026-04-05T03:30Z']
    assert.deepEqual(starts('America/Santiago', '2026-04-04', hours), santiago)
    // A daily limit counts them all to the evening on which they are shown.
    const dates = santiago.map((start) => dateAt('America/Santiago', Date.parse(start)))
    assert.deepEqual(new Set(dates), new Set(['2026-04-04']))
  })

  it('offers 46 and 50 half hours on the short and the long day of a place that never closes', () => {
    const always = window('00:00', '24:00')
    assert.equal(starts('Europe/London', '2026-03-29', always).length, 46)
    assert.equal(starts('Europe/London', '2026-10-25', always).length, 50)
  })
})

describe('where the calendar jumps or the clock is odd', () => {
  it('offers nothing on the day that Samoa skipped, and all of the days around it', () => {
    const query = around('Pacific/Apia', '2011-12-30', window('09:00', '10:00'))
    const from = localDay('Pacific/Apia', '2011-12-29').start
    const to = localDay('Pacific/Apia', '2011-12-31').end
    assert.deepEqual(findSlots({ ...query, from, to }).map(utc), [
      '2011-12-29T19:00Z',
      '2011-12-29T19:30Z',
      '2011-12-30T19:00Z',
      '2011-12-30T19:30Z',
    ])
    const dated = [{ date: '2011-12-30', windows: window('09:00', '10:00') }]
    assert.deepEqual(findSlots({ ...query, weekly: [], dated, from, to }), [])
  })

  it('keeps the grid of an open day before the day that Samoa skipped', () => {
    const weekly = [
      { weekday: 3, opens: '22:00', closes: '06:00' },
      { weekday: 4, opens: '06:00', closes: '24:00' },
      { weekday: 6, opens: '00:00', closes: '02:00' },
    ]
    const query = { ...around('Pacific/Apia', '2011-12-31', []), weekly, slot_minutes: 50 }
    assert.deepEqual(findSlots(query).map(utc), ['2011-12-30T10:10Z', '2011-12-30T11:00Z'])
  })

  it('opens at the first of two midnights in Newfoundland', () => {
    const query = around('America/St_Johns', '2007-11-04', window('00:00', '02:00'))
    const offered = ['2007-11-04T02:30Z', '2007-11-04T03:00Z', '2007-11-04T03:30Z']
    assert.deepEqual(findSlots({ ...query, to: query.from + 60_000 }).map(utc), offered.slice(0, 1))
    assert.deepEqual(findSlots({ ...query, to: query.from + 3 * 1_800_000 }).map(utc), offered)
  })

  it('opens at nine where offsets have thirty or forty-five minutes', () => {
    const hours = window('09:00', '09:30')
    assert.deepEqual(starts('Asia/Kolkata', '2026-06-15', hours), ['2026-06-15T03:30Z'])
    assert.deepEqual(starts('Asia/Kathmandu', '2026-06-15', hours), ['2026-06-15T03:15Z'])
    assert.deepEqual(starts('Australia/Eucla', '2026-06-15', hours), ['2026-06-15T00:15Z'])
    assert.deepEqual(starts('Pacific/Chatham', '2026-06-15', hours), ['2026-06-14T20:15Z'])
  })

  it('finds a provider in Auckland on the Tuesday that is still Monday for a client in Honolulu', () => {
    const query = around('Pacific/Auckland', '2026-06-16', window('09:00', '10:00'))
    const monday = localDay('Pacific/Honolulu', '2026-06-15')
    const offered = findSlots({ ...query, from: monday.start, to: monday.end }).map(utc)
    assert.deepEqual(offered, ['2026-06-15T21:00Z', '2026-06-15T21:30Z'])
  })

  it('finds the two dates of a provider in Pago Pago that are one for a client in Kiritimati', () => {
    const query = around('Pacific/Pago_Pago', '2026-06-15', [
      ...window('09:00', '09:30'),
      ...window('23:00', '24:00'),
    ])
    const tuesday = localDay('Pacific/Kiritimati', '2026-06-16')
    const offered = findSlots({ ...query, from: tuesday.start, to: tuesday.end }).map(utc)
    assert.deepEqual(offered, ['2026-06-15T10:00Z', '2026-06-15T10:30Z', '2026-06-15T20:00Z'])
    assert.deepEqual(
      offered.map((start) => dateAt('Pacific/Pago_Pago', Date.parse(start))),
      ['2026-06-14', '2026-06-14', '2026-06-15'],
    )
  })

  it('ends a notice of an hour after the hour that is skipped, and within the one that comes twice', () => {
    const forward = around('Europe/London', '2026-03-29', window('00:00', '03:30'))
    const spring = { ...forward, now: Date.parse('2026-03-29T00:30Z'), notice_minutes: 60 }
    assert.deepEqual(findSlots(spring).map(utc), ['2026-03-29T01:30Z', '2026-03-29T02:00Z'])
    const back = around('Europe/London', '2026-10-25', window('00:30', '02:30'))
    const autumn = { ...back, now: Date.parse('2026-10-25T00:15Z'), notice_minutes: 60 }
    assert.deepEqual(findSlots(autumn).map(utc), ['2026-10-25T01:30Z', '2026-10-25T02:00Z'])
  })

  it('ends a horizon of a day at another time on the wall over a change of clocks', () => {
    const nine = around('Europe/London', '2026-03-29', window('09:00', '11:00'))
    const spring = { ...nine, now: Date.parse('2026-03-28T09:00Z'), horizon_minutes: 24 * 60 }
    assert.deepEqual(findSlots(spring).map(utc), [
      '2026-03-29T08:00Z',
      '2026-03-29T08:30Z',
      '2026-03-29T09:00Z',
    ])
    const later = around('Europe/London', '2026-10-25', window('09:00', '11:00'))
    const autumn = { ...later, now: Date.parse('2026-10-24T09:00Z'), horizon_minutes: 24 * 60 }
    assert.deepEqual(findSlots(autumn).map(utc), ['2026-10-25T09:00Z'])
  })

  it('counts notice in hours that pass, not in hours on the wall, over a change of clocks', () => {
    const noon = Date.parse('2026-03-28T12:00Z')
    const query = {
      ...around('Europe/London', '2026-03-29', window('12:00', '14:00')),
      now: noon,
      notice_minutes: 24 * 60,
    }
    assert.deepEqual(findSlots(query).map(utc), ['2026-03-29T12:00Z', '2026-03-29T12:30Z'])
    const october = Date.parse('2026-10-24T11:00Z')
    const back = {
      ...around('Europe/London', '2026-10-25', window('10:00', '11:30')),
      now: october,
      notice_minutes: 24 * 60,
    }
    assert.deepEqual(findSlots(back).map(utc), ['2026-10-25T11:00Z'])
  })
})

function starts(time_zone: string, date: string, windows: DailyWindow[]): string[] {
  return findSlots(around(time_zone, date, windows)).map(utc)
}

/** Half hours on one local date, with the same windows every day. */
function around(time_zone: string, date: string, windows: DailyWindow[]): SlotQuery {
  const { start, end } = localDay(time_zone, date)
  const weekly = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => windows.map((daily) => ({ weekday, ...daily })))
  return { time_zone, weekly, dated: [], busy: [], from: start, to: end, slot_minutes: 30 }
}

function window(opens: string, closes: string): DailyWindow[] {
  return [{ opens, closes }]
}

function utc({ start }: { start: number }): string {
  return new Date(start).toISOString().replace(':00.000', '')
}
