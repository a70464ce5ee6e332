import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, newLocation, newOrganization, newProvider, newService, worksAt } from '../../test/cast.ts'
import { freeSlots, freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60 } as const
const TUESDAY = '2027-03-02'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('free times', () => {
  it('offers every start that leaves room for the whole visit', async () => {
    const stage = await newOrganization(app, { rules })
    const provider = await newProvider(app, stage, { opens: '09:00', closes: '12:30' })
    const slots = await freeSlots(app, stage.admin, {
      provider_id: provider.id,
      from: TUESDAY,
      to: TUESDAY,
    })
    const provider_id = provider.id
    assert.deepEqual(slots, [
      { provider_id, starts_at: '2027-03-02T09:00:00Z', ends_at: '2027-03-02T10:00:00Z' },
      { provider_id, starts_at: '2027-03-02T10:00:00Z', ends_at: '2027-03-02T11:00:00Z' },
      { provider_id, starts_at: '2027-03-02T11:00:00Z', ends_at: '2027-03-02T12:00:00Z' },
    ])
  })

  it('offers as many as the service is long', async () => {
    const stage = await newOrganization(app, { rules })
    const provider = await newProvider(app, stage, { opens: '09:00', closes: '12:00' })
    const { id } = await newService(app, stage, { minutes: 90 })
    const times = await freeTimes(app, stage.admin, provider, { date: TUESDAY, service_id: id })
    assert.deepEqual(times, ['09:00', '10:30'])
  })

  it('offers a long service at every step', async () => {
    const stage = await newOrganization(app, { rules })
    const provider = await newProvider(app, stage, { opens: '09:00', closes: '11:00' })
    const { id } = await newService(app, stage, { minutes: 60, step_minutes: 20 })
    const times = await freeTimes(app, stage.admin, provider, { date: TUESDAY, service_id: id })
    assert.deepEqual(times, ['09:00', '09:20', '09:40', '10:00'])
  })

  it('shows everybody who can be booked when nobody is named, each with their own times', async () => {
    const stage = await newOrganization(app, { rules })
    const early = await newProvider(app, stage, { opens: '08:00', closes: '09:00' })
    const late = await newProvider(app, stage, { opens: '20:00', closes: '21:00' })
    const slots = await freeSlots(app, stage.admin, { from: TUESDAY, to: TUESDAY })
    const shown = slots.map(({ provider_id, starts_at }) => [provider_id, starts_at])
    assert.deepEqual(shown, [
      [early.id, '2027-03-02T08:00:00Z'],
      [late.id, '2027-03-02T20:00:00Z'],
    ])
  })

  it('shows those of a location who work there', async () => {
    const stage = await newOrganization(app, { rules })
    const [north, south] = [await newLocation(app, stage), await newLocation(app, stage)]
    const [anna, ben] = [await newProvider(app, stage), await newProvider(app, stage)]
    await worksAt(app, stage, anna, north)
    await worksAt(app, stage, ben, south)
    const slots = await freeSlots(app, stage.admin, { location_id: north.id, from: TUESDAY, to: TUESDAY })
    assert.deepEqual([...new Set(slots.map((slot) => slot.provider_id))], [anna.id])
  })

  it('shows a whole month', async () => {
    const stage = await newOrganization(app, { rules })
    const provider = await newProvider(app, stage, { weekdays: [1, 2, 3, 4, 5, 6, 7] })
    const slots = await freeSlots(app, stage.admin, {
      provider_id: provider.id,
      from: '2027-04-01',
      to: '2027-04-30',
    })
    assert.equal(slots.length, 30 * 8)
    assert.equal(slots[0]!.starts_at, '2027-04-01T09:00:00Z')
    assert.equal(slots.at(-1)!.starts_at, '2027-04-30T16:00:00Z')
  })

  it('counts a date in `to` in, and an instant in `to` out', async () => {
    const stage = await newOrganization(app, { rules })
    const provider = await newProvider(app, stage)
    const ends = async (to: string) => {
      const asked = { provider_id: provider.id, from: '2027-03-02T14:00:00Z', to }
      return (await freeSlots(app, stage.admin, asked)).at(-1)!.starts_at
    }
    assert.equal(await ends('2027-03-02'), '2027-03-02T16:00:00Z')
    assert.equal(await ends('2027-03-02T16:00:00Z'), '2027-03-02T15:00:00Z')
    assert.equal(await ends('2027-03-02T16:00:00.001Z'), '2027-03-02T16:00:00Z')
  })

  it("reads dates on the organization's wall clock, and instants with their offset", async () => {
    const stage = await newOrganization(app, { rules, time_zone: 'Asia/Kolkata' })
    const weekdays = [1, 2, 3, 4, 5, 6, 7]
    const provider = await newProvider(app, stage, { weekdays, opens: '00:00', closes: '24:00' })
    const provider_id = provider.id
    const byDate = await freeSlots(app, stage.admin, { provider_id, from: TUESDAY, to: TUESDAY })
    assert.equal(byDate[0]!.starts_at, '2027-03-01T18:30:00Z')
    assert.equal(byDate.length, 24)
    const byInstant = await freeSlots(app, stage.admin, {
      provider_id,
      from: '2027-03-02T00:00:00+05:30',
      to: '2027-03-03T00:00:00+05:30',
    })
    assert.deepEqual(byInstant, byDate)
  })

  it('names the zone its dates are of', async () => {
    const stage = await newOrganization(app, { rules, time_zone: 'Asia/Kolkata' })
    const answer = await app.get(`/slots?from=${TUESDAY}&to=${TUESDAY}`, { token: stage.admin.token })
    assert.equal(answer.body.time_zone, 'Asia/Kolkata')
  })

  it('answers with an empty list where nothing is free', async () => {
    const stage = await newOrganization(app, { rules })
    const provider = await newProvider(app, stage)
    assert.deepEqual(await freeTimes(app, stage.admin, provider, { date: '2027-03-06' }), [])
  })

  it('shows visitors free times where the rules say so, and sends them to log in elsewhere', async () => {
    const open = await newOrganization(app, { rules: { ...rules, slots_are_public: true } })
    const closed = await newOrganization(app, { rules: { ...rules, slots_are_public: false } })
    await newProvider(app, open)
    const visit = (slug: string) =>
      app.get(`/slots?from=${TUESDAY}&to=${TUESDAY}`, { headers: { 'x-organization': slug } })
    const shown = await visit(open.organization.slug)
    assert.equal(shown.body.items.length, 8)
    assert.equal(said(await visit(closed.organization.slug)), '401 not_logged_in')
  })

  it('shows a client what is free where visitors see nothing', async () => {
    const stage = await newOrganization(app, { rules: { ...rules, slots_are_public: false } })
    const [client, provider] = [await newClient(app, stage), await newProvider(app, stage)]
    assert.equal((await freeTimes(app, client, provider, { date: TUESDAY })).length, 8)
  })
})

