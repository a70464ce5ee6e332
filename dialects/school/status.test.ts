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
  slotOn,
  TUESDAY,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

const statuses = ['pending', 'confirmed', 'completed', 'cancelled', 'no_show']
const leadsTo: Record<string, string[]> = {
  pending: ['confirmed', 'completed', 'cancelled', 'no_show'],
  confirmed: ['completed', 'cancelled', 'no_show'],
  completed: [],
  cancelled: [],
  no_show: [],
}

describe('the status of a meeting', () => {
  for (const [from, allowed] of Object.entries(leadsTo)) {
    it(`leads from ${from} to ${allowed.join(', ') || 'nothing'}, by its teacher and by administrators`, async () => {
      const { api, admin, teacher, parent } = await newSchool(app)
      for (const [n, who] of [teacher, admin].entries()) {
        for (const [day, to] of statuses.entries()) {
          const slot = await newSlot(api, teacher, slotOn(day + 1, `1${n}:00`, `1${n}:30`))
          const meeting = await newMeeting(api, parent, slot)
          const path = `/appointments/${meeting.id}`
          if (from !== 'pending') await api.put(`${path}/status`, teacher, { status: from })
          const { body: before } = await api.get(path, parent)
          assert.equal(before.status, from)

          const answer = await api.put(`${path}/status`, who, { status: to })
          const { body: found } = await api.get(path, parent)
          if (allowed.includes(to)) {
            assert.equal(answer.status, 200, `${from} ${to}: ${JSON.stringify(answer.body)}`)
            assert.deepEqual([answer.body.status, found], [to, answer.body])
          } else {
            isFailure(answer, 400)
            assert.deepEqual(found, before, to)
          }
        }
      }
    })
  }

  it('is set by nobody else', async () => {
    const { api, stage, teacher, parent, meeting } = await newSchoolWithMeeting()
    const other = await newSchool(app)
    const table: [SchoolApi, Person | undefined, number][] = [
      [api, parent, 403],
      [api, await newParent(app, stage), 403],
      [api, await newTeacher(app, stage), 404],
      [other.api, other.admin, 404],
      [api, undefined, 401],
    ]
    for (const [how, who, expected] of table) {
      for (const status of statuses) {
        isFailure(await how.put(`/appointments/${meeting.id}/status`, who, { status }), expected)
      }
    }
    assert.equal(await statusOf(api, teacher, meeting), 'pending')
  })

  it('is one of five words', async () => {
    const { api, teacher, meeting } = await newSchoolWithMeeting()
    for (const body of [{ status: 'declined' }, { status: 'CONFIRMED' }, { status: null }, {}]) {
      const answer = await api.put(`/appointments/${meeting.id}/status`, teacher, body)
      isFailure(answer, 422, /status/)
    }
    assert.equal(await statusOf(api, teacher, meeting), 'pending')
  })

  it('of a meeting that there is not is not found', async () => {
    const { api, admin, teacher } = await newSchool(app)
    for (const who of [admin, teacher]) {
      for (const id of [crypto.randomUUID(), '7']) {
        isFailure(await api.put(`/appointments/${id}/status`, who, { status: 'confirmed' }), 404)
        isFailure(await api.delete(`/appointments/${id}`, who), 404)
      }
    }
  })

  it('frees the slot when it is cancelled, and not when it is confirmed', async () => {
    const { api, teacher, slot, meeting } = await newSchoolWithMeeting()
    const isBooked = async () => (await api.get(`/slots/${slot.id}`, teacher)).body.is_booked
    await api.put(`/appointments/${meeting.id}/status`, teacher, { status: 'confirmed' })
    assert.equal(await isBooked(), true)
    await api.put(`/appointments/${meeting.id}/status`, teacher, { status: 'cancelled' })
    assert.equal(await isBooked(), false)
  })
})

describe('cancelling a meeting', () => {
  it('is up to its parent, its teacher and administrators, and keeps it as cancelled', async () => {
    for (const whose of ['parent', 'teacher', 'admin'] as const) {
      const { meeting, slot, ...school } = await newSchoolWithMeeting()
      const { api } = school
      const { status, body } = await api.delete(`/appointments/${meeting.id}`, school[whose])
      assert.deepEqual([status, Object.keys(body)], [200, ['message']])
      for (const who of [school.parent, school.teacher, school.admin]) {
        const { body: kept } = await api.get(`/appointments/${meeting.id}`, who)
        const freed = { ...meeting.slot, is_booked: false }
        assert.deepEqual(kept, { ...meeting, status: 'cancelled', slot: freed })
        const { body: list } = await api.get('/appointments', who)
        assert.deepEqual(list.appointments, [kept])
      }
      assert.equal((await api.get(`/slots/${slot.id}`, school.parent)).body.is_booked, false)
    }
  })

  it('is up to nobody else', async () => {
    const { api, stage, teacher, meeting } = await newSchoolWithMeeting()
    for (const [who, expected] of [
      [await newParent(app, stage), 404],
      [await newTeacher(app, stage), 404],
      [undefined, 401],
    ] as const) {
      isFailure(await api.delete(`/appointments/${meeting.id}`, who), expected)
    }
    const other = await newSchool(app)
    isFailure(await other.api.delete(`/appointments/${meeting.id}`, other.admin), 404)
    assert.equal(await statusOf(api, teacher, meeting), 'pending')
  })

  it('is possible once, and not when it is over', async () => {
    for (const status of ['cancelled', 'completed', 'no_show']) {
      const { api, admin, teacher, parent, meeting } = await newSchoolWithMeeting()
      await api.put(`/appointments/${meeting.id}/status`, teacher, { status })
      for (const who of [parent, teacher, admin]) {
        isFailure(
          await api.delete(`/appointments/${meeting.id}`, who),
          400,
          new RegExp(status.replace('_', ' ')),
        )
      }
      assert.equal(await statusOf(api, parent, meeting), status)
    }
  })

  it('is possible until it begins; then only for the school', async () => {
    const { api, teacher, parent, meeting } = await newSchoolWithMeeting()
    app.setClock(`${TUESDAY}T10:00:01Z`)
    isFailure(await api.delete(`/appointments/${meeting.id}`, parent), 400, /too late/)
    assert.equal(await statusOf(api, parent, meeting), 'pending')
    assert.equal((await api.delete(`/appointments/${meeting.id}`, teacher)).status, 200)
  })
})

async function newSchoolWithMeeting() {
  const school = await newSchool(app)
  const slot = await newSlot(school.api, school.teacher)
  return { ...school, slot, meeting: await newMeeting(school.api, school.parent, slot) }
}

const statusOf = async (api: SchoolApi, who: Person, { id }: { id: string }): Promise<string> =>
  (await api.get(`/appointments/${id}`, who)).body.status
