import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  worksAt,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  change_notice_minutes: 120,
} as const
const NINE = '2027-03-02T09:00:00Z'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('cancelling', () => {
  it('frees the time of a cancelled appointment, for the provider and the client', async () => {
    const { stage, client, provider, appointment } = await arrange()
    const another = await newProvider(app, stage)
    const answer = await cancel(client, appointment, { reason: 'The cough is gone' })
    assert.deepEqual([said(answer), answer.body.state], ['200', 'cancelled'])
    assert.deepEqual([answer.body.state_reason, answer.body.sequence], ['The cough is gone', 1])
    const rival = await newClient(app, stage)
    assert.equal(said(await book(app, rival, { provider_id: provider.id, starts_at: NINE })), '201')
    assert.equal(said(await book(app, client, { provider_id: another.id, starts_at: NINE })), '201')
  })

  it('needs no reason', async () => {
    const { client, appointment } = await arrange()
    const answer = await cancel(client, appointment)
    assert.deepEqual([said(answer), answer.body.state_reason], ['200', null])
  })

  it('twice is refused, and the time stays with whoever has it now', async () => {
    const { stage, client, provider, appointment } = await arrange()
    await cancel(client, appointment)
    const rival = await newClient(app, stage)
    const { body: theirs } = await book(app, rival, { provider_id: provider.id, starts_at: NINE })
    const again = await cancel(client, appointment)
    assert.equal(said(again), '409 wrong_state')
    assert.equal(again.body.state, 'cancelled')
    const kept = await app.get(`/appointments/${theirs.id}`, { token: rival.token })
    assert.equal(kept.body.state, 'confirmed')
    const late = await book(app, await newClient(app, stage), { provider_id: provider.id, starts_at: NINE })
    assert.equal(said(late), '409 time_taken')
  })

  it('is in time exactly two hours before', async () => {
    const { client, appointment } = await arrange()
    app.setClock('2027-03-02T07:00:00Z')
    assert.equal(said(await cancel(client, appointment)), '200')
  })

  it('is too late a moment after that, for all but an administrator', async () => {
    const { stage, client, provider, desk, appointment } = await arrange()
    app.setClock('2027-03-02T07:00:00.001Z')
    for (const who of [client, provider, desk]) {
      assert.equal(said(await cancel(who, appointment)), '422 too_late_to_change', who.name)
    }
    assert.equal(said(await cancel(stage.admin, appointment)), '200')
  })

  it('is too late for a client once it has begun, and not for the provider', async () => {
    const { client, provider, appointment } = await arrange({ change_notice_minutes: 0 })
    app.setClock('2027-03-02T09:00:01Z')
    const refused = await cancel(client, appointment)
    assert.equal(said(refused), '422 too_late_to_change')
    assert.match(refused.body.detail, /until it starts/)
    assert.equal(said(await cancel(provider, appointment)), '200')
  })

  it('needs no notice where the rules ask for none', async () => {
    const { client, appointment } = await arrange({ change_notice_minutes: 0 })
    app.setClock('2027-03-02T08:59:59Z')
    assert.equal(said(await cancel(client, appointment)), '200')
  })

  it('is for its client, its provider, the desk of its location and administrators', async () => {
    const table = [
      ['client', '200'],
      ['provider', '200'],
      ['desk', '200'],
      ['admin', '200'],
      ['stranger', '404 not_found'],
      ['colleague', '404 not_found'],
    ] as const
    for (const [who, expected] of table) {
      const cast = await arrange()
      assert.equal(said(await cancel(cast[who], cast.appointment)), expected, who)
    }
  })

  it('of an appointment elsewhere does not exist', async () => {
    const [mine, theirs] = [await arrange(), await arrange()]
    assert.equal(said(await cancel(mine.admin, theirs.appointment)), '404 not_found')
    const kept = await app.get(`/appointments/${theirs.appointment.id}`, { token: theirs.client.token })
    assert.equal(kept.body.state, 'confirmed')
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const [colleague, stranger] = [await newProvider(app, stage), await newClient(app, stage)]
  const desk = await newPerson(app, stage.organization, ['secretary'])
  const { body } = await book(app, client, { provider_id: provider.id, starts_at: NINE })
  await worksAt(app, stage, desk, { id: body.location_id })
  return {
    stage,
    admin: stage.admin,
    provider,
    client,
    colleague,
    stranger,
    desk,
    appointment: body as { id: string },
  }
}

function cancel({ token }: Person, { id }: { id: string }, body?: object) {
  return app.post(`/appointments/${id}/cancel`, { token, body })
}
