import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { allPages, MONDAY, startApp } from '../../test/app.ts'
import {
  book,
  logIn,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  PASSWORD,
  type Person,
  type Stage,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

function add({ admin }: Stage, person: object) {
  return app.post('/users', { token: admin.token, body: { roles: ['client'], ...person } })
}

function change({ admin }: Stage, { id }: { id: string }, body: object) {
  return app.request('PATCH', `/users/${id}`, { token: admin.token, body })
}

async function list({ admin }: Stage, query = ''): Promise<string[]> {
  const { status, body } = await app.get(`/users?${query}`, { token: admin.token })
  assert.equal(status, 200)
  return body.items.map(({ email }: Person) => email)
}

describe('the users of an organization', () => {
  it('are made by an administrator, with a password and whatever roles', async () => {
    const stage = await newOrganization(app)
    const person = { email: 'new@example.com', name: 'New', phone: '+441632960001' }
    const { status, body } = await add(stage, {
      ...person,
      password: PASSWORD,
      roles: ['reception', 'provider'],
    })
    assert.equal(status, 201)
    assert.deepEqual(body.roles, ['provider', 'reception'])
    assert.equal(body.is_verified, true)
    assert.equal((await logIn(app, stage.organization, person.email)).body.user.id, body.id)
    assert.equal((await app.get(`/providers/${body.id}`, { token: stage.admin.token })).body.name, 'New')
  })

  it('have addresses of their own', async () => {
    const stage = await newOrganization(app)
    await add(stage, { email: 'new@example.com', name: 'New' })
    const { status, body } = await add(stage, { email: 'NEW@example.com', name: 'Other' })
    assert.equal(status, 409)
    assert.equal(body.code, 'email_taken')
    assert.equal(
      (await add(await newOrganization(app), { email: 'new@example.com', name: 'New' })).status,
      201,
    )
  })

  it('come page by page, each once, by name', async () => {
    const stage = await newOrganization(app)
    const { token } = stage.admin
    for (const name of ['Bo', 'Bo', 'Ann', 'Cy', 'bo']) {
      await add(stage, { email: `${crypto.randomUUID()}@example.com`, name })
    }
    const all = (await app.get('/users', { token })).body
    assert.equal(all.next_cursor, null)

    const paged = await allPages<Person>(app, '/users?limit=2', token)
    assert.deepEqual(paged, all.items)
    assert.equal(new Set(paged.map(({ id }) => id)).size, 6)
    assert.ok(paged.findIndex(({ name }) => name === 'Ann') < paged.findIndex(({ name }) => name === 'Cy'))
  })

  it('are found by a part of their name or address', async () => {
    const stage = await newOrganization(app)
    await add(stage, { email: 'ada@example.com', name: 'Countess Lovelace' })
    await add(stage, { email: 'bob@example.com', name: 'Bob' })
    assert.deepEqual(await list(stage, 'search=LOVE'), ['ada@example.com'])
    assert.deepEqual(await list(stage, 'search=bob@'), ['bob@example.com'])
    assert.deepEqual(await list(stage, 'search=nobody'), [])
  })

  it('are searched by text that is nothing but text', async () => {
    const stage = await newOrganization(app)
    await add(stage, { email: 'ada@example.com', name: '100%_\\' })
    await add(stage, { email: 'bob@example.com', name: "Bob' or ''='" })
    const found = async (text: string) => list(stage, `search=${encodeURIComponent(text)}`)
    for (const text of ['%', '_', '\\', '0%_\\'])
      assert.deepEqual(await found(text), ['ada@example.com'], text)
    assert.deepEqual(await found("' or ''='"), ['bob@example.com'])
    assert.deepEqual(await found("'; drop table accounts; --"), [])
    const nul = await app.get('/users?search=%00', { token: stage.admin.token })
    assert.equal(nul.status, 422)
  })

  it('are found by role', async () => {
    const stage = await newOrganization(app)
    await add(stage, { email: 'ada@example.com', name: 'Ada', roles: ['reception', 'client'] })
    await add(stage, { email: 'bob@example.com', name: 'Bob', roles: ['client'] })
    assert.deepEqual(await list(stage, 'role=reception'), ['ada@example.com'])
    assert.deepEqual(await list(stage, 'role=client'), ['ada@example.com', 'bob@example.com'])
    assert.deepEqual(await list(stage, 'role=client&search=bob'), ['bob@example.com'])
    const unknown = await app.get('/users?role=king', { token: stage.admin.token })
    assert.equal(unknown.status, 422)
  })

  it('say how many appointments they missed, and whether that blocks them', async () => {
    const stage = await newOrganization(app, { rules: { block_after_no_shows: 1 } })
    const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
    const missed = async () => {
      const { body } = await app.get(`/users/${client.id}`, { token: stage.admin.token })
      return [body.no_show_count, body.is_blocked]
    }
    assert.deepEqual(await missed(), [0, false])
    const starts_at = '2027-03-01T09:00:00Z'
    const { body: appointment } = await book(app, client, { provider_id: provider.id, starts_at })
    app.setClock('2027-03-01T09:05:00Z')
    const said = await app.post(`/appointments/${appointment.id}/no-show`, { token: provider.token })
    app.setClock(MONDAY)
    assert.equal(said.status, 200)
    assert.deepEqual(await missed(), [1, true])
  })

  it('get another name and phone, and keep what is not named', async () => {
    const stage = await newOrganization(app)
    const user = (await add(stage, { email: 'ada@example.com', name: 'Ada', phone: '+441632960001' })).body
    const renamed = (await change(stage, user, { name: 'Lady Ada' })).body
    assert.deepEqual(renamed, { ...user, name: 'Lady Ada' })
    assert.deepEqual((await change(stage, user, { phone: null })).body, { ...renamed, phone: null })
    assert.deepEqual((await app.get(`/users/${user.id}`, { token: stage.admin.token })).body.phone, null)
  })

  it('take no bookings any more when they are no provider any more', async () => {
    const stage = await newOrganization(app)
    const user = (await add(stage, { email: 'ada@example.com', name: 'Ada', roles: ['provider'] })).body
    const listed = async () => (await app.get('/providers', { token: stage.admin.token })).body.items.length
    assert.equal(await listed(), 1)
    await change(stage, user, { roles: ['client'] })
    assert.equal(await listed(), 0)
  })

  it('take no bookings any more when their account is switched off', async () => {
    const stage = await newOrganization(app)
    const provider = await newPerson(app, stage.organization, ['provider'])
    await change(stage, provider, { is_active: false })
    const { body } = await app.get(`/providers/${provider.id}`, { token: stage.admin.token })
    assert.equal(body.is_active, false)
  })

  it('are the person whom the desk had written down with that address', async () => {
    const stage = await newOrganization(app)
    const known = { name: 'Kim', email: 'kim@example.com' }
    const client = await app.post('/clients', { token: stage.admin.token, body: known })
    const user = await add(stage, { ...known, email: 'Kim@example.com', roles: ['provider'] })
    assert.equal(user.status, 201)
    assert.equal(user.body.id, client.body.id)
    assert.deepEqual(user.body.roles, ['client', 'provider'])
  })

  it('are somebody new where two were written down with that address', async () => {
    const stage = await newOrganization(app)
    const both = { name: 'Kim', email: 'kim@example.com' }
    const clients = [1, 2].map(() => app.post('/clients', { token: stage.admin.token, body: both }))
    const ids = (await Promise.all(clients)).map(({ body }) => body.id)
    const user = await add(stage, both)
    assert.equal(user.status, 201)
    assert.ok(!ids.includes(user.body.id))
  })

  it('always keep one administrator who can act', async () => {
    const stage = await newOrganization(app)
    for (const body of [{ roles: ['client'] }, { roles: [] }, { is_active: false }]) {
      const { status, body: problem } = await change(stage, stage.admin, body)
      assert.equal(status, 409)
      assert.equal(problem.code, 'last_administrator')
    }
    assert.equal((await app.get('/users', { token: stage.admin.token })).status, 200)

    const second = await newPerson(app, stage.organization, ['admin'])
    assert.equal((await change(stage, second, { is_active: false })).status, 200)
    assert.equal((await change(stage, stage.admin, { roles: ['client'] })).status, 409)
  })

  it('keep one administrator also when two depose each other at once', async () => {
    const { organization, admin } = await newOrganization(app)
    const second = await newPerson(app, organization, ['admin'])
    const depose = (by: Person, whom: Person) =>
      app.request('PATCH', `/users/${whom.id}`, { token: by.token, body: { roles: ['client'] } })
    const statuses = (await Promise.all([depose(admin, second), depose(second, admin)])).map(
      (it) => it.status,
    )
    assert.ok(statuses.includes(200), `${statuses}`)
    const { rows } = await app.connection.pool.query(
      `select from roles where organization_id = $1 and role = 'admin'`,
      [organization.id],
    )
    assert.equal(rows.length, 1)
  })

  it('cannot make themselves administrators', async () => {
    const { organization } = await newOrganization(app)
    for (const role of ['secretary', 'reception', 'provider', 'client'] as const) {
      const { id, token } = await newPerson(app, organization, [role])
      const body = { roles: ['admin'] }
      assert.equal((await app.request('PATCH', `/users/${id}`, { token, body })).status, 403)
      assert.equal((await app.request('PATCH', '/users/me', { token, body })).status, 422)
      assert.equal(
        (await app.post('/users', { token, body: { email: 'a@b.example', name: 'A', ...body } })).status,
        403,
      )
    }
  })
})
