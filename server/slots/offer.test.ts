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
  type Stage,
  worksAt,
} from '../../test/cast.ts'
import { freeSlots, freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60 } as const
const TUESDAY = '2027-03-02'
const NOBODY = '01890000-0000-7000-8000-000000000000'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('what does not exist', () => {
  it('has no free times: no such provider, no such service', async () => {
    const { stage, provider } = await arrange()
    assert.equal(said(await slots(stage, { provider_id: NOBODY })), '404 not_found')
    const asked = { provider_id: provider.id, service_id: NOBODY }
    assert.equal(said(await slots(stage, asked)), '404 not_found')
  })

  it('cannot be booked or held', async () => {
    const { stage, provider, client } = await arrange()
    const body = { provider_id: provider.id, starts_at: `${TUESDAY}T09:00:00Z` }
    const { token } = client
    for (const wrong of [{ provider_id: NOBODY }, { service_id: NOBODY }]) {
      const asked = { ...body, ...wrong }
      assert.equal(said(await book(app, client, asked)), '404 not_found', JSON.stringify(wrong))
      assert.equal(said(await app.post('/holds', { token, body: asked })), '404 not_found')
    }
    const forNobody = { ...body, client_id: NOBODY }
    assert.equal(said(await book(app, stage.admin, forNobody)), '404 not_found')
    const held = await app.post('/holds', { token: stage.admin.token, body: forNobody })
    assert.equal(said(held), '404 not_found')
  })

  it('includes what belongs to another organization', async () => {
    const [{ stage }, other] = [await arrange(), await arrange()]
    const service = await newService(app, other.stage)
    assert.equal(said(await slots(stage, { provider_id: other.provider.id })), '404 not_found')
    const theirs = { provider_id: (await newProvider(app, stage)).id, service_id: service.id }
    assert.equal(said(await slots(stage, theirs)), '404 not_found')
  })

  it('is said of a location where the provider does not work', async () => {
    const { stage, provider, client } = await arrange()
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    await worksAt(app, stage, provider, here)
    for (const location_id of [there.id, NOBODY]) {
      const shown = await slots(stage, { provider_id: provider.id, location_id })
      assert.equal(said(shown), '422 invalid_input')
      assert.equal(shown.body.errors[0].field, 'location_id')
      const body = { provider_id: provider.id, location_id, starts_at: `${TUESDAY}T09:00:00Z` }
      assert.equal(said(await book(app, client, body)), '422 invalid_input')
    }
  })
})

describe('what is switched off', () => {
  it('takes no bookings: a provider', async () => {
    const { stage, provider, client } = await arrange()
    await change(stage, `/providers/${provider.id}`)
    await refused(stage, client, { provider_id: provider.id })
  })

  it('takes no bookings: a service', async () => {
    const { stage, provider, client } = await arrange()
    const { id: service_id } = await newService(app, stage)
    await change(stage, `/services/${service_id}`)
    await refused(stage, client, { provider_id: provider.id, service_id })
  })

  it('takes no bookings: a location', async () => {
    const { stage, provider, client } = await arrange()
    const { id: location_id } = await newLocation(app, stage)
    await worksAt(app, stage, provider, { id: location_id })
    await change(stage, `/locations/${location_id}`)
    await refused(stage, client, { provider_id: provider.id, location_id })
  })

  it('is left out where nobody is named', async () => {
    const { stage, provider } = await arrange()
    const [gone, homeless] = [await newProvider(app, stage), await newProvider(app, stage)]
    const closed = await newLocation(app, stage)
    await worksAt(app, stage, homeless, closed)
    await change(stage, `/providers/${gone.id}`)
    await change(stage, `/locations/${closed.id}`)
    const shown = await freeSlots(app, stage.admin, { from: TUESDAY, to: TUESDAY })
    assert.deepEqual([...new Set(shown.map((slot) => slot.provider_id))], [provider.id])
  })

  it('leaves an empty list where nobody else is left', async () => {
    const { stage, provider } = await arrange()
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    await worksAt(app, stage, provider, here)
    const query = { location_id: there.id, from: TUESDAY, to: TUESDAY }
    assert.deepEqual(await freeSlots(app, stage.admin, query), [])
  })
})

describe('where it will be', () => {
  it('is the main location of a provider who works at several, unless another is named', async () => {
    const { stage, provider, client } = await arrange()
    const [small, main] = [await newLocation(app, stage), await newLocation(app, stage)]
    await worksAt(app, stage, provider, small)
    await worksAt(app, stage, provider, main, { is_primary: true })
    const body = { provider_id: provider.id, starts_at: `${TUESDAY}T09:00:00Z` }
    assert.equal((await book(app, client, body)).body.location_id, main.id)
    const named = { ...body, starts_at: `${TUESDAY}T10:00:00Z`, location_id: small.id }
    assert.equal((await book(app, client, named)).body.location_id, small.id)
  })

  it('is the only location there is', async () => {
    const { stage, provider, client } = await arrange()
    const { body: known } = await app.get('/locations', { token: stage.admin.token })
    const body = { provider_id: provider.id, starts_at: `${TUESDAY}T09:00:00Z` }
    assert.equal((await book(app, client, body)).body.location_id, known.items[0].id)
  })

  it('is nowhere in particular for somebody who works at none of several', async () => {
    const { stage, provider, client } = await arrange()
    await newLocation(app, stage)
    const body = { provider_id: provider.id, starts_at: `${TUESDAY}T09:00:00Z` }
    assert.equal((await book(app, client, body)).body.location_id, null)
  })

  it("keeps the location's own time", async () => {
    const { stage, provider, client } = await arrange()
    const tokyo = await newLocation(app, stage, { time_zone: 'Asia/Tokyo' })
    await worksAt(app, stage, provider, tokyo)
    // Nine o'clock there is midnight in UTC, on which the organization lives.
    const times = await freeTimes(app, client, provider, { date: TUESDAY })
    assert.deepEqual([times[0], times.at(-1)], ['00:00', '07:00'])
    const body = { provider_id: provider.id, starts_at: `${TUESDAY}T08:00:00Z` }
    assert.equal(said(await book(app, client, body)), '422 outside_hours')
    assert.equal(said(await book(app, client, { ...body, starts_at: `${TUESDAY}T00:00:00Z` })), '201')
  })
})

async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  return { stage, provider, client }
}

function slots({ admin }: Stage, query: Record<string, string>) {
  const asked = new URLSearchParams({ from: TUESDAY, to: TUESDAY, ...query })
  return app.get(`/slots?${asked}`, { token: admin.token })
}

async function change({ admin }: Stage, path: string) {
  const answer = await app.request('PATCH', path, { token: admin.token, body: { is_active: false } })
  assert.equal(said(answer), '200')
}

async function refused(stage: Stage, client: Parameters<typeof book>[1], about: Record<string, string>) {
  const body = { ...about, starts_at: `${TUESDAY}T09:00:00Z` }
  assert.equal(said(await slots(stage, about)), '422 not_bookable')
  assert.equal(said(await book(app, client, body)), '422 not_bookable')
  assert.equal(said(await app.post('/holds', { token: client.token, body })), '422 not_bookable')
}
