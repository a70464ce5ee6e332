import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newPerson, newPersonWithPassword, PASSWORD, type Person } from '../../test/cast.ts'
import { isFailure, made, newSchool, newTeacher, newUser } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

const fields = ['id', 'email', 'full_name', 'role', 'is_active', 'created_at', 'updated_at']

describe('the accounts of a school', () => {
  it('are for administrators alone', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const [list, one] = ['/admin/users', `/admin/users/${parent.id}`]
    for (const [who, expected] of [
      [undefined, 401],
      [teacher, 403],
      [parent, 403],
    ] as const) {
      isFailure(await api.get(list, who), expected)
      isFailure(await api.get(one, who), expected)
      // Nobody learns what a right question would look like before they may ask it.
      isFailure(await api.post(list, who, { role: 'boss' }), expected)
      isFailure(await api.put(one, who, { role: 'boss' }), expected)
      isFailure(await api.delete(one, who), expected)
    }
  })

  it('are listed, all or those of one role, of this school and no other', async () => {
    const { api, admin, teacher, parent, stage } = await newSchool(app)
    await newSchool(app)
    const unprofiled = await newUser(app, stage, 'teacher')
    const seen = async (query: string) => {
      const { body } = await api.get(`/admin/users${query}`, admin)
      assert.equal(body.total, body.users.length)
      return body.users.map(({ id }: Person) => id).toSorted()
    }
    const teachers = [teacher.id, unprofiled.id]
    assert.deepEqual(await seen(''), [admin.id, parent.id, ...teachers].toSorted())
    assert.deepEqual(await seen('?role=admin'), [admin.id])
    assert.deepEqual(await seen('?role=teacher'), teachers.toSorted())
    assert.deepEqual(await seen('?role=parent'), [parent.id])
    isFailure(await api.get('/admin/users?role=boss', admin), 422, /^role must be one of/)
  })

  it('come in pages that say how many there are in all, also behind the last', async () => {
    const { api, admin, stage } = await newSchool(app)
    for (let more = 0; more < 4; more++) await newPerson(app, stage.organization, ['client'])
    const page = async (query: string) => (await api.get(`/admin/users?${query}`, admin)).body
    const all = await page('')
    assert.deepEqual([all.users.length, all.total, all.skip, all.limit], [7, 7, 0, 100])
    const pages = [await page('limit=3'), await page('skip=3&limit=3'), await page('skip=6&limit=3')]
    assert.deepEqual(
      pages.flatMap(({ users }) => users),
      all.users,
    )
    assert.deepEqual(await page('skip=7&limit=3'), { users: [], total: 7, skip: 7, limit: 3 })
    assert.deepEqual(await page('skip=5&role=parent'), { users: [], total: 5, skip: 5, limit: 100 })
    for (const wrong of ['limit=0', 'limit=1001', 'skip=-1', 'limit=x']) {
      isFailure(await api.get(`/admin/users?${wrong}`, admin), 422)
    }
  })

  it('are made with any role', async () => {
    const { api, admin } = await newSchool(app)
    for (const role of ['admin', 'teacher', 'parent']) {
      const email = `new-${role}@example.com`
      const wanted = { email, password: PASSWORD, role, full_name: 'Ada Lovelace' }
      const user = made(await api.post('/admin/users', admin, wanted))
      assert.deepEqual(Object.keys(user), fields)
      assert.deepEqual([user.email, user.role, user.full_name], [email, role, 'Ada Lovelace'])
      isFailure(await api.post('/admin/users', admin, wanted), 409, /already an account/)
      assert.deepEqual((await api.get(`/admin/users/${user.id}`, admin)).body, user)
    }
  })

  it('show neither a password nor its hash, here or anywhere', async () => {
    const { api, admin, teacher, stage } = await newSchool(app)
    const { id, email } = await newPersonWithPassword(app, stage.organization, ['client'])
    made(await api.post('/parents', admin, { user_id: id, student_name: 'Kim' }))
    const answers = [
      await api.post('/auth/login', undefined, { email, password: PASSWORD }),
      await api.get('/admin/users', admin),
      await api.get(`/admin/users/${id}`, admin),
      await api.get(`/parents/${id}`, teacher),
      await api.get('/parents', teacher),
      await api.get('/teachers', teacher),
    ]
    for (const { status, body } of answers) {
      assert.equal(status, 200)
      assert.doesNotMatch(JSON.stringify(body), /password|hash|argon/i)
    }
  })

  it('are found by their ids in their own school alone', async () => {
    const [{ api, admin }, other] = [await newSchool(app), await newSchool(app)]
    for (const id of [crypto.randomUUID(), other.parent.id, '7']) {
      for (const answer of [
        await api.get(`/admin/users/${id}`, admin),
        await api.put(`/admin/users/${id}`, admin, { full_name: 'Mine' }),
        await api.delete(`/admin/users/${id}`, admin),
      ]) {
        isFailure(answer, 404)
      }
    }
    const { body } = await other.api.get('/auth/me', other.parent)
    assert.deepEqual([body.full_name, body.is_active], [other.parent.name, true])
  })
})

