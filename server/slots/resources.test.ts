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
  type Person,
  type Stage,
  worksAt,
} from '../../test/cast.ts'
import { findBrokenPromises } from '../../test/checking.ts'
import { freeTimes, said } from '../../test/free.ts'

const rules = {
  grid: 'windows',
  length: 'service',
  clients_may_overlap: false,
  change_notice_minutes: 0,
} as const
const TUESDAY = '2027-03-02'
const on = (time: string) => `${TUESDAY}T${time}:00Z`

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a service that needs a room', () => {
  it('can be had as long as one of the rooms is free', async () => {
    const { stage, service_id, providers } = await arrange({ rooms: 2, providers: 3 })
    const answers = []
    for (const provider of providers) answers.push(await bookAt(stage, provider, service_id, '09:00'))
    assert.deepEqual(answers.map(said), ['201', '201', '409 time_taken'])
    assert.deepEqual(answers[2]!.body.taken_by, ['resource'])
    assert.deepEqual(await shown(stage, providers[2]!, service_id), ['10:00'])
    assert.deepEqual(await shown(stage, providers[0]!, service_id), ['10:00'])
    await nothingIsBroken()
  })

  it('is never offered where there is none at all', async () => {
    const { stage, service_id, providers } = await arrange({ rooms: 0 })
    assert.deepEqual(await shown(stage, providers[0]!, service_id), [])
    const answer = await bookAt(stage, providers[0]!, service_id, '09:00')
    assert.deepEqual([said(answer), answer.body.taken_by], ['409 time_taken', ['resource']])
  })

  it('leaves a provider free for what needs none', async () => {
    const { stage, providers } = await arrange({ rooms: 0 })
    const { id } = await newService(app, stage, { minutes: 60 })
    assert.equal(said(await bookAt(stage, providers[0]!, id, '09:00')), '201')
  })

  it('says which room it is, to whoever books, later, and after it was cancelled', async () => {
    const { stage, service_id, providers } = await arrange({ rooms: 0 })
    const { id, kind, name } = await newResource(app, stage)
    const client = await newClient(app, stage)
    const body = { provider_id: providers[0]!.id, service_id, starts_at: on('09:00') }
    const booked = await book(app, client, body)
    assert.deepEqual(booked.body.resources, [{ id, kind, name }])
    const seen = await app.get(`/appointments/${booked.body.id}`, { token: client.token })
    assert.deepEqual(seen.body, booked.body)
    const cancelled = await app.post(`/appointments/${booked.body.id}/cancel`, { token: client.token })
    assert.deepEqual(cancelled.body.resources, [{ id, kind, name }])
  })

  it('takes no room that is out of use', async () => {
    const { stage, service_id, providers } = await arrange({ rooms: 0 })
    const { id } = await newResource(app, stage)
    const use = async (is_active: boolean) => {
      const asking = { token: stage.admin.token, body: { is_active } }
      assert.equal(said(await app.request('PATCH', `/resources/${id}`, asking)), '200')
    }
    await use(false)
    assert.deepEqual(await shown(stage, providers[0]!, service_id), [])
    assert.equal(said(await bookAt(stage, providers[0]!, service_id, '09:00')), '409 time_taken')
    await use(true)
    assert.equal(said(await bookAt(stage, providers[0]!, service_id, '09:00')), '201')
  })

  it('takes a room of the location where it is, or one that is moved about', async () => {
    const { stage, service_id, providers } = await arrange({ rooms: 0, providers: 2 })
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    for (const provider of providers) await worksAt(app, stage, provider, here)
    await newResource(app, stage, { location_id: there.id })
    assert.deepEqual(await shown(stage, providers[0]!, service_id), [])
    assert.equal(said(await bookAt(stage, providers[0]!, service_id, '09:00')), '409 time_taken')
    await newResource(app, stage, { location_id: here.id })
    assert.equal(said(await bookAt(stage, providers[0]!, service_id, '09:00')), '201')
    assert.equal(said(await bookAt(stage, providers[1]!, service_id, '09:00')), '409 time_taken')
    await newResource(app, stage)
    assert.equal(said(await bookAt(stage, providers[1]!, service_id, '09:00')), '201')
  })

  it('keeps the buffers clear in the room too', async () => {
    const { stage, providers } = await arrange({ rooms: 1, providers: 2, hours: { closes: '12:00' } })
    const cleaned = { minutes: 60, buffer_after_minutes: 15, resource_kinds: ['room'] }
    const { id } = await newService(app, stage, { ...cleaned, step_minutes: 15 })
    assert.equal(said(await bookAt(stage, providers[0]!, id, '09:00')), '201')
    assert.deepEqual((await shown(stage, providers[1]!, id))[0], '10:15')
    assert.equal(said(await bookAt(stage, providers[1]!, id, '10:00')), '409 time_taken')
    assert.equal(said(await bookAt(stage, providers[1]!, id, '10:15')), '201')
    await nothingIsBroken()
  })

  it('is offered only where one room is free for all of it, not one after the other', async () => {
    const { stage, service_id, providers } = await arrange({ rooms: 2, providers: 3 })
    const { id: long } = await newService(app, stage, { minutes: 120, resource_kinds: ['room'] })
    // The first takes one room at nine, the second both: the first's is let go, and taken by another at ten.
    const first = await bookAt(stage, providers[0]!, service_id, '09:00')
    await bookAt(stage, providers[1]!, service_id, '09:00')
    await bookAt(stage, providers[0]!, service_id, '10:00')
    await app.post(`/appointments/${first.body.id}/cancel`, { token: stage.admin.token })
    const { rows } = await app.connection.pool.query(
      'select distinct party_id from reservations r join resources x on x.id = r.party_id where r.organization_id = $1',
      [stage.organization.id],
    )
    const answer = await bookAt(stage, providers[2]!, long, '09:00')
    const offered = await shown(stage, providers[2]!, long)
    assert.deepEqual([rows.length, said(answer), offered], [2, '409 time_taken', []])
  })

  it('frees the room when it is cancelled, and takes one anew when it is moved', async () => {
    const { stage, service_id, providers } = await arrange({ rooms: 1, providers: 2 })
    const [first, second] = providers as [Person, Person]
    const { body } = await bookAt(stage, first, service_id, '09:00')
    const moved = await app.post(`/appointments/${body.id}/reschedule`, {
      token: stage.admin.token,
      body: { starts_at: on('10:00') },
    })
    assert.equal(said(moved), '200')
    assert.equal(said(await bookAt(stage, second, service_id, '10:00')), '409 time_taken')
    const other = await bookAt(stage, second, service_id, '09:00')
    assert.equal(said(other), '201')
    await nothingIsBroken()
    await app.post(`/appointments/${body.id}/cancel`, { token: stage.admin.token })
    assert.equal(said(await bookAt(stage, second, service_id, '10:00')), '201')
    await nothingIsBroken()
  })

  it('is held with its room', async () => {
    const { stage, service_id, providers } = await arrange({ rooms: 1, providers: 2 })
    const client = await newClient(app, stage)
    const wanted = { provider_id: providers[0]!.id, service_id, starts_at: on('09:00') }
    const held = await app.post('/holds', { token: client.token, body: wanted })
    assert.equal(said(await bookAt(stage, providers[1]!, service_id, '09:00')), '409 time_taken')
    assert.equal(said(await book(app, client, { hold_id: held.body.id })), '201')
    await nothingIsBroken()
  })
})

