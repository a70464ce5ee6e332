import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newService } from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const TUESDAY = '2027-03-02'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a grid that begins with the opening hours', () => {
  const rules = { grid: 'windows', length: 'service', slot_minutes: 30 } as const

  it('starts when the doors open, at ten past nine', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:10', closes: '10:20' })
    assert.deepEqual(await freeTimes(app, client, provider, { date: TUESDAY }), ['09:10', '09:40'])
  })

  it('does not move when a part of the day is asked for', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:10', closes: '11:00' })
    const part = { date: TUESDAY, from: `${TUESDAY}T09:15:00Z` }
    assert.deepEqual(await freeTimes(app, client, provider, part), ['09:40', '10:10'])
  })

  it('refuses a start in between', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:10', closes: '11:00' })
    const at = (time: string) =>
      book(app, client, { provider_id: provider.id, starts_at: `${TUESDAY}T${time}` })
    assert.equal(said(await at('09:30:00Z')), '422 off_the_grid')
    assert.equal(said(await at('09:10:01Z')), '422 off_the_grid')
    assert.equal(said(await at('09:10:00Z')), '201')
  })
})

describe('a grid of the clock', () => {
  const rules = { grid: 'clock', length: 'service', slot_minutes: 30 } as const

  it('starts at full and half hours, wherever the doors open', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:10', closes: '10:50' })
    assert.deepEqual(await freeTimes(app, client, provider, { date: TUESDAY }), ['09:30', '10:00'])
  })

  it('begins at the opening where that is on the clock', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:30', closes: '10:30' })
    assert.deepEqual(await freeTimes(app, client, provider, { date: TUESDAY }), ['09:30', '10:00'])
  })

  it('offers nothing in hours that reach no full step', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:05', closes: '09:25' })
    assert.deepEqual(await freeTimes(app, client, provider, { date: TUESDAY }), [])
  })

  it('is that of the wall clock where zones are at odds with the hour', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:10', closes: '10:30' }, 'Asia/Kathmandu')
    // 09:30 and 10:00 there, 5:45 ahead of UTC.
    assert.deepEqual(await freeTimes(app, client, provider, { date: TUESDAY }), ['03:45', '04:15'])
  })

  it('refuses the opening itself where that is off the clock', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:10', closes: '11:00' })
    const at = (time: string) =>
      book(app, client, { provider_id: provider.id, starts_at: `${TUESDAY}T${time}` })
    assert.equal(said(await at('09:10:00Z')), '422 off_the_grid')
    assert.equal(said(await at('09:30:00Z')), '201')
  })
})

describe('no grid', () => {
  const rules = { grid: 'none', length: 'service', slot_minutes: 30 } as const

  it('lets any start inside the hours be booked', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:10', closes: '10:20' })
    const at = (time: string) =>
      book(app, client, { provider_id: provider.id, starts_at: `${TUESDAY}T${time}` })
    assert.equal(said(await at('09:00:00Z')), '422 outside_hours')
    assert.equal(said(await at('10:20:00Z')), '422 outside_hours')
    assert.equal(said(await at('09:17:23Z')), '201')
    assert.equal(said(await at('09:50:00Z')), '201')
  })

  it('still refuses a visit that would outlast the hours', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:00', closes: '10:00' })
    const body = { provider_id: provider.id, starts_at: `${TUESDAY}T09:30:01Z` }
    assert.equal(said(await book(app, client, body)), '422 outside_hours')
  })
})

describe('a length of one’s own choosing', () => {
  const rules = {
    grid: 'windows',
    length: 'request',
    slot_minutes: 30,
    least_minutes: 15,
    most_minutes: 90,
  } as const

  it('is offered at steps of that length', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:00', closes: '11:20' })
    const asked = { date: TUESDAY, minutes: '45' }
    assert.deepEqual(await freeTimes(app, client, provider, asked), ['09:00', '09:45', '10:30'])
  })

  it('can be booked wherever it is offered', async () => {
    const { client, provider } = await arrange(rules, { opens: '09:00', closes: '11:20' })
    const starts_at = `${TUESDAY}T09:45:00Z`
    const body = { provider_id: provider.id, starts_at, ends_at: `${TUESDAY}T10:30:00Z` }
    assert.equal(said(await app.post('/holds', { token: client.token, body })), '201')
    const another = { ...body, starts_at: `${TUESDAY}T10:30:00Z`, ends_at: `${TUESDAY}T11:15:00Z` }
    assert.equal(said(await book(app, client, another)), '201')
  })

  it('is not offered outside its bounds, nor booked', async () => {
    const { client, provider } = await arrange(rules)
    const starts_at = `${TUESDAY}T09:00:00Z`
    for (const [minutes, ends_at] of [
      [14, `${TUESDAY}T09:14:00Z`],
      [91, `${TUESDAY}T10:31:00Z`],
    ] as const) {
      const asked = `/slots?from=${TUESDAY}&to=${TUESDAY}&minutes=${minutes}`
      const shown = await app.get(asked, { token: client.token })
      assert.equal(said(shown), '422 invalid_input')
      assert.match(shown.body.detail, /from 15 to 90/)
      const booked = await book(app, client, { provider_id: provider.id, starts_at, ends_at })
      assert.equal(said(booked), '422 invalid_input')
    }
  })

  it('ends after it starts', async () => {
    const { client, provider } = await arrange(rules)
    const body = {
      provider_id: provider.id,
      starts_at: `${TUESDAY}T09:00:00Z`,
      ends_at: `${TUESDAY}T09:00:00Z`,
    }
    const answer = await book(app, client, body)
    assert.equal(said(answer), '422 invalid_input')
    assert.equal(answer.body.errors[0].field, 'ends_at')
  })

  it('is refused where the service says how long it takes', async () => {
    const { client, provider, stage } = await arrange({ ...rules, length: 'service' })
    const { id: service_id } = await newService(app, stage, { minutes: 60 })
    const shown = await app.get(`/slots?from=${TUESDAY}&to=${TUESDAY}&minutes=30`, { token: client.token })
    assert.equal(said(shown), '422 invalid_input')
    const body = { provider_id: provider.id, service_id, starts_at: `${TUESDAY}T09:00:00Z` }
    const longer = await book(app, client, { ...body, ends_at: `${TUESDAY}T10:30:00Z` })
    assert.equal(said(longer), '422 invalid_input')
    assert.equal(longer.body.errors[0].field, 'ends_at')
    // The service's own length said again contradicts nothing.
    assert.equal(said(await book(app, client, { ...body, ends_at: `${TUESDAY}T10:00:00Z` })), '201')
  })
})

async function arrange(rules: object, hours: { opens?: string; closes?: string } = {}, time_zone = 'UTC') {
  const stage = await newOrganization(app, { rules: { clients_may_overlap: true, ...rules }, time_zone })
  const [provider, client] = [await newProvider(app, stage, hours), await newClient(app, stage)]
  return { stage, provider, client }
}
