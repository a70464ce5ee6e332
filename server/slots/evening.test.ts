import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newService } from '../../test/cast.ts'
import { freeTimes, said, setRules } from '../../test/free.ts'

/** A school's evening: teachers from four to eight, five minutes each. */
const rules = { grid: 'windows', length: 'service', slot_minutes: 5, clients_may_overlap: false } as const
const date = '2027-03-02'
const at = (time: string) => `${date}T${time}:00Z`
const OPENS = '2027-03-01T12:00:00Z'
const CLOSES = '2027-03-02T12:00:00Z'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the registration for an evening', () => {
  // Before, the first instant, the last, and from the closing on.
  const moments: [now: string, answer: string][] = [
    ['2027-03-01T11:59:59.999Z', '422 registration_not_open'],
    [OPENS, '201'],
    ['2027-03-02T11:59:59.999Z', '201'],
    [CLOSES, '422 registration_closed'],
  ]
  const window = { registration_opens_at: OPENS, registration_closes_at: CLOSES }
  for (const whose of ['organization', 'service'] as const) {
    for (const [now, expected] of moments) {
      it(`is answered at ${now} with ${expected} (a rule of the ${whose})`, async () => {
        const { stage, client, teacher } = await arrange(whose === 'organization' ? window : {})
        const own = whose === 'service' ? { rules: window } : {}
        const { id: service_id } = await newService(app, stage, { minutes: 5, ...own })
        const wanted = { provider_id: teacher.id, service_id, starts_at: at('16:00') }
        app.setClock(now)
        const isOpen = expected === '201'
        const free = await freeTimes(app, client, teacher, { date, service_id })
        assert.equal(free.length, isOpen ? 48 : 0)
        const held = await app.post('/holds', { token: client.token, body: wanted })
        assert.equal(said(held), expected)
        const booked = await book(app, client, { ...wanted, starts_at: at('17:00') })
        assert.equal(said(booked), expected)
      })
    }
  }

  it('says when it opens, and when it closed', async () => {
    const { client, teacher } = await arrange(window)
    const ask = async () =>
      (await book(app, client, { provider_id: teacher.id, starts_at: at('16:00') })).body
    app.setClock('2027-03-01T11:00:00Z')
    assert.equal((await ask()).opens_at, OPENS)
    app.setClock('2027-03-02T13:00:00Z')
    assert.equal((await ask()).closed_at, CLOSES)
  })

  it('is over for moving as well, not for cancelling; an administrator may still move', async () => {
    const { stage, client, teacher } = await arrange(window)
    app.setClock(OPENS)
    const { id } = (await book(app, client, { provider_id: teacher.id, starts_at: at('16:00') })).body
    app.setClock(CLOSES)
    const move = (token: string) =>
      app.post(`/appointments/${id}/reschedule`, { token, body: { starts_at: at('17:00') } })
    assert.equal(said(await move(client.token)), '422 registration_closed')
    assert.equal(said(await move(teacher.token)), '422 registration_closed')
    assert.equal(said(await move(stage.admin.token)), '200')
    assert.equal(said(await app.post(`/appointments/${id}/cancel`, { token: client.token })), '200')
  })

  it('of a service takes the place of the organization’s', async () => {
    const { stage, client, teacher } = await arrange({ registration_closes_at: '2027-03-01T07:00:00Z' })
    const { id: service_id } = await newService(app, stage, { minutes: 5 })
    const wanted = { provider_id: teacher.id, service_id, starts_at: at('16:00') }
    assert.equal(said(await book(app, client, wanted)), '422 registration_closed')
    const body = { rules: { registration_closes_at: CLOSES } }
    const changed = await app.request('PATCH', `/services/${service_id}`, { token: stage.admin.token, body })
    assert.deepEqual([changed.status, changed.body.rules], [200, body.rules])
    assert.equal((await freeTimes(app, client, teacher, { date, service_id })).length, 48)
    assert.equal(said(await book(app, client, wanted)), '201')
  })
})

