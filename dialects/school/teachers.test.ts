import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newPerson, type Person } from '../../test/cast.ts'
import { isFailure, made, newSchool, newTeacher, newUser, type SchoolApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the profile of a teacher', () => {
  it('is made by an administrator', async () => {
    const { api, admin, stage } = await newSchool(app)
    const { id: user_id } = await newUser(app, stage, 'teacher')
    const profile = { branch: 'North', subject: 'Maths', bio: 'Likes primes.', phone: '+441632960001' }
    const { id, created_at, updated_at, user, ...content } = made(
      await api.post('/teachers', admin, { user_id, ...profile }),
    )
    assert.deepEqual(content, { user_id, ...profile })
    assert.equal(id, user_id)
    assert.deepEqual([created_at, updated_at], ['2027-03-01T08:00:00', '2027-03-01T08:00:00'])
    assert.deepEqual([user.id, user.role], [user_id, 'teacher'])
  })

  it('is made by nobody else, also not for themselves', async () => {
    const { api, admin, teacher, parent, stage } = await newSchool(app)
    const user = await newUser(app, stage, 'teacher')
    for (const [person, expected] of [
      [undefined, 401],
      [parent, 403],
      [teacher, 403],
      [user, 403],
    ] as const) {
      isFailure(await api.post('/teachers', person, { user_id: user.id }), expected)
      isFailure(await api.post('/teachers', person, { subject: 7 }), expected)
    }
    isFailure(await api.get(`/teachers/${user.id}`, admin), 404)
  })

  it('is given once, to a user of the school who is to be a teacher', async () => {
    const { api, admin, teacher, parent } = await newSchool(app)
    const other = await newSchool(app)
    const give = (user_id: string) => api.post('/teachers', admin, { user_id })
    isFailure(await give(teacher.id), 409, /has a profile as a teacher already/)
    for (const id of [crypto.randomUUID(), other.teacher.id]) isFailure(await give(id), 404, /no user/)
    for (const { id } of [parent, admin]) {
      const answer = await give(id)
      isFailure(answer, 422, /^user_id must be a user with the role of a teacher/)
      assert.equal(answer.body.errors[0].field, 'user_id')
    }
  })

  it('is given once, also by four administrators at once', async () => {
    const { api, stage } = await newSchool(app)
    const admins = await fourAdministrators(stage)
    for (let round = 0; round < 3; round++) {
      const { id: user_id } = await newUser(app, stage, 'teacher')
      const answers = await Promise.all(admins.map((admin) => api.post('/teachers', admin, { user_id })))
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409, 409])
    }
  })

  it('is shown to everybody who has logged in, by the id of the teacher and of the user', async () => {
    const { api, admin, teacher, parent } = await newSchool(app)
    const other = await newSchool(app)
    for (const path of ['/teachers', '/teachers/user']) {
      for (const person of [admin, teacher, parent]) {
        const { status, body } = await api.get(`${path}/${teacher.id}`, person)
        assert.deepEqual([status, body.id, body.user_id], [200, teacher.id, teacher.id])
        for (const id of [crypto.randomUUID(), parent.id, other.teacher.id, '7']) {
          isFailure(await api.get(`${path}/${id}`, person), 404)
        }
      }
      isFailure(await api.get(`${path}/${teacher.id}`), 401)
    }
  })

  it('is changed by the teacher and by administrators', async () => {
    const { api, admin, teacher, parent, stage } = await newSchool(app)
    const colleague = await newTeacher(app, stage)
    const unprofiled = await newUser(app, stage, 'teacher')
    for (const [person, expected] of [
      [undefined, 401],
      [parent, 403],
      [colleague, 403],
      [unprofiled, 403],
      [teacher, 200],
      [admin, 200],
    ] as const) {
      const bio = `By ${person?.name ?? 'nobody'}`
      const { status } = await api.put(`/teachers/${teacher.id}`, person, { bio })
      assert.equal(status, expected, bio)
      const { body } = await api.get(`/teachers/${teacher.id}`, admin)
      assert.equal(body.bio === bio, status === 200, bio)
    }
    for (const { id } of [unprofiled, parent, { id: crypto.randomUUID() }]) {
      isFailure(await api.put(`/teachers/${id}`, admin, { bio: 'Hello' }), 404, /no teacher/)
    }
  })

  it('keeps what a change does not name, and loses what it names null', async () => {
    const { api, admin, stage } = await newSchool(app)
    const profile = { branch: 'North', subject: 'Maths', bio: 'Kind', phone: '+441632960001' }
    const teacher = await newTeacher(app, stage, profile)
    const { body: before } = await api.get(`/teachers/${teacher.id}`, teacher)
    for (const person of [teacher, admin]) {
      const expected = { ...before }
      for (const change of [{ subject: 'Physics' }, { branch: null, phone: null }, {}, profile]) {
        Object.assign(expected, change)
        const { status, body } = await api.put(`/teachers/${teacher.id}`, person, change)
        assert.deepEqual([status, body], [200, expected])
      }
    }
  })

  it('says when it was changed', async () => {
    const { api, teacher } = await newSchool(app)
    app.pass({ hours: 1 })
    const { body } = await api.put(`/teachers/${teacher.id}`, teacher, { bio: 'Kind' })
    assert.deepEqual([body.created_at, body.updated_at], ['2027-03-01T08:00:00', '2027-03-01T09:00:00'])
  })

  it('stays whose it is, whatever a change says', async () => {
    const { api, teacher, parent } = await newSchool(app)
    const { body: before } = await api.get(`/teachers/${teacher.id}`, teacher)
    const { id } = parent
    const said = { id, user_id: id, user: { id, role: 'admin' }, role: 'admin', is_active: false }
    const { status, body } = await api.put(`/teachers/${teacher.id}`, teacher, said)
    assert.deepEqual([status, body], [200, before])
    isFailure(await api.get('/admin/users', teacher), 403)
  })

  it('says field by field what is wrong', async () => {
    const { api, admin, teacher, stage } = await newSchool(app)
    const user = await newUser(app, stage, 'teacher')
    for (const [field, value] of [
      ['branch', 'x'.repeat(101)],
      ['subject', 'x'.repeat(101)],
      ['subject', 'two\nlines'],
      ['bio', 'x'.repeat(1001)],
      ['phone', '+1'.padEnd(21, '2')],
      ['phone', 'call me'],
      ['phone', '01632 960001'],
      ['user_id', '7'],
      ['user_id', undefined],
    ] as const) {
      const answer = await api.post('/teachers', admin, { user_id: user.id, [field]: value })
      isFailure(answer, 422)
      assert.deepEqual(fieldsOf(answer), [field])
      if (field === 'user_id') continue
      assert.deepEqual(fieldsOf(await api.put(`/teachers/${teacher.id}`, teacher, { [field]: value })), [
        field,
      ])
    }
    isFailure(await api.get(`/teachers/${user.id}`, admin), 404)
  })

  it('has room for a hundred letters of branch and subject, and a thousand of the rest', async () => {
    const { api, teacher } = await newSchool(app)
    const full = { branch: 'ö'.repeat(100), subject: 'ö'.repeat(100), bio: 'One\n'.padEnd(1000, 'ö') }
    const { status, body } = await api.put(`/teachers/${teacher.id}`, teacher, full)
    assert.equal(status, 200)
    assert.deepEqual({ ...body, ...full }, body)
  })

  it('takes a phone as people write it', async () => {
    const { api, teacher } = await newSchool(app)
    for (const [written, kept] of [
      ['+44 1632 960001', '+441632960001'],
      ['+44 (1632) 960-001', '+441632960001'],
      ['', null],
      ['+90.555.111.2233', '+905551112233'],
      [null, null],
    ]) {
      const { status, body } = await api.put(`/teachers/${teacher.id}`, teacher, { phone: written })
      assert.deepEqual([status, body.phone], [200, kept], `${written}`)
    }
  })
})

const fieldsOf = ({ body }: Awaited<ReturnType<SchoolApi['get']>>) =>
  body.errors.map(({ field }: { field: string }) => field)

async function fourAdministrators({ organization }: Parameters<typeof newTeacher>[1]): Promise<Person[]> {
  return Promise.all([1, 2, 3, 4].map(() => newPerson(app, organization, ['admin'])))
}
