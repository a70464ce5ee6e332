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
import { said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, clients_may_overlap: false } as const
const NINE = '2027-03-02T09:00:00Z'
const TEN = '2027-03-02T10:00:00Z'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('booking', () => {
  it('answers with who, where, when, for how long and for how much', async () => {
    const { stage, client, provider } = await arrange()
    const service = await newService(app, stage, { minutes: 60, price: 45.5 })
    const location = await newLocation(app, stage)
    await worksAt(app, stage, provider, location)
    const body = { provider_id: provider.id, service_id: service.id, starts_at: '2027-03-02T10:00:00+01:00' }
    const answer = await book(app, client, { ...body, notes: 'By the back door, please' })
    assert.equal(answer.status, 201)
    const { id, ...appointment } = answer.body
    assert.deepEqual(appointment, {
      state: 'confirmed',
      starts_at: NINE,
      ends_at: TEN,
      provider_id: provider.id,
      provider_name: provider.name,
      client_id: client.id,
      client_name: client.name,
      service_id: service.id,
      service_name: service.name,
      location_id: location.id,
      location_name: location.name,
      dependent_id: null,
      dependent_name: null,
      resources: [],
      slot_id: null,
      series_id: null,
      pending_reason: null,
      state_reason: null,
      notes: 'By the back door, please',
      price: 45.5,
      charged: null,
      details: {},
      booked_by: client.id,
      sequence: 0,
      created_at: MONDAY,
      updated_at: MONDAY,
    })
    assert.deepEqual((await app.get(`/appointments/${id}`, { token: client.token })).body, answer.body)
  })

  it('keeps length and price as they were agreed, whatever becomes of the service', async () => {
    const { stage, client, provider } = await arrange()
    const service = await newService(app, stage, { minutes: 60, price: 45.5 })
    const wanted = { provider_id: provider.id, service_id: service.id, starts_at: NINE }
    const { body: booked } = await book(app, client, wanted)
    const dearer = { minutes: 90, price: 99 }
    await app.request('PATCH', `/services/${service.id}`, { token: stage.admin.token, body: dearer })
    const { body } = await app.get(`/appointments/${booked.id}`, { token: client.token })
    assert.deepEqual([body.ends_at, body.price], [TEN, 45.5])
  })

  for (const [confirm_by, state] of [
    ['nobody', 'confirmed'],
    ['client', 'pending'],
    ['provider', 'pending'],
    ['either', 'pending'],
  ]) {
    it(`begins as ${state} where it is ${confirm_by} who confirms`, async () => {
      const { client, provider } = await arrange({ confirm_by })
      const { body } = await book(app, client, { provider_id: provider.id, starts_at: NINE })
      assert.equal(body.state, state)
    })
  }

  it('is for oneself unless another is named', async () => {
    const { stage, client, provider } = await arrange()
    const mine = await book(app, client, { provider_id: provider.id, starts_at: NINE })
    assert.equal(mine.body.client_id, client.id)
    const body = { provider_id: provider.id, starts_at: TEN, client_id: client.id }
    const theirs = await book(app, stage.admin, body)
    assert.deepEqual([theirs.body.client_id, theirs.body.booked_by], [client.id, stage.admin.id])
  })

  it('makes a colleague a client who books for themself', async () => {
    const { stage, provider } = await arrange()
    const colleague = await newProvider(app, stage)
    const booked = await book(app, colleague, { provider_id: provider.id, starts_at: NINE })
    assert.deepEqual([booked.status, booked.body.client_id], [201, colleague.id])
    const shown = await app.get(`/clients/${colleague.id}`, { token: stage.admin.token })
    assert.equal(said(shown), '200')
  })

  it('for others is for those whose business it is', async () => {
    const { stage, client, provider } = await arrange()
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    const [colleague, another] = [await newProvider(app, stage), await newClient(app, stage)]
    await worksAt(app, stage, provider, here)
    await worksAt(app, stage, colleague, there)
    const secretary = await newPerson(app, stage.organization, ['secretary'])
    const reception = await newPerson(app, stage.organization, ['reception'])
    await worksAt(app, stage, secretary, here)
    await worksAt(app, stage, reception, here)

    const table: [string, Person, Person, string][] = [
      ['an administrator', stage.admin, provider, '201'],
      ['an administrator', stage.admin, colleague, '201'],
      ['a secretary, at their location', secretary, provider, '201'],
      ['a secretary, elsewhere', secretary, colleague, '403 not_allowed'],
      ['a receptionist, at their location', reception, provider, '201'],
      ['a receptionist, elsewhere', reception, colleague, '403 not_allowed'],
      ['a provider, their own time', provider, provider, '201'],
      ['a provider, a colleague’s time', provider, colleague, '403 not_allowed'],
      ['a client', another, provider, '403 not_allowed'],
    ]
    for (const [at, [who, by, whose, expected]] of table.entries()) {
      const starts_at = `2027-03-02T${String(9 + (at % 8)).padStart(2, '0')}:00:00Z`
      const on = at < 8 ? starts_at : starts_at.replace('-02T', '-03T')
      const body = { provider_id: whose.id, client_id: client.id, starts_at: on }
      assert.equal(said(await book(app, by, body)), expected, who)
    }
  })

  it('is refused to a visitor', async () => {
    const { stage, provider } = await arrange()
    const headers = { 'x-organization': stage.organization.slug }
    const body = { provider_id: provider.id, starts_at: NINE }
    assert.equal(said(await app.post('/appointments', { headers, body })), '401 not_logged_in')
  })
})

