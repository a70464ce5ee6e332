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
  worksAt,
} from '../../test/cast.ts'
import { freeSlots, freeTimes, said } from '../../test/free.ts'

const rules = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  change_notice_minutes: 0,
} as const
const TUESDAY = '2027-03-02'
const on = (time: string) => `${TUESDAY}T${time}:00Z`
const from = (starts: string, ends: string) => ({ starts_at: on(starts), ends_at: on(ends) })

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('published slots among the free times', () => {
  it('stand there with their id and seats, in the order of time, on no grid and outside the hours', async () => {
    const { stage, provider } = await arrange({ opens: '09:00', closes: '11:00' })
    const provider_id = provider.id
    const late = { ...from('20:07', '20:52'), capacity: 8 }
    const early = from('06:13', '07:00')
    const [late_id, early_id] = [
      await newSlot(app, stage, { provider_id, ...late }),
      await newSlot(app, stage, { provider_id, ...early }),
    ]
    const slots = await freeSlots(app, stage.admin, { provider_id, from: TUESDAY, to: TUESDAY })
    assert.deepEqual(slots, [
      { provider_id, ...early, slot_id: early_id, seats_left: 1 },
      { provider_id, ...from('09:00', '10:00') },
      { provider_id, ...from('10:00', '11:00') },
      { provider_id, ...from('20:07', '20:52'), slot_id: late_id, seats_left: 8 },
    ])
  })

  it('take the place of those that would be computed there, also when they are full or blocked', async () => {
    const { stage, provider } = await arrange({ opens: '09:00', closes: '12:00' })
    const slot_id = await newSlot(app, stage, { provider_id: provider.id, ...from('09:30', '10:30') })
    const shown = async () => freeTimes(app, stage.admin, provider, { date: TUESDAY })
    assert.deepEqual(await shown(), ['09:30', '11:00'])
    await book(app, await newClient(app, stage), { slot_id })
    assert.deepEqual(await shown(), ['11:00'])
    const block = { token: stage.admin.token, body: { is_blocked: true } }
    await app.request('PATCH', `/published-slots/${slot_id}`, block)
    assert.deepEqual(await shown(), ['11:00'])
  })

  it('keep a computed time that would meet them from being booked, and one that touches them not', async () => {
    const { stage, provider } = await arrange({ opens: '09:00', closes: '13:00' })
    await newSlot(app, stage, { provider_id: provider.id, ...from('09:30', '11:00'), capacity: 5 })
    const at = async (time: string) =>
      book(app, await newClient(app, stage), { provider_id: provider.id, starts_at: on(time) })
    assert.equal(said(await at('09:00')), '422 set_aside')
    assert.equal(said(await at('10:00')), '422 set_aside')
    assert.equal(said(await at('11:00')), '201')
  })

  it('keep the buffers of computed times away, by the same arithmetic as these are offered', async () => {
    const { stage, provider } = await arrange({ opens: '09:00', closes: '12:00' })
    const { id: service_id } = await newService(app, stage, { minutes: 60, buffer_after_minutes: 15 })
    await newSlot(app, stage, { provider_id: provider.id, ...from('10:00', '11:00') })
    const shown = await freeTimes(app, stage.admin, provider, { date: TUESDAY, service_id })
    assert.deepEqual(shown, ['10:00', '11:00'])
    const wanted = { provider_id: provider.id, service_id, starts_at: on('09:00') }
    assert.equal(said(await book(app, await newClient(app, stage), wanted)), '422 set_aside')
  })

  it('are not there while the provider is busy otherwise, and cannot be booked then', async () => {
    const { stage, provider } = await arrange({ opens: '09:00', closes: '12:00' })
    const of = { provider_id: provider.id }
    const booked = await book(app, await newClient(app, stage), { ...of, starts_at: on('09:00') })
    assert.equal(said(booked), '201')
    const slot_id = await newSlot(app, stage, { ...of, ...from('09:30', '10:00') })
    assert.deepEqual(await freeTimes(app, stage.admin, provider, { date: TUESDAY }), ['10:00', '11:00'])
    assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '409 time_taken')
  })

  it('are not there while the provider is on time off, and cannot be booked then', async () => {
    const { stage, provider } = await arrange()
    const slot_id = await newSlot(app, stage, { provider_id: provider.id, ...from('18:00', '19:00') })
    const off = { provider_id: provider.id, ...from('18:59', '20:00') }
    const answer = await app.post('/time-off', { token: provider.token, body: off })
    assert.equal(said(answer), '201')
    const shown = await freeTimes(app, stage.admin, provider, { date: TUESDAY })
    assert.ok(!shown.includes('18:00'))
    assert.equal(said(await book(app, await newClient(app, stage), { slot_id })), '422 outside_hours')
  })

  it('are those of the service and the location that are asked for, or of any', async () => {
    const { stage, provider } = await arrange({ weekdays: [5] })
    const [north, south] = [await newLocation(app, stage), await newLocation(app, stage)]
    await worksAt(app, stage, provider, north)
    await worksAt(app, stage, provider, south)
    const [visit, course] = [await newService(app, stage), await newService(app, stage, { minutes: 45 })]
    const put = (time: string, more: object) =>
      newSlot(app, stage, { provider_id: provider.id, ...from(`${time}:00`, `${time}:30`), ...more })
    await put('07', { service_id: visit.id, location_id: north.id })
    await put('08', { service_id: course.id, location_id: north.id })
    await put('09', { location_id: north.id })
    await put('10', { location_id: south.id })
    const shown = (query: object) => freeTimes(app, stage.admin, provider, { date: TUESDAY, ...query })
    const location_id = north.id
    assert.deepEqual(await shown({ location_id }), ['07:00', '08:00', '09:00'])
    assert.deepEqual(await shown({ location_id, service_id: visit.id }), ['07:00', '09:00'])
    // A slot of any service must be long enough for this one; one of its own is as long as it is.
    assert.deepEqual(await shown({ location_id, service_id: course.id }), ['08:00'])
    assert.deepEqual(await shown({ location_id: south.id }), ['10:00'])
  })
})

