import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  newResource,
  newService,
  newSlot,
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

describe('the seats of a group', () => {
  it('share one room', async () => {
    const { stage, provider } = await arrange()
    await newResource(app, stage)
    await newResource(app, stage)
    const { id: service_id } = await newService(app, stage, { minutes: 60, resource_kinds: ['room'] })
    const slot = { provider_id: provider.id, service_id, capacity: 3, ...evening }
    const slot_id = await newSlot(app, stage, slot)
    for (let n = 0; n < 3; n++) {
      assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '201')
    }
    assert.equal((await roomsOf(stage, slot_id)).length, 1)
    await nothingIsBroken()
  })

  it('stay in their room, though another has become free', async () => {
    const { stage, provider } = await arrange()
    await newResource(app, stage, { name: 'Room A' })
    const { id: second } = await newResource(app, stage, { name: 'Room B' })
    const { id: service_id } = await newService(app, stage, { minutes: 60, resource_kinds: ['room'] })
    const colleague = await newProvider(app, stage, { opens: '17:00', closes: '20:00' })
    const first = { provider_id: colleague.id, service_id, starts_at: evening.starts_at }
    const inRoomA = await book(app, await newClient(app, stage), first)
    const slot = { provider_id: provider.id, service_id, capacity: 2, ...evening }
    const slot_id = await newSlot(app, stage, slot)
    await book(app, await newClient(app, stage), { slot_id })
    await app.post(`/appointments/${inRoomA.body.id}/cancel`, { token: stage.admin.token })
    assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '201')
    assert.deepEqual(await roomsOf(stage, slot_id), [second])
  })

  it('are offered though the only room is taken: by the group itself', async () => {
    const { stage, provider } = await arrange()
    await newResource(app, stage)
    const { id: service_id } = await newService(app, stage, { minutes: 60, resource_kinds: ['room'] })
    const slot = { provider_id: provider.id, service_id, capacity: 2, ...evening }
    const slot_id = await newSlot(app, stage, slot)
    assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '201')
    assert.equal(await seatsLeft(stage, slot_id, { service_id }), 1)
    assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '201')
  })

  it('are at one location, though none was named when the slot was published', async () => {
    const { stage, provider } = await arrange()
    const [north, south] = [await newLocation(app, stage), await newLocation(app, stage)]
    await worksAt(app, stage, provider, north, { is_primary: true })
    await worksAt(app, stage, provider, south)
    const slot_id = await newSlot(app, stage, { provider_id: provider.id, capacity: 3, ...evening })
    const ask = async (location_id?: string) =>
      book(app, await newClient(app, stage), { slot_id, location_id })
    assert.equal((await ask()).body.location_id, north.id)
    const elsewhere = await ask(south.id)
    assert.equal(said(elsewhere), '422 invalid_input')
    assert.equal(elsewhere.body.errors[0].field, 'location_id')
    assert.equal((await ask(north.id)).body.location_id, north.id)
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  return { stage, provider: await newProvider(app, stage) }
}

/** What free times say; nothing where the slot is not offered. */
async function seatsLeft({ admin }: Stage, slot_id: string, query = {}): Promise<number | undefined> {
  const slots = await freeSlots(app, admin, { from: '2027-03-02', to: '2027-03-02', ...query })
  return slots.find((slot) => slot.slot_id === slot_id)?.seats_left
}

async function roomsOf({ organization }: Stage, slot_id: string): Promise<string[]> {
  const { rows } = await app.connection.pool.query(
    `select distinct x.resource_id from appointment_resources x
     join appointments a on a.organization_id = x.organization_id and a.id = x.appointment_id
     where a.organization_id = $1 and a.slot_id = $2`,
    [organization.id, slot_id],
  )
  return rows.map(({ resource_id }) => resource_id)
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(app.connection.pool), [])
}
