import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, type Person } from '../../test/cast.ts'
import {
  book,
  isFailure,
  newApproved,
  newBranch,
  newOffices,
  newVisit,
  type Offices,
  TUESDAY,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the decision about a visit', () => {
  it('is approved or denied, with who said so, when and why, as the host or a secretary', async () => {
    const offices = await newOffices(app, { time_zone: 'Europe/Paris' })
    const { api, host, secretary } = offices
    app.setClock('2027-03-01T08:30:00Z')
    const table = [
      ['POST', host, 'approved', true, 'All is there'],
      ['PATCH', secretary, 'approved', true, undefined],
      ['POST', secretary, 'DENIED', false, 'Papers are missing'],
      ['PATCH', host, 'denied', false, null],
    ] as const
    for (const [n, [method, who, decision, is_active, reason]] of table.entries()) {
      const visit = await newVisit(offices, { time_slotted: `${9 + (n % 2)}:${n > 1 ? '30' : '00'}` })
      const body = { decision, reason }
      const answer = await api.ask(method, `/appointments/${visit.id}/decision`, { token: who.token, body })
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      assert.deepEqual(answer.body, {
        ...visit,
        status: decision.toLowerCase(),
        is_active,
        decision_reason: reason ?? null,
        decided_at: '2027-03-01T09:30:00',
        decided_by: who.id,
      })
      assert.deepEqual((await api.get(`/appointments/${visit.id}`, host)).body, answer.body)
    }
  })

  it('is neither for the reception nor for users, nor for another office', async () => {
    const offices = await newOffices(app)
    const { stage, api, host, receptionist } = offices
    const branch = await newBranch(app, offices)
    const user = await newClient(app, stage)
    const visit = (await book(offices, user)).body.appointment
    const table: [Person | undefined, number][] = [
      [receptionist, 403],
      [user, 403],
      [await newClient(app, stage), 403],
      [branch.host, 404],
      [branch.secretary, 404],
      [branch.receptionist, 403],
      [undefined, 401],
    ]
    for (const [who, status] of table) {
      for (const decision of ['approved', 'denied']) {
        isFailure(await decide(offices, who, visit, { decision }), status)
      }
    }
    assert.deepEqual((await api.get(`/appointments/${visit.id}`, host)).body, visit)
  })

  it('is made once, and is one of the two words', async () => {
    const offices = await newOffices(app)
    const { host, secretary } = offices
    for (const [first, second] of [
      ['approved', 'denied'],
      ['denied', 'approved'],
      ['approved', 'approved'],
    ]) {
      const visit = await newVisit(offices, { time_slotted: first === second ? '11:00' : '10:00' })
      isFailure(await decide(offices, host, visit, { decision: 'maybe' }), 400, /approved or denied/)
      isFailure(await decide(offices, host, visit, { decision: 'cancelled' }), 400, /approved or denied/)
      isFailure(await decide(offices, host, visit, {}), 422, /^decision is missing\.$/)
      assert.equal((await decide(offices, host, visit, { decision: first })).status, 200)
      isFailure(await decide(offices, secretary, visit, { decision: second }), 400, new RegExp(`is ${first}`))
      await cancel(offices, visit, host)
    }
    isFailure(await decide(offices, host, { id: crypto.randomUUID() }, { decision: 'approved' }), 404)
  })

  it('gives the slot of a denied visit back at once, and keeps that of an approved one', async () => {
    const offices = await newOffices(app)
    const { host } = offices
    const denied = await newVisit(offices)
    await newApproved(offices, { time_slotted: '11:00' })
    await decide(offices, host, denied, { decision: 'denied' })
    await newVisit(offices)
    isFailure(await book(offices, host, { time_slotted: '11:00' }), 409)
  })
})

