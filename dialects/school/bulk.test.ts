import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import {
  isFailure,
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

describe('offering many slots of a week at once', () => {
  it('makes all of them, in the order in which they are said', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const times = [at(4, '11:00', '11:30'), at(1, '10:00', '10:30'), at(1, '10:30:00', '11:00:00')]
    const { status, body } = await offer(api, teacher, times)
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual(body.map(timesOf), [
      [4, '11:00:00', '11:30:00'],
      [1, '10:00:00', '10:30:00'],
      [1, '10:30:00', '11:00:00'],
    ])
    for (const slot of body) {
      assert.deepEqual([slot.week_start_date, slot.is_booked], [WEEK, false])
      assert.deepEqual((await api.get(`/slots/${slot.id}`, parent)).body, slot)
    }
  })

  it('stands on the wall clock, also in the weeks the clocks change', async () => {
    const { api, teacher } = await newSchool(app, { time_zone: 'Europe/London' })
    const days = [0, 1, 2, 3, 4, 5, 6]
    const times = days.map((day) => at(day, '09:00', '09:30'))
    for (const week_start_date of ['2027-03-22', '2027-10-25']) {
      const { body } = await offer(api, teacher, times, { week_start_date })
      const expected = days.map((day) => [day, '09:00:00', '09:30:00'])
      assert.deepEqual(body.map(timesOf), expected, week_start_date)
    }
  })

  it('makes none where one is in the way of what there is, and names each that is', async () => {
    const { api, teacher } = await newSchool(app, { time_zone: 'America/New_York' })
    await newSlot(api, teacher)
    await newSlot(api, teacher, slotOn(3, '14:00', '15:00'))
    const times = [
      at(0, '15:00', '15:30'),
      at(1, '10:15', '10:45'),
      at(3, '13:50', '14:10'),
      at(3, '15:00', '15:30'),
    ]
    const refused = await offer(api, teacher, times)
    const both = '2027-03-02T10:15:00 to 10:45:00, 2027-03-04T13:50:00 to 14:10:00'
    isFailure(refused, 409, new RegExp(`would: ${both}\\. None was made\\.$`))
    assert.equal(await countOf(api, teacher), 2)
  })

  it('makes none where two of them are in the way of one another', async () => {
    const { api, teacher } = await newSchool(app)
    for (const other of [at(1, '10:00', '10:30'), at(1, '10:29', '11:00'), at(1, '09:00', '12:00')]) {
      const refused = await offer(api, teacher, [at(2, '10:00', '10:30'), at(1, '10:00', '10:30'), other])
      isFailure(refused, 409, /2027-03-02T/)
    }
    assert.equal(await countOf(api, teacher), 0)
  })

  it('may touch one another and what there is, and meet other weeks and other teachers', async () => {
    const { api, stage, teacher } = await newSchool(app)
    await newSlot(api, teacher)
    await newSlot(api, teacher, slotOn(2, '10:00', '10:30', NEXT_WEEK))
    await newSlot(api, await newTeacher(app, stage), slotOn(3, '10:00', '10:30'))
    const times = [
      at(1, '10:30', '11:00'),
      at(1, '11:00', '11:30'),
      at(2, '10:00', '10:30'),
      at(3, '10:00', '10:30'),
    ]
    assert.equal((await offer(api, teacher, times)).status, 201)
    assert.equal(await countOf(api, teacher), 6)
  })

  it('makes none where something is wrong with one, and says with which', async () => {
    const { api, teacher } = await newSchool(app)
    const table: [object, string][] = [
      [{ time_slots: [at(1, '10:00', '10:30'), at(2, '10:30', '10:00')] }, 'time_slots.1.end_time'],
      [{ time_slots: [at(1, '10:00', '10:30'), at(7, '10:00', '10:30')] }, 'time_slots.1.day_of_week'],
      [{ time_slots: [at(1, '10', '10:30')] }, 'time_slots.0.start_time'],
      [
        { time_slots: [at(1, '10:00', '10:30'), { day_of_week: 1, start_time: '11:00' }] },
        'time_slots.1.end_time',
      ],
      // The clock stands at eight on Monday.
      [{ time_slots: [at(1, '10:00', '10:30'), at(0, '07:00', '07:30')] }, 'time_slots.1.start_time'],
      [{ time_slots: [] }, 'time_slots'],
      [{ time_slots: undefined }, 'time_slots'],
      [{ week_start_date: '2027-03-02' }, 'week_start_date'],
      [{ week_start_date: undefined }, 'week_start_date'],
    ]
    for (const [wrong, field] of table) {
      const answer = await offer(api, teacher, [at(1, '10:00', '10:30')], wrong)
      isFailure(answer, 422)
      assert.deepEqual(
        answer.body.errors.map((error: { field: string }) => error.field),
        [field],
        JSON.stringify(wrong),
      )
    }
    assert.equal(await countOf(api, teacher), 0)
  })

  it('is up to the teacher, who has a profile, and to administrators', async () => {
    const { api, stage, admin, teacher, parent } = await newSchool(app)
    for (const [who, expected] of [
      [parent, 403],
      [await newTeacher(app, stage), 403],
      [undefined, 401],
    ] as const) {
      isFailure(await offer(api, who, [at(1, '10:00', '10:30')], { teacher_id: teacher.id }), expected)
    }
    for (const { id: teacher_id } of [parent, await newUser(app, stage, 'teacher')]) {
      isFailure(await offer(api, admin, [at(1, '10:00', '10:30')], { teacher_id }), 404, /teacher/i)
    }
    assert.equal(await countOf(api, teacher), 0)
    const made = await offer(api, admin, [at(1, '10:00', '10:30')], { teacher_id: teacher.id })
    assert.deepEqual([made.status, made.body[0].teacher_id], [201, teacher.id])
  })
})

const at = (day_of_week: number, start_time: string, end_time: string) => ({
  day_of_week,
  start_time,
  end_time,
})

const offer = (api: SchoolApi, who: Person | undefined, time_slots: object[], more: object = {}) =>
  api.post('/slots/bulk', who, { teacher_id: who?.id, week_start_date: WEEK, time_slots, ...more })

const countOf = async (api: SchoolApi, teacher: Person) =>
  (await api.get(`/slots?teacher_id=${teacher.id}`, teacher)).body.total

const timesOf = (slot: { day_of_week: number; start_time: string; end_time: string }) => [
  slot.day_of_week,
  slot.start_time,
  slot.end_time,
]
