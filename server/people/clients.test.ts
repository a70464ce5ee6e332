import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  type Stage,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const add = ({ token }: Person, body: object) =>
  app.post('/clients', { token, body: { name: 'Ada', ...body } })
const change = ({ token }: Person, { id }: { id: string }, body: object) =>
  app.request('PATCH', `/clients/${id}`, { token, body })
const get = ({ token }: Person, { id }: { id: string }) => app.get(`/clients/${id}`, { token })

async function list({ token }: Person, query = ''): Promise<string[]> {
  const { status, body } = await app.get(`/clients?${query}`, { token })
  assert.equal(status, 200)
  return body.items.map(({ name }: { name: string }) => name)
}

async function visit(stage: Stage, provider: Person, client: { id: string }, starts_at: string) {
  const { id: service_id } = await newService(app, stage)
  const wanted = { provider_id: provider.id, client_id: client.id, service_id, starts_at }
  const { status, body } = await book(app, stage.admin, wanted)
  assert.equal(status, 201)
  return body
}

describe('a client', () => {
  it('is written down by the desk, without a log-in', async () => {
    const { organization } = await newOrganization(app)
    const desk = await newPerson(app, organization, ['reception'])
    const told = {
      name: 'Ada',
      email: 'ada@example.com',
      phone: '+441632960001',
      locale: 'en',
      notes: 'Stairs',
      details: {},
    }
    const { status, body } = await add(desk, told)
    assert.equal(status, 201)
    const { id, created_at, ...rest } = body
    assert.deepEqual(rest, { ...told, no_show_count: 0, is_blocked: false, photo_url: null })
    assert.equal(created_at, app.now().toString())
    assert.deepEqual((await get(desk, { id })).body, body)
  })

  it('may be written down with nothing but a name', async () => {
    const { admin } = await newOrganization(app)
    const { status, body } = await add(admin, { email: null, phone: null })
    assert.equal(status, 201)
    assert.deepEqual([body.email, body.phone, body.notes], [null, null, null])
  })

  it('has the fields of the trade, checked', async () => {
    const { admin } = await newOrganization(app, { trade: 'clinic' })
    const refused = await add(admin, { details: { age: 'old', shoe_size: 43 } })
    assert.equal(refused.status, 422)
    assert.deepEqual(refused.body.errors.map(({ field }: { field: string }) => field).toSorted(), [
      'details.age',
      'details.shoe_size',
    ])
    const { body } = await add(admin, { details: { age: 36, gender: 'female' } })
    const changed = await change(admin, body, { details: { age: 37 } })
    assert.deepEqual(changed.body.details, { age: 37, gender: 'female' })
    assert.equal((await change(admin, body, { details: { gender: 'queen' } })).status, 422)
  })

  it('changes what is named, and keeps the rest', async () => {
    const { admin } = await newOrganization(app)
    const before = (await add(admin, { email: 'ada@example.com', notes: 'Stairs' })).body
    const changed = (await change(admin, before, { phone: '+441632960001', notes: null })).body
    assert.deepEqual(changed, { ...before, phone: '+441632960001', notes: null })
    assert.deepEqual((await change(admin, before, {})).body, changed)
  })

  it('sees and changes their own record, and knows of no other', async () => {
    const stage = await newOrganization(app)
    const me = await newClient(app, stage)
    const other = await newClient(app, stage)
    assert.deepEqual(await list(me), [me.name])
    assert.equal((await get(me, me)).body.id, me.id)
    assert.equal((await change(me, me, { phone: '+441632960001' })).body.phone, '+441632960001')
    for (const answer of [await get(me, other), await change(me, other, { name: 'Mine' })]) {
      assert.equal(answer.status, 404)
    }
    assert.deepEqual(await list(me, `search=${other.name.slice(-6)}`), [])
    assert.equal((await get(stage.admin, other)).body.name, other.name)
  })

  it('cannot unblock themself, nor change what is counted', async () => {
    const me = await newClient(app, await newOrganization(app))
    assert.equal((await app.post(`/clients/${me.id}/unblock`, { token: me.token })).status, 403)
    for (const name of ['no_show_count', 'is_blocked', 'id', 'created_at']) {
      assert.equal((await change(me, me, { [name]: 0 })).status, 422, name)
    }
  })

  it('is known to the providers who have appointments with them, who may look and not change', async () => {
    const stage = await newOrganization(app)
    const provider = await newProvider(app, stage)
    const stranger = await newProvider(app, stage)
    const client = await newClient(app, stage)
    await visit(stage, provider, client, '2027-03-02T10:00:00Z')

    assert.deepEqual(await list(provider), [client.name])
    assert.equal((await get(provider, client)).status, 200)
    assert.equal((await change(provider, client, { name: 'Other' })).status, 403)
    assert.deepEqual(await list(stranger), [])
    assert.equal((await get(stranger, client)).status, 404)
    assert.equal((await change(stranger, client, { name: 'Other' })).status, 404)
  })
})

