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
  newUser,
  slotOn,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the meetings of a parent', () => {
  it('come with how many there are of each status, cancelled ones included', async () => {
    const { api, admin, anna, ben, kim, ids } = await newTerm()
    await api.put(`/appointments/${ids.first}/status`, anna, { status: 'completed' })
    await api.put(`/appointments/${ids.second}/status`, anna, { status: 'no_show' })
    await api.put(`/appointments/${ids.third}/status`, ben, { status: 'confirmed' })
    await api.delete(`/appointments/${ids.fourth}`, kim)
    for (const who of [kim, admin]) {
      const { status, body } = await api.get(`/appointments/parent/${kim.id}/appointments`, who)
      assert.equal(status, 200)
      const { appointments, ...rest } = body
      assert.deepEqual(idsOf(appointments), [ids.first, ids.second, ids.third, ids.fourth, ids.fifth])
      assert.deepEqual(appointments[0], (await api.get(`/appointments/${ids.first}`, kim)).body)
      assert.deepEqual(rest, {
        parent_id: kim.id,
        summary: summary({ total: 5, pending: 1, confirmed: 1, completed: 1, cancelled: 1, no_show: 1 }),
      })
    }
  })

  it('show a teacher only those with himself, and count no others', async () => {
    const { api, stage, anna, ben, kim, ids } = await newTerm()
    const table: [Person, string[]][] = [
      [anna, [ids.first, ids.second]],
      [ben, [ids.third, ids.fourth, ids.fifth]],
      [await newTeacher(app, stage), []],
    ]
    for (const [teacher, expected] of table) {
      const { body } = await api.get(`/appointments/parent/${kim.id}/appointments`, teacher)
      assert.deepEqual(idsOf(body.appointments), expected)
      const { length } = expected
      assert.deepEqual(body.summary, summary({ total: length, pending: length }))
    }
  })

  it('are closed to other parents, and not there for who is no parent', async () => {
    const { api, stage, admin, anna, kim, lee } = await newTerm()
    isFailure(await api.get(`/appointments/parent/${kim.id}/appointments`, lee), 403)
    isFailure(await api.get(`/appointments/parent/${kim.id}/appointments`), 401)
    const other = await newSchool(app)
    isFailure(await other.api.get(`/appointments/parent/${kim.id}/appointments`, other.admin), 404)
    const noProfile = await newUser(app, stage, 'parent')
    for (const id of [noProfile.id, anna.id, crypto.randomUUID(), '7']) {
      isFailure(await api.get(`/appointments/parent/${id}/appointments`, admin), 404)
    }
    isFailure(await api.get(`/appointments/parent/${noProfile.id}/appointments`, noProfile), 404, /parent/i)
  })

  it('without any are none, and all counts are zero', async () => {
    const { api, parent } = await newSchool(app)
    const { body } = await api.get(`/appointments/parent/${parent.id}/appointments`, parent)
    assert.deepEqual(body, { parent_id: parent.id, appointments: [], summary: summary({ total: 0 }) })
  })
})

describe('the meetings of a teacher', () => {
  it('come with how many there are of each status', async () => {
    const { api, admin, ben, ids } = await newTerm()
    await api.put(`/appointments/${ids.third}/status`, ben, { status: 'confirmed' })
    await api.put(`/appointments/${ids.fourth}/status`, ben, { status: 'cancelled' })
    for (const who of [ben, admin]) {
      const { status, body } = await api.get(`/appointments/teacher/${ben.id}/appointments`, who)
      assert.equal(status, 200)
      const { appointments, ...rest } = body
      assert.deepEqual(idsOf(appointments), [ids.third, ids.fourth, ids.ofLee, ids.fifth])
      assert.deepEqual(appointments[2], (await api.get(`/appointments/${ids.ofLee}`, ben)).body)
      assert.deepEqual(rest, {
        teacher_id: ben.id,
        date_range: { start: null, end: null },
        summary: summary({ total: 4, pending: 2, confirmed: 1, cancelled: 1 }),
      })
    }
  })

  it('are those between two dates, both included, where these are said', async () => {
    const { api, ben, ids } = await newTerm()
    const table: [string, string[], object][] = [
      ['start_date=2027-03-05', [ids.fourth, ids.ofLee, ids.fifth], { start: '2027-03-05', end: null }],
      ['end_date=2027-03-04', [ids.third], { start: null, end: '2027-03-04' }],
      [
        'start_date=2027-03-05&end_date=2027-03-06',
        [ids.fourth, ids.ofLee],
        { start: '2027-03-05', end: '2027-03-06' },
      ],
      ['start_date=2027-04-01', [], { start: '2027-04-01', end: null }],
    ]
    for (const [query, expected, date_range] of table) {
      const { body } = await api.get(`/appointments/teacher/${ben.id}/appointments?${query}`, ben)
      assert.deepEqual(idsOf(body.appointments), expected, query)
      assert.deepEqual(body.date_range, date_range)
      assert.equal(body.summary.total_appointments, expected.length)
    }
    for (const query of ['start_date=monday', 'end_date=2027-02-30']) {
      isFailure(await api.get(`/appointments/teacher/${ben.id}/appointments?${query}`, ben), 422)
    }
  })

  it('are closed to parents and to other teachers, and not there for who is no teacher', async () => {
    const { api, admin, anna, ben, kim, lee } = await newTerm()
    const path = `/appointments/teacher/${ben.id}/appointments`
    for (const who of [kim, lee, anna]) isFailure(await api.get(path, who), 403)
    isFailure(await api.get(path), 401)
    const other = await newSchool(app)
    isFailure(await other.api.get(path, other.admin), 404)
    for (const id of [kim.id, crypto.randomUUID(), '7']) {
      isFailure(await api.get(`/appointments/teacher/${id}/appointments`, admin), 404)
    }
  })
})

/** Kim meets Anna on Tuesday and Wednesday, and Ben on Thursday, Friday and Sunday; Lee meets Ben on Saturday. */
async function newTerm() {
  const { api, stage, admin, teacher: anna, parent: kim } = await newSchool(app)
  const [ben, lee] = [await newTeacher(app, stage), await newParent(app, stage)]
  const meet = async (parent: Person, teacher: Person, day: number): Promise<string> =>
    (await newMeeting(api, parent, await newSlot(api, teacher, slotOn(day, '10:00', '10:30')))).id
  const ids = {
    first: await meet(kim, anna, 1),
    second: await meet(kim, anna, 2),
    third: await meet(kim, ben, 3),
    fourth: await meet(kim, ben, 4),
    ofLee: await meet(lee, ben, 5),
    fifth: await meet(kim, ben, 6),
  }
  return { api, stage, admin, anna, ben, kim, lee, ids }
}

/** Counts as this system names them; those that are not said are zero. */
function summary(counts: Record<string, number>) {
  const none = { pending: 0, confirmed: 0, completed: 0, cancelled: 0, no_show: 0 }
  const entries = Object.entries({ ...none, ...counts })
  return Object.fromEntries(entries.map(([status, count]) => [`${status}_appointments`, count]))
}

const idsOf = (appointments: { id: string }[]) => appointments.map(({ id }) => id)
