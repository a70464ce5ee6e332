import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newProvider,
  newResource,
  newService,
  newSlot,
  type Person,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 60, clients_may_overlap: false } as const
const on = (time: string) => `2027-03-02T${time}:00Z`
const from = (starts: string, ends: string) => ({ starts_at: on(starts), ends_at: on(ends) })
const free = { has_conflicts: false, conflicts: [] }

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('asking what is in the way of a time', () => {
  it('tells the staff by which appointment it is taken', async () => {
    const { provider, booked } = await arrange()
    const { status, body } = await check(provider, { provider_id: provider.id, starts_at: on('09:30') })
    assert.equal(status, 200)
    const conflict = { taken_by: 'provider', ...from('09:00', '10:00'), appointment: booked }
    assert.deepEqual(body, { has_conflicts: true, conflicts: [conflict] })
  })

  it('tells a client only that it is taken, and of their own what it is', async () => {
    const { stage, provider, client, booked } = await arrange()
    const wanted = { provider_id: provider.id, starts_at: on('09:30') }
    const another = await check(await newClient(app, stage), wanted)
    const taken = { taken_by: 'provider', ...from('09:00', '10:00') }
    assert.deepEqual(another.body.conflicts, [{ ...taken, appointment: null }])
    const own = await check(client, wanted)
    assert.deepEqual(own.body.conflicts, [{ ...taken, appointment: booked }])
  })

  it('finds nothing in a time that touches', async () => {
    const { provider } = await arrange()
    for (const starts_at of [on('08:00'), on('10:00')]) {
      const { body } = await check(provider, { provider_id: provider.id, starts_at })
      assert.deepEqual(body, free)
    }
  })

  it('counts the buffers of what there is, and of what is asked for', async () => {
    const { stage, provider } = await arrange()
    const { id: service_id } = await newService(app, stage, { minutes: 60, buffer_before_minutes: 15 })
    const of = { provider_id: provider.id, service_id }
    await book(app, await newClient(app, stage), { ...of, starts_at: on('13:00') })
    const at = async (body: object) => (await check(provider, body)).body.conflicts
    assert.deepEqual(await at({ provider_id: provider.id, starts_at: on('11:45') }), [])
    const [before] = await at({ provider_id: provider.id, starts_at: on('11:46') })
    assert.deepEqual([before.starts_at, before.ends_at], [on('12:45'), on('14:00')])
    assert.deepEqual(await at({ ...of, starts_at: on('10:15') }), [])
    assert.equal((await at({ ...of, starts_at: on('10:14') })).length, 1)
  })

  it('does not find an appointment that is to be moved in its own way', async () => {
    const { stage, provider, client, booked } = await arrange()
    const wanted = { provider_id: provider.id, starts_at: on('09:30'), client_id: client.id }
    assert.deepEqual((await check(client, { ...wanted, exclude_appointment_id: booked.id })).body, free)
    const stranger = await newClient(app, stage)
    const theirs = { provider_id: provider.id, starts_at: on('09:30'), exclude_appointment_id: booked.id }
    assert.equal(said(await check(stranger, theirs)), '404 not_found')
  })

  it('finds what a client has elsewhere, for the client and for whoever may book for them', async () => {
    const { stage, client, booked } = await arrange()
    const another = await newProvider(app, stage)
    const wanted = { provider_id: another.id, starts_at: on('09:30'), client_id: client.id }
    for (const who of [client, stage.admin]) {
      const { body } = await check(who, wanted)
      const taken = { taken_by: 'client', ...from('09:00', '10:00'), appointment: booked }
      assert.deepEqual(body.conflicts, [taken])
    }
    assert.equal(said(await check(await newClient(app, stage), wanted)), '403 not_allowed')
    // A colleague may book with themself for this client, and learns that they are elsewhere, not with whom.
    const [seen] = (await check(another, wanted)).body.conflicts
    assert.deepEqual([seen.taken_by, seen.appointment], ['client', null])
  })

  it('finds a kind of room in the way only where none is left', async () => {
    const { stage, provider } = await arrange()
    const [another, third] = [await newProvider(app, stage), await newProvider(app, stage)]
    const { id: service_id } = await newService(app, stage, { minutes: 60, resource_kinds: ['room'] })
    const at = async ({ id: provider_id }: Person) =>
      (await check(stage.admin, { provider_id, service_id, starts_at: on('12:00') })).body.conflicts
    assert.deepEqual(
      (await at(third)).map(({ taken_by }: { taken_by: string }) => taken_by),
      ['resource'],
    )
    await newResource(app, stage)
    await newResource(app, stage)
    const wanted = { service_id, starts_at: on('12:30') }
    await book(app, await newClient(app, stage), { provider_id: provider.id, ...wanted })
    assert.deepEqual(await at(third), [])
    await book(app, await newClient(app, stage), { provider_id: another.id, ...wanted })
    assert.deepEqual(
      (await at(third)).map(({ taken_by }: { taken_by: string }) => taken_by),
      ['resource', 'resource'],
    )
  })

  it('finds nothing in the way of a seat in a group, moved there or not', async () => {
    const { stage, provider, client, booked } = await arrange()
    const slot = { provider_id: provider.id, ...from('18:00', '19:00'), capacity: 3 }
    const slot_id = await newSlot(app, stage, slot)
    await book(app, await newClient(app, stage), { slot_id })
    assert.deepEqual((await check(client, { slot_id })).body, free)
    const moved = { slot_id, client_id: client.id, exclude_appointment_id: booked.id }
    assert.deepEqual((await check(client, moved)).body, free)
  })

  it('writes nothing', async () => {
    const { stage, provider } = await arrange()
    const stranger = await newProvider(app, stage)
    await check(stranger, { provider_id: provider.id, client_id: stranger.id, starts_at: on('12:00') })
    const { body } = await app.get('/appointments', { token: stage.admin.token })
    assert.equal(body.items.length, 1)
    assert.equal(
      said(await app.get(`/clients/${stranger.id}`, { token: stage.admin.token })),
      '404 not_found',
    )
  })
})

/** Somebody who is booked at nine. */
async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const booked = await book(app, client, { provider_id: provider.id, starts_at: on('09:00') })
  assert.equal(booked.status, 201)
  return { stage, provider, client, booked: booked.body }
}

const check = ({ token }: Person, body: object) => app.post('/appointments/check-conflicts', { token, body })
