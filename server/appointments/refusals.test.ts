import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  newService,
  type Stage,
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

describe('a time that is taken', () => {
  it('is refused, and it is said by whom', async () => {
    const { stage, client, provider } = await arrange()
    await book(app, client, { provider_id: provider.id, starts_at: NINE })
    const answer = await book(app, await newClient(app, stage), { provider_id: provider.id, starts_at: NINE })
    assert.equal(said(answer), '409 time_taken')
    assert.deepEqual(answer.body.taken_by, ['provider'])
    assert.match(answer.body.detail, /not free any more/)
  })

  it('is said to be taken before anything else that is wrong with it', async () => {
    const { stage, client, provider } = await arrange()
    const body = { provider_id: provider.id, starts_at: NINE }
    await book(app, client, body)
    const rival = await newClient(app, stage)
    await app.request('PUT', '/hours/week', {
      token: provider.token,
      body: { provider_id: provider.id, windows: [] },
    })
    assert.equal(said(await book(app, rival, body)), '409 time_taken')
    app.setClock('2027-03-02T09:30:00Z')
    assert.equal(said(await book(app, rival, body)), '409 time_taken')
    assert.equal(
      said(await book(app, rival, { ...body, starts_at: '2027-03-02T09:17:00Z' })),
      '409 time_taken',
    )
  })

  it('leaves no trace of whoever came too late', async () => {
    const { stage, client, provider } = await arrange()
    await book(app, client, { provider_id: provider.id, starts_at: NINE })
    const rival = await newClient(app, stage)
    const before = await everything(stage)
    await book(app, rival, { provider_id: provider.id, starts_at: NINE })
    assert.deepEqual(await everything(stage), before)
  })

  it('is not taken for whoever comes right after', async () => {
    const { stage, client, provider } = await arrange()
    await book(app, client, { provider_id: provider.id, starts_at: NINE })
    const next = await book(app, await newClient(app, stage), { provider_id: provider.id, starts_at: TEN })
    assert.equal(said(next), '201')
  })
})

describe('a client', () => {
  it('cannot be in two places at once', async () => {
    const { stage, client, provider } = await arrange()
    const another = await newProvider(app, stage)
    await book(app, client, { provider_id: provider.id, starts_at: NINE })
    const answer = await book(app, client, { provider_id: another.id, starts_at: NINE })
    assert.equal(said(answer), '409 time_taken')
    assert.deepEqual(answer.body.taken_by, ['client'])
    assert.equal(said(await book(app, client, { provider_id: another.id, starts_at: TEN })), '201')
  })

  it('can, where the rules say so', async () => {
    const { stage, client, provider } = await arrange({ clients_may_overlap: true })
    const another = await newProvider(app, stage)
    await book(app, client, { provider_id: provider.id, starts_at: NINE })
    assert.equal(said(await book(app, client, { provider_id: another.id, starts_at: NINE })), '201')
  })

  it('is not kept by the buffers, which are the provider’s', async () => {
    const { stage, client, provider } = await arrange()
    const another = await newProvider(app, stage)
    const { id: service_id } = await newService(app, stage, { minutes: 60, buffer_after_minutes: 60 })
    await book(app, client, { provider_id: provider.id, service_id, starts_at: NINE })
    assert.equal(said(await book(app, client, { provider_id: another.id, starts_at: TEN })), '201')
    const rival = await newClient(app, stage)
    assert.equal(said(await book(app, rival, { provider_id: provider.id, starts_at: TEN })), '409 time_taken')
  })

  it('who is a provider too is one human: not treated while they treat', async () => {
    const { stage, client, provider } = await arrange()
    const colleague = await newProvider(app, stage)
    await book(app, client, { provider_id: colleague.id, starts_at: NINE })
    const answer = await book(app, colleague, { provider_id: provider.id, starts_at: NINE })
    assert.equal(said(answer), '409 time_taken')
    assert.deepEqual(answer.body.taken_by, ['client'])
  })

  it('is told who of several has no time', async () => {
    const { client, provider } = await arrange()
    await book(app, client, { provider_id: provider.id, starts_at: NINE })
    const answer = await book(app, client, { provider_id: provider.id, starts_at: NINE })
    assert.deepEqual(answer.body.taken_by, ['provider', 'client'])
  })

  it('cannot be the provider', async () => {
    const { stage, provider } = await arrange()
    const body = { provider_id: provider.id, starts_at: NINE }
    for (const [who, more] of [
      [provider, {}],
      [stage.admin, { client_id: provider.id }],
    ] as const) {
      const answer = await book(app, who, { ...body, ...more })
      assert.equal(said(answer), '422 invalid_input')
      assert.equal(answer.body.errors[0].field, 'client_id')
    }
  })

  it('must be one: another provider is not, unless they book for themselves', async () => {
    const { stage, provider } = await arrange()
    const colleague = await newProvider(app, stage)
    const body = { provider_id: provider.id, starts_at: NINE, client_id: colleague.id }
    assert.equal(said(await book(app, stage.admin, body)), '404 not_found')
  })

  it('who is blocked cannot book, and can be booked for by an administrator only', async () => {
    const { stage, client, provider } = await arrange()
    await app.connection.pool.query('update clients set blocked_at = now() where id = $1', [client.id])
    const body = { provider_id: provider.id, starts_at: NINE, client_id: client.id }
    const answer = await book(app, client, body)
    assert.equal(said(answer), '403 client_blocked')
    assert.match(answer.body.detail, /too many were missed/)
    assert.equal(said(await book(app, provider, body)), '403 client_blocked')
    assert.equal(said(await book(app, stage.admin, body)), '201')
  })
})

