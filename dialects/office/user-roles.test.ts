import assert from 'node:assert/strict'
import { after, describe, it, type TestContext } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newPerson, newPersonWithPassword, PASSWORD } from '../../test/cast.ts'
import { book, isFailure, newOffices, newVisit } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('the users of an authority', () => {
  it('are for administrators to see and to change, and for nobody else', async () => {
    const { api, stage, admin, host, secretary, receptionist } = await newOffices(app)
    const user = await newClient(app, stage)
    const table = [
      ['a visitor', undefined, 401],
      ['a user', user, 403],
      ['a receptionist', receptionist, 403],
      ['a secretary', secretary, 403],
      ['a host', host, 403],
    ] as const
    const path = `/admin/users/${user.id}`
    const made = { first_name: 'A', last_name: 'B', email: 'a@example.com', roles: ['admin'] }
    const asked: [string, string, object?][] = [
      ['GET', '/admin/users'],
      ['POST', '/admin/users', made],
      ['GET', path],
      ['PATCH', path, { first_name: 'Eve' }],
      ['PUT', path, { first_name: 'Eve' }],
      ['DELETE', path],
      ['POST', `${path}/resend-invite`],
      ['POST', `${path}/activate`],
      ['POST', `${path}/deactivate`],
      ['POST', `${path}/suspend`],
      ['POST', `${path}/roles`, { role: 'admin' }],
      ['DELETE', `${path}/roles/user`],
    ]
    const before = (await api.get('/admin/users', admin)).body
    for (const [who, person, expected] of table) {
      for (const [method, where, body] of asked) {
        const { status } = await api.ask(method, where, { token: person?.token, body })
        assert.equal(status, expected, `${who}: ${method} ${where}`)
      }
    }
    assert.deepEqual((await api.get('/admin/users', admin)).body, before)
  })
})

describe('an account that is switched off', () => {
  for (const [how, method, word] of [
    ['by deactivating it', 'POST', '/deactivate'],
    ['by suspending it', 'POST', '/suspend'],
    ['by deleting it', 'DELETE', ''],
    ['by changing it', 'PATCH', ''],
  ] as const) {
    it(`${how} is not let in, and its tokens end at once`, async () => {
      const { api, stage, admin } = await newOffices(app)
      const user = await newPersonWithPassword(app, stage.organization, ['client'])
      const body = method === 'PATCH' ? { is_active: false } : undefined
      const off = await api.ask(method, `/admin/users/${user.id}${word}`, { token: admin.token, body })
      assert.equal(off.status, method === 'DELETE' ? 204 : 200)
      assert.equal((await api.get('/auth/me', user)).status, 401)
      const logIn = { username: user.email, password: PASSWORD }
      assert.equal((await api.post('/auth/login', undefined, logIn)).status, 401)
      assert.equal((await api.get(`/admin/users/${user.id}`, admin)).body.is_active, false)
    })
  }

  it('can be activated again, and then logs in anew', async () => {
    const { api, stage, admin } = await newOffices(app)
    const user = await newPersonWithPassword(app, stage.organization, ['client'])
    await api.post(`/admin/users/${user.id}/suspend`, admin)
    const back = await api.post(`/admin/users/${user.id}/activate`, admin)
    assert.deepEqual([back.status, back.body.is_active], [200, true])
    const logIn = { username: user.email, password: PASSWORD }
    assert.equal((await api.post('/auth/login', undefined, logIn)).status, 200)
    assert.equal((await api.get('/auth/me', user)).status, 401)
  })

  it('of a host takes no bookings until it is activated again', async () => {
    const offices = await newOffices(app)
    const { api, admin, host, receptionist } = offices
    const path = `/admin/users/${host.id}`
    await api.post(`${path}/suspend`, admin)
    isFailure(await book(offices, receptionist), 404, /This host takes no bookings/)
    await api.post(`${path}/activate`, admin)
    assert.equal((await newVisit(offices)).host_id, host.id)
  })
})

