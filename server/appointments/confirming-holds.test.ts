import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  worksAt,
} from '../../test/cast.ts'
import { freeTimes, said, setRules } from '../../test/free.ts'

const rules = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  hold_minutes: 5,
} as const
const NINE = '2027-03-02T09:00:00Z'
const TEN = '2027-03-02T10:00:00Z'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('booking what is held', () => {
  it('gives the appointment the id of the hold, and what was said with it', async () => {
    const { client, provider, held } = await arrange()
    const answer = await book(app, client, { hold_id: held.id, notes: 'Two people' })
    assert.equal(said(answer), '201')
    const { id, provider_id, client_id, starts_at, ends_at, notes, state } = answer.body
    assert.deepEqual([id, provider_id, client_id], [held.id, provider.id, client.id])
    assert.deepEqual([starts_at, ends_at, notes, state], [NINE, TEN, 'Two people', 'confirmed'])
    assert.equal(said(await app.get(`/holds/${held.id}`, { token: client.token })), '404 not_found')
    assert.deepEqual((await freeTimes(app, client, provider, { date: '2027-03-02' }))[0], '10:00')
  })

  it('keeps the time when the hold would have expired', async () => {
    const { stage, client, provider, held } = await arrange()
    await book(app, client, { hold_id: held.id })
    app.setClock('2027-03-01T08:30:00Z')
    const rival = await newClient(app, stage)
    const late = await book(app, rival, { provider_id: provider.id, starts_at: NINE })
    assert.equal(said(late), '409 time_taken')
  })

  it('keeps buffers and length as they were when it was held', async () => {
    const { stage, client, provider } = await arrange()
    const service = await newService(app, stage, { minutes: 60, buffer_after_minutes: 60 })
    const held = await hold(client, { provider_id: provider.id, service_id: service.id, starts_at: TEN })
    const shorter = { minutes: 30, buffer_after_minutes: 0 }
    await app.request('PATCH', `/services/${service.id}`, { token: stage.admin.token, body: shorter })
    const { body } = await book(app, client, { hold_id: held.id })
    assert.equal(body.ends_at, '2027-03-02T11:00:00Z')
    const rival = await newClient(app, stage)
    const next = { provider_id: provider.id, starts_at: '2027-03-02T11:00:00Z' }
    assert.equal(said(await book(app, rival, next)), '409 time_taken')
  })

  it('works until the hold expires, and not from then on', async () => {
    const { client, held } = await arrange()
    app.setClock('2027-03-01T08:05:00Z')
    assert.equal(said(await book(app, client, { hold_id: held.id })), '409 hold_expired')
    app.setClock('2027-03-01T08:04:59.999Z')
    assert.equal(said(await book(app, client, { hold_id: held.id })), '201')
  })

  it('works until the time itself comes, however long it is held', async () => {
    const { stage, client, provider } = await arrange()
    await setRules(app, stage, { hold_minutes: 120 })
    const body = { provider_id: provider.id, starts_at: '2027-03-01T09:00:00Z' }
    const held = await app.post('/holds', { token: client.token, body })
    app.setClock('2027-03-01T09:00:00.001Z')
    assert.equal(said(await book(app, client, { hold_id: held.body.id })), '422 in_the_past')
    app.setClock('2027-03-01T09:00:00Z')
    assert.equal(said(await book(app, client, { hold_id: held.body.id })), '201')
  })

  it('works once: a second time it is said that it was booked', async () => {
    const { client, held } = await arrange()
    await book(app, client, { hold_id: held.id })
    assert.equal(said(await book(app, client, { hold_id: held.id })), '409 hold_used')
  })

  it('is refused when the time went to somebody else after it had expired', async () => {
    const { stage, client, provider, held } = await arrange()
    app.setClock('2027-03-01T08:05:00Z')
    const rival = await newClient(app, stage)
    assert.equal(said(await book(app, rival, { provider_id: provider.id, starts_at: NINE })), '201')
    app.setClock('2027-03-01T08:04:00Z')
    assert.equal(said(await book(app, client, { hold_id: held.id })), '409 hold_expired')
  })

  it('is for whoever holds it; for others there is no such hold', async () => {
    const { stage, provider, held } = await arrange()
    for (const who of [await newClient(app, stage), provider]) {
      assert.equal(said(await book(app, who, { hold_id: held.id })), '404 not_found')
    }
    const other = await arrange()
    assert.equal(said(await book(app, other.stage.admin, { hold_id: held.id })), '404 not_found')
  })

  it('takes no time, no provider and no other client beside it', async () => {
    const { stage, client, provider, held } = await arrange()
    const rival = await newClient(app, stage)
    for (const [field, value] of Object.entries({
      starts_at: TEN,
      provider_id: provider.id,
      client_id: rival.id,
    })) {
      const answer = await book(app, client, { hold_id: held.id, [field]: value })
      assert.equal(said(answer), '422 invalid_input', field)
      assert.equal(answer.body.errors[0].field, field)
    }
    assert.equal(said(await book(app, client, { hold_id: held.id, client_id: client.id })), '201')
  })

  it('asks for the fields of the trade', async () => {
    const stage = await newOrganization(app, { trade: 'clinic' })
    const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
    const held = await hold(client, { provider_id: provider.id, starts_at: NINE })
    assert.equal(said(await book(app, client, { hold_id: held.id })), '422 invalid_input')
    const booked = await book(app, client, { hold_id: held.id, details: { reason: 'A cough' } })
    assert.equal(said(booked), '201')
  })

  it('is in the history like any booking', async () => {
    const { client, held } = await arrange()
    await book(app, client, { hold_id: held.id })
    const { body } = await app.get(`/appointments/${held.id}/history`, { token: client.token })
    assert.deepEqual(
      body.items.map((entry: { action: string }) => entry.action),
      ['booked'],
    )
  })
})

