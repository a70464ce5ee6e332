import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { createOrganization } from '../../server/organizations/organizations.ts'
import { trades } from '../../server/organizations/trades.ts'
import { startApp } from '../../test/app.ts'
import { PASSWORD, type Person } from '../../test/cast.ts'
import { isFailure, made, newSchool, newUser, type SchoolApi, schoolApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

let count = 0
const newEmail = () => `somebody-${++count}@example.com`
const fields = ['id', 'email', 'full_name', 'role', 'is_active', 'created_at', 'updated_at']

function register(api: SchoolApi, body: object, person?: Person) {
  const wanted = { email: newEmail(), password: PASSWORD, role: 'parent', ...body }
  return api.post('/auth/register', person, wanted)
}

describe('registering', () => {
  it('makes a parent of whoever asks for it', async () => {
    const { api } = await newSchool(app)
    const email = newEmail()
    const { id, ...user } = made(await register(api, { email, full_name: 'Ada Lovelace' }))
    assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    const times = { created_at: '2027-03-01T08:00:00', updated_at: '2027-03-01T08:00:00' }
    assert.deepEqual(user, { email, full_name: 'Ada Lovelace', role: 'parent', is_active: true, ...times })
  })

  it('gives nobody a profile: that is for an administrator', async () => {
    const { api, admin } = await newSchool(app)
    const { access_token: token, user } = await registered(api, { role: 'parent' })
    isFailure(await api.ask('GET', '/parents/me', { token }), 404, /no parent/)
    isFailure(await api.get(`/parents/${user.id}`, admin), 404)
    const profile = { user_id: user.id, student_name: 'Kim' }
    assert.equal(made(await api.post('/parents', admin, profile)).user.email, user.email)
    assert.equal((await api.ask('GET', '/parents/me', { token })).body.student_name, 'Kim')
  })

  it('as a teacher or an administrator needs the token of an administrator', async () => {
    const { api, admin, teacher, parent } = await newSchool(app)
    const table = [
      ['a visitor', undefined, 403],
      ['a parent', parent, 403],
      ['a teacher', teacher, 403],
      ['an administrator', admin, 201],
    ] as const
    for (const role of ['teacher', 'admin']) {
      for (const [who, person, expected] of table) {
        const { status, body } = await register(api, { role }, person)
        assert.equal(status, expected, `${who} as ${role}: ${JSON.stringify(body)}`)
        if (status === 201) assert.equal(body.role, role)
      }
    }
  })

  it('as an administrator is free as long as there is none', async () => {
    const api = await withoutAdministrator()
    const first = made(await register(api, { role: 'admin' }))
    assert.equal(first.role, 'admin')
    isFailure(await register(api, { role: 'admin' }), 403, /administrator/)
  })

  it('a teacher leaves them out of the list until they have a profile', async () => {
    const { api, admin, teacher } = await newSchool(app)
    const user = made(await register(api, { role: 'teacher' }, admin))
    const ids = async () => (await api.get('/teachers', admin)).body.teachers.map(({ id }: Person) => id)
    assert.deepEqual(await ids(), [teacher.id])
    isFailure(await api.get(`/teachers/${user.id}`, admin), 404, /no teacher/)
    made(await api.post('/teachers', admin, { user_id: user.id }))
    assert.deepEqual((await ids()).toSorted(), [teacher.id, user.id].toSorted())
  })

  it('by an administrator makes somebody who can log in', async () => {
    const { api, admin } = await newSchool(app)
    for (const role of ['parent', 'teacher', 'admin']) {
      const email = newEmail()
      const user = made(await register(api, { email, role }, admin))
      const { body } = await api.post('/auth/login', undefined, { email, password: PASSWORD })
      assert.deepEqual(body.user, user)
    }
  })

  it('with an address that is taken is a conflict, however it is written', async () => {
    const { api, admin } = await newSchool(app)
    made(await register(api, { email: 'twice@example.com' }))
    for (const email of ['twice@example.com', 'Twice@Example.COM']) {
      for (const person of [undefined, admin]) {
        isFailure(await register(api, { email }, person), 409, /already an account/)
      }
    }
  })

  it('with the same address at once makes one account', async () => {
    const { api } = await newSchool(app)
    const answers = await Promise.all([1, 2, 3].map(() => register(api, { email: 'race@example.com' })))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409])
  })

  it('says which field is wrong, and how', async () => {
    const { api, admin } = await newSchool(app)
    const table: [object, string, RegExp][] = [
      [{ email: 'nobody' }, 'email', /must be an e-mail address/],
      [{ email: undefined }, 'email', /is missing/],
      [{ password: 'seven77' }, 'password', /8 characters/],
      [{ password: 'x'.repeat(129) }, 'password', /128 characters/],
      [{ password: undefined }, 'password', /is missing/],
      [{ role: 'boss' }, 'role', /must be one of admin, teacher, parent/],
      [{ role: undefined }, 'role', /is missing/],
      [{ full_name: 'x'.repeat(201) }, 'full_name', /200 characters/],
    ]
    for (const [wrong, field, sentence] of table) {
      for (const person of [undefined, admin]) {
        const answer = await register(api, wrong, person)
        isFailure(answer, 422, sentence)
        const [problem, ...others] = answer.body.errors
        assert.deepEqual([problem.field, others], [field, []])
        assert.match(problem.message, sentence)
      }
    }
    const { body } = await register(api, { email: 'nobody', role: 'boss' })
    assert.deepEqual(body.errors.map(({ field }: { field: string }) => field).toSorted(), ['email', 'role'])
  })

  it('calls whoever has no name as their address begins', async () => {
    const { api } = await newSchool(app)
    for (const [at, nameless] of [{}, { full_name: null }, { full_name: '  ' }].entries()) {
      const user = made(await register(api, { email: `grace${at}@example.com`, ...nameless }))
      assert.equal(user.full_name, `grace${at}`, JSON.stringify(nameless))
    }
  })

  it('takes nothing from the body that is not for the person to say', async () => {
    const { api, admin } = await newSchool(app)
    const other = await newSchool(app)
    const said = {
      id: other.parent.id,
      is_active: false,
      is_admin: true,
      roles: ['admin'],
      password_hash: 'x',
      organization_id: other.stage.organization.id,
    }
    const user = made(await register(api, said))
    assert.deepEqual(Object.keys(user), fields)
    assert.notEqual(user.id, said.id)
    assert.deepEqual([user.role, user.is_active], ['parent', true])
    assert.equal((await api.get(`/admin/users/${user.id}`, admin)).status, 200)
    isFailure(await other.api.get(`/admin/users/${user.id}`, other.admin), 404)
  })
})

describe('a parent without a profile', () => {
  it('has an account, and neither a profile to show nor meetings', async () => {
    const { api, stage } = await newSchool(app)
    const parent = await newUser(app, stage, 'parent')
    assert.deepEqual(Object.keys((await api.get('/auth/me', parent)).body), fields)
    for (const path of ['/parents/me', `/parents/${parent.id}`, `/parents/user/${parent.id}`]) {
      isFailure(await api.get(path, parent), 404, /no parent/)
    }
    isFailure(await api.get('/appointments', parent), 404, /no parent/)
  })
})

/** Registers somebody and logs them in. */
async function registered(api: SchoolApi, body: object) {
  const email = newEmail()
  made(await register(api, { email, ...body }))
  return (await api.post('/auth/login', undefined, { email, password: PASSWORD })).body
}

/** A school as `setup` makes it where no administrator is named. */
async function withoutAdministrator(): Promise<SchoolApi> {
  const wanted = { slug: `bare-${crypto.randomUUID()}`, name: 'Bare', time_zone: 'UTC' }
  const organization = await createOrganization(app.connection.db, trades.school!, wanted, app.now())
  return schoolApi(app, { organization })
}
