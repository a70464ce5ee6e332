import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import {
  isFailure,
  newMeeting,
  newSchool,
  newSlot,
  newTeacher,
  newUser,
  type SchoolApi,
  slotOn,
  WEEK,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

describe('a pattern of slots', () => {
  it('is of half an hour from nine to five, with a quarter of an hour between, unless something else is said', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const { status, body } = await offer(api, teacher, { days: [1] })
    assert.equal(status, 201, JSON.stringify(body))
    const morning = ['09:00', '09:45', '10:30', '11:15', '12:00', '12:45']
    assert.deepEqual(startsOf(body), [...morning, '13:30', '14:15', '15:00', '15:45', '16:30'])
    assert.deepEqual([body[0].end_time, body.at(-1).end_time], ['09:30:00', '17:00:00'])
    for (const slot of [body[0], body.at(-1)]) {
      assert.deepEqual((await api.get(`/slots/${slot.id}`, parent)).body, slot)
    }
  })

  it('is as long, as often and from when to when as it says', async () => {
    const { api, teacher } = await newSchool(app)
    const hour = { start_time: '14:00', end_time: '15:00' }
    const table: [object, string[]][] = [
      [{ ...hour, slot_duration_minutes: 20, break_duration_minutes: 0 }, ['14:00', '14:20', '14:40']],
      [{ ...hour, slot_duration_minutes: 20, break_duration_minutes: 5 }, ['14:00', '14:25']],
      [{ ...hour, slot_duration_minutes: 60 }, ['14:00']],
      [{ ...hour, slot_duration_minutes: 61 }, []],
      [{ ...hour, end_time: '15:05:00' }, ['14:00']],
      [{ ...hour, end_time: '15:15:00' }, ['14:00', '14:45']],
    ]
    for (const [n, [pattern, starts]] of table.entries()) {
      const { body } = await offer(api, teacher, { days: [n + 1], ...pattern })
      assert.deepEqual(startsOf(body), starts, JSON.stringify(pattern))
    }
  })

  it('is on each day that it names, once', async () => {
    const { api, teacher } = await newSchool(app)
    const { body } = await offer(api, teacher, { days: [6, 0, 6], start_time: '14:00', end_time: '14:30' })
    assert.deepEqual(
      body.map((slot: { day_of_week: number }) => slot.day_of_week),
      [0, 6],
    )
  })

  it('leaves nothing out where it says so by null', async () => {
    const { api, teacher } = await newSchool(app)
    const { body } = await offer(api, teacher, { days: [1], lunch_break: null, exclude_times: null })
    assert.equal(body.length, 11)
  })

  it('leaves out what meets lunch, and what meets times that are excluded', async () => {
    const { api, teacher } = await newSchool(app)
    const pattern = {
      days: [1],
      start_time: '10:00',
      end_time: '15:00',
      break_duration_minutes: 0,
      lunch_break: { start: '12:00', end: '13:00' },
      exclude_times: [
        { start: '10:45', end: '11:15' },
        { start: '14:00', end: '14:01' },
      ],
    }
    const { body } = await offer(api, teacher, pattern)
    assert.deepEqual(startsOf(body), ['10:00', '11:30', '13:00', '13:30', '14:30'])
  })

  it('leaves out what meets a slot that there is, booked or not, and what has passed', async () => {
    const { api, teacher, parent } = await newSchool(app)
    await newSlot(api, teacher, slotOn(0, '10:15', '10:30'))
    await newMeeting(api, parent, await newSlot(api, teacher, slotOn(0, '11:00', '11:30')))
    // The clock stands at eight on Monday.
    const pattern = { days: [0], start_time: '07:00', end_time: '12:00', break_duration_minutes: 0 }
    const { body } = await offer(api, teacher, pattern)
    assert.deepEqual(startsOf(body), ['08:00', '08:30', '09:00', '09:30', '10:30', '11:30'])
  })

  it('makes nothing anew when it is asked for again', async () => {
    const { api, teacher } = await newSchool(app)
    const first = await offer(api, teacher, { days: [1, 2] })
    const again = await offer(api, teacher, { days: [1, 2] })
    assert.deepEqual([again.status, again.body], [201, []])
    assert.equal(await countOf(api, teacher), first.body.length)
  })

  it('stands on the wall clock, also in the weeks the clocks change', async () => {
    const { api, teacher } = await newSchool(app, { time_zone: 'Europe/London' })
    const pattern = { days: [5, 6], start_time: '09:00', end_time: '10:00' }
    for (const week_start_date of ['2027-03-22', '2027-10-25']) {
      const { body } = await offer(api, teacher, pattern, { week_start_date })
      assert.deepEqual(startsOf(body), ['09:00', '09:00'], week_start_date)
    }
  })

  it('says which field is wrong, and makes nothing', async () => {
    const { api, teacher } = await newSchool(app)
    const table: [object, RegExp][] = [
      [{ days: [7] }, /days/],
      [{ days: [] }, /days/],
      [{ days: undefined }, /days/],
      [{ slot_duration_minutes: 0 }, /slot_duration_minutes/],
      [{ slot_duration_minutes: -30 }, /slot_duration_minutes/],
      [{ break_duration_minutes: -1 }, /break_duration_minutes/],
      [{ start_time: '17:00', end_time: '09:00' }, /^slot_pattern\.end_time must be after/],
      [{ start_time: '12:00', end_time: '12:00' }, /^slot_pattern\.end_time must be after/],
      [{ end_time: '25:00' }, /end_time/],
      [{ lunch_break: { start: '13:00', end: '12:00' } }, /^slot_pattern\.lunch_break\.end must be after/],
      [
        { exclude_times: [{ start: '13:00', end: '13:00' }] },
        /^slot_pattern\.exclude_times\.0\.end must be after/,
      ],
      [{ exclude_times: [{ start: '13:00' }] }, /exclude_times\.0\.end/],
    ]
    for (const [wrong, sentence] of table) {
      isFailure(await offer(api, teacher, { days: [1], ...wrong }), 422, sentence)
    }
    const tuesday = { week_start_date: '2027-03-02' }
    isFailure(await offer(api, teacher, { days: [1] }, tuesday), 422, /must be a Monday, such as 2027-03-01/)
    isFailure(await offer(api, teacher, undefined), 422, /slot_pattern/)
    assert.equal(await countOf(api, teacher), 0)
  })

  it('goes on to midnight at most', async () => {
    const { api, teacher } = await newSchool(app)
    const pattern = { days: [1], start_time: '22:00', end_time: '23:59:59', slot_duration_minutes: 45 }
    const { body } = await offer(api, teacher, pattern)
    assert.deepEqual(startsOf(body), ['22:00', '23:00'])
    assert.deepEqual(body.at(-1).end_time, '23:45:00')
  })

  it('is up to the teacher, who has a profile, and to administrators', async () => {
    const { api, stage, admin, teacher, parent } = await newSchool(app)
    for (const [who, expected] of [
      [parent, 403],
      [await newTeacher(app, stage), 403],
      [undefined, 401],
    ] as const) {
      isFailure(await offer(api, who, { days: [1] }, { teacher_id: teacher.id }), expected)
    }
    for (const { id: teacher_id } of [parent, await newUser(app, stage, 'teacher')]) {
      isFailure(await offer(api, admin, { days: [1] }, { teacher_id }), 404, /teacher/i)
    }
    assert.equal(await countOf(api, teacher), 0)
    const { body } = await offer(api, admin, { days: [1] }, { teacher_id: teacher.id })
    assert.deepEqual([body.length, body[0].teacher.user.full_name], [11, teacher.name])
  })
})

const offer = (
  api: SchoolApi,
  who: Person | undefined,
  slot_pattern: object | undefined,
  more: object = {},
) =>
  api.post('/calendar/bulk-advanced', who, {
    teacher_id: who?.id,
    week_start_date: WEEK,
    slot_pattern,
    ...more,
  })

const startsOf = (slots: { start_time: string }[]) => slots.map(({ start_time }) => start_time.slice(0, 5))

const countOf = async (api: SchoolApi, teacher: Person) =>
  (await api.get(`/slots?teacher_id=${teacher.id}`, teacher)).body.total
