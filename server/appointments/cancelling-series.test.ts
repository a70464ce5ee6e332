import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type Answer, MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, newOrganization, newProvider, type Person } from '../../test/cast.ts'
import { findBrokenPromises } from '../../test/checking.ts'
import { said } from '../../test/free.ts'

const rules = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  change_notice_minutes: 1440,
} as const
const NINE = '2027-03-02T09:00:00Z'
const weekly = (count: number) => ({ repetition: { every: 'week', count } })

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a series that is cancelled', () => {
  it('is cancelled from a moment on, and what comes before it stays', async () => {
    const { client, provider } = await arrange()
    const { body } = await bookSeries(client, provider, weekly(4))
    const ids = body.appointments.map(({ id }: { id: string }) => id)
    const answer = await cancelSeries(client, body.id, { from: '2027-03-16T09:00:00Z', reason: 'Well again' })
    assert.deepEqual([said(answer), answer.body.cancelled], ['200', ids.slice(2)])
    assert.deepEqual(await statesOf(client, body.id), ['confirmed', 'confirmed', 'cancelled', 'cancelled'])
    const last = await app.get(`/appointments/${ids[3]}`, { token: client.token })
    assert.equal(last.body.state_reason, 'Well again')
    await nothingIsBroken()
  })

  it('keeps what it is too late for, and what has ended', async () => {
    const { stage, client, provider } = await arrange()
    const { body } = await bookSeries(client, provider, weekly(4))
    const [first, ...rest] = body.appointments.map(({ id }: { id: string }) => id)
    app.setClock('2027-03-02T10:00:00Z')
    await app.post(`/appointments/${first}/complete`, { token: stage.admin.token })
    app.setClock('2027-03-08T09:00:01Z')
    const answer = await cancelSeries(client, body.id, { from: MONDAY })
    assert.deepEqual(answer.body.cancelled, rest.slice(1))
    assert.deepEqual(await statesOf(client, body.id), ['completed', 'confirmed', 'cancelled', 'cancelled'])
    await nothingIsBroken()
  })

  it('is cancelled from now on unless something else is said', async () => {
    const { stage, client, provider } = await arrange()
    const { body } = await bookSeries(client, provider, weekly(2))
    app.setClock('2027-03-02T09:30:00Z')
    const answer = await cancelSeries(stage.admin, body.id, {})
    assert.deepEqual(answer.body.cancelled, [body.appointments[1].id])
  })

  it('is not there for anybody else', async () => {
    const { stage, client, provider } = await arrange()
    const { body } = await bookSeries(client, provider, weekly(2))
    for (const who of [await newClient(app, stage), await newProvider(app, stage)]) {
      assert.equal(said(await cancelSeries(who, body.id, {})), '404 not_found')
    }
    assert.deepEqual(await statesOf(client, body.id), ['confirmed', 'confirmed'])
  })
})

async function arrange(more: object = {}, time_zone = 'UTC') {
  const stage = await newOrganization(app, { rules: { ...rules, ...more }, time_zone })
  return { stage, provider: await newProvider(app, stage), client: await newClient(app, stage) }
}

function bookSeries({ token }: Person, { id: provider_id }: Person, body: object): Promise<Answer> {
  return app.post('/appointments/series', { token, body: { provider_id, starts_at: NINE, ...body } })
}

const cancelSeries = ({ token }: Person, id: string, body: object) =>
  app.post(`/appointments/series/${id}/cancel`, { token, body })

async function statesOf({ token }: Person, series_id: string): Promise<string[]> {
  const { body } = await app.get(`/appointments?series_id=${series_id}`, { token })
  return body.items.map(({ state }: { state: string }) => state)
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(app.connection.pool), [])
}