describe('a role', () => {
  it('is given beside those that somebody has, and acts at once', async () => {
    const { api, stage, admin } = await newOffices(app)
    const user = await newClient(app, stage)
    assert.equal((await api.get('/admin/users', user)).status, 403)
    const given = await api.post(`/admin/users/${user.id}/roles`, admin, { role: 'admin' })
    assert.equal(given.status, 200)
    assert.deepEqual(given.body.roles.toSorted(), ['admin', 'user'])
    assert.equal((await api.get('/admin/users', user)).status, 200)
  })

  it('that somebody has already may be given again', async () => {
    const { api, admin, host } = await newOffices(app)
    const given = await api.post(`/admin/users/${host.id}/roles`, admin, { role: 'HOST' })
    assert.deepEqual([given.status, given.body.roles], [200, ['host']])
  })

  it('is taken away, and acts at once', async () => {
    const { api, stage, admin } = await newOffices(app)
    const second = await newPerson(app, stage.organization, ['admin', 'secretary'])
    const taken = await api.delete(`/admin/users/${second.id}/roles/admin`, admin)
    assert.deepEqual([taken.status, taken.body.roles], [200, ['secretary']])
    assert.equal((await api.get('/admin/users', second)).status, 403)
  })

  it('and another, taken away by two administrators at the same moment, are both gone', async (t) => {
    const { api, stage, admin } = await newOffices(app)
    const { organization } = stage
    const second = await newPerson(app, organization, ['admin'])
    const person = await newPerson(app, organization, ['secretary', 'reception'])
    const path = `/admin/users/${person.id}/roles`
    const held = await holdOrganization(organization)
    const asked = [api.delete(`${path}/secretary`, admin), api.delete(`${path}/reception`, second)]
    await held?.untilBothWait(t)
    await held?.letGo()
    for (const { status } of await Promise.all(asked)) assert.equal(status, 200)
    assert.deepEqual((await api.get(`/admin/users/${person.id}`, admin)).body.roles, [])
  })

  it('of a host makes whoever has it bookable, also for the second time', async () => {
    const offices = await newOffices(app)
    const { api, admin, host, receptionist } = offices
    const path = `/admin/users/${host.id}/roles`
    await api.delete(`${path}/host`, admin)
    isFailure(await book(offices, receptionist), 404, /host/)
    await api.post(path, admin, { role: 'host' })
    assert.equal((await newVisit(offices)).host_id, host.id)
  })

  it('that there is not is refused, by its name', async () => {
    const { api, admin, host } = await newOffices(app)
    const path = `/admin/users/${host.id}/roles`
    isFailure(await api.post(path, admin, { role: 'minister' }), 400, /no role minister/)
    isFailure(await api.delete(`${path}/minister`, admin), 400, /no role minister/)
    isFailure(await api.post(path, admin, {}), 422, /^role is missing\.$/)
  })
})

describe('the last administrator', () => {
  it('stays one, however somebody tries to change that', async () => {
    const { api, admin } = await newOffices(app)
    const path = `/admin/users/${admin.id}`
    for (const [method, where, body] of [
      ['DELETE', `${path}/roles/admin`],
      ['DELETE', path],
      ['POST', `${path}/deactivate`],
      ['POST', `${path}/suspend`],
      ['PATCH', path, { is_active: false }],
    ] as const) {
      isFailure(await api.ask(method, where, { token: admin.token, body }), 409, /last administrator/)
    }
    const { roles, is_active } = (await api.get(path, admin)).body
    assert.deepEqual([roles, is_active], [['admin'], true])
  })
})

/** Keeps an organization locked, so that changes of its roles meet one another when it is let go. */
async function holdOrganization({ id }: { id: string }) {
  // The embedded database has one session: there nobody can come between.
  if (app.connection.kind === 'embedded') return undefined
  const { pool } = app.connection
  const client = await pool.connect()
  await client.query('begin')
  await client.query('select from organizations where id = $1 for no key update', [id])
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  return {
    async untilBothWait(t: TestContext) {
      const look = async () => assert.equal((await pool.query(waiting)).rowCount, 2)
      await t.waitFor(look, { interval: 20, timeout: 20_000 })
    },
    async letGo() {
      await client.query('commit')
      client.release()
    },
  }
}
