import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidInput } from '../../server/refusal.ts'
import { between, dateIn, instantsOf, mondayIn, weekTimeOf, type WeekTime } from './weeks.ts'

const LONDON = 'Europe/London'
/** The clocks go forward on the Sunday of the first week, and back on that of the second. */
const [SPRING, AUTUMN] = ['2027-03-22', '2027-10-25']

describe('a week', () => {
  it('is named by its Monday', () => {
    assert.equal(mondayIn('week_start', '2027-03-01').toString(), '2027-03-01')
    assert.equal(mondayIn('week_start', '2027-03-01T00:00:00').toString(), '2027-03-01')
  })

  it('named by another day is refused, with the Monday that would be right', () => {
    const table = {
      '2027-03-02': '2027-03-01',
      '2027-03-07': '2027-03-01',
      '2027-01-01': '2026-12-28',
      '2028-03-01': '2028-02-28',
    }
    for (const [text, monday] of Object.entries(table)) {
      const refused = isAbout('week_start', `must be a Monday, such as ${monday}`)
      assert.throws(() => mondayIn('week_start', text), refused, text)
    }
  })

  it('of a date that no calendar has is refused', () => {
    for (const text of ['2027-02-29', '2027-13-01', '2027-00-10', 'monday']) {
      assert.throws(() => mondayIn('week_start', text), isAbout('week_start', /must be a date/), text)
      assert.throws(() => dateIn('date', text), isAbout('date', /must be a date/), text)
    }
  })

  it('lasts from its first moment to that of the next, also when the clocks change in it', () => {
    const weeks = { '2027-03-01': 168, [SPRING]: 167, [AUTUMN]: 169 }
    for (const [monday, hours] of Object.entries(weeks)) {
      const { from, to } = between(Temporal.PlainDate.from(monday), 7, LONDON)
      assert.equal(from.toZonedDateTimeISO(LONDON).toPlainDateTime().toString(), `${monday}T00:00:00`)
      assert.equal(from.until(to).total('hours'), hours, monday)
    }
  })
})

describe('a time in a week', () => {
  it('is on a day counted from Monday, which is 0', () => {
    const dates = ['01', '02', '03', '04', '05', '06', '07']
    for (const [day_of_week, date] of dates.entries()) {
      const { starts_at } = instantsOf(at({ day_of_week }), 'UTC')
      assert.equal(starts_at.toString(), `2027-03-${date}T09:00:00Z`)
    }
  })

  it('stands on the wall clock, in winter, in summer and on the days the clocks change', () => {
    const table: [string, number, string, string][] = [
      ['2027-03-01', 0, '09:00', '2027-03-01T09:00:00Z'],
      ['2027-06-28', 0, '09:00', '2027-06-28T08:00:00Z'],
      [SPRING, 5, '09:00', '2027-03-27T09:00:00Z'],
      [SPRING, 6, '00:30', '2027-03-28T00:30:00Z'],
      [SPRING, 6, '09:00', '2027-03-28T08:00:00Z'],
      [AUTUMN, 5, '09:00', '2027-10-30T08:00:00Z'],
      [AUTUMN, 6, '00:30', '2027-10-30T23:30:00Z'],
      [AUTUMN, 6, '09:00', '2027-10-31T09:00:00Z'],
    ]
    for (const [week_start_date, day_of_week, start_time, instant] of table) {
      const time = at({ week_start_date, day_of_week, start_time })
      assert.equal(instantsOf(time, LONDON).starts_at.toString(), instant, `${week_start_date} ${start_time}`)
    }
  })

  it('that is skipped in spring is an hour later, and one that comes twice in autumn is its first time', () => {
    const skipped = at({ week_start_date: SPRING, day_of_week: 6, start_time: '01:15', end_time: '01:45' })
    const { starts_at, ends_at } = instantsOf(skipped, LONDON)
    assert.deepEqual([`${starts_at}`, `${ends_at}`], ['2027-03-28T01:15:00Z', '2027-03-28T01:45:00Z'])
    assert.equal(weekTimeOf({ starts_at, ends_at }, LONDON).start_time, '02:15:00')
    const twice = at({ week_start_date: AUTUMN, day_of_week: 6, start_time: '01:15', end_time: '01:45' })
    const first = instantsOf(twice, LONDON)
    assert.deepEqual(
      [`${first.starts_at}`, `${first.ends_at}`],
      ['2027-10-31T00:15:00Z', '2027-10-31T00:45:00Z'],
    )
  })

  it('may last until the end of its day', () => {
    for (const end_time of ['24:00', '24:00:00', '23:59:59']) {
      const { ends_at } = instantsOf(at({ day_of_week: 6, end_time }), LONDON)
      assert.equal(ends_at.toString(), '2027-03-08T00:00:00Z', end_time)
    }
  })

  it('ends after it starts', () => {
    for (const [start_time, end_time] of [
      ['10:00', '10:00'],
      ['10:00', '09:00:00'],
      ['23:30', '00:30'],
      ['24:00', '24:00'],
    ] as const) {
      const refused = isAbout('end_time', 'must be after start_time')
      assert.throws(() => instantsOf(at({ start_time, end_time }), 'UTC'), refused, start_time)
    }
  })

  it('of a list is refused with its place in it', () => {
    const wrong = at({ start_time: '10:00', end_time: '10:00' })
    assert.throws(() => instantsOf(wrong, 'UTC', 'time_slots.2.'), isAbout('time_slots.2.end_time', /after/))
  })
})

describe('an instant', () => {
  it('is shown in its week as it was said', () => {
    for (const time_zone of [LONDON, 'America/New_York', 'Asia/Kathmandu', 'UTC']) {
      for (const week_start_date of ['2027-03-01', SPRING, AUTUMN, '2026-12-28']) {
        for (const day_of_week of [0, 1, 2, 3, 4, 5, 6]) {
          const time = at({ week_start_date, day_of_week })
          const shown = { ...time, start_time: '09:00:00', end_time: '09:30:00' }
          assert.deepEqual(weekTimeOf(instantsOf(time, time_zone), time_zone), shown, time_zone)
        }
      }
    }
  })

  it('at the end of a day is shown as its last second, and can be said so again', () => {
    const time = at({ day_of_week: 6, start_time: '23:00:00', end_time: '23:59:59' })
    assert.deepEqual(weekTimeOf(instantsOf(time, LONDON), LONDON), time)
  })

  it('is of the day on the wall clock, whatever day it is elsewhere', () => {
    const evening = { starts_at: instant('2027-03-08T02:00:00Z'), ends_at: instant('2027-03-08T03:00:00Z') }
    const { day_of_week, week_start_date } = weekTimeOf(evening, 'America/New_York')
    assert.deepEqual([week_start_date, day_of_week], ['2027-03-01', 6])
    assert.equal(weekTimeOf(evening, 'UTC').week_start_date, '2027-03-08')
  })
})

const instant = (text: string) => Temporal.Instant.from(text)

/** Monday, nine to half past, unless something else is said. */
function at(time: Partial<WeekTime>): WeekTime {
  const nine = { day_of_week: 0, start_time: '09:00', end_time: '09:30', week_start_date: '2027-03-01' }
  return { ...nine, ...time }
}

function isAbout(field: string, message: string | RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof InvalidInput)
    assert.equal(error.fields?.[0]?.field, field)
    assert.match(
      error.fields![0]!.message,
      typeof message === 'string' ? new RegExp(`^${message}$`) : message,
    )
    return true
  }
}