describe('an appointment that is moved', () => {
  it('takes a seat in a slot, and gives it back when it is moved out', async () => {
    const { stage, provider } = await arrange({ opens: '09:00', closes: '12:00' })
    const slot_id = await newSlot(app, stage, {
      provider_id: provider.id,
      ...from('18:00', '18:30'),
      capacity: 2,
    })
    const client = await newClient(app, stage)
    const { body } = await book(app, client, { provider_id: provider.id, starts_at: on('09:00') })
    const into = await move(client, body.id, { slot_id })
    assert.equal(said(into), '200')
    assert.deepEqual(
      [into.body.slot_id, into.body.starts_at, into.body.ends_at],
      [slot_id, on('18:00'), on('18:30')],
    )
    assert.equal(await seatsLeft(client, slot_id), 1)
    const out = await move(client, body.id, { starts_at: on('10:00') })
    assert.deepEqual([said(out), out.body.slot_id], ['200', null])
    assert.equal(await seatsLeft(client, slot_id), 2)
  })

  it('is not moved into a slot that is full, or in which its client has a seat', async () => {
    const { stage, provider } = await arrange()
    const of = { provider_id: provider.id }
    const full = await newSlot(app, stage, { ...of, ...from('18:00', '19:00') })
    const own = await newSlot(app, stage, { ...of, ...from('19:00', '20:00'), capacity: 2 })
    const client = await newClient(app, stage)
    await book(app, await newClient(app, stage), { slot_id: full })
    await book(app, client, { slot_id: own })
    const { body } = await book(app, client, { ...of, starts_at: on('09:00') })
    assert.equal(said(await move(client, body.id, { slot_id: full })), '409 slot_full')
    assert.equal(said(await move(client, body.id, { slot_id: own })), '409 already_booked')
    const kept = await app.get(`/appointments/${body.id}`, { token: client.token })
    assert.deepEqual([kept.body.starts_at, kept.body.slot_id], [on('09:00'), null])
  })

  it('is of the service of the slot from then on, if it was of none', async () => {
    const { stage, provider } = await arrange()
    const { id: service_id } = await newService(app, stage)
    const slot = { provider_id: provider.id, service_id, ...from('18:00', '19:00') }
    const slot_id = await newSlot(app, stage, slot)
    const client = await newClient(app, stage)
    const { body } = await book(app, client, { provider_id: provider.id, starts_at: on('09:00') })
    assert.equal((await move(client, body.id, { slot_id })).body.service_id, service_id)
  })
})

async function arrange(hours: object = {}) {
  const stage = await newOrganization(app, { rules })
  return { stage, provider: await newProvider(app, stage, hours) }
}

const move = ({ token }: Person, id: string, body: object) =>
  app.post(`/appointments/${id}/reschedule`, { token, body })

const seatsLeft = async ({ token }: Person, id: string): Promise<number> =>
  (await app.get(`/published-slots/${id}`, { token })).body.seats_left
