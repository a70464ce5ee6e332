import assert from 'node:assert/strict'
import { it } from 'node:test'
import { dayIn, offsetAt, zoneNamed } from './zones.ts'

const HOUR = 3_600_000

it('remembers a zone, but not more of it than a memory can hold', () => {
  const zone = zoneNamed('Europe/London')
  for (let year = 1970; year < 2970; year++) offsetAt(zone, Date.UTC(year, 6, 1))
  assert.equal(zoneNamed('Europe/London'), zone)
  assert.ok(zone.spans.length <= 512)
  assert.equal(offsetAt(zone, Date.UTC(2026, 6, 1)), HOUR)
})

it('forgets the zone it has known longest when there are too many', () => {
  const zone = zoneNamed('Europe/Paris')
  for (const name of Intl.supportedValuesOf('timeZone')) zoneNamed(name)
  assert.notEqual(zoneNamed('Europe/Paris'), zone)
})

it('knows days of 23, 23½, 24, 24½ and 25 hours', () => {
  assert.equal(hours('Europe/London', '2026-03-29'), 23)
  assert.equal(hours('Australia/Lord_Howe', '2026-10-04'), 23.5)
  assert.equal(hours('Asia/Kathmandu', '2026-03-29'), 24)
  assert.equal(hours('Australia/Lord_Howe', '2026-04-05'), 24.5)
  assert.equal(hours('America/New_York', '2026-11-01'), 25)
})

function hours(zone: string, date: string): number {
  const { start, end } = dayIn(zoneNamed(zone), Date.parse(date) / (24 * HOUR))
  return (end - start) / HOUR
}
