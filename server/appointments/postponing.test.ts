import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, type Person } from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const DATE = '2027-03-02'
const NINE = `${DATE}T09:00:00Z`
const TEN = `${DATE}T10:00:00Z`
const rules = { grid: 'windows', length: 'service', slot_minutes: 60, confirm_by: 'provider' } as const

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('postponing an appointment', () => {
  it('moves it at once, and lets it wait to be confirmed again', async () => {
    const { provider, client, appointment } = await arrange()
    const { status, body } = await postpone(provider, appointment, { starts_at: TEN, reason: 'A meeting' })
    assert.equal(status, 200)
    const { state, pending_reason, starts_at, state_reason, sequence } = body
    assert.deepEqual([state, pending_reason, starts_at], ['pending', 'moved_by_provider', TEN])
    assert.deepEqual([state_reason, sequence], ['A meeting', 1])
    const free = await freeTimes(app, client, provider, { date: DATE })
    assert.deepEqual([free.includes('09:00'), free.includes('10:00')], [true, false])
  })

  it('is over once it is confirmed, or moved by agreement', async () => {
    const { provider, appointment } = await arrange()
    await postpone(provider, appointment, { starts_at: TEN })
    const confirmed = await act(provider, appointment, 'confirm')
    assert.deepEqual([confirmed.body.state, confirmed.body.pending_reason], ['confirmed', null])
  })

  it('is for what was agreed, and not for what still waits', async () => {
    const { provider, client } = await arrange()
    const { body } = await book(app, client, { provider_id: provider.id, starts_at: `${DATE}T12:00:00Z` })
    const waiting = await postpone(provider, body, { starts_at: `${DATE}T13:00:00Z` })
    assert.equal(said(waiting), '409 wrong_state')
  })

  it('is for those who attend, and not for the client', async () => {
    const { stage, client, appointment } = await arrange()
    assert.equal(said(await postpone(client, appointment, { starts_at: TEN })), '403 not_allowed')
    const colleague = await newProvider(app, stage)
    assert.equal(said(await postpone(colleague, appointment, { starts_at: TEN })), '404 not_found')
    assert.equal(said(await postpone(stage.admin, appointment, { starts_at: TEN })), '200')
  })

  it('to a time that is taken changes nothing', async () => {
    const { stage, provider, appointment } = await arrange()
    await book(app, await newClient(app, stage), { provider_id: provider.id, starts_at: TEN })
    assert.equal(said(await postpone(provider, appointment, { starts_at: TEN })), '409 time_taken')
    const { body } = await app.get(`/appointments/${appointment.id}`, { token: provider.token })
    assert.deepEqual([body.state, body.starts_at], ['confirmed', NINE])
  })
})

async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const { body: appointment } = await book(app, client, { provider_id: provider.id, starts_at: NINE })
  await act(provider, appointment, 'confirm')
  return { stage, provider, client, appointment }
}

const act = ({ token }: Person, { id }: { id: string }, step: string, body?: object) =>
  app.post(`/appointments/${id}/${step}`, { token, body })

const postpone = (person: Person, appointment: { id: string }, to: object) =>
  act(person, appointment, 'postpone', to)