describe('a location that takes one at a time', () => {
  it('has no room for two providers at once, buffers included', async () => {
    const { stage, client, provider } = await arrange({ location_takes_one: true })
    const [room, colleague] = [await newLocation(app, stage), await newProvider(app, stage)]
    await worksAt(app, stage, provider, room)
    await worksAt(app, stage, colleague, room)
    const { id: service_id } = await newService(app, stage, { minutes: 60, buffer_after_minutes: 5 })
    await book(app, client, { provider_id: provider.id, service_id, starts_at: NINE })
    const rival = await newClient(app, stage)
    for (const starts_at of [NINE, TEN]) {
      const answer = await book(app, rival, { provider_id: colleague.id, starts_at })
      assert.equal(said(answer), '409 time_taken')
      assert.deepEqual(answer.body.taken_by, ['location'])
    }
    const later = await book(app, rival, { provider_id: colleague.id, starts_at: '2027-03-02T11:00:00Z' })
    assert.equal(said(later), '201')
  })

  it('has room for as many as come, where the rules say so', async () => {
    const { stage, client, provider } = await arrange({ location_takes_one: false })
    const [room, colleague] = [await newLocation(app, stage), await newProvider(app, stage)]
    await worksAt(app, stage, provider, room)
    await worksAt(app, stage, colleague, room)
    await book(app, client, { provider_id: provider.id, starts_at: NINE })
    const rival = await newClient(app, stage)
    assert.equal(said(await book(app, rival, { provider_id: colleague.id, starts_at: NINE })), '201')
  })
})

describe('a booking that makes no sense', () => {
  const refused: [string, object, string][] = [
    ['with nobody and at no time', { provider_id: undefined, starts_at: undefined }, 'starts_at'],
    ['at no time', { starts_at: undefined }, 'starts_at'],
    ['at a time without an offset', { starts_at: '2027-03-02T09:00:00' }, 'starts_at'],
    ['on a day that no calendar has', { starts_at: '2027-02-30T09:00:00Z' }, 'starts_at'],
    ['in the year 0', { starts_at: '0000-01-01T09:00:00Z' }, 'starts_at'],
    ['at the end of time', { starts_at: '9999-12-31T23:59:00Z' }, 'starts_at'],
    ['to a tenth of a nanosecond', { starts_at: '2027-03-02T09:00:00.0000000001Z' }, 'starts_at'],
    ['with a number for a time', { starts_at: 1_803_978_000 }, 'starts_at'],
    ['with somebody who has no id', { provider_id: 'anna' }, 'provider_id'],
    ['with a novel for notes', { notes: 'x'.repeat(2001) }, 'notes'],
    ['with a time beside a hold', { hold_id: '01890000-0000-7000-8000-000000000000' }, 'provider_id'],
  ]
  for (const [how, more, field] of refused) {
    it(`is refused, and the field is named: ${how}`, async () => {
      const { client, provider } = await arrange()
      const answer = await book(app, client, { provider_id: provider.id, starts_at: NINE, ...more })
      assert.equal(said(answer), '422 invalid_input')
      assert.equal(answer.body.errors[0].field, field)
    })
  }
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  return { stage, provider, client }
}

/** How much there is in every table that a booking writes to. */
async function everything({ organization }: Stage) {
  const tables = ['appointments', 'reservations', 'holds', 'appointment_events', 'events']
  const counts = tables.map(
    async (table) =>
      (
        await app.connection.pool.query(`select count(*) from ${table} where organization_id = $1`, [
          organization.id,
        ])
      ).rows[0],
  )
  return Promise.all(counts)
}
