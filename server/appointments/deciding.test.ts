import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  worksAt,
} from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, confirm_by: 'provider' } as const
const NINE = '2027-03-02T09:00:00Z'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('confirming', () => {
  it('turns what waits into an appointment', async () => {
    const { provider, appointment } = await arrange()
    assert.equal(appointment.state, 'pending')
    const answer = await decide(provider, appointment, 'confirm')
    assert.deepEqual([said(answer), answer.body.state], ['200', 'confirmed'])
  })

  const OK = '200'
  const NO = '403 not_allowed'
  const table = {
    provider: {
      admin: OK,
      provider: OK,
      secretary: OK,
      reception: NO,
      client: NO,
      stranger: '404 not_found',
    },
    client: { admin: OK, provider: OK, secretary: OK, reception: NO, client: OK, stranger: '404 not_found' },
    either: { admin: OK, provider: OK, secretary: OK, reception: NO, client: OK, stranger: '404 not_found' },
  }
  for (const [confirm_by, row] of Object.entries(table)) {
    it(`is for those whose word it waits for, where that is ${confirm_by}`, async () => {
      for (const [who, expected] of Object.entries(row)) {
        const cast = await arrange({ confirm_by })
        const answer = await decide(cast[who as keyof typeof row], cast.appointment, 'confirm')
        assert.equal(said(answer), expected, who)
      }
    })
  }

  it('happens once', async () => {
    const { provider, appointment } = await arrange()
    await decide(provider, appointment, 'confirm')
    const again = await decide(provider, appointment, 'confirm')
    assert.equal(said(again), '409 wrong_state')
    assert.deepEqual([again.body.state, again.body.allowed_from], ['confirmed', ['pending']])
    assert.match(again.body.detail, /the appointment is confirmed, and should be pending/)
  })
})

describe('declining', () => {
  it('frees the time, and keeps the reason', async () => {
    const { provider, client, appointment } = await arrange()
    const body = { reason: 'I am away that day' }
    const answer = await decide(provider, appointment, 'decline', body)
    assert.deepEqual([said(answer), answer.body.state], ['200', 'declined'])
    assert.equal(answer.body.state_reason, 'I am away that day')
    assert.equal((await freeTimes(app, client, provider, { date: '2027-03-02' }))[0], '09:00')
    assert.equal(said(await book(app, client, { provider_id: provider.id, starts_at: NINE })), '201')
  })

  it('is not for clients, nor for the reception', async () => {
    const { client, reception, appointment } = await arrange({ confirm_by: 'either' })
    assert.equal(said(await decide(client, appointment, 'decline')), '403 not_allowed')
    assert.equal(said(await decide(reception, appointment, 'decline')), '403 not_allowed')
  })

  it('is too late once it is confirmed, and final once it is declined', async () => {
    const { provider, appointment } = await arrange()
    await decide(provider, appointment, 'confirm')
    assert.equal(said(await decide(provider, appointment, 'decline')), '409 wrong_state')
    const other = await arrange()
    await decide(other.provider, other.appointment, 'decline')
    assert.equal(said(await decide(other.provider, other.appointment, 'confirm')), '409 wrong_state')
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const location = await newLocation(app, stage)
  const secretary = await newPerson(app, stage.organization, ['secretary'])
  const reception = await newPerson(app, stage.organization, ['reception'])
  for (const person of [provider, secretary, reception]) await worksAt(app, stage, person, location)
  const { body } = await book(app, client, { provider_id: provider.id, starts_at: NINE })
  const stranger = await newProvider(app, stage)
  return { stage, admin: stage.admin, provider, client, secretary, reception, stranger, appointment: body }
}

function decide({ token }: Person, { id }: { id: string }, word: 'confirm' | 'decline', body?: object) {
  return app.post(`/appointments/${id}/${word}`, { token, body })
}