describe('what the desk holds for nobody in particular', () => {
  it('is booked for whoever is named then, and their time is taken with it', async () => {
    const { stage, client, provider, desk } = await arrange()
    const held = await hold(desk, { provider_id: provider.id, starts_at: TEN })
    const answer = await book(app, desk, { hold_id: held.id, client_id: client.id })
    assert.deepEqual([said(answer), answer.body.client_id], ['201', client.id])
    const another = await newProvider(app, stage)
    const twice = await book(app, client, { provider_id: another.id, starts_at: TEN })
    assert.deepEqual([said(twice), twice.body.taken_by], ['409 time_taken', ['client']])
  })

  it('cannot be booked for somebody who is elsewhere then, and stays held', async () => {
    const { stage, client, provider, desk } = await arrange()
    const another = await newProvider(app, stage)
    const held = await hold(desk, { provider_id: provider.id, starts_at: TEN })
    await book(app, client, { provider_id: another.id, starts_at: TEN })
    const answer = await book(app, desk, { hold_id: held.id, client_id: client.id })
    assert.deepEqual([said(answer), answer.body.taken_by], ['409 time_taken', ['client']])
    const other = await newClient(app, stage)
    assert.equal(said(await book(app, desk, { hold_id: held.id, client_id: other.id })), '201')
  })

  it('is not hindered by a hold of the client’s that has expired', async () => {
    const { stage, client, provider, desk } = await arrange()
    const another = await newProvider(app, stage)
    await hold(client, { provider_id: another.id, starts_at: TEN })
    app.setClock('2027-03-01T08:04:00Z')
    const held = await hold(desk, { provider_id: provider.id, starts_at: TEN })
    app.setClock('2027-03-01T08:05:00Z')
    assert.equal(said(await book(app, desk, { hold_id: held.id, client_id: client.id })), '201')
  })

  it('cannot be booked once the provider has taken that time off', async () => {
    const { client, provider, held } = await arrange()
    const off = { provider_id: provider.id, starts_at: NINE, ends_at: TEN }
    assert.equal(said(await app.post('/time-off', { token: provider.token, body: off })), '201')
    assert.equal(said(await book(app, client, { hold_id: held.id })), '422 outside_hours')
  })

  it('cannot be booked for the provider, nor for somebody unknown', async () => {
    const { stage, provider, desk } = await arrange()
    const held = await hold(desk, { provider_id: provider.id, starts_at: TEN })
    const forThemself = await book(app, desk, { hold_id: held.id, client_id: provider.id })
    assert.equal(said(forThemself), '422 invalid_input')
    const { id: client_id } = await newProvider(app, stage)
    assert.equal(said(await book(app, desk, { hold_id: held.id, client_id })), '404 not_found')
  })
})

/** A client who holds nine o'clock of a provider, and the desk of the only location. */
async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const held = await hold(client, { provider_id: provider.id, starts_at: NINE })
  const desk = await newPerson(app, stage.organization, ['reception'])
  await worksAt(app, stage, desk, { id: held.location_id })
  return { stage, provider, client, desk, held }
}

async function hold({ token }: Person, body: object): Promise<{ id: string; location_id: string }> {
  const answer = await app.post('/holds', { token, body })
  assert.equal(said(answer), '201')
  return answer.body
}
