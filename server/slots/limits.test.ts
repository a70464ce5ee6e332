import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider } from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60 } as const
const TODAY = '2027-03-01'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the limits of what is offered', () => {
  it('offers nothing that has begun, and what begins this instant', async () => {
    const { client, provider } = await arrange()
    app.setClock(`${TODAY}T15:00:00Z`)
    assert.deepEqual(await freeTimes(app, client, provider, { date: TODAY }), ['15:00', '16:00'])
    app.setClock(`${TODAY}T15:00:00.001Z`)
    assert.deepEqual(await freeTimes(app, client, provider, { date: TODAY }), ['16:00'])
  })

  it('offers nothing that starts sooner than the notice, and what starts just so', async () => {
    const { client, provider } = await arrange({ notice_minutes: 90 })
    app.setClock(`${TODAY}T13:30:00Z`)
    assert.deepEqual(await freeTimes(app, client, provider, { date: TODAY }), ['15:00', '16:00'])
    app.setClock(`${TODAY}T13:30:01Z`)
    assert.deepEqual(await freeTimes(app, client, provider, { date: TODAY }), ['16:00'])
  })

  it('offers nothing beyond the horizon, and what lies on it', async () => {
    const { client, provider } = await arrange({ horizon_minutes: 1440 })
    app.setClock(`${TODAY}T10:00:00Z`)
    const tomorrow = { date: '2027-03-02' }
    assert.deepEqual(await freeTimes(app, client, provider, tomorrow), ['09:00', '10:00'])
    app.setClock(`${TODAY}T09:59:59Z`)
    assert.deepEqual(await freeTimes(app, client, provider, tomorrow), ['09:00'])
  })
})

describe('booking by hand past the limits of what is offered', () => {
  it('is refused for a time that has passed, to an administrator as well', async () => {
    const { client, provider, stage } = await arrange()
    app.setClock(`${TODAY}T15:00:00.001Z`)
    const body = { provider_id: provider.id, starts_at: `${TODAY}T15:00:00Z` }
    assert.equal(said(await book(app, client, body)), '422 in_the_past')
    const forThem = { ...body, client_id: client.id }
    assert.equal(said(await book(app, stage.admin, forThem)), '422 in_the_past')
    assert.equal(said(await app.post('/holds', { token: client.token, body })), '422 in_the_past')
  })

  it('is granted this very instant', async () => {
    const { client, provider } = await arrange()
    app.setClock(`${TODAY}T15:00:00Z`)
    const body = { provider_id: provider.id, starts_at: `${TODAY}T15:00:00Z` }
    assert.equal(said(await book(app, client, body)), '201')
  })

  it('is refused within the notice, and granted just before it', async () => {
    const { client, provider } = await arrange({ notice_minutes: 90 })
    const body = { provider_id: provider.id, starts_at: `${TODAY}T15:00:00Z` }
    app.setClock(`${TODAY}T13:30:00.001Z`)
    assert.equal(said(await app.post('/holds', { token: client.token, body })), '422 notice_too_short')
    assert.equal(said(await book(app, client, body)), '422 notice_too_short')
    assert.equal(said(await book(app, provider, { ...body, client_id: client.id })), '422 notice_too_short')
    app.setClock(`${TODAY}T13:30:00Z`)
    assert.equal(said(await book(app, client, body)), '201')
  })

  it('is refused beyond the horizon, and granted on it', async () => {
    const { client, provider } = await arrange({ horizon_minutes: 1440 })
    const body = { provider_id: provider.id, starts_at: '2027-03-02T10:00:00Z' }
    app.setClock(`${TODAY}T09:59:59.999Z`)
    assert.equal(said(await app.post('/holds', { token: client.token, body })), '422 beyond_horizon')
    assert.equal(said(await book(app, client, body)), '422 beyond_horizon')
    app.setClock(`${TODAY}T10:00:00Z`)
    assert.equal(said(await book(app, client, body)), '201')
  })

  it('is refused in words that say what would be in time', async () => {
    const { client, provider } = await arrange({ notice_minutes: 60, horizon_minutes: 2 * 1440 })
    const body = { provider_id: provider.id, starts_at: `${TODAY}T09:00:00Z` }
    app.setClock(`${TODAY}T08:30:00Z`)
    assert.match((await book(app, client, body)).body.detail, /at least 1 hour before/)
    const late = { ...body, starts_at: '2027-03-04T09:00:00Z' }
    assert.match((await book(app, client, late)).body.detail, /at most 2 days before/)
  })

  it('is granted to an administrator, within the notice and beyond the horizon', async () => {
    const { client, provider, stage } = await arrange({ notice_minutes: 600, horizon_minutes: 1440 })
    const body = { provider_id: provider.id, client_id: client.id }
    const soon = await book(app, stage.admin, { ...body, starts_at: `${TODAY}T09:00:00Z` })
    const late = await book(app, stage.admin, { ...body, starts_at: '2027-03-04T09:00:00Z' })
    assert.deepEqual([said(soon), said(late)], ['201', '201'])
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  return { stage, provider, client }
}