describe('the way from one teacher to the next', () => {
  // One appointment stands from 17:00 to 17:05.
  const starts: [time: string, answer: string][] = [
    ['16:45', '201'],
    ['16:46', '409 time_taken'],
    ['16:59', '409 time_taken'],
    ['17:05', '409 time_taken'],
    ['17:14', '409 time_taken'],
    ['17:15', '201'],
  ]
  for (const [time, expected] of starts) {
    it(`takes ten minutes: ${time} is answered with ${expected}`, async () => {
      const { stage, client, teacher } = await arrange({ walking_gap_minutes: 10, grid: 'none' })
      const next = await newProvider(app, stage, evening)
      await book(app, client, { provider_id: teacher.id, starts_at: at('17:00') })
      const answer = await book(app, client, { provider_id: next.id, starts_at: at(time) })
      // 16:45 ends at 16:50, which is ten minutes before.
      assert.equal(said(answer), expected)
      if (answer.status === 409) assert.deepEqual(answer.body.taken_by, ['client'])
    })
  }

  it('is the client’s alone: the teacher has time for somebody else', async () => {
    const { stage, client, teacher } = await arrange({ walking_gap_minutes: 10 })
    await book(app, client, { provider_id: teacher.id, starts_at: at('17:00') })
    const other = await newClient(app, stage)
    assert.equal((await freeTimes(app, other, teacher, { date })).includes('17:05'), true)
    const answer = await book(app, other, { provider_id: teacher.id, starts_at: at('17:05') })
    assert.equal(said(answer), '201')
  })

  it('is kept clear of what is held, too', async () => {
    const { stage, client, teacher } = await arrange({ walking_gap_minutes: 10 })
    const next = await newProvider(app, stage, evening)
    const held = { token: client.token, body: { provider_id: teacher.id, starts_at: at('17:00') } }
    assert.equal(said(await app.post('/holds', held)), '201')
    const answer = await book(app, client, { provider_id: next.id, starts_at: at('17:10') })
    assert.deepEqual([said(answer), answer.body.taken_by], ['409 time_taken', ['client']])
  })

  it('is as long as the service says, where it has a rule of its own', async () => {
    const { stage, client, teacher } = await arrange({ walking_gap_minutes: 10 })
    const next = await newProvider(app, stage, evening)
    const { id: service_id } = await newService(app, stage, { minutes: 5 })
    const body = { rules: { walking_gap_minutes: 0 } }
    await app.request('PATCH', `/services/${service_id}`, { token: stage.admin.token, body })
    await book(app, client, { provider_id: teacher.id, service_id, starts_at: at('17:00') })
    const wanted = { provider_id: next.id, service_id, starts_at: at('17:05') }
    assert.equal(said(await book(app, client, wanted)), '201')
  })
})

describe('a parent on an evening', () => {
  it('has so many appointments, and with one less has room again', async () => {
    const { stage, client } = await arrange({ most_per_client: 3, registration_opens_at: MONDAY })
    const ids: string[] = []
    for (const time of ['16:00', '16:30', '17:00', '17:30']) {
      const teacher = await newProvider(app, stage, evening)
      const answer = await book(app, client, { provider_id: teacher.id, starts_at: at(time) })
      assert.equal(said(answer), time === '17:30' ? '422 limit_reached' : '201')
      ids.push(answer.body.id)
    }
    await setRules(app, stage, { most_per_client: 2 })
    for (const id of ids.slice(0, 2)) await app.post(`/appointments/${id}/cancel`, { token: client.token })
    const teacher = await newProvider(app, stage, evening)
    assert.equal(said(await book(app, client, { provider_id: teacher.id, starts_at: at('18:00') })), '201')
  })
})

const evening = { weekdays: [2], opens: '16:00', closes: '20:00' }

async function arrange(more: Partial<Rules>) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [teacher, client] = [await newProvider(app, stage, evening), await newClient(app, stage)]
  return { stage, teacher, client }
}
