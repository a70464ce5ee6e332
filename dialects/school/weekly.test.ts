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
  newUser,
  NEXT_WEEK,
  type SchoolApi,
  slotOn,
  WEEK,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

describe('a teacher’s week', () => {
  it('has seven days from Monday, each as it is by itself, with its meetings counted', async () => {
    const { api, teacher, parent } = await newSchool(app, { time_zone: 'America/New_York' })
    await newMeeting(api, parent, await newSlot(api, teacher), { notes: 'About reading' })
    await newSlot(api, teacher, slotOn(6, '23:00', '23:30'))
    await newSlot(api, teacher, slotOn(0, '00:00', '00:30', NEXT_WEEK))
    const { status, body } = await weekOf(api, teacher, teacher)
    assert.equal(status, 200)
    const { days, summary: _summary, time_range: _range, ...about } = body
    assert.deepEqual(about, {
      teacher_id: teacher.id,
      teacher_name: teacher.name,
      week_start_date: '2027-03-01',
      week_end_date: '2027-03-07',
    })
    const alone = []
    for (const date of ['01', '02', '03', '04', '05', '06', '07'].map((day) => `2027-03-${day}`)) {
      const { suggested_times: _, ...day } = (await api.get(`/calendar/daily/${date}`, teacher)).body
      alone.push({ ...day, total_appointments: day.appointments.length })
    }
    assert.deepEqual(days, alone)
    assert.deepEqual(
      days.map((day: { total_slots: number; total_appointments: number }) => [
        day.total_slots,
        day.total_appointments,
      ]),
      [
        [0, 0],
        [1, 1],
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
        [1, 0],
      ],
    )
  })

  it('is of that teacher alone', async () => {
    const { stage, api, admin, teacher, parent } = await newSchool(app)
    const other = await newTeacher(app, stage)
    await newMeeting(api, parent, await newSlot(api, other))
    const { body } = await weekOf(api, admin, teacher)
    assert.deepEqual([body.summary.total_slots, body.summary.total_appointments], [0, 0])
    assert.equal((await weekOf(api, admin, other)).body.summary.total_appointments, 1)
  })

  it('has the numbers of all its days: booked of all slots, in per cent with one decimal', async () => {
    const { stage, api, teacher } = await newSchool(app)
    const table = [
      [0, 0, 0],
      [1, 0, 0],
      [3, 1, 33.3],
      [3, 2, 66.7],
      [6, 1, 16.7],
      [7, 2, 28.6],
      [2, 2, 100],
    ]
    for (const [slots, booked, utilization_rate] of table as [number, number, number][]) {
      const own = await newTeacher(app, stage)
      for (let day = 0; day < slots; day++) {
        const slot = await newSlot(api, own, slotOn(day, '10:00', '10:30', NEXT_WEEK))
        if (day < booked) await newMeeting(api, await newParent(app, stage), slot)
      }
      assert.deepEqual((await weekOf(api, own, own, NEXT_WEEK)).body.summary, {
        total_slots: slots,
        available_slots: slots - booked,
        booked_slots: booked,
        total_appointments: booked,
        utilization_rate,
      })
    }
    assert.equal((await weekOf(api, teacher, teacher)).body.summary.utilization_rate, 0)
  })

  it('counts a meeting that was cancelled, and its slot as one to be had', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const { id } = await newMeeting(api, parent, await newSlot(api, teacher))
    await api.delete(`/appointments/${id}`, parent)
    const { summary } = (await weekOf(api, teacher, teacher)).body
    assert.deepEqual(
      [summary.total_appointments, summary.booked_slots, summary.available_slots, summary.utilization_rate],
      [1, 0, 1, 0],
    )
  })

  it('says from when to when there are slots, on twelve hours and on twenty-four', async () => {
    const { api, teacher } = await newSchool(app, { time_zone: 'America/New_York' })
    for (const time of [
      slotOn(1, '09:15', '09:45'),
      slotOn(3, '13:00', '14:30'),
      slotOn(4, '08:05', '08:30'),
    ]) {
      await newSlot(api, teacher, time)
    }
    assert.deepEqual((await weekOf(api, teacher, teacher)).body.time_range, {
      earliest_time: '08:05 AM',
      latest_time: '02:30 PM',
      earliest_time_24h: '08:05',
      latest_time_24h: '14:30',
    })
    assert.deepEqual((await weekOf(api, teacher, teacher, NEXT_WEEK)).body.time_range, {
      earliest_time: null,
      latest_time: null,
      earliest_time_24h: null,
      latest_time_24h: null,
    })
  })

  for (const monday of ['2027-03-22', '2027-10-25']) {
    it(`ends at its own Sunday’s midnight, also when the clocks change on it: the one of ${monday}`, async () => {
      const { api, teacher } = await newSchool(app, { time_zone: 'Europe/London' })
      await newSlot(api, teacher, slotOn(6, '23:30', '23:59:59', monday))
      const next = Temporal.PlainDate.from(monday).add({ weeks: 1 }).toString()
      await newSlot(api, teacher, slotOn(0, '00:00', '00:30', next))
      const { body } = await weekOf(api, teacher, teacher, monday)
      assert.deepEqual([body.summary.total_slots, body.days[6].total_slots], [1, 1])
      assert.equal(body.time_range.earliest_time_24h, '23:30')
    })
  }

  it('that does not begin on a Monday is a wrong request, and one without a date a wrong field', async () => {
    const { api, teacher } = await newSchool(app)
    isFailure(await weekOf(api, teacher, teacher, '2027-03-02'), 400, /Monday, such as 2027-03-01/)
    isFailure(await weekOf(api, teacher, teacher, '2027-03-07'), 400, /Monday, such as 2027-03-01/)
    isFailure(await weekOf(api, teacher, teacher, '2027-02-30'), 400)
    isFailure(await weekOf(api, teacher, teacher, 'monday'), 422, /week_start/)
    isFailure(await api.get(`/calendar/enhanced-weekly/${teacher.id}`, teacher), 422, /week_start/)
  })

  it('is for the teacher and for administrators', async () => {
    const { stage, api, admin, teacher, parent } = await newSchool(app)
    const table: [Person, number][] = [
      [teacher, 200],
      [admin, 200],
      [parent, 403],
      [await newTeacher(app, stage), 403],
      [await newUser(app, stage, 'teacher'), 403],
    ]
    for (const [who, expected] of table) {
      assert.equal((await weekOf(api, who, teacher)).status, expected, who.name)
    }
    isFailure(await api.get(`/calendar/enhanced-weekly/${teacher.id}?week_start=${WEEK}`), 401)
  })

  it('is not found for somebody who is no teacher here', async () => {
    const { stage, api, admin, parent } = await newSchool(app)
    const [elsewhere, without] = [await newSchool(app), await newUser(app, stage, 'teacher')]
    for (const nobody of [{ id: crypto.randomUUID() }, elsewhere.teacher, without, parent, { id: '7' }]) {
      isFailure(await weekOf(api, admin, nobody), 404)
    }
  })
})

function weekOf(api: SchoolApi, who: Person, { id }: { id: string }, week_start = WEEK) {
  return api.get(`/calendar/enhanced-weekly/${id}?week_start=${week_start}`, who)
}
