import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newOrganization, PASSWORD, type Person } from '../../test/cast.ts'
import {
  isFailure,
  made,
  newMeeting,
  newParent,
  newSchool,
  newSlot,
  newTeacher,
  newUser,
  schoolApi,
  type SchoolApi,
  slotOn,
  TUESDAY,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a meeting', () => {
  it('goes from an account and a profile over a slot, a booking and a confirmation to its end', async () => {
    const stage = await newOrganization(app, { trade: 'school', time_zone: 'Europe/London' })
    const api = schoolApi(app, stage)
    const teacher = await registered(api, stage.admin, 'teacher')
    made(await api.post('/teachers', stage.admin, { user_id: teacher.id, subject: 'Mathematics' }))
    const parent = await registered(api, undefined, 'parent')
    const profile = { user_id: parent.id, student_name: 'Mia', student_class: '7b' }
    made(await api.post('/parents', stage.admin, profile))

    const slot = made(
      await api.post('/slots', teacher, { teacher_id: teacher.id, ...slotOn(1, '10:00', '10:30') }),
    )
    const [found] = (await api.get('/slots?available_only=true', parent)).body.slots
    assert.equal(found.id, slot.id)
    const booked = made(
      await api.post('/appointments/book', parent, { slot_id: found.id, meeting_mode: 'face_to_face' }),
    )
    assert.deepEqual([booked.status, booked.parent.student_name], ['pending', 'Mia'])
    assert.equal((await api.get(`/slots/${slot.id}`, parent)).body.is_booked, true)

    const path = `/appointments/${booked.id}`
    const confirmed = await api.put(`${path}/status`, teacher, { status: 'confirmed' })
    assert.deepEqual([confirmed.status, confirmed.body.status], [200, 'confirmed'])
    app.setClock(`${TUESDAY}T10:30:00Z`)
    const later = await loggedIn(api, teacher.email)
    const completed = await api.put(`${path}/status`, later, { status: 'completed' })
    assert.deepEqual([completed.status, completed.body.status], [200, 'completed'])
    const { body: kept } = await api.get(path, await loggedIn(api, parent.email))
    assert.deepEqual([kept.status, kept.teacher.subject], ['completed', 'Mathematics'])
  })
})

