import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { InvalidInput } from '../server/refusal.ts'
import {
  dayOf,
  instantOf,
  isSaidByWallClock,
  LocalDateTime,
  localOf,
  LocalTime,
  timeOfDay,
  viewTimeOfDay,
} from './local-times.ts'

const LONDON = 'Europe/London'
const NEW_YORK = 'America/New_York'
const MINUTE = 60_000

describe('a time on the wall clock', () => {
  it('is the instant at which the clock of the organization shows it', () => {
    const table = [
      [LONDON, '2027-02-04T10:00:00', '2027-02-04T10:00:00Z'],
      [LONDON, '2027-07-01T10:00:00', '2027-07-01T09:00:00Z'],
      [NEW_YORK, '2027-02-04T10:00:00', '2027-02-04T15:00:00Z'],
      ['Asia/Kathmandu', '2027-02-04T10:00:00', '2027-02-04T04:15:00Z'],
    ] as const
    for (const [time_zone, text, expected] of table) assert.equal(instant(text, time_zone), expected)
  })

  it('may stand with a T or a space, with and without seconds', () => {
    for (const text of [
      '2027-07-01T10:00:00',
      '2027-07-01 10:00',
      '2027-07-01t10:00',
      '2027-07-01T10:00:00.000',
    ]) {
      assert.ok(fits(LocalDateTime, text), text)
      assert.equal(instant(text, LONDON), '2027-07-01T09:00:00Z', text)
    }
  })

  it('that says its offset means what the offset says, wherever the organization is', () => {
    const nine = '2027-07-01T09:00:00Z'
    for (const text of [
      '2027-07-01T09:00:00Z',
      '2027-07-01T09:00z',
      '2027-07-01T11:00:00+02:00',
      '2027-07-01 05:00-0400',
    ]) {
      assert.ok(fits(LocalDateTime, text), text)
      for (const time_zone of [LONDON, NEW_YORK]) assert.equal(instant(text, time_zone), nine, text)
    }
  })

  it('that the clocks skip is as much later as they skip', () => {
    assert.equal(instant('2027-03-28T01:30:00', LONDON), instant('2027-03-28T02:30:00', LONDON))
    assert.equal(instant('2027-03-28T01:30:00', LONDON), '2027-03-28T01:30:00Z')
    assert.equal(instant('2027-03-14T02:00:00', NEW_YORK), '2027-03-14T07:00:00Z')
  })

  it('that comes twice is the first', () => {
    assert.equal(instant('2027-10-31T01:30:00', LONDON), '2027-10-31T00:30:00Z')
    assert.equal(instant('2027-11-07T01:59:00', NEW_YORK), '2027-11-07T05:59:00Z')
    assert.equal(instant('2027-11-07T02:00:00', NEW_YORK), '2027-11-07T07:00:00Z')
  })

  it('that no calendar has is refused, naming the field', () => {
    for (const text of ['2027-02-30T10:00', '2027-13-01T10:00', '2027-02-30T10:00Z', '2027-02-04T24:00']) {
      assert.throws(() => instantOf('start_time', text, LONDON), isAbout('start_time'), text)
    }
  })

  it('is told from other texts by its form', () => {
    for (const text of [
      '2027-02-04',
      '10:00',
      '2027-02-04T10',
      '04.02.2027 10:00',
      '2027-02-04T10:00:00 London',
      '',
      'now',
    ]) {
      assert.equal(fits(LocalDateTime, text), false, text)
    }
  })

  it('is shown to the second and without an offset', () => {
    const shown = (text: string, time_zone: string) => localOf(Temporal.Instant.from(text), time_zone)
    assert.equal(shown('2027-07-01T09:00:00Z', LONDON), '2027-07-01T10:00:00')
    assert.equal(shown('2027-07-01T09:00:00.750Z', LONDON), '2027-07-01T10:00:00')
    assert.equal(shown('2027-01-01T03:00:00Z', NEW_YORK), '2026-12-31T22:00:00')
  })
})

