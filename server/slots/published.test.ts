import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newProvider,
  newSlot,
  type Stage,
  visiting,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = { hold_minutes: 5, change_notice_minutes: 0 }
const on = (time: string) => `2027-03-02T${time}:00Z`
const from = (starts: string, ends: string) => ({ starts_at: on(starts), ends_at: on(ends) })

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a published slot that nobody has booked', () => {
  it('can be moved and changed, as long as it meets no other', async () => {
    const { stage, id, provider_id } = await arrange()
    await newSlot(app, stage, { provider_id, ...from('20:00', '21:00') })
    const moved = await change(stage, id, { ...from('19:00', '20:00'), capacity: 5, kind: 'emergency' })
    assert.equal(said(moved), '200')
    const { starts_at, ends_at, capacity, kind } = moved.body
    assert.deepEqual([starts_at, ends_at, capacity, kind], [on('19:00'), on('20:00'), 5, 'emergency'])
    const further = await change(stage, id, { ends_at: on('20:30') })
    assert.equal(said(further), '409 slots_overlap')
    assert.deepEqual(further.body.clashes, [from('20:00', '21:00')])
  })

  it('can be made longer over the time that it had', async () => {
    const { stage, id } = await arrange()
    assert.equal(said(await change(stage, id, { ends_at: on('19:30') })), '200')
  })

  it('is not moved to where it would make no sense', async () => {
    const { stage, id } = await arrange()
    const table: [object, string][] = [
      [{ ends_at: on('18:00') }, 'ends_at'],
      [from('07:00', '07:30'), 'starts_at'],
    ]
    for (const [to, field] of table) {
      app.setClock(on('07:30'))
      const answer = await change(stage, id, to)
      assert.deepEqual([said(answer), answer.body.errors[0].field], ['422 invalid_input', field])
    }
  })

  it('can be taken back, and is gone', async () => {
    const { stage, id } = await arrange()
    assert.equal((await remove(stage, id)).status, 204)
    const { token } = stage.admin
    assert.equal(said(await app.get(`/published-slots/${id}`, { token })), '404 not_found')
    assert.equal(said(await remove(stage, id)), '404 not_found')
    assert.equal(said(await change(stage, id, { capacity: 2 })), '404 not_found')
  })
})

describe('a published slot that is booked', () => {
  for (const how of ['booked', 'held'] as const) {
    it(`is neither moved nor taken back (${how})`, async () => {
      const { stage, id } = await arrange()
      const client = await newClient(app, stage)
      const path = how === 'held' ? '/holds' : '/appointments'
      const taken = await app.post(path, { token: client.token, body: { slot_id: id } })
      assert.equal(said(taken), '201')
      const before = await read(stage, id)
      for (const to of [from('20:00', '21:00'), { ends_at: on('19:30') }, { location_id: null }]) {
        assert.equal(said(await change(stage, id, to)), '409 slot_booked')
      }
      assert.equal(said(await remove(stage, id)), '409 slot_booked')
      assert.deepEqual(await read(stage, id), before)
    })
  }

  it('can have more seats, and not fewer than are taken', async () => {
    const { stage, id } = await arrange({ capacity: 4 })
    for (let n = 0; n < 2; n++) await book(app, await newClient(app, stage), { slot_id: id })
    assert.equal(said(await change(stage, id, { capacity: 1 })), '409 slot_booked')
    const fewer = await change(stage, id, { capacity: 2 })
    assert.deepEqual([said(fewer), fewer.body.seats_left], ['200', 0])
    const more = await change(stage, id, { capacity: 6 })
    assert.deepEqual([said(more), more.body.seats_left], ['200', 4])
  })

  it('can be moved and taken back again once that was cancelled', async () => {
    const { stage, id } = await arrange()
    const client = await newClient(app, stage)
    const booked = await book(app, client, { slot_id: id })
    await app.post(`/appointments/${booked.body.id}/cancel`, { token: client.token })
    assert.equal(said(await change(stage, id, from('20:00', '21:00'))), '200')
    assert.equal((await remove(stage, id)).status, 204)
    const { body } = await app.get(`/appointments/${booked.body.id}`, { token: client.token })
    assert.deepEqual([body.state, body.starts_at, body.slot_id], ['cancelled', on('18:00'), null])
  })

  it('can be moved and taken back again once a hold has expired', async () => {
    const { stage, id } = await arrange()
    const client = await newClient(app, stage)
    await app.post('/holds', { token: client.token, body: { slot_id: id } })
    app.pass({ minutes: 5 })
    assert.equal((await read(stage, id)).seats_left, 1)
    assert.equal(said(await change(stage, id, from('20:00', '21:00'))), '200')
    assert.equal((await remove(stage, id)).status, 204)
  })

  it('stays once somebody has been there', async () => {
    const { stage, id } = await arrange()
    const { body } = await book(app, await newClient(app, stage), { slot_id: id })
    app.setClock(on('19:00'))
    const done = await app.post(`/appointments/${body.id}/no-show`, { token: stage.admin.token })
    assert.equal(said(done), '200')
    assert.equal(said(await remove(stage, id)), '409 slot_booked')
  })
})

describe('a blocked slot', () => {
  it('cannot be booked, and why is told to those who publish alone', async () => {
    const { stage, id } = await arrange()
    const blocked = await change(stage, id, { is_blocked: true, block_reason: 'The heating is broken' })
    assert.deepEqual([blocked.body.is_blocked, blocked.body.block_reason], [true, 'The heating is broken'])
    const client = await newClient(app, stage)
    for (const asking of [{ token: client.token }, { headers: visiting(stage.organization) }]) {
      const { body } = await app.get(`/published-slots/${id}`, asking)
      assert.deepEqual([body.is_blocked, body.block_reason], [true, null])
      const listed = await app.get('/published-slots', asking)
      assert.deepEqual(listed.body.items, [body])
    }
    assert.equal(said(await book(app, client, { slot_id: id })), '422 not_bookable')
    await change(stage, id, { is_blocked: false, block_reason: null })
    assert.equal(said(await book(app, client, { slot_id: id })), '201')
  })

  it('keeps the seats that were booked before', async () => {
    const { stage, id } = await arrange({ capacity: 2 })
    const { body } = await book(app, await newClient(app, stage), { slot_id: id })
    assert.equal(said(await change(stage, id, { is_blocked: true })), '200')
    const kept = await app.get(`/appointments/${body.id}`, { token: stage.admin.token })
    assert.deepEqual([kept.body.state, kept.body.slot_id], ['confirmed', id])
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules })
  const { id: provider_id } = await newProvider(app, stage)
  const id = await newSlot(app, stage, { provider_id, ...from('18:00', '19:00'), ...more })
  return { stage, provider_id, id }
}

const change = ({ admin: { token } }: Stage, id: string, body: object) =>
  app.request('PATCH', `/published-slots/${id}`, { token, body })

const remove = ({ admin: { token } }: Stage, id: string) =>
  app.request('DELETE', `/published-slots/${id}`, { token })

const read = async ({ admin: { token } }: Stage, id: string) =>
  (await app.get(`/published-slots/${id}`, { token })).body
