import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { repeat, type Repetition } from './repetition.ts'
import { dateAt, instantAt } from './wallclock.ts'

const MINUTE = 60_000

describe('a series of appointments', () => {
  it('begins with its start and has as many as it says', () => {
    assert.deepEqual(days('2026-06-15', { every: 'day', count: 3 }), ['06-15', '06-16', '06-17'])
    assert.deepEqual(days('2026-06-15', { every: 'day', interval: 10, count: 3 }), [
      '06-15',
      '06-25',
      '07-05',
    ])
    assert.deepEqual(days('2026-06-15', { every: 'week', count: 3 }), ['06-15', '06-22', '06-29'])
    assert.deepEqual(days('2026-06-15', { every: 'month', interval: 2, count: 3 }), [
      '06-15',
      '08-15',
      '10-15',
    ])
    assert.deepEqual(days('2026-06-15', { every: 'day', count: 1 }), ['06-15'])
  })

  it('runs until a date, counted in, and no further than its number', () => {
    assert.deepEqual(days('2026-06-15', { every: 'week', until: '2026-06-29' }), ['06-15', '06-22', '06-29'])
    assert.deepEqual(days('2026-06-15', { every: 'week', until: '2026-06-28' }), ['06-15', '06-22'])
    assert.deepEqual(days('2026-06-15', { every: 'week', until: '2026-06-29', count: 2 }), ['06-15', '06-22'])
    assert.deepEqual(days('2026-06-15', { every: 'day', until: '2026-06-15' }), ['06-15'])
  })

  it('comes on several weekdays, however they are told', () => {
    const expected = ['06-17', '06-19', '06-22', '06-24']
    assert.deepEqual(days('2026-06-17', { every: 'week', weekdays: [1, 3, 5], count: 4 }), expected)
    assert.deepEqual(days('2026-06-17', { every: 'week', weekdays: [5, 3, 1, 3], count: 4 }), expected)
  })

  it('counts every second week from Monday to Sunday', () => {
    const sunday = days('2026-06-21', { every: 'week', interval: 2, weekdays: [1, 7], count: 4 })
    assert.deepEqual(sunday, ['06-21', '06-29', '07-05', '07-13'])
  })

  it('leaves out months without its day, and does not count them', () => {
    assert.deepEqual(days('2026-01-31', { every: 'month', count: 3 }), ['01-31', '03-31', '05-31'])
    assert.deepEqual(days('2026-01-30', { every: 'month', until: '2026-04-01' }), ['01-30', '03-30'])
    const leap = repeat('UTC', Date.parse('2096-02-29'), 30, { every: 'month', interval: 12, count: 2 })
    assert.equal(dateAt('UTC', leap[1]!.start), '2104-02-29')
    const rare = repeat('UTC', Date.parse('2026-06-15'), 30, {
      every: 'month',
      interval: 7_000 * 12,
      count: 2,
    })
    assert.equal(dateAt('UTC', rare[1]!.start), '9026-06-15')
  })

  it('counts dates in its own zone', () => {
    const start = instantAt('Pacific/Auckland', '2026-06-15', '09:00')
    const series = repeat('Pacific/Auckland', start, 30, { every: 'day', until: '2026-06-16' })
    assert.deepEqual(series.map(utc), ['2026-06-14T21:00Z', '2026-06-15T21:00Z'])
    const mondays = repeat('Pacific/Auckland', start, 30, { every: 'week', weekdays: [1, 2], count: 3 })
    assert.deepEqual(mondays.map(utc), ['2026-06-14T21:00Z', '2026-06-15T21:00Z', '2026-06-21T21:00Z'])
  })

  it('keeps the seconds of its start', () => {
    const [, second] = repeat('Europe/London', Date.parse('2026-03-28T09:00:30.005Z'), 30, {
      every: 'day',
      count: 2,
    })
    assert.equal(second!.start, Date.parse('2026-03-29T08:00:30.005Z'))
  })
})

