import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { allPages, type Answer, startApp } from '../../test/app.ts'
import {
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  type Stage,
  visiting,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const ask = ({ token }: Person, body: object) =>
  app.post('/api-keys', { token, body: { name: 'Till', scopes: ['clients:read'], ...body } })

/** A key for these, made by the administrator of the stage unless somebody else is named. */
async function newKey(stage: Stage, scopes: string[], more: { by?: Person; expires_at?: string } = {}) {
  const { by = stage.admin, ...rest } = more
  const { status, body } = await ask(by, { scopes, ...rest })
  assert.equal(status, 201, JSON.stringify(body))
  return body as { id: string; key: string }
}
const list = ({ admin }: Stage) => app.get('/api-keys', { token: admin.token })
const revoke = ({ token }: Person, { id }: { id: string }) =>
  app.request('DELETE', `/api-keys/${id}`, { token })
const changeUser = ({ admin }: Stage, { id }: Person, body: object) =>
  app.request('PATCH', `/users/${id}`, { token: admin.token, body })

function assertEnded({ status, body }: Answer) {
  assert.equal(status, 401)
  assert.equal(body.code, 'token_invalid')
}

describe('an API key', () => {
  it('is told once, and lets a program do what it is for', async () => {
    const stage = await newOrganization(app)
    const { status, body } = await ask(stage.admin, { expires_at: '2027-04-01T02:00:00+02:00' })
    assert.equal(status, 201)
    const { id, key, ...rest } = body
    assert.match(key, /^pk_[0-9a-f]{32}_[0-9a-f]{32}_[\w-]{43}$/)
    assert.deepEqual(rest, {
      name: 'Till',
      scopes: ['clients:read'],
      created_by: stage.admin.id,
      created_at: app.now().toString(),
      expires_at: '2027-04-01T00:00:00Z',
      last_used_at: null,
      revoked_at: null,
    })
    assert.deepEqual((await list(stage)).body.items, [{ id, ...rest }])
    const clients = await app.get('/clients', { token: key })
    assert.equal(clients.status, 200)
  })

  it('acts as the administrator who made it', async () => {
    const stage = await newOrganization(app)
    const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
    const { id: service_id } = await newService(app, stage)
    const { key } = await newKey(stage, ['appointments:book'])
    const wanted = { provider_id: provider.id, client_id: client.id, service_id }
    const booked = await app.post('/appointments', {
      token: key,
      body: { ...wanted, starts_at: '2027-03-02T10:00:00Z' },
    })
    assert.equal(booked.status, 201, JSON.stringify(booked.body))
    assert.equal(booked.body.booked_by, stage.admin.id)
  })

  it('does nothing beyond its scopes, not even what visitors may', async () => {
    const stage = await newOrganization(app)
    const { key } = await newKey(stage, ['clients:read'])
    const beyond: [string, string, object?][] = [
      ['GET', '/appointments'],
      ['GET', '/providers'],
      ['GET', '/users/me'],
      ['GET', '/users'],
      ['POST', '/clients', { name: 'Ada' }],
      ['PATCH', '/organization', { name: 'Mine' }],
    ]
    for (const [method, path, body] of beyond) {
      const answer = await app.request(method, path, { token: key, body })
      assert.deepEqual([answer.status, answer.body.code], [403, 'not_allowed'], path)
    }
  })

  it('does not go past the rules of booking by what its maker may', async () => {
    const stage = await newOrganization(app, { rules: { notice_minutes: 60 * 24 * 7 } })
    const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
    const { id: service_id } = await newService(app, stage)
    const wanted = { provider_id: provider.id, client_id: client.id, service_id }
    const soon = { ...wanted, starts_at: '2027-03-02T10:00:00Z' }
    const narrow = await newKey(stage, ['appointments:book'])
    assert.equal((await app.post('/appointments', { token: narrow.key, body: soon })).status, 422)
    const wide = await newKey(stage, ['appointments:book', 'policies:override'])
    assert.equal((await app.post('/appointments', { token: wide.key, body: soon })).status, 201)
  })

  it('makes, lists and ends no keys', async () => {
    const stage = await newOrganization(app)
    const made = await newKey(stage, ['organization:change'])
    const answers = [
      await app.get('/api-keys', { token: made.key }),
      await ask({ ...stage.admin, token: made.key }, {}),
      await revoke({ ...stage.admin, token: made.key }, made),
    ]
    for (const { status } of answers) assert.equal(status, 403)
  })

  it('can never be for what is personal, or for what makes another way in', async () => {
    const { admin } = await newOrganization(app)
    for (const scope of ['account:own', 'account:enter', 'users:manage', 'api_keys:manage', 'everything']) {
      const { status, body } = await ask(admin, { scopes: ['clients:read', scope] })
      assert.equal(status, 422, scope)
      assert.equal(body.errors[0].field, 'scopes.1')
    }
    for (const scopes of [[], ['clients:read', 'clients:read']]) {
      assert.equal((await ask(admin, { scopes })).status, 422)
    }
  })

  it('is good in its own organization only', async () => {
    const stage = await newOrganization(app)
    const elsewhere = await newOrganization(app)
    const client = await newClient(app, stage)
    const { key } = await newKey(elsewhere, ['clients:read'])
    assert.equal((await app.get(`/clients/${client.id}`, { token: key })).status, 404)
    const named = await app.get('/clients', { token: key, headers: visiting(stage.organization) })
    assert.deepEqual([named.status, named.body.code], [400, 'organization_unclear'])
  })

  it('is not one that calls itself of another organization, or another key', async () => {
    const stage = await newOrganization(app)
    const elsewhere = await newOrganization(app)
    const { key } = await newKey(stage, ['clients:read'])
    const other = await newKey(stage, ['clients:read'])
    const [, , id, secret] = key.split('_')
    const digits = elsewhere.organization.id.replaceAll('-', '')
    const made = [
      `pk_${digits}_${id}_${secret}`,
      `${other.key.slice(0, -43)}${key.slice(-43)}`,
      `${key.slice(0, -1)}${key.endsWith('A') ? 'E' : 'A'}`,
      key.slice(0, -1),
      `${key}A`,
      key.toUpperCase(),
      'pk_',
      'pk_x_y_z',
    ]
    for (const token of made) assertEnded(await app.get('/clients', { token }))
  })

  it('ends when its time is over', async () => {
    const stage = await newOrganization(app)
    const until = app.now().add({ hours: 1 })
    const { key } = await newKey(stage, ['clients:read'], { expires_at: until.toString() })
    app.setClock(until.subtract({ seconds: 1 }).toString())
    assert.equal((await app.get('/clients', { token: key })).status, 200)
    app.setClock(until.toString())
    assertEnded(await app.get('/clients', { token: key }))
  })

  it('cannot have ended before it is made', async () => {
    const { admin } = await newOrganization(app)
    const { status, body } = await ask(admin, { expires_at: app.now().toString() })
    assert.equal(status, 422)
    assert.equal(body.errors[0].field, 'expires_at')
  })

  it('ends with the request after it was revoked, and stays in the list', async () => {
    const stage = await newOrganization(app)
    const made = await newKey(stage, ['clients:read'])
    assert.equal((await revoke(stage.admin, made)).status, 204)
    assertEnded(await app.get('/clients', { token: made.key }))
    const revoked_at = app.now().toString()
    app.pass({ hours: 1 })
    assert.equal((await revoke(stage.admin, made)).status, 204)
    assert.equal((await list(stage)).body.items[0].revoked_at, revoked_at)
  })

  it('can do only what its maker still may, and nothing once their account is closed', async () => {
    const stage = await newOrganization(app)
    const maker = await newPerson(app, stage.organization, ['admin'])
    const stranger = await newClient(app, stage)
    const { key } = await newKey(stage, ['clients:read', 'services:change'], { by: maker })
    await changeUser(stage, maker, { roles: ['client'] })
    assert.equal((await app.get(`/clients/${stranger.id}`, { token: key })).status, 404)
    assert.equal((await app.get(`/clients/${maker.id}`, { token: key })).status, 200)
    assert.equal((await app.post('/services', { token: key, body: { name: 'A', minutes: 5 } })).status, 403)
    await changeUser(stage, maker, { roles: ['admin'], is_active: false })
    assertEnded(await app.get('/clients', { token: key }))
  })

  it('is not ended by its maker logging out', async () => {
    const stage = await newOrganization(app)
    const { key } = await newKey(stage, ['clients:read'])
    await app.post('/auth/logout', { token: stage.admin.token })
    assert.equal((await app.get('/clients', { token: key })).status, 200)
  })

  it('says to the minute when it was used', async () => {
    const stage = await newOrganization(app)
    const { key } = await newKey(stage, ['clients:read'])
    const use = () => app.get('/clients', { token: key })
    const lastUsed = async () => (await list(stage)).body.items[0].last_used_at
    const first = app.now().toString()
    await use()
    app.pass({ seconds: 59 })
    await use()
    assert.equal(await lastUsed(), first)
    app.pass({ seconds: 1 })
    await use()
    assert.equal(await lastUsed(), app.now().toString())
  })

  it('leaves no trace of its text: not in the log, not in the database', async () => {
    const stage = await newOrganization(app)
    const asking = { token: stage.admin.token, headers: { 'idempotency-key': 'k' } }
    const made = await app.post('/api-keys', { ...asking, body: { name: 'A', scopes: ['clients:create'] } })
    const { key } = made.body
    await app.post('/clients', { token: key, body: { name: 'Ada' }, headers: { 'idempotency-key': 'k' } })
    await app.get('/nowhere', { token: key })
    await app.get(`/nowhere/${key}`, { token: key })
    const secret = key.slice(-43)
    const { rows } = await app.connection.pool.query(
      `select (select string_agg(t::text, '') from api_keys t) || (select string_agg(t::text, '') from idempotency_keys t)
        || (select string_agg(t::text, '') from events t) as kept`,
    )
    assert.ok(rows[0].kept.length > 0)
    assert.doesNotMatch(rows[0].kept, new RegExp(secret))
    assert.doesNotMatch(JSON.stringify(app.logged), new RegExp(secret))
  })

  it('has retries of its own, apart from those of its maker', async () => {
    const stage = await newOrganization(app)
    const [one, other] = [await newKey(stage, ['clients:create']), await newKey(stage, ['clients:create'])]
    const add = (token: string) =>
      app.post('/clients', { token, body: { name: 'Ada' }, headers: { 'idempotency-key': '1' } })
    const ids = []
    for (const token of [stage.admin.token, one.key, other.key, one.key]) ids.push((await add(token)).body.id)
    assert.equal(new Set(ids).size, 3)
    assert.equal(ids[1], ids[3])
  })
})

describe('the API keys of an organization', () => {
  it('are listed page by page, in the order in which they were made', async () => {
    const stage = await newOrganization(app)
    const made = []
    for (const scope of ['clients:read', 'hours:read', 'slots:read'])
      made.push((await newKey(stage, [scope])).id)
    const listed = await allPages(app, '/api-keys?limit=2', stage.admin.token)
    assert.deepEqual(
      listed.map(({ id }) => id),
      made,
    )
  })

  it('are the administrators’ business, and each one’s own organization’s', async () => {
    const stage = await newOrganization(app)
    const elsewhere = await newOrganization(app)
    const made = await newKey(stage, ['clients:read'])
    const desk = await newPerson(app, stage.organization, ['secretary'])
    assert.equal((await ask(desk, {})).status, 403)
    assert.equal((await revoke(elsewhere.admin, made)).status, 404)
    assert.deepEqual((await list(elsewhere)).body.items, [])
    assert.equal((await app.get('/clients', { token: made.key })).status, 200)
  })
})
