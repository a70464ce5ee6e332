import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
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
  type SchoolApi,
  slotOn,
  TUESDAY,
  WEEK,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the list of meetings', () => {
  it('holds a parent’s own, a teacher’s own, and all for administrators, by when they begin', async () => {
    const { api, stage, admin, anna, ben, kim, lee, ids } = await newWeeks()
    const table: [Person, string[]][] = [
      [kim, [ids.kimWithAnna, ids.kimWithBen]],
      [lee, [ids.leeWithAnna, ids.leeWithBen]],
      [anna, [ids.kimWithAnna, ids.leeWithAnna]],
      [ben, [ids.leeWithBen, ids.kimWithBen]],
      [admin, [ids.kimWithAnna, ids.leeWithAnna, ids.leeWithBen, ids.kimWithBen]],
      [await newTeacher(app, stage), []],
      [await newParent(app, stage), []],
    ]
    for (const [who, expected] of table) {
      assert.deepEqual(await idsOf(api, who), expected, who.name)
    }
    const other = await newSchool(app)
    assert.deepEqual(await idsOf(other.api, other.admin), [])
    isFailure(await api.get('/appointments'), 401)
  })

  it('holds each meeting as it is shown by itself', async () => {
    const { api, kim } = await newWeeks()
    const { appointments } = (await api.get('/appointments', kim)).body
    for (const shown of appointments) {
      assert.deepEqual((await api.get(`/appointments/${shown.id}`, kim)).body, shown)
    }
    assert.equal(appointments.length, 2)
  })

  it('can be asked for by teacher, parent, status and dates, in any combination', async () => {
    const { api, admin, anna, ben, kim, lee, ids } = await newWeeks()
    await api.put(`/appointments/${ids.leeWithAnna}/status`, anna, { status: 'confirmed' })
    await api.put(`/appointments/${ids.leeWithBen}/status`, ben, { status: 'cancelled' })
    const { kimWithAnna, leeWithAnna, leeWithBen, kimWithBen } = ids
    const table: [string, string[]][] = [
      [`teacher_id=${anna.id}`, [kimWithAnna, leeWithAnna]],
      [`parent_id=${kim.id}`, [kimWithAnna, kimWithBen]],
      [`teacher_id=${ben.id}&parent_id=${kim.id}`, [kimWithBen]],
      ['status=pending', [kimWithAnna, kimWithBen]],
      ['status=confirmed', [leeWithAnna]],
      ['status=cancelled', [leeWithBen]],
      ['status=completed', []],
      ['status=no_show', []],
      [`status=pending&parent_id=${kim.id}&teacher_id=${anna.id}`, [kimWithAnna]],
      [`status=confirmed&parent_id=${kim.id}`, []],
      ['start_date=2027-03-03', [leeWithAnna, leeWithBen, kimWithBen]],
      ['end_date=2027-03-03', [kimWithAnna, leeWithAnna]],
      ['start_date=2027-03-03&end_date=2027-03-07', [leeWithAnna, leeWithBen]],
      ['start_date=2027-03-03&end_date=2027-03-07&status=cancelled', [leeWithBen]],
      [`start_date=2027-03-03T00:00:00&teacher_id=${ben.id}&parent_id=${lee.id}`, [leeWithBen]],
      ['start_date=2027-03-08&end_date=2027-03-01', []],
    ]
    for (const [query, expected] of table) assert.deepEqual(await idsOf(api, admin, query), expected, query)
  })

  it('has the dates of the meetings, not those of the Mondays of their weeks', async () => {
    const { api, admin, ids } = await newWeeks()
    assert.deepEqual(await idsOf(api, admin, `start_date=${TUESDAY}&end_date=${TUESDAY}`), [ids.kimWithAnna])
    for (const monday of [WEEK, NEXT_WEEK]) {
      assert.deepEqual(await idsOf(api, admin, `start_date=${monday}&end_date=${monday}`), [])
    }
  })

  it('counts the dates on the wall clock of the school', async () => {
    const { api, teacher, parent } = await newSchool(app, { time_zone: 'America/New_York' })
    // Late in the evening, when it is the next day in UTC.
    const { id } = await newMeeting(api, parent, await newSlot(api, teacher, slotOn(1, '22:00', '22:30')))
    assert.deepEqual(await idsOf(api, parent, `start_date=${TUESDAY}&end_date=${TUESDAY}`), [id])
    assert.deepEqual(await idsOf(api, parent, 'start_date=2027-03-03'), [])
  })

  it('is filtered inside what one may see, and shows nobody else’s whoever is asked for', async () => {
    const { api, anna, ben, kim, lee, ids } = await newWeeks()
    const table: [Person, string, string[]][] = [
      [kim, `parent_id=${lee.id}`, []],
      [kim, `teacher_id=${ben.id}`, [ids.kimWithBen]],
      [kim, `teacher_id=${anna.id}&parent_id=${lee.id}`, []],
      [kim, `start_date=${NEXT_WEEK}`, [ids.kimWithBen]],
      [kim, `start_date=${NEXT_WEEK}&teacher_id=${anna.id}`, []],
      [kim, 'status=pending&end_date=2027-03-02', [ids.kimWithAnna]],
      [anna, `teacher_id=${ben.id}`, []],
      [anna, `parent_id=${lee.id}`, [ids.leeWithAnna]],
      [anna, `parent_id=${lee.id}&start_date=2027-03-04`, []],
      [anna, 'status=cancelled', []],
      [ben, `start_date=${NEXT_WEEK}&parent_id=${kim.id}&status=pending`, [ids.kimWithBen]],
    ]
    for (const [who, query, expected] of table) {
      assert.deepEqual(await idsOf(api, who, query), expected, `${who.name} ${query}`)
      assert.equal((await api.get(`/appointments?${query}`, who)).body.total, expected.length)
    }
    const { body } = await api.get('/appointments', kim)
    assert.doesNotMatch(JSON.stringify(body), new RegExp(`${lee.id}|${lee.name}`))
  })

  it('comes in pages, each with how many there are in all', async () => {
    const { api, admin, anna, ids } = await newWeeks()
    const all = [ids.kimWithAnna, ids.leeWithAnna, ids.leeWithBen, ids.kimWithBen]
    const table: [Person, string, string[], { total: number; skip: number; limit: number }][] = [
      [admin, '', all, { total: 4, skip: 0, limit: 100 }],
      [admin, 'limit=3', all.slice(0, 3), { total: 4, skip: 0, limit: 3 }],
      [admin, 'skip=1&limit=2', all.slice(1, 3), { total: 4, skip: 1, limit: 2 }],
      [admin, 'skip=9', [], { total: 4, skip: 9, limit: 100 }],
      [admin, `skip=1&parent_id=${anna.id}`, [], { total: 0, skip: 1, limit: 100 }],
      [anna, 'skip=1', [ids.leeWithAnna], { total: 2, skip: 1, limit: 100 }],
    ]
    for (const [who, query, expected, counts] of table) {
      const { appointments, ...rest } = (await api.get(`/appointments?${query}`, who)).body
      assert.deepEqual(rest, counts, query)
      assert.deepEqual(
        appointments.map(({ id }: { id: string }) => id),
        expected,
      )
    }
  })

  it('is not there for who has no profile yet', async () => {
    const { api, stage, admin } = await newSchool(app)
    const [teacher, parent] = [await newUser(app, stage, 'teacher'), await newUser(app, stage, 'parent')]
    isFailure(await api.get('/appointments', teacher), 404, /teacher/i)
    isFailure(await api.get('/appointments', parent), 404, /parent/i)
    made(await api.post('/teachers', admin, { user_id: teacher.id }))
    made(await api.post('/parents', admin, { user_id: parent.id, student_name: 'Mia' }))
    for (const who of [teacher, parent]) assert.deepEqual(await idsOf(api, who), [])
  })

  it('says what is wrong with what it is asked for', async () => {
    const { api, admin } = await newSchool(app)
    const wrong = [
      'status=arrived',
      'start_date=monday',
      'end_date=2027-02-30',
      'teacher_id=7',
      'parent_id=me',
    ]
    for (const query of [...wrong, 'skip=-1', 'limit=0', 'limit=1001']) {
      const answer = await api.get(`/appointments?${query}`, admin)
      isFailure(answer, 422)
      assert.equal(answer.body.errors[0].field, query.split('=')[0], query)
    }
  })
})