describe('a series over a change of clocks', () => {
  it('stays at nine when the clocks go forward and back, north and south', () => {
    assert.deepEqual(daily('Europe/London', '2026-03-28', '09:00'), ['28T09:00Z', '29T08:00Z', '30T08:00Z'])
    assert.deepEqual(daily('Europe/London', '2026-10-24', '09:00'), ['24T08:00Z', '25T09:00Z', '26T09:00Z'])
    assert.deepEqual(daily('Australia/Sydney', '2026-10-03', '09:00'), [
      '02T23:00Z',
      '03T22:00Z',
      '04T22:00Z',
    ])
    assert.deepEqual(daily('Australia/Sydney', '2026-04-04', '09:00'), [
      '03T22:00Z',
      '04T23:00Z',
      '05T23:00Z',
    ])
    const weekly = series('America/New_York', '2026-03-01', '09:00', { every: 'week', count: 2 })
    assert.deepEqual(weekly.map(utc), ['2026-03-01T14:00Z', '2026-03-08T13:00Z'])
    const monthly = series('America/New_York', '2026-02-15', '09:00', { every: 'month', count: 2 })
    assert.deepEqual(monthly.map(utc), ['2026-02-15T14:00Z', '2026-03-15T13:00Z'])
  })

  it('stays at nine on Lord Howe, where clocks move by half an hour', () => {
    const zone = 'Australia/Lord_Howe'
    assert.deepEqual(daily(zone, '2026-10-03', '09:00'), ['02T22:30Z', '03T22:00Z', '04T22:00Z'])
    assert.deepEqual(daily(zone, '2026-04-04', '09:00'), ['03T22:00Z', '04T22:30Z', '05T22:30Z'])
  })

  it('comes later by the gap on the night that skips its time, and is back at its time the day after', () => {
    assert.deepEqual(daily('Europe/Berlin', '2026-03-28', '02:30'), ['28T01:30Z', '29T01:30Z', '30T00:30Z'])
    assert.deepEqual(daily('Australia/Lord_Howe', '2026-10-03', '02:15'), [
      '02T15:45Z',
      '03T15:45Z',
      '04T15:15Z',
    ])
    assert.deepEqual(daily('Asia/Beirut', '2026-03-28', '00:00'), ['27T22:00Z', '28T22:00Z', '29T21:00Z'])
    assert.deepEqual(daily('America/Santiago', '2026-09-05', '00:30'), [
      '05T04:30Z',
      '06T04:30Z',
      '07T03:30Z',
    ])
  })

  it('comes once, at the first, on the night that has its time twice', () => {
    assert.deepEqual(daily('Europe/Berlin', '2026-10-24', '02:30'), ['24T00:30Z', '25T00:30Z', '26T01:30Z'])
    assert.deepEqual(daily('Australia/Lord_Howe', '2026-04-04', '01:45'), [
      '03T14:45Z',
      '04T14:45Z',
      '05T15:15Z',
    ])
  })

  it('begins at the second of two equal times if that is its start', () => {
    const start = Date.parse('2026-10-25T01:30Z')
    const series = repeat('Europe/Berlin', start, 30, { every: 'day', count: 2 })
    assert.deepEqual(series.map(utc), ['2026-10-25T01:30Z', '2026-10-26T01:30Z'])
  })

  it('takes as long as ever in the night that is shorter or longer', () => {
    for (const date of ['2026-03-28', '2026-10-24']) {
      const nights = series('Europe/London', date, '00:30', { every: 'day', count: 3 }, 120)
      assert.deepEqual(
        nights.map(({ start, end }) => end - start),
        [120 * MINUTE, 120 * MINUTE, 120 * MINUTE],
      )
    }
  })

  it('leaves out the date that Samoa skipped, and does not count it', () => {
    const zone = 'Pacific/Apia'
    assert.deepEqual(daily(zone, '2011-12-28', '10:00'), ['28T20:00Z', '29T20:00Z', '30T20:00Z'])
    const fridays = series(zone, '2011-12-23', '10:00', { every: 'week', count: 2 })
    assert.deepEqual(fridays.map(utc), ['2011-12-23T20:00Z', '2012-01-05T20:00Z'])
    const thirtieths = series(zone, '2011-11-30', '10:00', { every: 'month', until: '2012-01-30' })
    assert.deepEqual(thirtieths.map(utc), ['2011-11-30T20:00Z', '2012-01-29T20:00Z'])
    const untilThen = series(zone, '2011-12-29', '10:00', { every: 'day', until: '2011-12-30' })
    assert.deepEqual(untilThen.map(utc), ['2011-12-29T20:00Z'])
  })
})

