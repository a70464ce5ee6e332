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
  newService,
  type Person,
  worksAt,
} from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const rules = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  change_notice_minutes: 120,
} as const
const DATE = '2027-03-02'
const NINE = `${DATE}T09:00:00Z`
const TEN = `${DATE}T10:00:00Z`
const ELEVEN = `${DATE}T11:00:00Z`

interface Entry {
  action: string
  after: { notes: string | null }
}

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('moving an appointment', () => {
  it('lets it wait for its confirmation again where the rules say so, and leaves it confirmed elsewhere', async () => {
    for (const moving_asks_again of [true, false]) {
      const asking = { ...rules, confirm_by: 'provider', moving_asks_again } as const
      const stage = await newOrganization(app, { rules: asking })
      const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
      const { id } = (await book(app, client, { provider_id: provider.id, starts_at: NINE })).body
      await app.post(`/appointments/${id}/confirm`, { token: provider.token })
      const body = { starts_at: ELEVEN }
      const moved = await app.post(`/appointments/${id}/reschedule`, { token: client.token, body })
      assert.equal(moved.body.state, moving_asks_again ? 'pending' : 'confirmed')
      assert.equal(moved.body.pending_reason, null)
    }
  })

  it('takes the new time and gives the old one back', async () => {
    const { client, provider, appointment } = await arrange()
    const moved = await move(client, appointment, { starts_at: ELEVEN, reason: 'The train is late' })
    assert.equal(said(moved), '200')
    const { starts_at, ends_at, state_reason, sequence, state, id } = moved.body
    assert.deepEqual([starts_at, ends_at], [ELEVEN, `${DATE}T12:00:00Z`])
    assert.deepEqual(
      [id, state, state_reason, sequence],
      [appointment.id, 'confirmed', 'The train is late', 1],
    )
    assert.deepEqual(await freeTimes(app, client, provider, { date: DATE }), [
      '09:00',
      '10:00',
      '12:00',
      '13:00',
      '14:00',
      '15:00',
      '16:00',
    ])
  })

  it('keeps its length, whatever has become of the service', async () => {
    const { stage, client, provider } = await arrange({ grid: 'none' })
    const service = await newService(app, stage, { minutes: 60, step_minutes: 15 })
    const wanted = { provider_id: provider.id, service_id: service.id, starts_at: TEN }
    const { body: booked } = await book(app, client, wanted)
    await app.request('PATCH', `/services/${service.id}`, { token: stage.admin.token, body: { minutes: 90 } })
    const moved = await move(client, booked, { starts_at: ELEVEN })
    assert.deepEqual([said(moved), moved.body.ends_at], ['200', `${DATE}T12:00:00Z`])
  })

  it('to another length is for organizations where that is for choosing', async () => {
    const to = { starts_at: ELEVEN, ends_at: `${DATE}T11:30:00Z` }
    const fixed = await arrange({ length: 'service' })
    assert.equal(said(await move(fixed.client, fixed.appointment, to)), '422 invalid_input')
    const free = await arrange({ length: 'request' })
    const moved = await move(free.client, free.appointment, to)
    assert.deepEqual([said(moved), moved.body.ends_at], ['200', to.ends_at])
  })

  it('leaves the notes as they are, or changes them with it as one entry of the history', async () => {
    const { client, appointment } = await arrange()
    const moved = await move(client, appointment, { starts_at: ELEVEN, notes: 'Brings the dog' })
    assert.deepEqual([said(moved), moved.body.notes], ['200', 'Brings the dog'])
    const again = await move(client, appointment, { starts_at: TEN })
    assert.equal(again.body.notes, 'Brings the dog')
    const { body } = await app.get(`/appointments/${appointment.id}/history`, { token: client.token })
    assert.deepEqual(
      body.items.map(({ action, after: { notes } }: Entry) => [action, notes]),
      [
        ['booked', null],
        ['reschedule', 'Brings the dog'],
        ['reschedule', 'Brings the dog'],
      ],
    )
  })

  it('by less than its length is no conflict with itself', async () => {
    const { client, appointment } = await arrange({ grid: 'none' })
    const moved = await move(client, appointment, { starts_at: `${DATE}T09:30:00Z` })
    assert.deepEqual([said(moved), moved.body.ends_at], ['200', `${DATE}T10:30:00Z`])
    const back = await move(client, appointment, { starts_at: NINE })
    assert.equal(said(back), '200')
  })

  it('to a colleague brings it to where the colleague works', async () => {
    const { stage, client, provider, appointment } = await arrange()
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    const colleague = await newProvider(app, stage)
    await worksAt(app, stage, provider, here)
    await worksAt(app, stage, colleague, there)
    const moved = await move(client, appointment, { starts_at: NINE, provider_id: colleague.id })
    assert.equal(said(moved), '200')
    assert.deepEqual([moved.body.provider_id, moved.body.location_id], [colleague.id, there.id])
    assert.equal((await freeTimes(app, client, provider, { date: DATE }))[0], '09:00')
    assert.equal((await freeTimes(app, client, colleague, { date: DATE }))[0], '10:00')
  })

  it('to another location of the provider', async () => {
    const { stage, client, provider, appointment } = await arrange()
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    await worksAt(app, stage, provider, here, { is_primary: true })
    await worksAt(app, stage, provider, there)
    const moved = await move(client, appointment, { starts_at: TEN, location_id: there.id })
    assert.deepEqual([said(moved), moved.body.location_id], ['200', there.id])
  })

  it('is for its client, its provider, the desk of its location and administrators', async () => {
    const { stage, client, provider, appointment, desk } = await arrange()
    const stranger = await newClient(app, stage)
    const colleague = await newProvider(app, stage)
    const table = [
      [client, TEN, '200'],
      [provider, ELEVEN, '200'],
      [desk, TEN, '200'],
      [stage.admin, ELEVEN, '200'],
      [stranger, TEN, '404 not_found'],
      [colleague, TEN, '404 not_found'],
    ] as const
    for (const [who, starts_at, expected] of table) {
      assert.equal(said(await move(who, appointment, { starts_at })), expected, who.name)
    }
  })

  it('to a colleague’s time is not for the provider', async () => {
    const { stage, provider, appointment } = await arrange()
    const colleague = await newProvider(app, stage)
    const answer = await move(provider, appointment, { starts_at: TEN, provider_id: colleague.id })
    assert.equal(said(answer), '403 not_allowed')
  })
})