describe('what the wall clock can say', () => {
  const changes = [
    ['in London in spring', LONDON, '2027-03-27T22:00:00Z', null],
    ['in London in autumn', LONDON, '2027-10-30T22:00:00Z', ['2027-10-31T01:00:00Z', '2027-10-31T02:00:00Z']],
    ['in New York in spring', NEW_YORK, '2027-03-14T04:00:00Z', null],
    [
      'in New York in autumn',
      NEW_YORK,
      '2027-11-07T03:00:00Z',
      ['2027-11-07T06:00:00Z', '2027-11-07T07:00:00Z'],
    ],
    [
      'on Lord Howe, by half an hour',
      'Australia/Lord_Howe',
      '2027-04-03T11:00:00Z',
      ['2027-04-03T15:00:00Z', '2027-04-03T15:30:00Z'],
    ],
  ] as const
  for (const [where, time_zone, from, second] of changes) {
    it(`is every instant but those of the second pass of a repeated hour: ${where}`, () => {
      const start = milliseconds(from)
      const unsaid = Array.from({ length: 8 * 60 }, (_, at) => start + at * MINUTE).filter(
        (at) => !isSaidByWallClock(Temporal.Instant.fromEpochMilliseconds(at), time_zone),
      )
      const expected = second?.map(milliseconds)
      assert.equal(unsaid.length, expected ? (expected[1]! - expected[0]!) / MINUTE : 0)
      assert.equal(unsaid[0], expected?.[0])
      assert.equal(unsaid.at(-1), expected && expected[1]! - MINUTE)
    })

    it(`is understood again as it was meant: ${where}`, () => {
      for (let at = milliseconds(from); at < milliseconds(from) + 8 * 60 * MINUTE; at += 10 * MINUTE) {
        const meant = Temporal.Instant.fromEpochMilliseconds(at)
        const understood = instantOf('start_time', localOf(meant, time_zone), time_zone)
        assert.equal(understood.equals(meant), isSaidByWallClock(meant, time_zone), String(meant))
      }
    })
  }
})

describe('a day', () => {
  const days = [
    ['of 24 hours', LONDON, '2027-07-01', '2027-06-30T23:00:00Z', 24],
    ['of 23 hours', LONDON, '2027-03-28', '2027-03-28T00:00:00Z', 23],
    ['of 25 hours', LONDON, '2027-10-31', '2027-10-30T23:00:00Z', 25],
    ['of 23 hours', NEW_YORK, '2027-03-14', '2027-03-14T05:00:00Z', 23],
    ['of 25 hours', NEW_YORK, '2027-11-07', '2027-11-07T04:00:00Z', 25],
    ['without a midnight', 'America/Santiago', '2027-09-05', '2027-09-05T04:00:00Z', 23],
    ['without a midnight', 'Asia/Beirut', '2027-03-28', '2027-03-27T22:00:00Z', 23],
    ['whose last hour comes twice', 'America/Santiago', '2027-04-03', '2027-04-03T03:00:00Z', 25],
    ['that a country left out', 'Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 0],
  ] as const
  for (const [what, time_zone, date, start, hours] of days) {
    it(`${what} begins with its first moment and ends with the next day’s: ${date} in ${time_zone}`, () => {
      const day = dayOf('date', date, time_zone)
      assert.equal(day.start.toString(), start)
      assert.equal(day.start.until(day.end).total('hours'), hours)
    })
  }

  it('that no calendar has is refused, naming the field', () => {
    for (const date of ['2027-02-30', '2027-02-29', '2027-00-10', 'tomorrow']) {
      assert.throws(() => dayOf('from_date', date, LONDON), isAbout('from_date'), date)
    }
  })
})

describe('a time of day', () => {
  it('is kept to the minute, and the last second of a day as its end', () => {
    const table = { '09:00': '09:00', '09:05:00': '09:05', '00:00:00': '00:00', '23:59': '23:59' }
    const ends = { '23:59:59': '24:00', '24:00': '24:00', '24:00:00': '24:00' }
    for (const [text, kept] of Object.entries({ ...table, ...ends })) {
      assert.ok(fits(LocalTime, text), text)
      assert.equal(timeOfDay(text), kept, text)
    }
  })

  it('is shown with seconds, and the end of a day as its last', () => {
    assert.deepEqual(['09:00', '00:00', '23:59', '24:00'].map(viewTimeOfDay), [
      '09:00:00',
      '00:00:00',
      '23:59:00',
      '23:59:59',
    ])
  })

  it('that is no time, or falls between minutes, is none', () => {
    for (const text of ['9:00', '09:00:30', '25:00', '24:01', '09:60', '23:59:58', '0900', '09:00Z', '']) {
      assert.equal(fits(LocalTime, text), false, text)
    }
  })
})

const instant = (text: string, time_zone: string) => instantOf('start_time', text, time_zone).toString()
const milliseconds = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const fits = (shape: TSchema, text: string) => Value.Check(shape, text)

function isAbout(field: string) {
  return (error: unknown) => error instanceof InvalidInput && error.fields?.[0]?.field === field
}