describe('clients', () => {
  it('are found by a part of their name, address or phone', async () => {
    const { admin } = await newOrganization(app)
    await add(admin, { name: 'Countess Lovelace', email: 'ada@example.com', phone: '+441632960001' })
    await add(admin, { name: 'Bob', email: 'bob@example.com' })
    for (const text of ['LOVE', 'ada@', '960001', 'countess love']) {
      assert.deepEqual(await list(admin, `search=${encodeURIComponent(text)}`), ['Countess Lovelace'], text)
    }
    assert.deepEqual(await list(admin, `phone=${encodeURIComponent('+441632960001')}`), ['Countess Lovelace'])
    assert.deepEqual(await list(admin, 'phone=960001'), [])
    assert.deepEqual(await list(admin, 'search=nobody'), [])
  })

  it('are searched by text that is nothing but text', async () => {
    const { admin } = await newOrganization(app)
    await add(admin, { name: '100%_\\' })
    await add(admin, { name: "Bob' or ''='" })
    const found = (text: string) => list(admin, `search=${encodeURIComponent(text)}`)
    for (const text of ['%', '_', '\\', '0%_\\']) assert.deepEqual(await found(text), ['100%_\\'], text)
    assert.deepEqual(await found("' or ''='"), ["Bob' or ''='"])
    assert.deepEqual(await found("'; drop table clients; --"), [])
    assert.equal((await app.get('/clients?search=%00', { token: admin.token })).status, 422)
    assert.equal((await app.get('/clients?phone=%00', { token: admin.token })).status, 422)
  })
})

describe('a client who missed too many appointments', () => {
  it('is blocked, until an administrator lets them book again, and the count starts anew', async () => {
    const stage = await newOrganization(app, { rules: { block_after_no_shows: 2 } })
    const provider = await newProvider(app, stage, { opens: '00:00', closes: '24:00' })
    const client = await newClient(app, stage)
    for (const hour of [9, 10]) {
      const start = app.now().add({ hours: hour })
      const { id } = await visit(stage, provider, client, start.toString())
      app.setClock(start.add({ hours: 1 }).toString())
      assert.equal((await app.post(`/appointments/${id}/no-show`, { token: provider.token })).status, 200)
    }
    const blocked = (await get(stage.admin, client)).body
    assert.deepEqual([blocked.no_show_count, blocked.is_blocked], [2, true])

    const { id: service_id } = await newService(app, stage)
    const starts_at = app.now().add({ hours: 3 }).toString()
    const wanted = { provider_id: provider.id, service_id, starts_at }
    assert.equal((await book(app, client, wanted)).status, 403)
    const unblocked = await app.post(`/clients/${client.id}/unblock`, { token: stage.admin.token })
    assert.deepEqual([unblocked.body.no_show_count, unblocked.body.is_blocked], [0, false])
    assert.equal((await book(app, client, wanted)).status, 201)
  })
})
