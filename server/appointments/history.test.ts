import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, type Person } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const NINE = '2027-03-02T09:00:00Z'
const ELEVEN = '2027-03-02T11:00:00Z'
const rules = { grid: 'windows', length: 'service', slot_minutes: 60, confirm_by: 'provider' } as const

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the history of an appointment', () => {
  it('tells who did what, when, and why', async () => {
    const { stage, client, provider, id } = await arrange()
    app.setClock('2027-03-01T08:01:00Z')
    await take(provider, id, 'confirm')
    app.setClock('2027-03-01T08:02:00Z')
    await take(client, id, 'reschedule', { starts_at: ELEVEN, reason: 'A late train' })
    app.setClock('2027-03-01T08:03:00Z')
    await app.request('PATCH', `/appointments/${id}`, { token: client.token, body: { notes: 'Two people' } })
    app.setClock('2027-03-01T08:04:00Z')
    await take(stage.admin, id, 'cancel', { reason: 'Closed' })
    const told = (await historyOf(client, id)).map(
      ({ action, actor_id, reason, happened_at }) => [action, actor_id, reason, happened_at] as const,
    )
    assert.deepEqual(told, [
      ['booked', client.id, null, '2027-03-01T08:00:00Z'],
      ['confirm', provider.id, null, '2027-03-01T08:01:00Z'],
      ['reschedule', client.id, 'A late train', '2027-03-01T08:02:00Z'],
      ['change', client.id, null, '2027-03-01T08:03:00Z'],
      ['cancel', stage.admin.id, 'Closed', '2027-03-01T08:04:00Z'],
    ])
  })

  it('tells from what to what: each entry begins where the last one ended', async () => {
    const { client, provider, id } = await arrange()
    await take(provider, id, 'confirm')
    await take(client, id, 'reschedule', { starts_at: ELEVEN })
    await take(client, id, 'cancel')
    const history = await historyOf(client, id)
    assert.equal(history[0]!.before, null)
    for (const [at, entry] of history.slice(1).entries()) assert.deepEqual(entry.before, history[at]!.after)
    const told = history.map(({ after }) => [after.state, after.starts_at])
    assert.deepEqual(told, [
      ['pending', NINE],
      ['confirmed', NINE],
      ['confirmed', ELEVEN],
      ['cancelled', ELEVEN],
    ])
  })

  it('tells nothing of what was refused', async () => {
    const { client, id } = await arrange()
    assert.equal(said(await take(client, id, 'confirm')), '403 not_allowed')
    assert.equal(said(await take(client, id, 'reschedule', { starts_at: MONDAY })), '422 outside_hours')
    assert.deepEqual((await historyOf(client, id)).length, 1)
  })

  it('is for those who may see the appointment', async () => {
    const { stage, client, provider, id } = await arrange()
    const [stranger, colleague] = [await newClient(app, stage), await newProvider(app, stage)]
    const ask = async ({ token }: Person) => said(await app.get(`/appointments/${id}/history`, { token }))
    assert.deepEqual(
      [
        await ask(client),
        await ask(provider),
        await ask(stage.admin),
        await ask(stranger),
        await ask(colleague),
      ],
      ['200', '200', '200', '404 not_found', '404 not_found'],
    )
  })
})

describe('what happens to an appointment', () => {
  it('is told to whoever listens, with the entry of its history', async () => {
    const { client, provider, id } = await arrange()
    await take(provider, id, 'confirm')
    await take(client, id, 'reschedule', { starts_at: ELEVEN })
    await app.request('PATCH', `/appointments/${id}`, { token: client.token, body: { notes: 'x' } })
    app.setClock(ELEVEN)
    for (const step of ['arrive', 'start', 'complete']) await take(provider, id, step)
    const events = await eventsOf(id)
    assert.deepEqual(
      events.map((event) => event.kind),
      [
        'appointment.booked',
        'appointment.confirmed',
        'appointment.rescheduled',
        'appointment.changed',
        'appointment.arrived',
        'appointment.started',
        'appointment.completed',
      ],
    )
    const entries = (await historyOf(client, id)).map((entry) => entry.id)
    assert.deepEqual(
      events.map((event) => event.data.history_id),
      entries,
    )
  })

  for (const [step, kind] of [
    ['decline', 'appointment.declined'],
    ['cancel', 'appointment.cancelled'],
    ['no-show', 'appointment.missed'],
  ] as const) {
    it(`is told when it ends: ${kind}`, async () => {
      const { stage, id } = await arrange()
      app.setClock(NINE)
      await take(stage.admin, id, step)
      const events = await eventsOf(id)
      assert.deepEqual(
        events.map((event) => event.kind),
        ['appointment.booked', kind],
      )
    })
  }
})

async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const { body } = await book(app, client, { provider_id: provider.id, starts_at: NINE })
  return { stage, provider, client, id: body.id as string }
}

function take({ token }: Person, id: string, step: string, body?: object) {
  return app.post(`/appointments/${id}/${step}`, { token, body })
}

interface Entry {
  id: string
  action: string
  actor_id: string
  reason: string | null
  before: object | null
  after: { state: string; starts_at: string }
  happened_at: string
}

async function historyOf({ token }: Person, id: string): Promise<Entry[]> {
  return (await app.get(`/appointments/${id}/history`, { token })).body.items
}

async function eventsOf(id: string): Promise<{ kind: string; data: { history_id: string } }[]> {
  const text = `select kind, data from events where data ->> 'appointment_id' = $1 order by id`
  return (await app.connection.pool.query(text, [id])).rows
}
