import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newPerson } from '../../test/cast.ts'
import { isFailure, made, newParent, newSchool, newUser, type SchoolApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('giving a parent a profile', () => {
  it('says for which student they come', async () => {
    const { api, admin, stage } = await newSchool(app)
    const { id: user_id } = await newUser(app, stage, 'parent')
    const profile = { student_name: 'Kim', student_class: '4b', phone: '+441632960001', notes: 'Mornings' }
    const { id, created_at, updated_at, user, ...content } = made(
      await api.post('/parents', admin, { user_id, ...profile }),
    )
    assert.deepEqual(content, { user_id, ...profile })
    assert.equal(id, user_id)
    assert.deepEqual([created_at, updated_at], ['2027-03-01T08:00:00', '2027-03-01T08:00:00'])
    assert.deepEqual([user.id, user.role], [user_id, 'parent'])
  })

  it('is for administrators, and for nobody else', async () => {
    const { api, admin, teacher, parent, stage } = await newSchool(app)
    const user = await newUser(app, stage, 'parent')
    for (const [person, expected] of [
      [undefined, 401],
      [parent, 403],
      [teacher, 403],
      [user, 403],
    ] as const) {
      isFailure(await api.post('/parents', person, { user_id: user.id, student_name: 'Kim' }), expected)
      isFailure(await api.post('/parents', person, {}), expected)
    }
    isFailure(await api.get(`/parents/${user.id}`, admin), 404)
  })

  it('happens once, to a user of the school who is a parent', async () => {
    const { api, admin, teacher, parent } = await newSchool(app)
    const other = await newSchool(app)
    const give = (user_id: string) => api.post('/parents', admin, { user_id, student_name: 'Kim' })
    isFailure(await give(parent.id), 409, /has a profile as a parent already/)
    for (const id of [crypto.randomUUID(), other.parent.id]) isFailure(await give(id), 404, /no user/)
    for (const { id } of [teacher, admin]) {
      isFailure(await give(id), 422, /^user_id must be a user with the role of a parent/)
    }
  })

  it('happens once, also when four administrators do it at once', async () => {
    const { api, stage } = await newSchool(app)
    const { organization } = stage
    const admins = await Promise.all([1, 2, 3, 4].map(() => newPerson(app, organization, ['admin'])))
    for (let round = 0; round < 3; round++) {
      const { id: user_id } = await newUser(app, stage, 'parent')
      const answers = await Promise.all(
        admins.map((admin, n) => api.post('/parents', admin, { user_id, student_name: `Kim ${n}` })),
      )
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409, 409])
    }
  })

  it('says field by field what is wrong', async () => {
    const { api, admin, parent, stage } = await newSchool(app)
    const user = await newUser(app, stage, 'parent')
    for (const [field, value] of [
      ['student_name', 'x'.repeat(101)],
      ['student_name', ''],
      ['student_name', '  '],
      ['student_name', undefined],
      ['student_class', 'x'.repeat(51)],
      ['notes', 'x'.repeat(1001)],
      ['phone', '+1'.padEnd(21, '2')],
      ['phone', 'call me'],
      ['user_id', '7'],
      ['user_id', undefined],
    ] as const) {
      const wanted = { user_id: user.id, student_name: 'Kim', [field]: value }
      const answer = await api.post('/parents', admin, wanted)
      isFailure(answer, 422)
      assert.deepEqual(fieldsOf(answer), [field])
      if (field === 'user_id' || value === undefined) continue
      assert.deepEqual(fieldsOf(await api.put(`/parents/${parent.id}`, parent, { [field]: value })), [field])
    }
    isFailure(await api.get(`/parents/${user.id}`, admin), 404)
  })
})

