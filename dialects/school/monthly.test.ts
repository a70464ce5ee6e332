import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import {
  isFailure,
  newMeeting,
  newParent,
  newSchool,
  newSlot,
  newTeacher,
  NEXT_WEEK,
  type SchoolApi,
  slotOn,
  TUESDAY,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

describe('a month', () => {
  const months = [
    // One that begins on a Monday and has four weeks to the day.
    ['2027/2', 'February', 4, '2027-02-01', '2027-02-28', 28],
    ['2027/03', 'March', 5, '2027-03-01', '2027-04-04', 31],
    ['2027/5', 'May', 6, '2027-04-26', '2027-06-06', 31],
    ['2026/12', 'December', 5, '2026-11-30', '2027-01-03', 31],
    ['2028/2', 'February', 5, '2028-01-31', '2028-03-05', 29],
    ['2100/2', 'February', 4, '2100-02-01', '2100-02-28', 28],
    ['2031/1', 'January', 5, '2030-12-30', '2031-02-02', 31],
    // The clocks go forward in the one and back in the other.
    ['2028/3', 'March', 5, '2028-02-28', '2028-04-02', 31],
    ['2027/10', 'October', 5, '2027-09-27', '2027-10-31', 31],
  ] as const
  for (const [which, name, weeks, first, last, length] of months) {
    it(`${which} is shown in ${weeks} whole weeks from Monday ${first} to Sunday ${last}`, async () => {
      const { api, admin } = await newSchool(app, { time_zone: 'Europe/London' })
      const { status, body } = await api.get(`/calendar/monthly/${which}`, admin)
      assert.equal(status, 200)
      const [year, month] = which.split('/').map(Number)
      assert.deepEqual([body.year, body.month, body.month_name], [year, month, name])
      const days = daysOf(body)
      assert.equal(body.weeks.length, weeks)
      assert.deepEqual(datesOf(days), datesFrom(first, weeks * 7))
      assert.equal(days.at(-1)!.date, last)
      for (const { week_start, days: week } of body.weeks) {
        assert.equal(week_start, week[0].date)
        assert.deepEqual(
          week.map(({ day_of_week, day_name }: Day) => `${day_of_week} ${day_name}`),
          ['0 Monday', '1 Tuesday', '2 Wednesday', '3 Thursday', '4 Friday', '5 Saturday', '6 Sunday'],
        )
      }
      const own = days.filter((day) => day.is_current_month)
      assert.deepEqual(datesOf(own), datesFrom(`${year}-${`${month}`.padStart(2, '0')}-01`, length))
    })
  }

  it('shows three slots and three meetings of a day at most, and counts all', async () => {
    const { stage, api, teacher } = await newSchool(app)
    const slots: { id: string }[] = []
    for (const hour of [14, 10, 11, 12, 13]) {
      slots.push(await newSlot(api, teacher, slotOn(1, `${hour}:00`, `${hour}:30`)))
    }
    const meetings: { id: string }[] = []
    for (const slot of slots.slice(0, 4)) {
      meetings.push(await newMeeting(api, await newParent(app, stage), slot))
    }
    const { body } = await api.get('/calendar/monthly/2027/3', teacher)
    const day = dayIn(body, TUESDAY)
    assert.deepEqual([day.slots_count, day.appointments_count, day.available_slots], [5, 4, 1])
    const byTime = [1, 2, 3]
    assert.deepEqual(
      idsOf(day.slots),
      byTime.map((at) => slots[at]!.id),
    )
    assert.deepEqual(
      idsOf(day.appointments),
      byTime.map((at) => meetings[at]!.id),
    )
    assert.deepEqual([body.total_slots, body.total_appointments], [5, 4])
  })

  it('shows a day as that day by itself is shown', async () => {
    const { api, teacher, parent } = await newSchool(app, { time_zone: 'America/New_York' })
    await newMeeting(api, parent, await newSlot(api, teacher), { notes: 'About reading' })
    const { body: alone } = await api.get(`/calendar/daily/${TUESDAY}`, teacher)
    const { body } = await api.get('/calendar/monthly/2027/3', teacher)
    const { date, day_name, day_of_week, slots, appointments } = alone
    assert.deepEqual(dayIn(body, TUESDAY), {
      date,
      day_name,
      day_of_week,
      slots,
      appointments,
      is_current_month: true,
      slots_count: 1,
      appointments_count: 1,
      available_slots: 0,
    })
  })

  it('shows the days of its neighbours with what is on them, and counts its own', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const [, second] = [
      await newSlot(api, teacher, slotOn(2, '10:00', '10:30', '2027-03-29')),
      await newSlot(api, teacher, slotOn(3, '10:00', '10:30', '2027-03-29')),
    ]
    await newMeeting(api, parent, second)
    const table = [
      ['2027/3', '2027-04-01', false, [1, 0]],
      ['2027/4', '2027-04-01', true, [1, 1]],
      ['2027/4', '2027-03-31', false, [1, 1]],
    ] as const
    for (const [which, date, is_current_month, totals] of table) {
      const { body } = await api.get(`/calendar/monthly/${which}`, teacher)
      const day = dayIn(body, date)
      assert.equal(day.is_current_month, is_current_month, which)
      assert.deepEqual(idsOf(day.slots).length, 1)
      assert.deepEqual([body.total_slots, body.total_appointments], totals, which)
    }
  })

  for (const [which, sunday, monday] of [
    ['2027/3', '2027-03-28', '2027-03-22'],
    ['2027/10', '2027-10-31', '2027-10-25'],
  ] as const) {
    it(`keeps its days apart by the clock, also when that changes: ${which} in London`, async () => {
      const { api, teacher } = await newSchool(app, { time_zone: 'Europe/London' })
      const on = (...time: [number, string, string]) => newSlot(api, teacher, slotOn(...time, monday))
      const [eve, first, last] = [
        await on(5, '23:30', '23:59:59'),
        await on(6, '00:00', '00:30'),
        await on(6, '23:30', '24:00'),
      ]
      const { body } = await api.get(`/calendar/monthly/${which}`, teacher)
      const saturday = Temporal.PlainDate.from(sunday).subtract({ days: 1 }).toString()
      assert.deepEqual(idsOf(dayIn(body, saturday).slots), [eve.id])
      assert.deepEqual(idsOf(dayIn(body, sunday).slots), [first.id, last.id])
      assert.equal(body.total_slots, 3)
    })
  }

  it('that there is not is refused', async () => {
    const { api, admin } = await newSchool(app)
    const none = ['2027/0', '2027/13', '2027/x', '2027/-1', '2027/1.5', '2027/1e0', '2027/003']
    for (const which of [...none, '0/1', 'x/1', '999/12', '20270/1', '9999/1', '-271821/4']) {
      isFailure(await api.get(`/calendar/monthly/${which}`, admin), 400, /from 1 to 12/)
    }
    assert.equal((await api.get('/calendar/monthly/2031/1', admin)).status, 200)
  })
})