describe('a series that makes no sense is refused by the name of its field', () => {
  const week = { every: 'week', count: 2 } as const
  const senseless: [what: string, repetition: Repetition, says: RegExp][] = [
    ['without an end', { every: 'day' }, /^RangeError: count: .*until/],
    ['of nothing', { every: 'day', count: 0 }, /^RangeError: count: 0/],
    ['of half an appointment', { every: 'day', count: 1.5 }, /^RangeError: count: 1\.5/],
    ['that does not move', { every: 'day', interval: 0, count: 2 }, /^RangeError: interval: 0/],
    ['at half weeks', { ...week, interval: 0.5 }, /^RangeError: interval: 0\.5/],
    ['on the eighth weekday', { ...week, weekdays: [1, 8] }, /^RangeError: weekdays\[1\]: 8/],
    ['on no weekday', { ...week, weekdays: [] }, /^RangeError: weekdays: 1 is missing/],
    ['on other weekdays than its start', { ...week, weekdays: [2] }, /^RangeError: weekdays: 1 is missing/],
    [
      'of weekdays every month',
      { every: 'month', weekdays: [1], count: 2 },
      /^RangeError: weekdays: .*month/,
    ],
    ['until no date', { every: 'day', until: '2026-02-30' }, /^RangeError: until: "2026-02-30"/],
    [
      'until before it begins',
      { every: 'day', until: '2026-06-14' },
      /^RangeError: until: 2026-06-14 .*2026-06-15/,
    ],
    ['of more than a hundred', { every: 'day', count: 101 }, /^RangeError: count: 101 .*more than 100/],
    [
      'of more than a hundred dates',
      { every: 'day', until: '2026-09-23' },
      /^RangeError: until: .*more than 100/,
    ],
    ['beyond the last year', { every: 'month', interval: 12_000, count: 9 }, /^RangeError: count: 9 .*9999/],
    [
      'weeks beyond all years',
      { every: 'week', interval: 2 ** 52, count: 2 },
      /^RangeError: count: 2 .*9999/,
    ],
    [
      'months beyond all years',
      { every: 'month', interval: 2 ** 52, count: 2 },
      /^RangeError: count: 2 .*9999/,
    ],
  ]
  for (const [what, repetition, says] of senseless) {
    it(what, () => assert.throws(() => days('2026-06-15', repetition), says))
  }

  it('while a hundred are enough, or as many as are allowed', () => {
    assert.equal(days('2026-06-15', { every: 'day', until: '2026-09-22' }).length, 100)
    assert.equal(days('2026-06-15', { every: 'day', count: 100 }).length, 100)
    assert.equal(days('2026-06-15', { every: 'day', until: '2026-06-20', count: 1_000 }).length, 6)
    const start = Date.parse('2026-06-15T09:00Z')
    assert.throws(() => repeat('UTC', start, 30, { every: 'day', count: 3 }, 2), /count: 3 .*more than 2/)
    assert.throws(() => repeat('UTC', start, 30, { every: 'day', count: 3 }, Number.NaN), /most: NaN/)
    assert.throws(() => repeat('UTC', start, 0, { every: 'day', count: 3 }), /length_minutes: 0/)
  })
})

/** The months and days of a series in UTC. */
function days(date: string, repetition: Repetition): string[] {
  return series('UTC', date, '09:00', repetition).map((appointment) => utc(appointment).slice(5, 10))
}

/** Three days in a row: day of the month and time, in UTC. */
function daily(zone: string, date: string, time: string): string[] {
  return series(zone, date, time, { every: 'day', count: 3 }).map((appointment) => utc(appointment).slice(8))
}

function series(zone: string, date: string, time: string, repetition: Repetition, length_minutes = 30) {
  return repeat(zone, instantAt(zone, date, time), length_minutes, repetition)
}

function utc({ start }: { start: number }): string {
  return new Date(start).toISOString().replace(':00.000', '')
}