describe('the profile of a parent', () => {
  it('is shown to administrators, to teachers and to the parent, never to another parent', async () => {
    const { api, admin, teacher, parent, stage } = await newSchool(app)
    const neighbour = await newParent(app, stage)
    for (const path of [`/parents/${parent.id}`, `/parents/user/${parent.id}`]) {
      for (const person of [admin, teacher, parent]) {
        const { status, body } = await api.get(path, person)
        assert.deepEqual([status, body.id, body.user.email], [200, parent.id, parent.email])
      }
      isFailure(await api.get(path, neighbour), 403)
      isFailure(await api.get(path), 401)
    }
  })

  it('is found in the own school alone, and a parent does not learn which there are', async () => {
    const { api, admin, teacher, parent } = await newSchool(app)
    const other = await newSchool(app)
    for (const path of ['/parents', '/parents/user']) {
      for (const id of [crypto.randomUUID(), teacher.id, other.parent.id]) {
        for (const person of [admin, teacher]) isFailure(await api.get(`${path}/${id}`, person), 404)
        isFailure(await api.get(`${path}/${id}`, parent), 403)
      }
    }
  })

  it('is a parent’s own under /me, which nobody else has', async () => {
    const { api, admin, teacher, parent } = await newSchool(app)
    const { status, body } = await api.get('/parents/me', parent)
    assert.deepEqual([status, body.id], [200, parent.id])
    for (const person of [admin, teacher]) isFailure(await api.get('/parents/me', person), 403)
    isFailure(await api.get('/parents/me'), 401)
  })

  it('is changed by the parent and by administrators', async () => {
    const { api, admin, teacher, parent, stage } = await newSchool(app)
    const neighbour = await newParent(app, stage)
    for (const [person, expected] of [
      [undefined, 401],
      [neighbour, 403],
      [teacher, 403],
      [parent, 200],
      [admin, 200],
    ] as const) {
      const student_name = `Named by ${person?.name ?? 'nobody'}`
      const { status } = await api.put(`/parents/${parent.id}`, person, { student_name })
      assert.equal(status, expected, student_name)
      const { body } = await api.get(`/parents/${parent.id}`, admin)
      assert.equal(body.student_name === student_name, status === 200, student_name)
    }
    const { id } = await newUser(app, stage, 'parent')
    for (const unknown of [id, teacher.id, crypto.randomUUID()]) {
      isFailure(await api.put(`/parents/${unknown}`, admin, { notes: 'Hello' }), 404, /no parent/)
    }
  })

  it('keeps what a change does not name, and loses what it names null', async () => {
    const { api, admin, stage } = await newSchool(app)
    const profile = { student_name: 'Kim', student_class: '4b', phone: '+441632960001', notes: 'Mornings' }
    const parent = await newParent(app, stage, profile)
    const { body: before } = await api.get('/parents/me', parent)
    for (const person of [parent, admin]) {
      const expected = { ...before }
      for (const change of [{ student_class: '5b' }, { notes: null, phone: null }, {}, profile]) {
        Object.assign(expected, change)
        const { status, body } = await api.put(`/parents/${parent.id}`, person, change)
        assert.deepEqual([status, body], [200, expected])
      }
    }
    const without = await api.put(`/parents/${parent.id}`, parent, { student_name: null })
    assert.equal(without.body.student_name, 'Kim', 'whoever comes, comes for somebody')
  })

  it('says when it was changed', async () => {
    const { api, parent } = await newSchool(app)
    app.pass({ hours: 1 })
    const { body } = await api.put(`/parents/${parent.id}`, parent, { student_class: '5b' })
    assert.deepEqual([body.created_at, body.updated_at], ['2027-03-01T08:00:00', '2027-03-01T09:00:00'])
  })

  it('stays whose it is, whatever a change says', async () => {
    const { api, parent, stage } = await newSchool(app)
    const { id } = await newParent(app, stage)
    const { body: before } = await api.get('/parents/me', parent)
    const said = { id, user_id: id, user: { id, role: 'admin' }, role: 'admin', is_active: false }
    const { status, body } = await api.put(`/parents/${parent.id}`, parent, said)
    assert.deepEqual([status, body], [200, before])
    isFailure(await api.get('/admin/users', parent), 403)
  })

  it('has room for a hundred letters of a name, fifty of a class and a thousand of notes', async () => {
    const { api, parent } = await newSchool(app)
    const [student_name, student_class, notes] = ['ö'.repeat(100), 'ö'.repeat(50), 'One\n'.padEnd(1000, 'ö')]
    const full = { student_name, student_class, notes }
    const { status, body } = await api.put(`/parents/${parent.id}`, parent, full)
    assert.equal(status, 200)
    assert.deepEqual({ ...body, ...full }, body)
  })

  it('takes a phone as people write it', async () => {
    const { api, admin, parent } = await newSchool(app)
    for (const person of [parent, admin]) {
      const { body } = await api.put(`/parents/${parent.id}`, person, { phone: '+44 (1632) 960-001' })
      assert.equal(body.phone, '+441632960001')
      assert.equal((await api.put(`/parents/${parent.id}`, person, { phone: '' })).body.phone, null)
    }
  })
})

const fieldsOf = ({ body }: Awaited<ReturnType<SchoolApi['get']>>) =>
  body.errors.map(({ field }: { field: string }) => field)
