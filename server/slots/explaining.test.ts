import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
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
const at = (time: string) => `2027-03-02T${time}:00Z`

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('why a time cannot be booked', () => {
  // Somebody else has an appointment from one to two.
  const situations: [name: string, rules: Partial<Rules>, starts_at: string, codes: string[]][] = [
    ['nothing', {}, at('10:00'), []],
    ['it is over', {}, '2027-02-23T10:00:00Z', ['in_the_past']],
    ['it is too soon', { notice_minutes: 60 * 26 + 1 }, at('10:00'), ['notice_too_short']],
    ['it is not too soon', { notice_minutes: 60 * 26 }, at('10:00'), []],
    ['it is too far ahead', { horizon_minutes: 60 * 26 - 1 }, at('10:00'), ['beyond_horizon']],
    ['nobody works then', {}, at('20:00'), ['outside_hours']],
    ['it would outlast the hours', {}, at('16:30'), ['outside_hours']],
    ['it is off the grid', {}, at('10:30'), ['off_the_grid']],
    ['it is taken', {}, at('13:00'), ['time_taken']],
    ['it is taken in part, and off the grid', {}, at('12:30'), ['time_taken', 'off_the_grid']],
    [
      'the provider needs a break',
      { break_after: { appointments: 1, minutes: 30 } },
      at('14:00'),
      ['break_needed'],
    ],
    ['the day is full', { most_per_provider_and_day: 1 }, at('10:00'), ['limit_reached']],
    ['it has not opened', { registration_opens_at: at('00:00') }, at('10:00'), ['registration_not_open']],
    ['it has closed', { registration_closes_at: MONDAY }, at('10:00'), ['registration_closed']],
    [
      'all that there is',
      { notice_minutes: 9999, registration_closes_at: MONDAY, most_per_provider_and_day: 1 },
      at('13:00'),
      ['time_taken', 'notice_too_short', 'registration_closed', 'limit_reached'],
    ],
  ]
  for (const [name, more, starts_at, codes] of situations) {
    it(`${name}: ${codes.join(', ') || 'it can'}`, async () => {
      const { stage, client, provider } = await arrange(more)
      const other = await newClient(app, stage)
      const one = { provider_id: provider.id, client_id: other.id, starts_at: at('13:00') }
      assert.equal(said(await book(app, stage.admin, one)), '201')
      const body = await explain(client, { provider_id: provider.id, starts_at })
      assert.deepEqual(codesOf(body), codes)
      assert.equal(body.can_be_booked, codes.length === 0)
      const booked = await book(app, client, { provider_id: provider.id, starts_at })
      assert.equal(booked.body.code, codes[0])
      if (codes[0]) assert.equal(booked.body.detail, body.reasons[0].message)
    })
  }
})

describe('whom it is explained for', () => {
  it('a client for themself: where they are, and what they have, counts', async () => {
    const { stage, client, provider } = await arrange({ most_per_client: 1 })
    const elsewhere = await newProvider(app, stage)
    await book(app, client, { provider_id: elsewhere.id, starts_at: at('10:00') })
    const wanted = { provider_id: provider.id, starts_at: at('10:00') }
    const own = await explain(client, wanted)
    assert.deepEqual(codesOf(own), ['time_taken', 'limit_reached'])
    assert.match(own.reasons[0].message, /client/)
    const other = await newClient(app, stage)
    assert.deepEqual(codesOf(await explain(other, wanted)), [])
    assert.deepEqual(codesOf(await explain(stage.admin, { ...wanted, client_id: client.id })), ['time_taken'])
  })

  it('the desk and the provider for nobody in particular', async () => {
    const { desk, provider } = await arrange()
    const wanted = { provider_id: provider.id, starts_at: at('10:00') }
    for (const asking of [desk, provider]) assert.deepEqual(codesOf(await explain(asking, wanted)), [])
  })

  it('nobody asks about another client', async () => {
    const { stage, client, provider } = await arrange()
    const { id: client_id } = await newClient(app, stage)
    const wanted = { provider_id: provider.id, starts_at: at('10:00'), client_id }
    assert.equal(said(await ask(client, wanted)), '403 not_allowed')
    assert.equal(said(await ask(provider, wanted)), '200')
    assert.equal(said(await ask(await newProvider(app, stage), wanted)), '403 not_allowed')
  })

  it('an administrator is told nothing of the rules that they stand above', async () => {
    const { stage, provider } = await arrange({ notice_minutes: 9999, most_per_provider_and_day: 1 })
    const wanted = { provider_id: provider.id, starts_at: at('10:00') }
    assert.deepEqual(codesOf(await explain(stage.admin, wanted)), [])
  })

  it('somebody blocked is told so', async () => {
    const { client, provider } = await arrange()
    await app.connection.pool.query('update clients set blocked_at = now() where id = $1', [client.id])
    const { reasons } = await explain(client, { provider_id: provider.id, starts_at: at('10:00') })
    assert.match(reasons[0].message, /too many were missed/)
  })
})