describe('asking for free times', () => {
  const refused = [
    ['that end before they begin', { from: '2027-03-03', to: '2027-03-01' }, 'to'],
    ['over more than a year', { from: '2027-03-01', to: '2028-03-02' }, 'to'],
    ['without a beginning', { to: '2027-03-02' }, 'from'],
    ['without an end', { from: '2027-03-02' }, 'to'],
    ['on a date that no calendar has', { from: '2027-02-30', to: '2027-03-02' }, 'from'],
    ['in words', { from: 'tomorrow', to: '2027-03-02' }, 'from'],
    ['at a time without an offset', { from: '2027-03-02T09:00:00', to: '2027-03-03' }, 'from'],
    ['in the year 0', { from: '0000-01-01', to: '0000-01-02' }, 'from'],
    ['of no length', { from: TUESDAY, to: TUESDAY, minutes: '0' }, 'minutes'],
    ['of somebody who has no id', { from: TUESDAY, to: TUESDAY, provider_id: 'anna' }, 'provider_id'],
  ] as const
  for (const [how, query, field] of refused) {
    it(`refuses to look for times ${how}, and names the field`, async () => {
      const { admin } = await newOrganization(app, { rules: { length: 'request' } })
      const answer = await app.get(`/slots?${new URLSearchParams(query)}`, { token: admin.token })
      assert.equal(said(answer), '422 invalid_input')
      assert.equal(answer.body.errors[0].field, field)
    })
  }

  it('looks as far as a year and a day at once', async () => {
    const stage = await newOrganization(app, { rules })
    const provider = await newProvider(app, stage, { weekdays: [1] })
    const range = { provider_id: provider.id, from: '2027-03-01', to: '2028-02-29' }
    assert.equal((await freeSlots(app, stage.admin, range)).length, 53 * 8)
  })
})
