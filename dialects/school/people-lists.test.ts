import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { setRules } from '../../test/free.ts'
import {
  isFailure,
  newMeeting,
  newParent,
  newSchool,
  newSlot,
  newTeacher,
  newUser,
} from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

const idsOf = (people: { id: string }[]) => people.map(({ id }) => id).toSorted()

describe('the list of teachers', () => {
  it('is for everybody who has logged in', async () => {
    const { api, admin, teacher, parent } = await newSchool(app)
    for (const person of [admin, teacher, parent]) {
      const { status, body } = await api.get('/teachers', person)
      assert.equal(status, 200)
      assert.deepEqual(idsOf(body.teachers), [teacher.id])
    }
    isFailure(await api.get('/teachers'), 401)
    isFailure(await api.get('/teachers?limit=0'), 401)
  })

  it('has those of the school who have a profile, with their users', async () => {
    const { api, parent, teacher, stage } = await newSchool(app)
    await newSchool(app)
    await newUser(app, stage, 'teacher')
    const { body } = await api.get('/teachers', parent)
    assert.deepEqual(idsOf(body.teachers), [teacher.id])
    assert.deepEqual(body.teachers[0], (await api.get(`/teachers/${teacher.id}`, parent)).body)
    assert.deepEqual(body.teachers[0].user, (await api.get('/auth/me', teacher)).body)
  })

  it('is searched by parts of the subject and of the branch, whatever the case, and both at once', async () => {
    const { api, parent, ids, found } = await staffed()
    const table: [string, string[]][] = [
      ['subject=math', [ids.ada, ids.ben]],
      ['subject=MATH', [ids.ada, ids.ben]],
      ['branch=north', [ids.ada, ids.cem]],
      ['subject=math&branch=north', [ids.ada]],
      ['subject=math&branch=', [ids.ada, ids.ben]],
      ['subject=history&branch=south', []],
      ['subject=physics', []],
      // Nothing but text, whatever a database would read into it.
      ['subject=%25', [ids.dan]],
      ['subject=_', []],
      ["subject='", []],
    ]
    for (const [query, expected] of table) {
      assert.deepEqual((await found(query)).toSorted(), expected.toSorted(), query)
    }
    isFailure(await api.get(`/teachers?subject=${'x'.repeat(101)}`, parent), 422, /^subject /)
  })

  it('says how many there are in all, on every page and behind the last', async () => {
    const { api, parent } = await staffed()
    const page = async (query: string) => (await api.get(`/teachers?${query}`, parent)).body
    const all = await page('')
    assert.deepEqual([all.teachers.length, all.total, all.skip, all.limit], [5, 5, 0, 100])
    const pages = [await page('limit=2'), await page('skip=2&limit=2'), await page('skip=4&limit=2')]
    assert.deepEqual(
      pages.flatMap(({ teachers }) => teachers),
      all.teachers,
    )
    assert.deepEqual(
      pages.map(({ total, skip, limit }) => [total, skip, limit]),
      [
        [5, 0, 2],
        [5, 2, 2],
        [5, 4, 2],
      ],
    )
    assert.deepEqual(await page('skip=5'), { teachers: [], total: 5, skip: 5, limit: 100 })
    assert.deepEqual(await page('subject=math&skip=9'), { teachers: [], total: 2, skip: 9, limit: 100 })
    for (const wrong of ['limit=0', 'limit=1001', 'skip=-1', 'skip=x']) {
      isFailure(await api.get(`/teachers?${wrong}`, parent), 422)
    }
  })
})

