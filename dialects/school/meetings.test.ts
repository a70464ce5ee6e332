import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import {
  isFailure,
  newMeeting,
  newParent,
  newSchool,
  newSlot,
  newTeacher,
  type SchoolApi,
  TUESDAY,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a meeting', () => {
  it('is shown to its parent, its teacher and administrators, with everything around it', async () => {
    const { api, admin, teacher, parent, meeting } = await newSchoolWithMeeting()
    for (const who of [parent, teacher, admin]) {
      const { status, body } = await api.get(`/appointments/${meeting.id}`, who)
      assert.deepEqual([status, body], [200, meeting], who.name)
    }
    const { parent: shown, teacher: taught } = meeting
    assert.deepEqual([shown.user.email, shown.user.full_name], [parent.email, parent.name])
    assert.deepEqual([taught.user.email, taught.user.full_name], [teacher.email, teacher.name])
    assert.deepEqual([shown.student_name, shown.student_class], ['Mia', '7b'])
    assert.deepEqual(meeting.slot.teacher, taught)
  })

  it('is found by nobody else', async () => {
    const { api, stage, meeting } = await newSchoolWithMeeting()
    const other = await newSchool(app)
    const path = `/appointments/${meeting.id}`
    isFailure(await api.get(path, await newParent(app, stage)), 404)
    isFailure(await api.get(path, await newTeacher(app, stage)), 404)
    isFailure(await other.api.get(path, other.admin), 404)
    isFailure(await api.get(path), 401)
    isFailure(await api.get(`/appointments/${crypto.randomUUID()}`, stage.admin), 404)
  })

  it('shows a slot with its times also when that was taken back after cancelling', async () => {
    const { api, teacher, parent, slot, meeting } = await newSchoolWithMeeting()
    await api.delete(`/appointments/${meeting.id}`, parent)
    assert.equal((await api.delete(`/slots/${slot.id}`, teacher)).status, 200)
    for (const who of [parent, teacher]) {
      const { body } = await api.get(`/appointments/${meeting.id}`, who)
      assert.equal(body.slot_id, null)
      assert.deepEqual(body.slot, { ...meeting.slot, id: null, is_booked: false })
      const { body: list } = await api.get('/appointments', who)
      assert.deepEqual(list.appointments, [body])
    }
  })

  it('shows when it was to be, also when its slot was moved after cancelling', async () => {
    const { api, teacher, parent, slot, meeting } = await newSchoolWithMeeting()
    await api.delete(`/appointments/${meeting.id}`, parent)
    const moved = await api.put(`/slots/${slot.id}`, teacher, { day_of_week: 3, end_time: '11:00' })
    assert.deepEqual([moved.status, moved.body.day_of_week], [200, 3])
    const { body } = await api.get(`/appointments/${meeting.id}`, parent)
    assert.deepEqual(body.slot, { ...meeting.slot, is_booked: false })
  })

  it('still says who met, and about whom, when neither is at the school any more', async () => {
    const { api, admin, teacher, parent, meeting } = await newSchoolWithMeeting()
    await api.put(`/appointments/${meeting.id}/status`, teacher, { status: 'completed' })
    app.setClock(`${TUESDAY}T12:00:00Z`)
    assert.equal((await api.delete(`/teachers/${teacher.id}`, admin)).status, 200)
    assert.equal((await api.delete(`/parents/${parent.id}`, admin)).status, 200)
    const { body } = await api.get(`/appointments/${meeting.id}`, admin)
    assert.equal(body.parent.student_name, 'Mia')
    assert.equal(body.parent.user.full_name, parent.name)
    assert.equal(body.teacher.user.full_name, teacher.name)
    assert.equal(body.slot.start_time, '10:00:00')
  })
})

describe('how to meet, and the notes', () => {
  it('are changed by the parent and by administrators, each as far as they are said', async () => {
    const { api, admin, parent, teacher, meeting } = await newSchoolWithMeeting()
    const table: [Person, object, object][] = [
      [parent, { notes: 'By the side door' }, { notes: 'By the side door' }],
      [admin, { meeting_mode: 'face_to_face' }, { meeting_mode: 'face_to_face' }],
      [parent, { meeting_mode: null }, {}],
      [parent, {}, {}],
      [admin, { meeting_mode: 'online', notes: 'Call\nme' }, { meeting_mode: 'online', notes: 'Call\nme' }],
      [parent, { notes: null }, { notes: null }],
      [parent, { status: 'confirmed', slot_id: null, parent_id: admin.id }, {}],
    ]
    const expected = { ...meeting }
    for (const [who, change, changed] of table) {
      Object.assign(expected, changed)
      const { status, body } = await api.put(`/appointments/${meeting.id}`, who, change)
      assert.deepEqual([status, body], [200, expected], JSON.stringify(change))
      assert.deepEqual((await api.get(`/appointments/${meeting.id}`, teacher)).body, expected)
    }
  })

  it('are changed by nobody else', async () => {
    const { api, stage, teacher, parent, meeting } = await newSchoolWithMeeting()
    const other = await newSchool(app)
    const table: [SchoolApi, Person | undefined, number][] = [
      [api, teacher, 403],
      [api, await newTeacher(app, stage), 404],
      [api, await newParent(app, stage), 404],
      [other.api, other.admin, 404],
      [api, undefined, 401],
    ]
    for (const [how, who, expected] of table) {
      isFailure(await how.put(`/appointments/${meeting.id}`, who, { notes: 'Mine now' }), expected)
    }
    assert.deepEqual((await api.get(`/appointments/${meeting.id}`, parent)).body, meeting)
  })

  it('can be changed until the meeting is over', async () => {
    for (const [status, expected] of Object.entries({
      confirmed: 200,
      completed: 400,
      cancelled: 400,
      no_show: 400,
    })) {
      const { api, admin, teacher, parent, meeting } = await newSchoolWithMeeting()
      const { body: before } = await api.put(`/appointments/${meeting.id}/status`, teacher, { status })
      for (const who of [parent, admin]) {
        const answer = await api.put(`/appointments/${meeting.id}`, who, { notes: who.name })
        assert.equal(answer.status, expected, status)
        const { body: after } = await api.get(`/appointments/${meeting.id}`, who)
        assert.deepEqual(after, expected === 200 ? { ...before, notes: who.name } : before)
      }
    }
  })

  it('say what is wrong with them', async () => {
    const { api, parent, meeting } = await newSchoolWithMeeting()
    for (const [wrong, field] of [
      [{ meeting_mode: 'by phone' }, 'meeting_mode'],
      [{ notes: 'x'.repeat(1001) }, 'notes'],
      [{ notes: 'Fine', meeting_mode: 7 }, 'meeting_mode'],
    ] as const) {
      const answer = await api.put(`/appointments/${meeting.id}`, parent, wrong)
      isFailure(answer, 422)
      assert.equal(answer.body.errors[0].field, field)
    }
    assert.deepEqual((await api.get(`/appointments/${meeting.id}`, parent)).body, meeting)
  })
})

/** A meeting on Tuesday at ten, about Mia of the class 7b. */
async function newSchoolWithMeeting() {
  const { stage, admin, api, teacher } = await newSchool(app)
  const parent = await newParent(app, stage, { student_name: 'Mia', student_class: '7b' })
  const slot = await newSlot(api, teacher)
  return { stage, admin, api, teacher, parent, slot, meeting: await newMeeting(api, parent, slot) }
}
