import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { lastDue, nextDue } from './recurring.ts'

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const said = (instant: number | null) => instant && `${Temporal.Instant.fromEpochMilliseconds(instant)}`

/** Everything that is due after one instant and up to another, as it would be seen by somebody who looks each minute. */
function dueBetween(every: string, time_zone: string, from: string, to: string): string[] {
  const due: string[] = []
  for (let next = nextDue(every, time_zone, at(from)); next !== null && next <= at(to);) {
    due.push(said(next) as string)
    next = nextDue(every, time_zone, next)
  }
  return due
}

describe('what recurs', () => {
  const before = '2027-03-03T10:20:30Z' // a Wednesday
  const table: [every: string, last: string, next: string][] = [
    ['* * * * *', '2027-03-03T10:20:00Z', '2027-03-03T10:21:00Z'],
    ['0 * * * *', '2027-03-03T10:00:00Z', '2027-03-03T11:00:00Z'],
    ['*/15 * * * *', '2027-03-03T10:15:00Z', '2027-03-03T10:30:00Z'],
    ['5,50 8-10 * * *', '2027-03-03T10:05:00Z', '2027-03-03T10:50:00Z'],
    ['0 1 * * *', '2027-03-03T01:00:00Z', '2027-03-04T01:00:00Z'],
    ['0 0 * * 0', '2027-02-28T00:00:00Z', '2027-03-07T00:00:00Z'],
    ['0 0 * * 7', '2027-02-28T00:00:00Z', '2027-03-07T00:00:00Z'],
    ['30 6 1 * *', '2027-03-01T06:30:00Z', '2027-04-01T06:30:00Z'],
    ['0 12 29 2 *', '2024-02-29T12:00:00Z', '2028-02-29T12:00:00Z'],
  ]
  for (const [every, last, next] of table) {
    it(`by "${every}" was last due, and is next, when a crontab says`, () => {
      assert.equal(said(lastDue(every, 'UTC', at(before))), last)
      assert.equal(said(nextDue(every, 'UTC', at(before))), next)
    })
  }

  it('is due at the very instant, and next after it', () => {
    assert.equal(said(lastDue('0 1 * * *', 'UTC', at('2027-03-03T01:00:00Z'))), '2027-03-03T01:00:00Z')
    assert.equal(said(nextDue('0 1 * * *', 'UTC', at('2027-03-03T01:00:00Z'))), '2027-03-04T01:00:00Z')
  })

  it('follows the wall clock of its zone', () => {
    assert.equal(said(lastDue('0 1 * * *', 'Asia/Kolkata', at(before))), '2027-03-02T19:30:00Z')
    assert.equal(said(nextDue('0 * * * *', 'Asia/Kolkata', at(before))), '2027-03-03T10:30:00Z')
  })

  it('is due once on the day that has no half past two, as much later as the gap is long', () => {
    const days = dueBetween('30 2 * * *', 'Europe/Berlin', '2027-03-27T12:00:00Z', '2027-03-29T12:00:00Z')
    assert.deepEqual(days, ['2027-03-28T01:30:00Z', '2027-03-29T00:30:00Z'])
  })

  it('is due once on the day that has two of them, the first time', () => {
    const days = dueBetween('30 2 * * *', 'Europe/Berlin', '2027-10-30T12:00:00Z', '2027-11-01T12:00:00Z')
    assert.deepEqual(days, ['2027-10-31T00:30:00Z', '2027-11-01T01:30:00Z'])
    assert.equal(
      said(lastDue('30 2 * * *', 'Europe/Berlin', at('2027-10-31T01:30:00Z'))),
      '2027-10-31T00:30:00Z',
    )
  })

  it('is due each hour that passes, also in the one that comes twice, and not in the one that is skipped', () => {
    const back = dueBetween('0 * * * *', 'Europe/Berlin', '2027-10-30T23:30:00Z', '2027-10-31T03:00:00Z')
    assert.deepEqual(
      back,
      ['00', '01', '02', '03'].map((hour) => `2027-10-31T${hour}:00:00Z`),
    )
    const forward = dueBetween('0 * * * *', 'Europe/Berlin', '2027-03-27T23:30:00Z', '2027-03-28T03:00:00Z')
    assert.deepEqual(
      forward,
      ['00', '01', '02', '03'].map((hour) => `2027-03-28T${hour}:00:00Z`),
    )
    const shifted = dueBetween(
      '*/30 * * * *',
      'Australia/Lord_Howe',
      '2027-04-03T14:20:00Z',
      '2027-04-03T16:00:00Z',
    )
    assert.deepEqual(
      shifted,
      ['14:30', '15:00', '15:30', '16:00'].map((time) => `2027-04-03T${time}:00Z`),
    )
  })

  it('at midnight is due where midnight is skipped, too', () => {
    assert.equal(
      said(nextDue('0 0 * * *', 'Africa/Cairo', at('2027-04-29T12:00:00Z'))),
      '2027-04-29T22:00:00Z',
    )
  })

  it('was last due never after now, is next due never before it, and has nothing between the two', () => {
    const everies = fc.constantFrom(
      '* * * * *',
      '0 * * * *',
      '30 2 * * *',
      '0 0 * * 0',
      '15 3 1 * *',
      '59 23 * * *',
    )
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia', 'Africa/Cairo')
    const instants = fc.integer({ min: at('2009-01-01T00:00:00Z'), max: at('2029-01-01T00:00:00Z') })
    fc.assert(
      fc.property(everies, zones, instants, (every, zone, now) => {
        const [last, next] = [lastDue(every, zone, now)!, nextDue(every, zone, now)!]
        assert.ok(last <= now && now < next)
        assert.equal(nextDue(every, zone, last), next)
        assert.equal(lastDue(every, zone, next - 1), last)
        assert.equal(lastDue(every, zone, next), next)
      }),
    )
  })

  it('that cannot be is null: nobody waits for the 30th of February', () => {
    assert.equal(nextDue('0 0 30 2 *', 'UTC', at(before)), null)
    assert.equal(lastDue('0 0 30 2 *', 'UTC', at(before)), null)
  })

  for (const every of [
    '',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '5/10 * * * *',
    'x * * * *',
    '0 0 1 * 1',
    '9-3 * * * *',
    '*/0 * * * *',
  ]) {
    it(`written as "${every}" is refused, with what would be right`, () => {
      assert.throws(() => lastDue(every, 'UTC', 0), /RangeError: every: .*; write a crontab/)
    })
  }
})
