import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import { newPerson } from '../../test/cast.ts'
import {
  isFailure,
  made,
  newMeeting,
  newParent,
  newSchool,
  newSlot,
  newTeacher,
  newUser,
  NEXT_WEEK,
  slotOn,
  WEEK,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

describe('a slot', () => {
  it('is a time in a week, with the teacher who offers it', async () => {
    const { api, teacher } = await newSchool(app)
    const slot = await newSlot(api, teacher)
    const { id, created_at, updated_at, ...rest } = slot
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual([created_at, updated_at], ['2027-03-01T08:00:00', '2027-03-01T08:00:00'])
    const { body: profile } = await api.get(`/teachers/${teacher.id}`, teacher)
    assert.deepEqual([profile.user.id, profile.user.role], [teacher.id, 'teacher'])
    assert.deepEqual(rest, {
      teacher_id: teacher.id,
      day_of_week: 1,
      start_time: '10:00:00',
      end_time: '10:30:00',
      week_start_date: WEEK,
      is_booked: false,
      teacher: profile,
    })
  })

  it('is seen by everybody who is logged in, and by nobody else', async () => {
    const { api, admin, teacher, parent, stage } = await newSchool(app)
    const slot = await newSlot(api, teacher)
    for (const who of [admin, teacher, parent, await newTeacher(app, stage)]) {
      const answer = await api.get(`/slots/${slot.id}`, who)
      assert.deepEqual([answer.status, answer.body], [200, slot], who.name)
    }
    isFailure(await api.get(`/slots/${slot.id}`), 401)
    isFailure(await api.get('/slots'), 401)
    isFailure(await api.get(`/slots/teacher/${teacher.id}/schedule?week_start=${WEEK}`), 401)
  })

  it('that there is not, or that is another school’s, is not found', async () => {
    const { api, admin } = await newSchool(app)
    const other = await newSchool(app)
    const theirs = await newSlot(other.api, other.teacher)
    for (const id of [crypto.randomUUID(), theirs.id, '7']) {
      isFailure(await api.get(`/slots/${id}`, admin), 404)
      isFailure(await api.put(`/slots/${id}`, admin, { day_of_week: 2 }), 404)
      isFailure(await api.delete(`/slots/${id}`, admin), 404)
    }
    assert.equal((await other.api.get(`/slots/${theirs.id}`, other.admin)).body.day_of_week, 1)
  })
})

describe('offering a slot', () => {
  it('is up to the teacher and to administrators', async () => {
    const { api, admin, teacher, parent, stage } = await newSchool(app)
    const colleague = await newTeacher(app, stage)
    const body = { teacher_id: teacher.id, ...slotOn(1, '10:00', '10:30') }
    for (const [who, expected] of [
      [parent, 403],
      [colleague, 403],
      [undefined, 401],
    ] as const) {
      isFailure(await api.post('/slots', who, body), expected)
    }
    made(await api.post('/slots', teacher, body))
    made(await api.post('/slots', admin, { ...body, day_of_week: 2 }))
  })

  it('is for teachers with a profile', async () => {
    const { api, stage, admin, parent } = await newSchool(app)
    const { id: user_id } = await newUser(app, stage, 'teacher')
    for (const teacher_id of [user_id, parent.id, crypto.randomUUID()]) {
      const body = { teacher_id, ...slotOn(1, '10:00', '10:30') }
      isFailure(await api.post('/slots', admin, body), 404, /teacher/i)
    }
    made(await api.post('/teachers', admin, { user_id }))
    made(await api.post('/slots', admin, { teacher_id: user_id, ...slotOn(1, '10:00', '10:30') }))
  })

  it('says which field is wrong', async () => {
    const { api, teacher } = await newSchool(app)
    const right = { teacher_id: teacher.id, ...slotOn(1, '10:00', '10:30') }
    const table: [object, string, RegExp?][] = [
      [{ week_start_date: '2027-03-02' }, 'week_start_date', /Monday, such as 2027-03-01/],
      [{ week_start_date: '2027-02-30' }, 'week_start_date'],
      [{ week_start_date: undefined }, 'week_start_date'],
      [{ day_of_week: 7 }, 'day_of_week'],
      [{ day_of_week: -1 }, 'day_of_week'],
      [{ day_of_week: 'monday' }, 'day_of_week'],
      [{ end_time: '10:00' }, 'end_time', /after start_time/],
      [{ end_time: '09:00' }, 'end_time', /after start_time/],
      [{ start_time: '25:00' }, 'start_time'],
      [{ start_time: '9' }, 'start_time'],
      [{ teacher_id: 'me' }, 'teacher_id'],
      // The clock stands at eight on Monday.
      [{ day_of_week: 0, start_time: '07:30', end_time: '08:30' }, 'start_time', /still be to come/],
      [{ week_start_date: '2027-02-22' }, 'start_time', /still be to come/],
    ]
    for (const [wrong, field, sentence] of table) {
      const answer = await api.post('/slots', teacher, { ...right, ...wrong })
      isFailure(answer, 422, sentence)
      assert.deepEqual(
        answer.body.errors.map((error: { field: string }) => error.field),
        [field],
        JSON.stringify(wrong),
      )
    }
    assert.equal((await api.get('/slots', teacher)).body.total, 0)
  })
})

describe('slots of one teacher', () => {
  it('do not overlap: the refusal names the time on the wall clock', async () => {
    const { api, teacher } = await newSchool(app, { time_zone: 'America/New_York' })
    await newSlot(api, teacher)
    for (const [start, end] of [
      ['10:00', '10:30'],
      ['09:45', '10:15'],
      ['10:15', '10:45'],
      ['10:10', '10:20'],
      ['09:00', '12:00'],
    ] as const) {
      const answer = await api.post('/slots', teacher, { teacher_id: teacher.id, ...slotOn(1, start, end) })
      isFailure(answer, 409, new RegExp(`these would: 2027-03-02T${start}:00 to ${end}:00\\.`))
    }
    assert.equal((await api.get('/slots', teacher)).body.total, 1)
  })

  it('may touch, and may be at the same time on another day, in another week, or of another teacher', async () => {
    const { api, stage, teacher } = await newSchool(app)
    await newSlot(api, teacher)
    await newSlot(api, teacher, slotOn(1, '09:30', '10:00'))
    await newSlot(api, teacher, slotOn(1, '10:30', '11:00'))
    await newSlot(api, teacher, slotOn(2, '10:00', '10:30'))
    await newSlot(api, teacher, slotOn(1, '10:00', '10:30', NEXT_WEEK))
    await newSlot(api, await newTeacher(app, stage))
    assert.equal((await api.get('/slots', teacher)).body.total, 6)
  })

  it('stand where the clock on the wall stands, also in the weeks the clocks change', async () => {
    const { api, admin, teacher } = await newSchool(app, { time_zone: 'Europe/London' })
    const days: [string, number, string][] = [
      ['2027-03-22', 5, '2027-03-27T10:00:00Z'],
      ['2027-03-22', 6, '2027-03-28T09:00:00Z'],
      ['2027-10-25', 5, '2027-10-30T09:00:00Z'],
      ['2027-10-25', 6, '2027-10-31T10:00:00Z'],
    ]
    for (const [week, day, instant] of days) {
      const slot = await newSlot(api, teacher, slotOn(day, '10:00', '10:30', week))
      assert.deepEqual([slot.start_time, slot.end_time], ['10:00:00', '10:30:00'])
      assert.deepEqual([slot.week_start_date, slot.day_of_week], [week, day])
      const { body } = await app.get(`/published-slots/${slot.id}`, { token: admin.token })
      assert.equal(body.starts_at, instant)
    }
  })

  it('are booked once a meeting is in them, for everybody', async () => {
    const { api, stage, teacher, parent } = await newSchool(app)
    const slot = await newSlot(api, teacher)
    await newMeeting(api, parent, slot)
    const other = await newParent(app, stage)
    for (const who of [parent, other, teacher, await newPerson(app, stage.organization, ['client'])]) {
      const { body } = await api.get(`/slots/${slot.id}`, who)
      assert.equal(body.is_booked, true)
      // Who has booked it is nobody else's business.
      assert.doesNotMatch(JSON.stringify(body), new RegExp(`${parent.id}|${parent.name}|Student`))
    }
  })
})
