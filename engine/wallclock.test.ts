import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { addDays, dateAt, instantAt, localDay, wallClockAt, weekdayOf } from './wallclock.ts'

const HOUR = 3_600_000
const someZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'))
const someInstant = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 0, 1) })

describe('wall clocks', () => {
  it('reads nine in the morning in every season', () => {
    assert.equal(utc(instantAt('Europe/London', '2026-01-15', '09:00')), '2026-01-15T09:00:00Z')
    assert.equal(utc(instantAt('Europe/London', '2026-07-15', '09:00')), '2026-07-15T08:00:00Z')
  })

  it('reads a time that was skipped with the offset before the gap', () => {
    assert.equal(utc(instantAt('Europe/London', '2026-03-29', '01:30')), '2026-03-29T01:30:00Z')
    assert.equal(utc(instantAt('Australia/Lord_Howe', '2026-10-04', '02:15')), '2026-10-03T15:45:00Z')
  })

  it('reads a time that happens twice as its first', () => {
    assert.equal(utc(instantAt('America/New_York', '2026-11-01', '01:30')), '2026-11-01T05:30:00Z')
    assert.equal(utc(instantAt('Australia/Lord_Howe', '2026-04-05', '01:45')), '2026-04-04T14:45:00Z')
  })

  it('takes 24:00 for the next midnight, also where the night has 25 hours', () => {
    assert.equal(utc(instantAt('UTC', '2026-12-31', '24:00')), '2027-01-01T00:00:00Z')
    assert.equal(utc(instantAt('America/Santiago', '2026-04-04', '24:00')), '2026-04-05T04:00:00Z')
  })

  it('starts the day at one where the clocks skip midnight', () => {
    const { start, end } = localDay('Asia/Beirut', '2026-03-29')
    assert.equal(utc(start), '2026-03-28T22:00:00Z')
    assert.equal(end - start, 23 * HOUR)
    assert.deepEqual(wallClockAt('Asia/Beirut', start), { date: '2026-03-29', time: '01:00' })
  })

  it('gives the day that Samoa skipped no length', () => {
    const { start, end } = localDay('Pacific/Apia', '2011-12-30')
    assert.equal(utc(start), '2011-12-30T10:00:00Z')
    assert.equal(start, end)
  })

  it('starts a day at its first instant when the skipped time began before midnight', () => {
    assert.equal(utc(localDay('America/Toronto', '1919-03-31').start), '1919-03-31T04:30:00Z')
  })

  it('says which day today is, on either side of the date line', () => {
    const noon = Date.UTC(2026, 5, 15, 12)
    assert.equal(dateAt('Pacific/Kiritimati', noon), '2026-06-16')
    assert.equal(dateAt('Pacific/Pago_Pago', noon), '2026-06-15')
    assert.deepEqual(wallClockAt('Asia/Kathmandu', noon), { date: '2026-06-15', time: '17:45' })
  })

  it('says that today is still yesterday in an hour before midnight that comes twice', () => {
    assert.equal(dateAt('America/Santiago', Date.parse('2026-04-05T02:59Z')), '2026-04-04')
    assert.equal(dateAt('America/Santiago', Date.parse('2026-04-05T03:30Z')), '2026-04-04')
    assert.equal(dateAt('America/Santiago', Date.parse('2026-04-05T04:00Z')), '2026-04-05')
    assert.equal(dateAt('Asia/Beirut', Date.parse('2026-10-24T21:30Z')), '2026-10-24')
  })

  it('says that today is tomorrow when midnight is skipped, and the day after when the date is', () => {
    assert.equal(dateAt('Asia/Beirut', Date.parse('2026-03-28T21:59Z')), '2026-03-28')
    assert.equal(dateAt('Asia/Beirut', Date.parse('2026-03-28T22:00Z')), '2026-03-29')
    assert.equal(dateAt('Pacific/Apia', Date.parse('2011-12-30T09:59Z')), '2011-12-29')
    assert.equal(dateAt('Pacific/Apia', Date.parse('2011-12-30T10:00Z')), '2011-12-31')
  })

  it('turns the day at a quarter past where offsets have forty-five minutes', () => {
    assert.equal(dateAt('Asia/Kathmandu', Date.parse('2026-06-15T18:14Z')), '2026-06-15')
    assert.equal(dateAt('Asia/Kathmandu', Date.parse('2026-06-15T18:15Z')), '2026-06-16')
    assert.equal(dateAt('Asia/Kolkata', Date.parse('2026-06-15T18:29Z')), '2026-06-15')
    assert.equal(dateAt('Asia/Kolkata', Date.parse('2026-06-15T18:30Z')), '2026-06-16')
  })

  it('leaves seconds off and works before 1970', () => {
    assert.deepEqual(wallClockAt('UTC', -1), { date: '1969-12-31', time: '23:59' })
  })

  it('counts days and weekdays over leap years and backwards', () => {
    assert.equal(addDays('2028-02-28', 1), '2028-02-29')
    assert.equal(addDays('2026-01-01', -1), '2025-12-31')
    assert.equal(weekdayOf('2026-03-29'), 7)
    assert.equal(weekdayOf('1969-12-29'), 1)
  })

  it('refuses dates, times and zones that do not exist', () => {
    assert.throws(() => instantAt('Europe/London', '2026-02-30', '09:00'), /^RangeError: date: "2026-02-30"/)
    assert.throws(() => instantAt('Europe/London', '2026-02-03', '9:00'), /^RangeError: time: "9:00"/)
    assert.throws(() => localDay('Europe/Londres', '2026-02-03'), /^RangeError: time_zone: "Europe\/Londres"/)
    assert.throws(() => dateAt('+02:00', 0), /^RangeError: time_zone/)
    assert.throws(() => dateAt('UTC', Number.NaN), /^RangeError: instant: NaN/)
  })

  it('agrees with Temporal in every zone, two centuries long', () => {
    fc.assert(
      fc.property(someZone, someInstant, (zone, instant) => {
        const there = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
        assertAgrees(there)
        const change = there.getTimeZoneTransition('next') ?? there
        for (const minutes of [-1441, -90, -30, -1, 0, 1, 30, 61, 90, 1441])
          assertAgrees(change.add({ minutes }))
      }),
      { numRuns: 1_000 },
    )
  })

  it('agrees with Temporal about times around every change of clocks', () => {
    const wallMinutes = fc.integer({ min: -26 * 60, max: 26 * 60 })
    fc.assert(
      fc.property(
        someZone,
        someInstant,
        fc.array(wallMinutes, { minLength: 10, maxLength: 10 }),
        (zone, instant, around) => {
          const there = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
          const change = there.getTimeZoneTransition('next') ?? there
          for (const minutes of around) {
            const wall = change.toPlainDateTime().add({ minutes })
            const [date, time] = [wall.toPlainDate().toString(), wall.toPlainTime().toString().slice(0, 5)]
            const expected = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(
              zone,
            ).epochMilliseconds
            assert.equal(instantAt(zone, date, time), expected, `${zone} ${date} ${time}`)
          }
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

function assertAgrees(there: Temporal.ZonedDateTime): void {
  const zone = there.timeZoneId
  const date = there.toPlainDate()
  const shown = { date: date.toString(), time: there.toPlainTime().toString().slice(0, 5) }
  assert.deepEqual(wallClockAt(zone, there.epochMilliseconds), shown)
  const day = { start: midnight(zone, date), end: midnight(zone, date.add({ days: 1 })) }
  assert.deepEqual(localDay(zone, date.toString()), day, `${zone} ${date}`)
}

function midnight(zone: string, date: Temporal.PlainDate): number {
  return date.toZonedDateTime(zone).epochMilliseconds
}

function utc(instant: number): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toString()
}
