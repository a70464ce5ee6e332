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

const rules = { grid: 'windows', length: 'service', slot_minutes: 60 } as const
const NINE = '2027-03-02T09:00:00Z'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a visit', () => {
  it('is arrived, started and completed', async () => {
    const { provider, appointment } = await arrange()
    app.setClock(NINE)
    const states = []
    for (const step of ['arrive', 'start', 'complete']) {
      states.push((await take(provider, appointment, step)).body.state)
    }
    assert.deepEqual(states, ['arrived', 'in_progress', 'completed'])
  })

  it('can begin before its time, but is not over before it has begun', async () => {
    const { provider, appointment } = await arrange()
    app.setClock('2027-03-02T08:59:59.999Z')
    assert.equal(said(await take(provider, appointment, 'arrive')), '200')
    assert.equal(said(await take(provider, appointment, 'complete')), '409 not_started_yet')
    app.setClock(NINE)
    assert.equal(said(await take(provider, appointment, 'complete')), '200')
  })

  it('is completed from where the rules say', async () => {
    const { provider, appointment } = await arrange({ completes_from: ['in_progress'] })
    app.setClock(NINE)
    const early = await take(provider, appointment, 'complete')
    assert.equal(said(early), '409 wrong_state')
    assert.deepEqual(early.body.allowed_from, ['in_progress'])
    await take(provider, appointment, 'start')
    assert.equal(said(await take(provider, appointment, 'complete')), '200')
  })

  it('is for its provider, the desk of its location and administrators to note', async () => {
    const table = [
      ['provider', '200'],
      ['desk', '200'],
      ['admin', '200'],
      ['client', '403 not_allowed'],
      ['colleague', '404 not_found'],
      ['otherDesk', '404 not_found'],
    ] as const
    for (const step of ['arrive', 'start', 'no-show'] as const) {
      for (const [who, expected] of table) {
        app.setClock(MONDAY)
        const cast = await arrange()
        app.setClock(NINE)
        assert.equal(said(await take(cast[who], cast.appointment, step)), expected, `${step} by ${who}`)
      }
    }
  })
})

describe('a client who did not come', () => {
  it('is noted from the start on, and not before', async () => {
    const { provider, appointment } = await arrange()
    app.setClock('2027-03-02T08:59:59.999Z')
    assert.equal(said(await take(provider, appointment, 'no-show')), '409 not_started_yet')
    app.setClock(NINE)
    const missed = await take(provider, appointment, 'no-show')
    assert.deepEqual([said(missed), missed.body.state], ['200', 'no_show'])
  })

  it('is noted before the start where the rules let people say it early', async () => {
    const { provider, appointment } = await arrange({ closes_early: true })
    assert.equal(said(await take(provider, appointment, 'no-show')), '200')
    const another = await arrange({ closes_early: true })
    assert.equal(said(await take(another.provider, another.appointment, 'complete')), '200')
  })

  it('leaves the rest of the time to others', async () => {
    const { stage, provider, appointment } = await arrange({ grid: 'none' })
    app.setClock('2027-03-02T09:15:00Z')
    await take(provider, appointment, 'no-show')
    const next = { provider_id: provider.id, starts_at: '2027-03-02T09:15:00Z' }
    assert.equal(said(await book(app, await newClient(app, stage), next)), '201')
  })

  it('is counted, once for each appointment missed', async () => {
    const { stage, provider, client, appointment } = await arrange()
    app.setClock(NINE)
    await take(provider, appointment, 'no-show')
    assert.equal(said(await take(provider, appointment, 'no-show')), '409 wrong_state')
    const { body } = await app.get(`/clients/${client.id}`, { token: stage.admin.token })
    assert.deepEqual([body.no_show_count, body.is_blocked], [1, false])
  })

  it('is blocked at the number of the rules, and can still see and cancel', async () => {
    const { stage, provider, client } = await arrange({ block_after_no_shows: 2 })
    const later = await booked(client, provider, '2027-03-04T09:00:00Z')
    for (const starts_at of ['2027-03-02T10:00:00Z', '2027-03-02T11:00:00Z']) {
      const { id } = await booked(client, provider, starts_at)
      app.setClock(starts_at)
      await take(provider, { id }, 'no-show')
      app.setClock(MONDAY)
    }
    const wanted = { provider_id: provider.id, starts_at: '2027-03-03T09:00:00Z' }
    assert.equal(said(await book(app, client, wanted)), '403 client_blocked')
    assert.equal(said(await app.get(`/appointments/${later.id}`, { token: client.token })), '200')
    assert.equal(said(await take(client, later, 'cancel')), '200')
    await app.post(`/clients/${client.id}/unblock`, { token: stage.admin.token })
    assert.equal(said(await book(app, client, wanted)), '201')
  })

  it('is never blocked where the rules have no number', async () => {
    const { provider, client, appointment } = await arrange({ block_after_no_shows: null })
    app.setClock(NINE)
    await take(provider, appointment, 'no-show')
    assert.equal(
      said(await book(app, client, { provider_id: provider.id, starts_at: '2027-03-03T09:00:00Z' })),
      '201',
    )
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const colleague = await newProvider(app, stage)
  const [desk, otherDesk] = [
    await newPerson(app, stage.organization, ['reception']),
    await newPerson(app, stage.organization, ['reception']),
  ]
  const appointment = await booked(client, provider, NINE)
  await worksAt(app, stage, desk, { id: appointment.location_id })
  return { stage, admin: stage.admin, provider, client, colleague, desk, otherDesk, appointment }
}

async function booked(client: Person, provider: Person, starts_at: string) {
  const answer = await book(app, client, { provider_id: provider.id, starts_at })
  assert.equal(said(answer), '201')
  return answer.body as { id: string; location_id: string }
}

function take({ token }: Person, { id }: { id: string }, step: string) {
  return app.post(`/appointments/${id}/${step}`, { token })
}