describe('what whoever books may not decide', () => {
  const fields = {
    id: '01890000-0000-7000-8000-000000000000',
    organization_id: '01890000-0000-7000-8000-000000000000',
    state: 'completed',
    price: 0,
    booked_by: '01890000-0000-7000-8000-000000000000',
    sequence: 7,
    buffer_after_minutes: 0,
    minutes: 5,
    created_at: NINE,
  }
  for (const [field, value] of Object.entries(fields)) {
    it(`includes ${field}: it is refused by name`, async () => {
      const { client, provider } = await arrange()
      const answer = await book(app, client, { provider_id: provider.id, starts_at: NINE, [field]: value })
      assert.equal(said(answer), '422 invalid_input')
      assert.deepEqual(answer.body.errors, [{ field, message: 'is not known here' }])
    })
  }
})

describe('the fields of the trade', () => {
  const body = { starts_at: NINE }

  it('are kept and shown with the appointment', async () => {
    const { client, provider } = await arrangeClinic()
    const details = { reason: 'A cough' }
    const answer = await book(app, client, { ...body, provider_id: provider.id, details })
    assert.deepEqual([said(answer), answer.body.details], ['201', details])
  })

  it('are refused when they are missing, empty, unknown or of the wrong kind', async () => {
    const { client, provider } = await arrangeClinic()
    for (const details of [undefined, {}, { reason: '' }, { reason: 'x', colour: 'red' }, { reason: 7 }]) {
      const answer = await book(app, client, { ...body, provider_id: provider.id, details })
      assert.equal(said(answer), '422 invalid_input', JSON.stringify(details))
      assert.match(answer.body.errors[0].field, /^details\./)
    }
  })

  it('of another trade are unknown', async () => {
    const { client, provider } = await arrange()
    const answer = await book(app, client, { ...body, provider_id: provider.id, details: { reason: 'x' } })
    assert.equal(said(answer), '422 invalid_input')
    assert.equal(answer.body.errors[0].field, 'details.reason')
  })

  it('hold what people write, whatever they write', async () => {
    const { client, provider } = await arrangeClinic()
    const reason = `Robert'); drop table students;-- <script>alert(1)</script> "ß", 'é' \u{1F415}`
    const written = { provider_id: provider.id, details: { reason }, notes: reason }
    const { body: booked } = await book(app, client, { ...body, ...written })
    assert.deepEqual([booked.notes, booked.details.reason], [reason, reason])
  })

  it('hold no character that the database cannot keep', async () => {
    const { client, provider } = await arrangeClinic()
    const wanted = { ...body, provider_id: provider.id }
    const noted = await book(app, client, { ...wanted, details: { reason: 'x' }, notes: 'a\0b' })
    const detailed = await book(app, client, { ...wanted, details: { reason: 'a\0b' } })
    assert.deepEqual([said(noted), said(detailed)], ['422 invalid_input', '422 invalid_input'])
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  return { stage, provider, client }
}

async function arrangeClinic() {
  const stage = await newOrganization(app, { trade: 'clinic' })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  return { stage, provider, client }
}