describe('the list of parents', () => {
  it('is for administrators and teachers, who see all of them', async () => {
    const { api, admin, teacher, parent, stage } = await newSchool(app)
    const other = await newParent(app, stage)
    await newSchool(app)
    await newUser(app, stage, 'parent')
    for (const person of [admin, teacher]) {
      const { status, body } = await api.get('/parents', person)
      assert.deepEqual([status, idsOf(body.parents)], [200, [parent.id, other.id].toSorted()])
    }
    isFailure(await api.get('/parents', parent), 403)
    isFailure(await api.get('/parents'), 401)
    isFailure(await api.get('/parents?limit=0'), 401)
  })

  it('shows a teacher only those who come to them, where the school grants no more', async () => {
    const { api, admin, teacher, parent, stage } = await newSchool(app)
    const other = await newParent(app, stage)
    await setRules(app, stage, { grants: {} })
    const seen = async () => idsOf((await api.get('/parents', teacher)).body.parents)
    assert.deepEqual(await seen(), [])
    await newMeeting(api, other, await newSlot(api, teacher))
    assert.deepEqual(await seen(), [other.id])
    assert.deepEqual(idsOf((await api.get('/parents', admin)).body.parents), [parent.id, other.id].toSorted())
  })

  it('has their profiles, with their users', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const [shown] = (await api.get('/parents', teacher)).body.parents
    assert.deepEqual(shown, (await api.get('/parents/me', parent)).body)
    assert.deepEqual(shown.user, (await api.get('/auth/me', parent)).body)
  })

  it('is searched by parts of the student’s name and class, whatever the case, and both at once', async () => {
    const { api, teacher, ids, found } = await enrolled()
    const table: [string, string[]][] = [
      ['student_name=kim', [ids.kim, ids.kimberly]],
      ['student_name=KIM', [ids.kim, ids.kimberly]],
      ['student_class=4', [ids.kim, ids.lee]],
      ['student_name=kim&student_class=4', [ids.kim]],
      ['student_name=kim&student_class=', [ids.kim, ids.kimberly]],
      ['student_name=lee&student_class=5', []],
      ['student_name=%25', [ids.odd]],
      ['student_class=_', []],
      ["student_name='", []],
    ]
    for (const [query, expected] of table) {
      assert.deepEqual(await found(query), expected.toSorted(), query)
    }
    isFailure(await api.get(`/parents?student_name=${'x'.repeat(101)}`, teacher), 422, /^student_name /)
    isFailure(await api.get(`/parents?student_class=${'x'.repeat(51)}`, teacher), 422, /^student_class /)
  })

  it('says how many there are in all, on every page and behind the last', async () => {
    const { api, teacher } = await enrolled()
    const page = async (query: string) => (await api.get(`/parents?${query}`, teacher)).body
    const all = await page('')
    assert.deepEqual([all.parents.length, all.total, all.skip, all.limit], [5, 5, 0, 100])
    const pages = [await page('limit=2'), await page('skip=2&limit=2'), await page('skip=4&limit=2')]
    assert.deepEqual(
      pages.flatMap(({ parents }) => parents),
      all.parents,
    )
    assert.deepEqual(
      pages.map(({ total }) => total),
      [5, 5, 5],
    )
    assert.deepEqual(await page('skip=5'), { parents: [], total: 5, skip: 5, limit: 100 })
    assert.deepEqual(await page('student_name=kim&skip=9'), { parents: [], total: 2, skip: 9, limit: 100 })
    for (const wrong of ['limit=0', 'limit=1001', 'skip=-1', 'skip=x']) {
      isFailure(await api.get(`/parents?${wrong}`, teacher), 422)
    }
  })
})

/** A school with teachers of several subjects and branches, and one without either. */
async function staffed() {
  const { api, parent, stage } = await newSchool(app)
  const add = async (profile: object) => (await newTeacher(app, stage, profile)).id
  const ids = {
    ada: await add({ subject: 'Maths', branch: 'North Campus' }),
    ben: await add({ subject: 'Applied mathematics', branch: 'South' }),
    cem: await add({ subject: 'History', branch: 'Far north' }),
    dan: await add({ subject: '100% effort' }),
  }
  const found = async (query: string): Promise<string[]> =>
    idsOf((await api.get(`/teachers?${query}`, parent)).body.teachers)
  return { api, parent, ids, found }
}

/** A school with parents of students in several classes, and one whose class nobody knows. */
async function enrolled() {
  const { api, teacher, stage } = await newSchool(app)
  const add = async (profile: object) => (await newParent(app, stage, profile)).id
  const ids = {
    kim: await add({ student_name: 'Kim', student_class: '4b' }),
    kimberly: await add({ student_name: 'Anna Kimberly', student_class: '5b' }),
    lee: await add({ student_name: 'Lee', student_class: 'Class 4A' }),
    odd: await add({ student_name: '100% sure' }),
  }
  const found = async (query: string): Promise<string[]> =>
    idsOf((await api.get(`/parents?${query}`, teacher)).body.parents)
  return { api, teacher, ids, found }
}
