import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as values from './values.ts'

/** What comes of each text. */
function check(read: values.Read<unknown>, expected: Record<string, unknown>): void {
  for (const [text, value] of Object.entries(expected)) assert.deepEqual(read(text), value, text)
}

function refused(read: values.Read<unknown>, texts: string[], sentence: RegExp): void {
  for (const text of texts) {
    assert.throws(
      () => read(text),
      (error: Error) => error instanceof values.Unreadable && sentence.test(error.message),
      text,
    )
  }
}

const BCRYPT = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'
const ARGON2ID =
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b5dDLMPvL7qzl8uWgvnJmsNLSo'

describe('a value', () => {
  it('of a phone loses what people put between the digits', () => {
    check(values.phone, { '+49 (151) 123-45/67': '+491511234567', '+14155550100': '+14155550100' })
    refused(values.phone, ['0151 1234567', '+49', '12345678', '+49abc12345'], /country code.*\+49/)
  })

  it('of a time of day is as spreadsheets write it', () => {
    check(values.timeOfDay, { '9:00': '09:00', '09:30:00': '09:30', '24:00': '24:00', '8:05:00': '08:05' })
    refused(values.timeOfDay, ['9', '25:00', '9:60', '09:00:30', '9 am'], /such as 09:00/)
  })

  it('of a day is a date that there is', () => {
    check(values.date, { '2027-02-28': '2027-02-28' })
    refused(values.date, ['2027-02-29', '28.02.2027', '2/28/2027', '0001-01-01'], /such as 2027-03-31/)
    check(values.weekday, { 1: 1, 7: 7 })
    refused(values.weekday, ['0', '8', 'Mon', '1.0'], /1 \(Monday\) to 7/)
  })

  it('of yes and no is one of the usual words', () => {
    check(values.truth, { true: true, TRUE: true, yes: true, 1: true, false: false, No: false, 0: false })
    refused(values.truth, ['x', '2', 'ja'], /true or false/)
  })

  it('of several has them between upright lines, each once', () => {
    check(values.several(values.name), { 'North | South|North|': ['North', 'South'] })
  })

  it('of a password is a hash that the program can check', () => {
    const others = [BCRYPT.replace('$2b$', '$2a$'), BCRYPT.replace('$2b$', '$2y$')]
    for (const hash of [BCRYPT, ...others, ARGON2ID]) assert.equal(values.passwordHash(hash), hash)
    const wrong = [
      'secret',
      '5f4dcc3b5aa765d61d8327deb882cf99',
      BCRYPT.slice(0, -1),
      BCRYPT.replace('$10$', '$31$'),
      BCRYPT.replace('$2b$', '$2x$'),
      ARGON2ID.replace('argon2id', 'argon2i'),
      ARGON2ID.slice(0, 40),
    ]
    refused(values.passwordHash, wrong, /bcrypt.*argon2id.*leave it empty/)
  })
})

describe('a moment', () => {
  const moment = values.moment('Europe/Berlin')
  const at = (text: string) => moment(text).toString()

  it('is an instant with its offset', () => {
    for (const text of [
      '2027-03-01T09:00:00+01:00',
      '2027-03-01 09:00+01',
      '2027-03-01T08:00Z',
      '2027-03-01T08:00:00.000z',
    ]) {
      assert.equal(at(text), '2027-03-01T08:00:00Z', text)
    }
  })

  it('or a time on the clocks of the organization, in summer and in winter', () => {
    assert.equal(at('2027-03-01 09:00'), '2027-03-01T08:00:00Z')
    assert.equal(at('2027-07-01T09:00:00'), '2027-07-01T07:00:00Z')
  })

  it('is later where the clocks skip it, and the first where they show it twice', () => {
    assert.equal(at('2027-03-28 02:30'), '2027-03-28T01:30:00Z')
    assert.equal(at('2027-10-31 02:30'), '2027-10-31T00:30:00Z')
  })

  it('is nothing else', () => {
    const wrong = [
      '2027-03-01',
      '01.03.2027 09:00',
      '2027-02-30 09:00',
      '2027-03-01 25:00',
      '2027-03-01T09:00+25:00',
      'now',
      '0027-03-01 09:00',
    ]
    refused(moment, wrong, /such as 2027-03-01T09:00:00\+01:00, or.*2027-03-01 09:00/)
  })
})