describe('booking a slot', () => {
  it('answers with the meeting, its parent, its teacher and its slot', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const slot = await newSlot(api, teacher)
    const wanted = { slot_id: slot.id, meeting_mode: 'face_to_face', notes: 'About the\nnext year' }
    const { status, body } = await api.post('/appointments/book', parent, wanted)
    assert.equal(status, 201)
    const { id, ...meeting } = body
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(meeting, {
      ...wanted,
      parent_id: parent.id,
      teacher_id: teacher.id,
      status: 'pending',
      reminder_sent: false,
      created_at: '2027-03-01T08:00:00',
      updated_at: '2027-03-01T08:00:00',
      parent: (await api.get('/parents/me', parent)).body,
      teacher: (await api.get(`/teachers/${teacher.id}`, parent)).body,
      slot: { ...slot, is_booked: true },
    })
    assert.equal(body.parent.student_name, `Student of ${parent.name}`)
    assert.deepEqual((await api.get(`/appointments/${id}`, parent)).body, body)
  })

  it('is online or face to face, with notes or without', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const table = [
      [{ meeting_mode: 'online' }, null],
      [{ meeting_mode: 'face_to_face', notes: null }, null],
      [{ meeting_mode: 'online', notes: 'x'.repeat(1000) }, 'x'.repeat(1000)],
    ] as const
    for (const [n, [wanted, notes]] of table.entries()) {
      const slot = await newSlot(api, teacher, { day_of_week: n + 1 })
      const meeting = await newMeeting(api, parent, slot, wanted)
      assert.deepEqual([meeting.meeting_mode, meeting.notes], [wanted.meeting_mode, notes])
    }
  })

  it('says which field is wrong, and books nothing', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const { id: slot_id } = await newSlot(api, teacher)
    const table: [object, string][] = [
      [{ meeting_mode: undefined }, 'meeting_mode'],
      [{ meeting_mode: 'by phone' }, 'meeting_mode'],
      [{ meeting_mode: null }, 'meeting_mode'],
      [{ slot_id: undefined }, 'slot_id'],
      [{ slot_id: '7' }, 'slot_id'],
      [{ notes: 'x'.repeat(1001) }, 'notes'],
    ]
    for (const [wrong, field] of table) {
      const body = { slot_id, meeting_mode: 'online', ...wrong }
      const answer = await api.post('/appointments/book', parent, body)
      isFailure(answer, 422)
      assert.equal(answer.body.errors[0].field, field, JSON.stringify(wrong))
    }
    assert.equal((await api.get(`/slots/${slot_id}`, parent)).body.is_booked, false)
  })

  it('is for parents, and for nobody else', async () => {
    const { api, stage, admin, teacher } = await newSchool(app)
    const { id: slot_id } = await newSlot(api, teacher)
    const body = { slot_id, meeting_mode: 'online' }
    for (const who of [admin, teacher, await newTeacher(app, stage)]) {
      isFailure(await api.post('/appointments/book', who, body), 403, /Only parents/)
    }
    isFailure(await api.post('/appointments/book', undefined, body), 401)
    assert.equal((await api.get(`/slots/${slot_id}`, admin)).body.is_booked, false)
  })

  it('is for parents who have a profile', async () => {
    const { api, stage, admin, teacher } = await newSchool(app)
    const parent = await newUser(app, stage, 'parent')
    const { id: slot_id } = await newSlot(api, teacher)
    const book = () => api.post('/appointments/book', parent, { slot_id, meeting_mode: 'online' })
    isFailure(await book(), 404, /parent/i)
    made(await api.post('/parents', admin, { user_id: parent.id, student_name: 'Mia' }))
    assert.equal((await book()).status, 201)
  })

  it('is for oneself, whoever is named', async () => {
    const { api, stage, teacher, parent } = await newSchool(app)
    const other = await newParent(app, stage)
    const claims = { parent_id: other.id, client_id: other.id, status: 'confirmed' }
    const meeting = await newMeeting(api, parent, await newSlot(api, teacher), claims)
    assert.deepEqual([meeting.parent_id, meeting.status], [parent.id, 'pending'])
  })

  it('does not find a slot that there is not, or that is another school’s', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const other = await newSchool(app)
    const theirs = await newSlot(other.api, other.teacher)
    const gone = await newSlot(api, teacher)
    await api.delete(`/slots/${gone.id}`, teacher)
    for (const slot_id of [crypto.randomUUID(), theirs.id, gone.id]) {
      isFailure(
        await api.post('/appointments/book', parent, { slot_id, meeting_mode: 'online' }),
        404,
        /slot/i,
      )
    }
  })

  it('gives a slot to one parent, and tells the others nothing of them', async () => {
    const { api, stage, teacher, parent } = await newSchool(app)
    const { id: slot_id } = await newSlot(api, teacher)
    await newMeeting(api, parent, { id: slot_id })
    for (const who of [await newParent(app, stage), parent]) {
      const answer = await api.post('/appointments/book', who, { slot_id, meeting_mode: 'online' })
      isFailure(answer, 409)
      assert.doesNotMatch(answer.body.detail, new RegExp(parent.name))
    }
  })

  it('gives a slot that was cancelled to another parent, or to the same once more', async () => {
    const { api, stage, teacher, parent } = await newSchool(app)
    const slot = await newSlot(api, teacher)
    const first = await newMeeting(api, parent, slot)
    await api.delete(`/appointments/${first.id}`, parent)
    assert.equal((await api.get(`/slots/${slot.id}`, parent)).body.is_booked, false)
    const other = await newParent(app, stage)
    const second = await newMeeting(api, other, slot)
    await api.put(`/appointments/${second.id}/status`, teacher, { status: 'cancelled' })
    const third = await newMeeting(api, parent, slot)
    const { appointments } = (await api.get('/appointments', teacher)).body
    assert.deepEqual(statusesOf(appointments), {
      [first.id]: 'cancelled',
      [second.id]: 'cancelled',
      [third.id]: 'pending',
    })
  })

  it('is refused once the slot has begun', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const { id: slot_id } = await newSlot(api, teacher)
    const book = () => api.post('/appointments/book', parent, { slot_id, meeting_mode: 'online' })
    for (const time of ['10:00:01', '10:30:00', '12:00:00']) {
      app.setClock(`${TUESDAY}T${time}Z`)
      isFailure(await book(), 400)
    }
    app.setClock(`${TUESDAY}T09:59:59Z`)
    assert.equal((await book()).status, 201)
  })

  it('takes a parent to one teacher at a time', async () => {
    const { api, stage, teacher, parent } = await newSchool(app)
    await newMeeting(api, parent, await newSlot(api, teacher))
    const other = await newTeacher(app, stage)
    const meets = await newSlot(api, other, slotOn(1, '10:15', '10:45'))
    const touches = await newSlot(api, other, slotOn(1, '10:45', '11:00'))
    const refused = await api.post('/appointments/book', parent, {
      slot_id: meets.id,
      meeting_mode: 'online',
    })
    isFailure(refused, 409)
    await newMeeting(api, parent, touches)
  })
})

/** Makes an account, by oneself or by an administrator, and logs in. */
async function registered(api: SchoolApi, by: Person | undefined, role: string): Promise<Person> {
  const email = `${crypto.randomUUID()}@example.com`
  made(await api.post('/auth/register', by, { email, password: PASSWORD, full_name: 'Kim', role }))
  return loggedIn(api, email)
}

async function loggedIn(api: SchoolApi, email: string): Promise<Person> {
  const { status, body } = await api.post('/auth/login', undefined, { email, password: PASSWORD })
  assert.equal(status, 200, JSON.stringify(body))
  return { id: body.user.id, email, name: body.user.full_name, token: body.access_token }
}

const statusesOf = (appointments: { id: string; status: string }[]) =>
  Object.fromEntries(appointments.map(({ id, status }) => [id, status]))
