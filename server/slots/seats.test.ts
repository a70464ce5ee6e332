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
  newSlot,
  type Person,
  type Stage,
  worksAt,
} from '../../test/cast.ts'
import { findBrokenPromises } from '../../test/checking.ts'
import { freeSlots, said } from '../../test/free.ts'

const rules = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  change_notice_minutes: 0,
} as const
const on = (time: string) => `2027-03-02T${time}:00Z`
const evening = { starts_at: on('18:00'), ends_at: on('19:00') }

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a seat in a slot', () => {
  it('is booked by the id of the slot, which says who, where, what and when', async () => {
    const { stage, provider } = await arrange()
    const [service, location] = [await newService(app, stage, { price: 12 }), await newLocation(app, stage)]
    await worksAt(app, stage, provider, location)
    const of = { provider_id: provider.id, service_id: service.id, location_id: location.id }
    const slot_id = await newSlot(app, stage, { ...of, ...evening })
    const { status, body } = await book(app, await newClient(app, stage), { slot_id })
    assert.equal(status, 201)
    const { provider_id, service_id, location_id, starts_at, ends_at, price } = body
    assert.deepEqual({ provider_id, service_id, location_id, starts_at, ends_at }, { ...of, ...evening })
    assert.deepEqual([body.slot_id, price], [slot_id, 12])
  })

  it('may be asked for by saying all of that again, but not otherwise', async () => {
    const { stage, provider } = await arrange()
    const [service, other] = [await newService(app, stage), await newService(app, stage)]
    const of = { provider_id: provider.id, service_id: service.id }
    const slot_id = await newSlot(app, stage, { ...of, ...evening })
    const colleague = await newProvider(app, stage)
    const client = await newClient(app, stage)
    const contradictions = {
      starts_at: on('18:01'),
      ends_at: on('18:30'),
      provider_id: colleague.id,
      service_id: other.id,
    }
    for (const [field, value] of Object.entries(contradictions)) {
      const answer = await book(app, client, { slot_id, ...of, ...evening, [field]: value })
      assert.equal(said(answer), '422 invalid_input', field)
      assert.equal(answer.body.errors[0].field, field)
    }
    const again = { ...of, starts_at: '2027-03-02T19:00:00+01:00', ends_at: evening.ends_at }
    assert.equal(said(await book(app, client, { slot_id, ...again })), '201')
  })

  it('is one of as many as there are: the last is given, and then none', async () => {
    const { stage, slot_id } = await arrangeSlot({ capacity: 3 })
    for (const expected of [2, 1]) {
      assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '201')
      assert.equal(await seatsLeft(stage, slot_id), expected)
    }
    assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '201')
    assert.equal(await seatsLeft(stage, slot_id), undefined)
    assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '409 slot_full')
    await nothingIsBroken()
  })

  it('is one for each, however often they ask', async () => {
    const { stage, slot_id } = await arrangeSlot({ capacity: 3 })
    const client = await newClient(app, stage)
    assert.equal(said(await book(app, client, { slot_id })), '201')
    assert.equal(said(await book(app, client, { slot_id })), '409 already_booked')
    assert.equal(said(await hold(client, { slot_id })), '409 already_booked')
    assert.equal(await seatsLeft(stage, slot_id), 2)
  })

  it('is one for each on whose behalf a client comes, and one for the client', async () => {
    const { stage, slot_id } = await arrangeSlot({ capacity: 4 })
    const client = await newClient(app, stage)
    const children = [await newDependent(client, 'Kim'), await newDependent(client, 'Lou')]
    for (const dependent_id of [...children, undefined]) {
      assert.equal(said(await book(app, client, { slot_id, dependent_id })), '201')
      assert.equal(said(await book(app, client, { slot_id, dependent_id })), '409 already_booked')
    }
    assert.equal(await seatsLeft(stage, slot_id), 1)
    await nothingIsBroken()
  })

  it('is free again when it is cancelled, for whoever had it too', async () => {
    const { stage, slot_id } = await arrangeSlot({ capacity: 2 })
    const [client, another] = [await newClient(app, stage), await newClient(app, stage)]
    const { body } = await book(app, client, { slot_id })
    await book(app, another, { slot_id })
    await app.post(`/appointments/${body.id}/cancel`, { token: client.token })
    assert.equal(await seatsLeft(stage, slot_id), 1)
    assert.equal(said(await book(app, client, { slot_id })), '201')
    await nothingIsBroken()
  })

  it('is kept while somebody decides, and is theirs when they book it', async () => {
    const { stage, slot_id } = await arrangeSlot({ capacity: 2 })
    const [client, another] = [await newClient(app, stage), await newClient(app, stage)]
    const held = await hold(client, { slot_id })
    assert.deepEqual([said(held), held.body.slot_id], ['201', slot_id])
    assert.equal(await seatsLeft(stage, slot_id), 1)
    assert.equal(said(await book(app, another, { slot_id })), '201')
    assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '409 slot_full')
    const booked = await book(app, client, { hold_id: held.body.id })
    assert.deepEqual([said(booked), booked.body.slot_id], ['201', slot_id])
    await nothingIsBroken()
  })

  it('is free again when a hold expires', async () => {
    const { stage, slot_id } = await arrangeSlot({ capacity: 1 })
    await hold(await newClient(app, stage), { slot_id })
    app.pass({ minutes: 5 })
    assert.equal(await seatsLeft(stage, slot_id), 1)
    assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '201')
    await nothingIsBroken()
  })

  it('takes the client’s time: they cannot be elsewhere then', async () => {
    const { stage, slot_id } = await arrangeSlot({ capacity: 2 })
    const client = await newClient(app, stage)
    const { id: provider_id } = await newProvider(app, stage, { opens: '17:00', closes: '20:00' })
    assert.equal(said(await book(app, client, { provider_id, starts_at: on('18:00') })), '201')
    const answer = await book(app, client, { slot_id })
    assert.deepEqual([said(answer), answer.body.taken_by], ['409 time_taken', ['client']])
  })

  it('obeys the rules of notice and horizon', async () => {
    const { stage, slot_id } = await arrangeSlot({}, { notice_minutes: 60, horizon_minutes: 600 })
    const client = await newClient(app, stage)
    assert.equal(said(await book(app, client, { slot_id })), '422 beyond_horizon')
    app.setClock(on('17:01'))
    assert.equal(said(await book(app, client, { slot_id })), '422 notice_too_short')
    app.setClock(on('17:00'))
    assert.equal(said(await book(app, client, { slot_id })), '201')
  })

  it('is long enough for what is done in it', async () => {
    const { stage, slot_id } = await arrangeSlot()
    const [long, short] = [
      await newService(app, stage, { minutes: 61 }),
      await newService(app, stage, { minutes: 60 }),
    ]
    const client = await newClient(app, stage)
    const refused = await book(app, client, { slot_id, service_id: long.id })
    assert.deepEqual([said(refused), refused.body.errors?.[0].field], ['422 invalid_input', 'service_id'])
    assert.equal(said(await book(app, client, { slot_id, service_id: short.id })), '201')
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  return { stage, provider: await newProvider(app, stage) }
}

async function arrangeSlot(slot: object = {}, more: object = {}) {
  const { stage, provider } = await arrange(more)
  const slot_id = await newSlot(app, stage, { provider_id: provider.id, ...evening, ...slot })
  return { stage, provider, slot_id }
}

const hold = ({ token }: Person, body: object) => app.post('/holds', { token, body })

async function newDependent({ token }: Person, name: string): Promise<string> {
  return (await app.post('/dependents', { token, body: { name } })).body.id
}

/** What free times say; nothing where the slot is not offered. */
async function seatsLeft({ admin }: Stage, slot_id: string, query = {}): Promise<number | undefined> {
  const slots = await freeSlots(app, admin, { from: '2027-03-02', to: '2027-03-02', ...query })
  return slots.find((slot) => slot.slot_id === slot_id)?.seats_left
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(app.connection.pool), [])
}
