import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newProvider,
  newSlot,
  type Person,
  type Stage,
} from '../../test/cast.ts'
import { findBrokenPromises } from '../../test/checking.ts'
import { said } from '../../test/free.ts'

const rules: Partial<Rules> = {
  grid: 'none',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  change_notice_minutes: 0,
  confirm_by: 'provider',
  completes_from: ['pending', 'confirmed', 'arrived', 'in_progress'],
  block_after_no_shows: 1,
}
const on = (time: string) => `2027-03-02T${time}:00Z`
const NINE = on('09:00')

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the time of an appointment that is corrected', () => {
  it('is taken again, for the provider and the client', async () => {
    const { stage, provider, client, id } = await arrangeEnded('cancel')
    await correct(stage.admin, id, { state: 'confirmed', reason: 'It was the wrong one' })
    const rival = await book(app, await newClient(app, stage), { provider_id: provider.id, starts_at: NINE })
    assert.deepEqual([said(rival), rival.body.taken_by], ['409 time_taken', ['provider']])
    const colleague = await newProvider(app, stage)
    const elsewhere = await book(app, client, { provider_id: colleague.id, starts_at: NINE })
    assert.deepEqual(elsewhere.body.taken_by, ['client'])
    await nothingIsBroken()
  })

  it('is not taken from whoever has it now: nothing changes', async () => {
    const { stage, provider, client, id } = await arrangeEnded('cancel')
    app.setClock(MONDAY)
    const rival = await book(app, await newClient(app, stage), { provider_id: provider.id, starts_at: NINE })
    assert.equal(said(rival), '201')
    const before = await app.get(`/appointments/${id}`, { token: client.token })
    const answer = await correct(stage.admin, id, { state: 'confirmed', reason: 'It was the wrong one' })
    assert.deepEqual([said(answer), answer.body.taken_by], ['409 time_taken', ['provider']])
    assert.deepEqual((await app.get(`/appointments/${id}`, { token: client.token })).body, before.body)
    await nothingIsBroken()
  })

  it('is given back when it turns out to have been cancelled', async () => {
    const { stage, provider, id } = await arrange()
    await correct(stage.admin, id, { state: 'cancelled', reason: 'By phone, last week' })
    const next = await book(app, await newClient(app, stage), { provider_id: provider.id, starts_at: NINE })
    assert.equal(said(next), '201')
    await nothingIsBroken()
  })

  it('is taken again also of somebody who takes no bookings any more', async () => {
    const { stage, provider, id } = await arrange()
    await act(stage.admin, id, 'cancel')
    const gone = { token: stage.admin.token, body: { is_active: false } }
    assert.equal(said(await app.request('PATCH', `/providers/${provider.id}`, gone)), '200')
    const back = { state: 'confirmed', reason: 'It was another one that they cancelled' }
    assert.equal(said(await correct(stage.admin, id, back)), '200')
    await nothingIsBroken()
  })

  it('is a seat again where it was one, as long as one is left', async () => {
    const { stage, provider } = await arrange()
    const slot_id = await newSlot(app, stage, { ...evening(provider), capacity: 2 })
    const [first, second] = [await seat(stage, slot_id), await seat(stage, slot_id)]
    await act(stage.admin, first, 'cancel')
    await act(stage.admin, second, 'cancel')
    await seat(stage, slot_id)
    const back = { state: 'confirmed', reason: 'They come after all' }
    const again = await correct(stage.admin, first, back)
    assert.deepEqual([said(again), again.body.slot_id], ['200', slot_id])
    assert.equal(said(await correct(stage.admin, second, back)), '409 slot_full')
    await nothingIsBroken()
  })

  it('is its own where its slot has been moved since, and meets nobody who has a seat there now', async () => {
    const { stage, provider } = await arrange()
    const slot_id = await newSlot(app, stage, { ...evening(provider), capacity: 2 })
    const id = await seat(stage, slot_id)
    await act(stage.admin, id, 'cancel')
    const later = { starts_at: on('18:30'), ends_at: on('19:30') }
    const moved = { token: stage.admin.token, body: later }
    assert.equal(said(await app.request('PATCH', `/published-slots/${slot_id}`, moved)), '200')
    const other = await seat(stage, slot_id)
    const back = { state: 'confirmed', reason: 'They come after all' }
    assert.equal(said(await correct(stage.admin, id, back)), '409 time_taken')
    await act(stage.admin, other, 'cancel')
    const alone = await correct(stage.admin, id, back)
    const { slot_id: slot, starts_at } = alone.body
    assert.deepEqual([said(alone), slot, starts_at], ['200', null, on('18:00')])
    await nothingIsBroken()
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const { status, body } = await book(app, client, { provider_id: provider.id, starts_at: NINE })
  assert.equal(status, 201)
  return { stage, provider, client, id: body.id as string }
}

async function arrangeEnded(step: string, body?: object, more?: object) {
  app.setClock(MONDAY)
  const arranged = await arrange(more)
  if (step === 'complete' || step === 'no-show') app.setClock(on('10:00'))
  assert.equal(said(await act(arranged.stage.admin, arranged.id, step, body)), '200')
  return arranged
}

const act = ({ token }: Person, id: string, step: string, body?: object) =>
  app.post(`/appointments/${id}/${step}`, { token, body })

const correct = (who: Person, id: string, body: object) => act(who, id, 'correct', body)

const evening = ({ id: provider_id }: Person) => ({
  provider_id,
  starts_at: on('18:00'),
  ends_at: on('19:00'),
})

async function seat(stage: Stage, slot_id: string): Promise<string> {
  const { status, body } = await book(app, await newClient(app, stage), { slot_id })
  assert.equal(status, 201)
  return body.id
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(app.connection.pool), [])
}
