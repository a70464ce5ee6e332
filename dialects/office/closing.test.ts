import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, type Person } from '../../test/cast.ts'
import {
  book,
  isFailure,
  newApproved,
  newBranch,
  newCitizen,
  newOffices,
  newVisit,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('completing a visit', () => {
  it('is for all who work at the office, with notes or without', async () => {
    const offices = await newOffices(app)
    const { api, admin, host, secretary, receptionist } = offices
    const table: [Person, object | undefined, string | null][] = [
      [host, { notes: 'All signed' }, 'All signed'],
      [secretary, undefined, null],
      [receptionist, {}, null],
      [admin, { notes: null }, null],
    ]
    for (const [n, [who, body, notes]] of table.entries()) {
      const visit = await newApproved(offices, { time_slotted: `09:${['00', '15', '30', '45'][n]}` })
      const answer = await api.post(`/appointments/${visit.id}/complete`, who, body)
      const expected = { ...visit, status: 'completed', is_active: false, notes }
      assert.deepEqual([answer.status, answer.body], [200, expected])
    }
  })

  it('is for what is approved, and leaves everything else as it was, its notes as well', async () => {
    const offices = await newOffices(app)
    const { api, host, receptionist } = offices
    const later = { new_appointment_date: '2027-03-03', new_time_slot: '09:00' }
    const waiting = await newVisit(offices, { time_slotted: '09:00' })
    const table: [Visit, string, object?][] = [
      [await newVisit(offices, { time_slotted: '09:15' }), 'decision', { decision: 'denied' }],
      [await newVisit(offices, { time_slotted: '09:30' }), 'cancel'],
      [await newApproved(offices, { time_slotted: '09:45' }), 'postpone', later],
      [await newApproved(offices, { time_slotted: '10:00' }), 'complete', { notes: 'All signed' }],
      [await newApproved(offices, { time_slotted: '10:15' }), 'no-show'],
    ]
    const all: Visit[] = [waiting]
    for (const [{ id }, step, body] of table) {
      const { status, body: visit } = await api.post(`/appointments/${id}/${step}`, host, body)
      assert.equal(status, 200, JSON.stringify(visit))
      all.push(visit)
    }
    for (const visit of all) {
      for (const who of [host, receptionist]) {
        const answer = await api.post(`/appointments/${visit.id}/complete`, who, { notes: 'Too late' })
        isFailure(answer, 400, /This is not possible any more, or not yet/)
      }
      assert.deepEqual((await api.get(`/appointments/${visit.id}`, host)).body, visit)
    }
  })

  it('is for the staff to do: a visit that is over stays approved until they say how it went', async () => {
    const offices = await newOffices(app)
    const { api, receptionist } = offices
    const visit = await newApproved(offices)
    app.setClock('2027-03-09T08:00:00Z')
    assert.deepEqual((await api.get(`/appointments/${visit.id}`, receptionist)).body, visit)
    const { status, body } = await api.post(`/appointments/${visit.id}/complete`, receptionist)
    assert.deepEqual([status, body.status], [200, 'completed'])
  })
})

describe('a citizen who did not come', () => {
  it('is noted by anybody of the office, and the slot is free for whoever comes instead', async () => {
    const offices = await newOffices(app)
    const { api, host, secretary, receptionist } = offices
    for (const [n, who] of [host, secretary, receptionist].entries()) {
      const wanted = { time_slotted: `09:${['00', '15', '30'][n]}` }
      const visit = await newApproved(offices, wanted)
      const { status, body } = await api.post(`/appointments/${visit.id}/no-show`, who)
      assert.deepEqual([status, body], [200, { ...visit, status: 'no_show', is_active: false }])
      isFailure(await api.post(`/appointments/${visit.id}/no-show`, who), 400, /is no show/)
      await newVisit(offices, wanted)
    }
  })

  it('may book again, however often that was', async () => {
    const offices = await newOffices(app)
    const { api, host } = offices
    const citizen = newCitizen()
    for (let times = 1; times <= 4; times++) {
      const { id } = await newApproved(offices, {}, citizen)
      assert.equal((await api.post(`/appointments/${id}/no-show`, host)).status, 200)
    }
    await newVisit(offices, {}, citizen)
  })
})

it('nobody closes a visit of another office, and no user closes their own', async () => {
  const offices = await newOffices(app)
  const { stage, api, host } = offices
  const branch = await newBranch(app, offices)
  const user = await newClient(app, stage)
  const { id } = (await book(offices, user)).body.appointment
  const { body: visit } = await api.post(`/appointments/${id}/decision`, host, { decision: 'approved' })
  const table: [Person | undefined, number][] = [
    [branch.host, 404],
    [branch.secretary, 404],
    [branch.receptionist, 404],
    [user, 403],
    [undefined, 401],
  ]
  for (const [who, status] of table) {
    for (const step of ['complete', 'no-show']) {
      isFailure(await api.post(`/appointments/${id}/${step}`, who), status)
    }
  }
  assert.deepEqual((await api.get(`/appointments/${id}`, host)).body, visit)
})

interface Visit {
  id: string
}