describe('the notice for moving', () => {
  it('counts to the old start: exactly two hours before it is in time', async () => {
    const { client, appointment } = await arrange()
    app.setClock(`${DATE}T07:00:00Z`)
    assert.equal(said(await move(client, appointment, { starts_at: ELEVEN })), '200')
  })

  it('counts to the old start: a moment later is too late, whoever asks but an administrator', async () => {
    const { stage, client, provider, desk, appointment } = await arrange()
    app.setClock(`${DATE}T07:00:00.001Z`)
    const to = { starts_at: `${DATE}T16:00:00Z` }
    for (const who of [client, provider, desk]) {
      const refused = await move(who, appointment, to)
      assert.equal(said(refused), '422 too_late_to_change', who.name)
      assert.match(refused.body.detail, /up to 2 hours before/)
    }
    assert.equal(said(await move(stage.admin, appointment, to)), '200')
  })

  it('begins anew with the new start', async () => {
    const { client, appointment } = await arrange()
    await move(client, appointment, { starts_at: '2027-03-03T09:00:00Z' })
    app.setClock(`${DATE}T08:59:00Z`)
    assert.equal(said(await move(client, appointment, { starts_at: '2027-03-03T10:00:00Z' })), '200')
  })
})

describe('a move that is refused', () => {
  it('says why, and leaves everything as it was', async () => {
    const { stage, client, provider, appointment } = await arrange({
      notice_minutes: 60,
      horizon_minutes: 7 * 24 * 60,
    })
    const rival = await newClient(app, stage)
    const elsewhere = await newProvider(app, stage)
    const [nowhere] = [await newLocation(app, stage)]
    await book(app, rival, { provider_id: provider.id, starts_at: TEN })
    await book(app, client, { provider_id: elsewhere.id, starts_at: ELEVEN })
    await worksAt(app, stage, elsewhere, nowhere)
    const before = await whatThereIs(stage.admin, appointment.id)
    const table: [object, string][] = [
      [{ starts_at: TEN }, '409 time_taken'],
      [{ starts_at: ELEVEN }, '409 time_taken'],
      [{ starts_at: '2027-03-01T07:00:00Z' }, '422 in_the_past'],
      [{ starts_at: '2027-03-01T08:30:00Z' }, '422 notice_too_short'],
      [{ starts_at: '2027-03-09T09:00:00Z' }, '422 beyond_horizon'],
      [{ starts_at: `${DATE}T20:00:00Z` }, '422 outside_hours'],
      [{ starts_at: `${DATE}T12:30:00Z` }, '422 off_the_grid'],
      [{ starts_at: `${DATE}T13:00:00Z`, provider_id: client.id }, '422 invalid_input'],
      [{ starts_at: `${DATE}T13:00:00Z`, provider_id: rival.id }, '404 not_found'],
      [{ starts_at: `${DATE}T13:00:00Z`, location_id: rival.id }, '422 invalid_input'],
      [{ starts_at: `${DATE}T13:00:00Z`, client_id: rival.id }, '422 invalid_input'],
      [{ starts_at: `${DATE}T13:00:00Z`, state: 'completed' }, '422 invalid_input'],
      [{}, '422 invalid_input'],
    ]
    for (const [to, expected] of table) {
      assert.equal(said(await move(client, appointment, to)), expected, JSON.stringify(to))
      assert.deepEqual(await whatThereIs(stage.admin, appointment.id), before)
    }
  })

  it('is refused for one that has ended', async () => {
    const { client, appointment } = await arrange()
    await app.post(`/appointments/${appointment.id}/cancel`, { token: client.token })
    assert.equal(said(await move(client, appointment, { starts_at: ELEVEN })), '409 wrong_state')
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const desk = await newPerson(app, stage.organization, ['reception'])
  const { body } = await book(app, client, { provider_id: provider.id, starts_at: NINE })
  await worksAt(app, stage, desk, { id: body.location_id })
  return { stage, provider, client, desk, appointment: body as { id: string } }
}

function move({ token }: Person, { id }: { id: string }, body: object) {
  return app.post(`/appointments/${id}/reschedule`, { token, body })
}

/** An appointment with its history, and the time it takes. */
async function whatThereIs({ token }: Person, id: string) {
  const [shown, history] = [
    await app.get(`/appointments/${id}`, { token }),
    await app.get(`/appointments/${id}/history`, { token }),
  ]
  const text = 'select party_id, during::text from reservations where appointment_id = $1 order by party_id'
  const { rows } = await app.connection.pool.query(text, [id])
  return { appointment: shown.body, history: history.body, rows }
}