describe('changing an account', () => {
  it('changes what is said and leaves the rest', async () => {
    const { api, admin, parent } = await newSchool(app)
    const { body: before } = await api.get('/auth/me', parent)
    const change = (body: object) => api.put(`/admin/users/${parent.id}`, admin, body)
    const { status, body: renamed } = await change({ full_name: ' Grace Hopper ' })
    assert.equal(status, 200)
    assert.deepEqual(renamed, { ...before, full_name: 'Grace Hopper' })
    for (const nothing of [
      {},
      { full_name: null, role: null, is_active: null },
      { full_name: '  ' },
      { id: admin.id, email: 'other@example.com', password: 'Other-Horse-9', created_at: '2020-01-01' },
    ]) {
      assert.deepEqual((await change(nothing)).body, renamed, JSON.stringify(nothing))
    }
  })

  it('says which field is wrong', async () => {
    const { api, admin, parent } = await newSchool(app)
    for (const [field, value] of [
      ['role', 'boss'],
      ['full_name', 'x'.repeat(201)],
      ['is_active', 'perhaps'],
    ] as const) {
      const answer = await api.put(`/admin/users/${parent.id}`, admin, { [field]: value })
      isFailure(answer, 422)
      assert.deepEqual(answer.body.errors[0].field, field)
    }
  })

  it('of a role takes effect with the next request', async () => {
    const { api, admin, parent } = await newSchool(app)
    isFailure(await api.get('/admin/users', parent), 403)
    await api.put(`/admin/users/${parent.id}`, admin, { role: 'admin' })
    assert.equal((await api.get('/admin/users', parent)).status, 200)
    await api.put(`/admin/users/${parent.id}`, admin, { role: 'parent' })
    isFailure(await api.get('/admin/users', parent), 403)
  })

  it('makes a teacher of a parent, who still waits for a profile', async () => {
    const { api, admin, parent } = await newSchool(app)
    const { body } = await api.put(`/admin/users/${parent.id}`, admin, { role: 'teacher' })
    assert.equal(body.role, 'teacher')
    isFailure(await api.get(`/teachers/${parent.id}`, admin), 404)
    assert.equal(made(await api.post('/teachers', admin, { user_id: parent.id })).user.role, 'teacher')
  })

  it('to the role that they have anyway leaves the profile of a teacher alone', async () => {
    const { api, admin, stage } = await newSchool(app)
    const teacher = await newTeacher(app, stage, { subject: 'Maths' })
    await api.put(`/admin/users/${teacher.id}`, admin, { role: 'teacher' })
    assert.equal((await api.get(`/teachers/${teacher.id}`, admin)).body.subject, 'Maths')
  })

  it('takes a teacher who becomes something else out of the list', async () => {
    const { api, admin, teacher } = await newSchool(app)
    await api.put(`/admin/users/${teacher.id}`, admin, { role: 'parent' })
    assert.deepEqual((await api.get('/teachers', admin)).body.teachers, [])
  })
})

describe('deleting an account', () => {
  it('switches it off and keeps who it was', async () => {
    const { api, admin, parent } = await newSchool(app)
    const { body: before } = await api.get('/auth/me', parent)
    const { status, body } = await api.delete(`/admin/users/${parent.id}`, admin)
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body), ['message'])
    isFailure(await api.get('/auth/me', parent), 401)
    const kept = (await api.get(`/admin/users/${parent.id}`, admin)).body
    assert.deepEqual(kept, { ...before, is_active: false })
  })

  it('is refused for the last administrator', async () => {
    const { api, admin, stage } = await newSchool(app)
    isFailure(await api.delete(`/admin/users/${admin.id}`, admin), 409, /last administrator/)
    isFailure(await api.put(`/admin/users/${admin.id}`, admin, { role: 'parent' }), 409, /last administrator/)
    await newPerson(app, stage.organization, ['admin'])
    assert.equal((await api.delete(`/admin/users/${admin.id}`, admin)).status, 200)
  })

  it('of a teacher takes them out of the list, and the account comes back without a profile', async () => {
    const { api, admin, teacher } = await newSchool(app)
    await api.delete(`/admin/users/${teacher.id}`, admin)
    isFailure(await api.get(`/teachers/${teacher.id}`, admin), 404)
    const { body } = await api.put(`/admin/users/${teacher.id}`, admin, { is_active: true })
    assert.equal(body.is_active, true)
    isFailure(await api.get(`/teachers/${teacher.id}`, admin), 404)
  })
})
