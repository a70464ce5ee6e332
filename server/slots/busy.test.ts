import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  newService,
  type Person,
  worksAt,
} from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, dated_hours: 'replace' } as const
const TUESDAY = '2027-03-02'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('free times', () => {
  it('leaves out what is booked, and begins again when it ends', async () => {
    const { client, provider } = await arrange()
    await booked(client, { provider_id: provider.id, starts_at: `${TUESDAY}T11:00:00Z` })
    assert.deepEqual(await times(client, provider), ['09:00', '10:00', '12:00'])
  })

  it('keeps the buffers of a booking clear on both sides', async () => {
    const { client, provider, stage } = await arrange()
    const buffered = await newService(app, stage, {
      minutes: 60,
      buffer_before_minutes: 15,
      buffer_after_minutes: 30,
    })
    await booked(client, {
      provider_id: provider.id,
      service_id: buffered.id,
      starts_at: `${TUESDAY}T10:00:00Z`,
    })
    assert.deepEqual(await times(client, provider), ['12:00'])
  })

  it('keeps room for the buffers of what is asked for', async () => {
    const { client, provider, stage } = await arrange()
    const before = await newService(app, stage, { minutes: 60, buffer_before_minutes: 1 })
    const after = await newService(app, stage, { minutes: 60, buffer_after_minutes: 1 })
    await booked(client, { provider_id: provider.id, starts_at: `${TUESDAY}T10:00:00Z` })
    assert.deepEqual(await times(client, provider, { service_id: before.id }), ['09:00', '12:00'])
    assert.deepEqual(await times(client, provider, { service_id: after.id }), ['11:00', '12:00'])
  })

  it('asks for no room for buffers outside the hours', async () => {
    const { client, provider, stage } = await arrange()
    const wide = { minutes: 240, buffer_before_minutes: 60, buffer_after_minutes: 60 }
    const { id } = await newService(app, stage, wide)
    assert.deepEqual(await times(client, provider, { service_id: id }), ['09:00'])
  })

  it('takes the slot of ten for a booking that ends half a minute after ten', async () => {
    const { client, provider } = await arrange({ grid: 'none', length: 'request' })
    await booked(client, {
      provider_id: provider.id,
      starts_at: `${TUESDAY}T09:00:00Z`,
      ends_at: `${TUESDAY}T10:00:30Z`,
    })
    assert.deepEqual(await times(client, provider, { minutes: '60' }), ['11:00', '12:00'])
  })

  it('knows of a booking that began before the time that is asked about', async () => {
    const { client, provider, stage } = await arrange()
    const { id } = await newService(app, stage, { minutes: 120 })
    await booked(client, { provider_id: provider.id, service_id: id, starts_at: `${TUESDAY}T09:00:00Z` })
    const asked = { date: TUESDAY, from: `${TUESDAY}T10:00:00Z` }
    assert.deepEqual(await freeTimes(app, client, provider, asked), ['11:00', '12:00'])
  })

  it('gives back a cancelled time in the same moment', async () => {
    const { client, provider } = await arrange()
    const { id } = await booked(client, { provider_id: provider.id, starts_at: `${TUESDAY}T09:00:00Z` })
    assert.deepEqual(await times(client, provider), ['10:00', '11:00', '12:00'])
    await app.post(`/appointments/${id}/cancel`, { token: client.token })
    assert.deepEqual(await times(client, provider), ['09:00', '10:00', '11:00', '12:00'])
  })

  it('leaves a colleague free', async () => {
    const { client, provider, stage } = await arrange()
    const colleague = await newProvider(app, stage, { closes: '11:00' })
    await booked(client, { provider_id: provider.id, starts_at: `${TUESDAY}T09:00:00Z` })
    assert.deepEqual(await times(client, colleague), ['09:00', '10:00'])
  })

  it('takes the time of a colleague too, where the location takes one at a time', async () => {
    const { client, provider, stage } = await arrange({ location_takes_one: true })
    const [room, elsewhere] = [await newLocation(app, stage), await newLocation(app, stage)]
    const [colleague, stranger] = [await newProvider(app, stage), await newProvider(app, stage)]
    await worksAt(app, stage, provider, room)
    await worksAt(app, stage, colleague, room)
    await worksAt(app, stage, stranger, elsewhere)
    await booked(client, { provider_id: provider.id, starts_at: `${TUESDAY}T10:00:00Z` })
    const morning = { date: TUESDAY, to: `${TUESDAY}T12:00:00Z` }
    assert.deepEqual(await freeTimes(app, client, colleague, morning), ['09:00', '11:00'])
    assert.deepEqual(await freeTimes(app, client, stranger, morning), ['09:00', '10:00', '11:00'])
  })
})

describe('a held time', () => {
  it('is not offered until the hold expires, and is from then on', async () => {
    const { client, provider } = await arrange({ hold_minutes: 10 })
    const body = { provider_id: provider.id, starts_at: `${TUESDAY}T09:00:00Z` }
    assert.equal(said(await app.post('/holds', { token: client.token, body })), '201')
    assert.deepEqual(await times(client, provider), ['10:00', '11:00', '12:00'])
    app.setClock('2027-03-01T08:09:59.999Z')
    assert.deepEqual(await times(client, provider), ['10:00', '11:00', '12:00'])
    app.setClock('2027-03-01T08:10:00Z')
    assert.deepEqual(await times(client, provider), ['09:00', '10:00', '11:00', '12:00'])
  })

  it('is offered again once it is let go', async () => {
    const { client, provider } = await arrange()
    const body = { provider_id: provider.id, starts_at: `${TUESDAY}T09:00:00Z` }
    const held = await app.post('/holds', { token: client.token, body })
    const letGo = await app.request('DELETE', `/holds/${held.body.id}`, { token: client.token })
    assert.equal(said(letGo), '204')
    assert.deepEqual(await times(client, provider), ['09:00', '10:00', '11:00', '12:00'])
  })
})

/** A provider who is there from nine to one, and a client. */
async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const provider = await newProvider(app, stage, { opens: '09:00', closes: '13:00' })
  return { stage, provider, client: await newClient(app, stage) }
}

const times = (asker: Person, provider: Person, more: Record<string, string> = {}) =>
  freeTimes(app, asker, provider, { date: TUESDAY, ...more })

async function booked(client: Person, body: Record<string, unknown>) {
  const answer = await book(app, client, body)
  assert.equal(said(answer), '201')
  return answer.body
}