describe('that somebody is off', () => {
  for (const whose of ['provider', 'location', 'organization'] as const) {
    it(`is told to the desk, to the provider and to nobody else (${whose})`, async () => {
      const { stage, client, provider, desk, location } = await arrange()
      const owner = {
        provider: { provider_id: provider.id },
        location: { location_id: location.id },
        organization: {},
      }
      const off = { ...owner[whose], starts_at: at('09:30'), ends_at: at('10:30'), reason: 'Hospital' }
      assert.equal(said(await app.post('/time-off', { token: stage.admin.token, body: off })), '201')
      const wanted = { provider_id: provider.id, starts_at: at('10:00') }
      for (const asking of [stage.admin, desk, provider]) {
        assert.deepEqual(codesOf(await explain(asking, wanted)), ['outside_hours', 'time_off'])
      }
      const told = await explain(client, wanted)
      const closed = await explain(client, { ...wanted, starts_at: at('20:00') })
      assert.deepEqual([codesOf(told), told], [['outside_hours'], closed])
      const colleague = await newProvider(app, stage)
      assert.deepEqual(codesOf(await explain(colleague, wanted)), ['outside_hours'])
    })
  }

  it('is no reason beside it', async () => {
    const { stage, provider, desk } = await arrange()
    const off = { provider_id: provider.id, starts_at: at('09:00'), ends_at: at('10:00') }
    await app.post('/time-off', { token: stage.admin.token, body: off })
    assert.deepEqual(codesOf(await explain(desk, { provider_id: provider.id, starts_at: at('10:00') })), [])
  })
})

it('a time that is asked about is not taken by the asking', async () => {
  const { client, provider, desk } = await arrange()
  const { id: service_id } = await newService(app, { organization: desk.organization, admin: client })
  const wanted = { provider_id: provider.id, service_id, starts_at: at('10:00') }
  for (let n = 0; n < 2; n++) assert.deepEqual(codesOf(await explain(client, wanted)), [])
  assert.equal(said(await book(app, client, wanted)), '201')
  assert.deepEqual(codesOf(await explain(client, wanted)), ['time_taken'])
})

async function arrange(more: Partial<Rules> = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const location = await newLocation(app, stage)
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const desk = await newPerson(app, stage.organization, ['secretary'])
  for (const who of [provider, desk]) await worksAt(app, stage, who, location)
  return { stage, provider, client, desk: { ...desk, ...stage }, location }
}

const ask = ({ token }: Person, wanted: Record<string, string>) =>
  app.get(`/slots/explain?${new URLSearchParams(wanted)}`, { token })

async function explain(asking: Person, wanted: Record<string, string>) {
  const { status, body } = await ask(asking, wanted)
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

const codesOf = ({ reasons }: { reasons: { code: string }[] }) => reasons.map(({ code }) => code)