describe('what the engine knows more about a meeting', () => {
  const states: [string, string, string[]][] = [
    ['arrived', 'confirmed', ['arrive']],
    ['in_progress', 'confirmed', ['arrive', 'start']],
    ['declined', 'cancelled', ['decline']],
  ]
  for (const [state, status, steps] of states) {
    it(`is called ${status} here where it is ${state} there`, async () => {
      const { api, admin, teacher, parent } = await newSchool(app)
      const { id } = await newMeeting(api, parent, await newSlot(api, teacher))
      const { token } = admin
      for (const step of steps) await app.post(`/appointments/${id}/${step}`, { token })
      assert.equal((await app.get(`/appointments/${id}`, { token })).body.state, state)
      assert.deepEqual(await idsOf(api, parent, `status=${status}`), [id])
      assert.equal((await api.get(`/appointments/${id}`, parent)).body.status, status)
    })
  }
})

/** Kim and Lee meet Anna in this week; Ben on Sunday and in the next. */
async function newWeeks() {
  const { api, stage, admin, teacher: anna, parent: kim } = await newSchool(app)
  const [ben, lee] = [await newTeacher(app, stage), await newParent(app, stage)]
  const meet = async (parent: Person, teacher: Person, ...at: Parameters<typeof slotOn>): Promise<string> =>
    (await newMeeting(api, parent, await newSlot(api, teacher, slotOn(...at)))).id
  const ids = {
    kimWithBen: await meet(kim, ben, 2, '10:00', '10:30', NEXT_WEEK),
    kimWithAnna: await meet(kim, anna, 1, '10:00', '10:30'),
    leeWithBen: await meet(lee, ben, 6, '10:00', '10:30'),
    leeWithAnna: await meet(lee, anna, 2, '10:00', '10:30'),
  }
  return { api, stage, admin, anna, ben, kim, lee, ids }
}

async function idsOf(api: SchoolApi, person: Person, query = ''): Promise<string[]> {
  const { status, body } = await api.get(`/appointments?${query}`, person)
  assert.equal(status, 200, JSON.stringify(body))
  return body.appointments.map(({ id }: { id: string }) => id)
}