describe('cancelling a visit', () => {
  it('is for all who work at the office and for whose it is, with a reason or without', async () => {
    const offices = await newOffices(app, { time_zone: 'Europe/Paris' })
    const { stage, api, admin, host, secretary, receptionist } = offices
    const user = await newClient(app, stage)
    const table: [Person, 'DELETE' | 'POST', object | undefined][] = [
      [user, 'DELETE', { reason: 'Ill' }],
      [user, 'POST', undefined],
      [host, 'DELETE', undefined],
      [secretary, 'POST', { reason: 'The office moves' }],
      [receptionist, 'DELETE', { reason: null }],
      [admin, 'POST', { reason: '' }],
    ]
    for (const [who, method, body] of table) {
      const booked = await book(offices, user)
      assert.equal(booked.status, 201, JSON.stringify(booked.body))
      const visit = booked.body.appointment
      const path = `/appointments/${visit.id}${method === 'POST' ? '/cancel' : ''}`
      const answer = await api.ask(method, path, { token: who.token, body })
      assert.deepEqual(
        [answer.status, answer.body],
        [
          200,
          {
            ...visit,
            status: 'cancelled',
            is_active: false,
            canceled_at: '2027-03-01T09:00:00',
            canceled_by: who.id,
            canceled_reason: (body as { reason?: string | null })?.reason || null,
          },
        ],
      )
    }
  })

  it('is possible while it is open, once, and gives the slot back at once', async () => {
    const offices = await newOffices(app)
    const { api, host, secretary } = offices
    const postponed = await newApproved(offices, { time_slotted: '11:30' })
    const later = { new_appointment_date: TUESDAY, new_time_slot: '09:30' }
    await api.post(`/appointments/${postponed.id}/postpone`, host, later)
    const visits = [
      await newVisit(offices, { time_slotted: '09:00' }),
      await newApproved(offices, { time_slotted: '09:15' }),
      postponed,
    ]
    for (const [n, visit] of visits.entries()) {
      assert.equal((await cancel(offices, visit, host, { reason: 'First' })).status, 200)
      isFailure(await cancel(offices, visit, secretary, { reason: 'Second' }), 400, /is cancelled/)
      const { body } = await api.get(`/appointments/${visit.id}`, host)
      assert.deepEqual([body.canceled_by, body.canceled_reason], [host.id, 'First'])
      await newVisit(offices, { time_slotted: `09:${['00', '15', '30'][n]}` })
    }
  })

  it('is refused for what is denied, completed or missed', async () => {
    const offices = await newOffices(app)
    const { api, host } = offices
    const visits = [
      await newVisit(offices, { time_slotted: '09:00' }),
      await newApproved(offices, { time_slotted: '09:15' }),
      await newApproved(offices, { time_slotted: '09:30' }),
    ]
    await decide(offices, host, visits[0]!, { decision: 'denied' })
    await api.post(`/appointments/${visits[1]!.id}/complete`, host)
    await api.post(`/appointments/${visits[2]!.id}/no-show`, host)
    for (const [n, visit] of visits.entries()) {
      isFailure(await cancel(offices, visit, host), 400, [/is denied/, /is completed/, /is no show/][n])
    }
  })

  it('is not for those of another office, nor for other users', async () => {
    const offices = await newOffices(app)
    const { stage, api, host } = offices
    const branch = await newBranch(app, offices)
    const visit = await newVisit(offices)
    const user = await newClient(app, stage)
    for (const who of [branch.host, branch.secretary, branch.receptionist, user]) {
      isFailure(await cancel(offices, visit, who), 404)
    }
    isFailure(await cancel(offices, visit, undefined), 401)
    assert.deepEqual((await api.get(`/appointments/${visit.id}`, host)).body, visit)
  })
})

function decide({ api }: Offices, who: Person | undefined, { id }: { id: string }, body: object) {
  return api.post(`/appointments/${id}/decision`, who, body)
}

function cancel({ api }: Offices, { id }: { id: string }, who: Person | undefined, body?: object) {
  return api.delete(`/appointments/${id}`, who, body)
}
