import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clock12, clock24, dayName, monthName } from './formats.ts'

const date = (text: string) => Temporal.PlainDate.from(text)

describe('a time of day', () => {
  const table = [
    ['00:00', '12:00 AM'],
    ['00:05', '12:05 AM'],
    ['01:00', '01:00 AM'],
    ['09:30', '09:30 AM'],
    ['11:59', '11:59 AM'],
    ['12:00', '12:00 PM'],
    ['12:45', '12:45 PM'],
    ['13:00', '01:00 PM'],
    ['14:30', '02:30 PM'],
    ['23:59', '11:59 PM'],
  ] as const
  for (const [time, shown] of table) {
    it(`${time} is shown as ${shown}, and as ${time}`, () => {
      const of = Temporal.PlainTime.from(time)
      assert.equal(clock12(of), shown)
      assert.equal(clock24(of), time)
    })
  }

  it('is shown to the minute', () => {
    const of = Temporal.PlainTime.from('14:30:59.999')
    assert.deepEqual([clock12(of), clock24(of)], ['02:30 PM', '14:30'])
  })
})

describe('a date', () => {
  it('has the English name of its day, from Monday to Sunday', () => {
    const week = Array.from({ length: 7 }, (_, days) => dayName(date('2027-03-01').add({ days })))
    const expected = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
    assert.deepEqual(week, expected)
  })

  it('has the English name of its month', () => {
    const year = Array.from({ length: 12 }, (_, months) => monthName(date('2027-01-31').add({ months })))
    assert.deepEqual(year.slice(0, 6), ['January', 'February', 'March', 'April', 'May', 'June'])
    assert.deepEqual(year.slice(6), ['July', 'August', 'September', 'October', 'November', 'December'])
    assert.equal(monthName(date('2028-02-29')), 'February')
  })

  it('of old is named by the calendar of today', () => {
    assert.equal(monthName(date('1000-01-01')), 'January')
    assert.equal(dayName(date('1000-01-01')), 'Wednesday')
  })
})
