import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  worksAt,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, clients_may_overlap: false } as const
const NINE = '2027-03-02T09:00:00Z'
const TEN = '2027-03-02T10:00:00Z'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a hold', () => {
  it('says what is held, for whom, and until when', async () => {
    const { client, provider } = await arrange({ hold_minutes: 7 })
    const { body } = await hold(client, { provider_id: provider.id, starts_at: NINE })
    const { id, location_id, ...held } = body
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(held, {
      provider_id: provider.id,
      client_id: client.id,
      service_id: null,
      dependent_id: null,
      slot_id: null,
      starts_at: NINE,
      ends_at: TEN,
      expires_at: '2027-03-01T08:07:00Z',
    })
    assert.deepEqual((await app.get(`/holds/${id}`, { token: client.token })).body, body)
  })

  it('keeps everybody else out, whoever they are', async () => {
    const { client, provider, stage } = await arrange()
    const body = { provider_id: provider.id, starts_at: NINE }
    await hold(client, body)
    const rival = await newClient(app, stage)
    assert.equal(said(await book(app, rival, body)), '409 time_taken')
    assert.equal(said(await hold(rival, body)), '409 time_taken')
    assert.equal(said(await book(app, stage.admin, { ...body, client_id: rival.id })), '409 time_taken')
  })

  it('keeps its buffers clear as a booking does', async () => {
    const { client, provider, stage } = await arrange({ grid: 'none' })
    const { id: service_id } = await newService(app, stage, { minutes: 60, buffer_after_minutes: 30 })
    await hold(client, { provider_id: provider.id, service_id, starts_at: NINE })
    const rival = await newClient(app, stage)
    const at = (starts_at: string) => book(app, rival, { provider_id: provider.id, starts_at })
    assert.equal(said(await at('2027-03-02T10:29:00Z')), '409 time_taken')
    assert.equal(said(await at('2027-03-02T10:30:00Z')), '201')
  })

  it('is in nobody’s way once it has expired', async () => {
    const { client, provider, stage } = await arrange({ hold_minutes: 5 })
    const body = { provider_id: provider.id, starts_at: NINE }
    await hold(client, body)
    const rival = await newClient(app, stage)
    app.setClock('2027-03-01T08:04:59.999Z')
    assert.equal(said(await book(app, rival, body)), '409 time_taken')
    app.setClock('2027-03-01T08:05:00Z')
    assert.equal(said(await book(app, rival, body)), '201')
  })

  it('takes the client’s time as well: they cannot be elsewhere then', async () => {
    const { client, provider, stage } = await arrange()
    const another = await newProvider(app, stage)
    await hold(client, { provider_id: provider.id, starts_at: NINE })
    const elsewhere = await book(app, client, { provider_id: another.id, starts_at: NINE })
    assert.equal(said(elsewhere), '409 time_taken')
    assert.deepEqual(elsewhere.body.taken_by, ['client'])
    assert.equal(said(await book(app, client, { provider_id: another.id, starts_at: TEN })), '201')
  })

  it('leaves the client free where clients may be in two places', async () => {
    const { client, provider, stage } = await arrange({ clients_may_overlap: true })
    const another = await newProvider(app, stage)
    await hold(client, { provider_id: provider.id, starts_at: NINE })
    assert.equal(said(await book(app, client, { provider_id: another.id, starts_at: NINE })), '201')
  })

  it('is let go by whoever holds it, and free for others at once', async () => {
    const { client, provider, stage } = await arrange()
    const body = { provider_id: provider.id, starts_at: NINE }
    const { id } = (await hold(client, body)).body
    assert.equal(said(await app.request('DELETE', `/holds/${id}`, { token: client.token })), '204')
    assert.equal(said(await app.get(`/holds/${id}`, { token: client.token })), '404 not_found')
    assert.equal(said(await app.request('DELETE', `/holds/${id}`, { token: client.token })), '404 not_found')
    assert.equal(said(await book(app, await newClient(app, stage), body)), '201')
  })

  it('of somebody else does not exist, save for an administrator', async () => {
    const { client, provider, stage } = await arrange()
    const { id } = (await hold(client, { provider_id: provider.id, starts_at: NINE })).body
    for (const other of [await newClient(app, stage), provider]) {
      assert.equal(said(await app.get(`/holds/${id}`, { token: other.token })), '404 not_found')
      assert.equal(said(await app.request('DELETE', `/holds/${id}`, { token: other.token })), '404 not_found')
    }
    assert.equal(said(await app.get(`/holds/${id}`, { token: stage.admin.token })), '200')
  })
})

describe('holding for others', () => {
  it('is not for clients', async () => {
    const { client, provider, stage } = await arrange()
    const other = await newClient(app, stage)
    const answer = await hold(client, { provider_id: provider.id, starts_at: NINE, client_id: other.id })
    assert.equal(said(answer), '403 not_allowed')
  })

  it('is for the desk at its own locations, for nobody in particular at first', async () => {
    const { provider, stage } = await arrange()
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    const away = await newProvider(app, stage)
    const desk = await newPerson(app, stage.organization, ['reception'])
    await worksAt(app, stage, provider, here)
    await worksAt(app, stage, away, there)
    await worksAt(app, stage, desk, here)
    const held = await hold(desk, { provider_id: provider.id, starts_at: NINE })
    assert.deepEqual([said(held), held.body.client_id], ['201', null])
    const { id: client_id } = await newClient(app, stage)
    const elsewhere = await hold(desk, { provider_id: away.id, starts_at: NINE, client_id })
    assert.equal(said(elsewhere), '403 not_allowed')
  })

  it('is for providers with their own time, not with a colleague’s', async () => {
    const { client, provider, stage } = await arrange()
    const colleague = await newProvider(app, stage)
    const body = { starts_at: NINE, client_id: client.id }
    assert.equal(said(await hold(provider, { ...body, provider_id: colleague.id })), '403 not_allowed')
    assert.equal(said(await hold(provider, { ...body, provider_id: provider.id })), '201')
  })
})

describe('whoever could not be the client', () => {
  it('cannot hold: a provider with themself', async () => {
    const { provider } = await arrange()
    const answer = await hold(provider, { provider_id: provider.id, starts_at: NINE, client_id: provider.id })
    assert.equal(said(answer), '422 invalid_input')
    assert.equal(answer.body.errors[0].field, 'client_id')
  })

  it('cannot hold: somebody who is no client', async () => {
    const { provider, stage } = await arrange()
    const colleague = await newProvider(app, stage)
    const body = { provider_id: provider.id, starts_at: NINE, client_id: colleague.id }
    assert.equal(said(await hold(stage.admin, body)), '404 not_found')
  })

  it('cannot hold: a client who is blocked', async () => {
    const { client, provider } = await arrange()
    await app.connection.pool.query('update clients set blocked_at = now() where id = $1', [client.id])
    assert.equal(
      said(await hold(client, { provider_id: provider.id, starts_at: NINE })),
      '403 client_blocked',
    )
  })

  it('becomes one by holding for themself: a colleague', async () => {
    const { provider, stage } = await arrange()
    const colleague = await newProvider(app, stage)
    const held = await hold(colleague, { provider_id: provider.id, starts_at: NINE })
    assert.deepEqual([said(held), held.body.client_id], ['201', colleague.id])
    assert.equal(said(await book(app, colleague, { hold_id: held.body.id })), '201')
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  return { stage, provider, client }
}

const hold = ({ token }: Person, body: Record<string, unknown>) => app.post('/holds', { token, body })