describe('whoever looks at a month', () => {
  it('sees the slots of all or of one teacher, and the meetings that are theirs to see', async () => {
    const { stage, api, admin, teacher: anna, parent: kims } = await newSchool(app)
    const [ben, lees] = [await newTeacher(app, stage), await newParent(app, stage)]
    await newMeeting(api, kims, await newSlot(api, anna))
    await newMeeting(api, lees, await newSlot(api, ben))
    await newSlot(api, ben, slotOn(1, '10:00', '10:30', NEXT_WEEK))
    const table: [Person, string | null, number, number][] = [
      [admin, null, 3, 2],
      [admin, ben.id, 2, 1],
      [ben, ben.id, 2, 1],
      [lees, null, 3, 1],
      [lees, anna.id, 1, 0],
    ]
    for (const [who, teacher_id, slots, appointments] of table) {
      const { body } = await look(api, who, teacher_id)
      const told = `${who.name} of ${teacher_id}`
      assert.deepEqual([body.total_slots, body.total_appointments], [slots, appointments], told)
      assert.equal(body.teacher_id, teacher_id)
      assert.equal(JSON.stringify(body).includes(kims.name), who === admin && !teacher_id, told)
    }
    assert.deepEqual((await look(api, ben, null)).body, (await look(api, ben, ben.id)).body)
    isFailure(await look(api, anna, ben.id), 403)
    isFailure(await look(api, lees, crypto.randomUUID()), 404)
    isFailure(await api.get('/calendar/monthly/2027/3'), 401)
  })
})

interface Day {
  date: string
  day_of_week: number
  day_name: string
  is_current_month: boolean
  slots_count: number
  appointments_count: number
  available_slots: number
  slots: { id: string }[]
  appointments: { id: string }[]
}
interface Month {
  weeks: { days: Day[] }[]
}

const look = (api: SchoolApi, who: Person, teacher_id: string | null) =>
  api.get(`/calendar/monthly/2027/3${teacher_id ? `?teacher_id=${teacher_id}` : ''}`, who)
const daysOf = ({ weeks }: Month) => weeks.flatMap(({ days }) => days)
const dayIn = (month: Month, date: string) => daysOf(month).find((day) => day.date === date)!
const datesOf = (days: Day[]) => days.map(({ date }) => date)
const idsOf = (all: { id: string }[]) => all.map(({ id }) => id)

function datesFrom(first: string, count: number): string[] {
  const date = Temporal.PlainDate.from(first)
  return Array.from({ length: count }, (_, days) => date.add({ days }).toString())
}
