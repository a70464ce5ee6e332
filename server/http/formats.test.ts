import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isDate, isInstant } from './formats.ts'

describe('a moment that comes from outside', () => {
  it('has a date, a time and an offset, as RFC 3339 writes them', () => {
    for (const text of [
      '2027-03-01T09:00:00Z',
      '2027-03-01t09:00:00z',
      '2027-03-01 09:00:00+05:45',
      '2027-03-01T09:00:00.123456789-03:30',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
    ]) {
      assert.ok(isInstant(text), text)
    }
  })

  it('is one that there is, and that both the program and the database can keep', () => {
    for (const text of [
      '',
      '2027-03-01',
      '2027-03-01T09:00:00',
      '2027-03-01T09:00Z',
      '2027-02-29T09:00:00Z',
      '2027-03-01T24:00:01Z',
      '2027-03-01T09:00:00+25:00',
      '2027-03-01T09:00:00.1234567890Z',
      '2027-03-01T09:00:00Z[Europe/London]',
      '0000-01-01T00:00:00Z',
      '-000001-01-01T00:00:00Z',
      '+010000-01-01T00:00:00Z',
      '20270301T090000Z',
    ]) {
      assert.ok(!isInstant(text), text)
    }
  })
})

describe('a day that comes from outside', () => {
  it('is one of the calendar', () => {
    for (const text of ['2027-03-01', '2028-02-29', '0001-01-01']) assert.ok(isDate(text), text)
    for (const text of [
      '',
      '2027-02-29',
      '2027-13-01',
      '0000-01-01',
      '2027-3-1',
      '20270301',
      '2027-03-01T00:00:00Z',
    ]) {
      assert.ok(!isDate(text), text)
    }
  })
})