describe('a service that needs two kinds', () => {
  it('takes one of each, and can be had only where both are free', async () => {
    const { stage, providers } = await arrange({ rooms: 2, providers: 3 })
    await newResource(app, stage, { kind: 'ultrasound' })
    const { id: scan } = await newService(app, stage, { minutes: 60, resource_kinds: ['room', 'ultrasound'] })
    const { id: talk } = await newService(app, stage, { minutes: 60, resource_kinds: ['room'] })
    assert.equal(said(await bookAt(stage, providers[0]!, scan, '09:00')), '201')
    assert.deepEqual(await shown(stage, providers[1]!, scan), ['10:00'])
    const answer = await bookAt(stage, providers[1]!, scan, '09:00')
    assert.deepEqual([said(answer), answer.body.taken_by], ['409 time_taken', ['resource']])
    // Whoever was refused the device has not taken the room.
    assert.equal(said(await bookAt(stage, providers[2]!, talk, '09:00')), '201')
    await nothingIsBroken()
  })
})

interface Wanted {
  rooms: number
  providers?: number
  hours?: object
}

async function arrange({ rooms, providers: size = 1, hours = { closes: '11:00' } }: Wanted) {
  const stage = await newOrganization(app, { rules })
  const { id: service_id } = await newService(app, stage, { minutes: 60, resource_kinds: ['room'] })
  for (let n = 0; n < rooms; n++) await newResource(app, stage)
  const providers: Person[] = []
  for (let n = 0; n < size; n++) providers.push(await newProvider(app, stage, hours))
  return { stage, service_id, providers }
}

async function bookAt(stage: Stage, { id: provider_id }: Person, service_id: string, time: string) {
  return book(app, await newClient(app, stage), { provider_id, service_id, starts_at: on(time) })
}

const shown = ({ admin }: Stage, provider: Person, service_id: string) =>
  freeTimes(app, admin, provider, { date: TUESDAY, service_id })

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(app.connection.pool), [])
}
