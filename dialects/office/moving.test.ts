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
  newMember,
  newOffices,
  newVisit,
  type Offices,
  TUESDAY,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('rescheduling a visit', () => {
  it('takes the new slot, approves it, and gives the old one back at once', async () => {
    const offices = await newOffices(app)
    const { api, host, secretary } = offices
    const waiting = await newVisit(offices, { time_slotted: '09:00' })
    const approved = await newApproved(offices, { time_slotted: '09:15' })
    const postponed = await newApproved(offices, { time_slotted: '11:15' })
    await move(offices, host, postponed, 'postpone', TUESDAY, '09:30')
    for (const [n, visit] of [waiting, approved, postponed].entries()) {
      const time = `10:${['00', '15', '30'][n]}`
      const { status, body } = await move(offices, secretary, visit, 'reschedule', '2027-03-03', time)
      assert.equal(status, 200, JSON.stringify(body))
      assert.deepEqual(
        [body.id, body.status, body.appointment_date, body.time_slotted, body.is_active],
        [visit.id, 'approved', '2027-03-03', `${time}:00`, true],
      )
      assert.deepEqual((await api.get(`/appointments/${visit.id}`, host)).body, body)
      const again = { appointment_date: '2027-03-03', time_slotted: time }
      isFailure(await book(offices, host, again), 409)
    }
    for (const time_slotted of ['09:00', '09:15', '09:30', '11:15']) {
      await newVisit(offices, { time_slotted })
    }
  })

  it('says by whom what waited was approved, and why', async () => {
    const offices = await newOffices(app)
    const { secretary } = offices
    const visit = await newVisit(offices)
    app.setClock('2027-03-01T08:30:00Z')
    const { body } = await move(offices, secretary, visit, 'reschedule', TUESDAY, '11:00', 'By agreement')
    assert.deepEqual(
      [body.decided_by, body.decided_at, body.decision_reason],
      [secretary.id, '2027-03-01T08:30:00', 'By agreement'],
    )
  })

  it('may keep the slot that it has, and is approved by that', async () => {
    const offices = await newOffices(app)
    const visit = await newVisit(offices)
    const { status, body } = await move(offices, offices.host, visit, 'reschedule', TUESDAY, '10:00')
    assert.deepEqual([status, body.status, body.time_slotted], [200, 'approved', '10:00:00'])
  })
})

describe('postponing a visit', () => {
  it('moves what was approved, which waits again and keeps its new slot', async () => {
    const offices = await newOffices(app)
    const { api, host, secretary } = offices
    for (const [n, who] of [host, secretary].entries()) {
      const visit = await newApproved(offices, { time_slotted: `09:${n === 0 ? '00' : '15'}` })
      const time = `10:${n === 0 ? '00' : '15'}`
      const { status, body } = await move(offices, who, visit, 'postpone', '2027-03-03', `${time}-10:30`)
      const changes = { appointment_date: '2027-03-03', time_slotted: `${time}:00` }
      assert.deepEqual([status, body], [200, { ...visit, ...changes, status: 'postponed' }])
      assert.deepEqual((await api.get('/appointments?status=postponed', host)).body.length, n + 1)
      await newVisit(offices, { time_slotted: visit.time_slotted })
      isFailure(await book(offices, host, changes), 409)
    }
  })

  it('is for what is approved, and for nothing else', async () => {
    const offices = await newOffices(app)
    const { api, host } = offices
    const postponed = await newApproved(offices, { time_slotted: '09:00' })
    await move(offices, host, postponed, 'postpone', '2027-03-03', '09:00')
    const visits = [postponed, await newVisit(offices, { time_slotted: '09:15' })]
    visits.push(...(await closedVisits(offices)))
    for (const { id } of visits) {
      const { body: before } = await api.get(`/appointments/${id}`, host)
      isFailure(await move(offices, host, { id }, 'postpone', '2027-03-04', '09:00'), 400)
      assert.deepEqual((await api.get(`/appointments/${id}`, host)).body, before)
    }
  })

  it('leaves it to be approved or denied, or cancelled', async () => {
    const offices = await newOffices(app)
    const { api, host } = offices
    for (const [n, [step, body, status]] of (
      [
        ['decision', { decision: 'approved' }, 'approved'],
        ['decision', { decision: 'denied' }, 'denied'],
        ['cancel', undefined, 'cancelled'],
      ] as const
    ).entries()) {
      const time = `09:${['00', '15', '30'][n]}`
      const { id } = await newApproved(offices, { time_slotted: time })
      await move(offices, host, { id }, 'postpone', '2027-03-03', time)
      const answer = await api.post(`/appointments/${id}/${step}`, host, body)
      assert.deepEqual([answer.status, answer.body.status], [200, status])
    }
  })
})

describe('a visit', () => {
  it('is not moved once it has ended', async () => {
    const offices = await newOffices(app)
    const { api, host } = offices
    for (const { id } of await closedVisits(offices)) {
      const { body: before } = await api.get(`/appointments/${id}`, host)
      isFailure(await move(offices, host, { id }, 'reschedule', '2027-03-04', '09:00'), 400)
      assert.deepEqual((await api.get(`/appointments/${id}`, host)).body, before)
    }
  })

  for (const how of ['reschedule', 'postpone'] as const) {
    it(`stays as it is where it cannot ${how} to that slot`, async () => {
      const offices = await newOffices(app)
      const { stage, api, office, host } = offices
      const citizen = newCitizen()
      const visit = await newApproved(offices, {}, citizen)
      const colleague = await newMember(app, stage, office, 'provider')
      await newVisit({ ...offices, host: colleague }, { time_slotted: '11:00' })
      const table: [string, string, number][] = [
        [TUESDAY, '11:00', 409],
        [TUESDAY, '11:00-11:15', 409],
        [TUESDAY, '09:05', 404],
        [TUESDAY, '12:00', 404],
        ['2027-03-07', '10:00', 404],
        ['2027-02-26', '10:00', 400],
        ['2027-02-30', '10:00', 422],
        [TUESDAY, 'noon', 422],
      ]
      for (const [date, slot, status] of table) {
        isFailure(await move(offices, host, visit, how, date, slot), status)
        assert.deepEqual((await api.get(`/appointments/${visit.id}`, host)).body, visit, `${date} ${slot}`)
      }
      for (const body of [{ new_time_slot: '11:30' }, { new_appointment_date: TUESDAY }, {}]) {
        isFailure(await api.post(`/appointments/${visit.id}/${how}`, host, body), 422, /is missing/)
      }
      // The slot that it has is its own still.
      isFailure(await book(offices, host), 409)
    })

    it(`is not for the reception, for users or for another office to ${how}`, async () => {
      const offices = await newOffices(app)
      const { stage, api, host, receptionist } = offices
      const branch = await newBranch(app, offices)
      const user = await newClient(app, stage)
      const { id } = (await book(offices, user)).body.appointment
      const { body: visit } = await api.post(`/appointments/${id}/decision`, host, { decision: 'approved' })
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
        isFailure(await move(offices, who, visit, how, TUESDAY, '11:00'), status)
      }
      assert.deepEqual((await api.get(`/appointments/${id}`, host)).body, visit)
      const nobody = { id: crypto.randomUUID() }
      isFailure(await move(offices, host, nobody, how, TUESDAY, '11:00'), 404)
    })
  }
})

function move(
  { api }: Offices,
  who: Person | undefined,
  { id }: { id: string },
  how: 'reschedule' | 'postpone',
  ...[new_appointment_date, new_time_slot, reason]: [string, string, string?]
) {
  return api.post(`/appointments/${id}/${how}`, who, { new_appointment_date, new_time_slot, reason })
}

/** One that was denied, one cancelled, one completed and one missed, on Tuesday from ten. */
async function closedVisits(offices: Offices): Promise<{ id: string }[]> {
  const steps = [
    ['decision', { decision: 'denied' }],
    ['cancel', undefined],
    ['complete', undefined],
    ['no-show', undefined],
  ] as const
  const visits = []
  for (const [n, [step, body]] of steps.entries()) {
    const time_slotted = `10:${['00', '15', '30', '45'][n]}`
    const isApproved = step !== 'decision'
    const visit = await (isApproved ? newApproved : newVisit)(offices, { time_slotted })
    const { status } = await offices.api.post(`/appointments/${visit.id}/${step}`, offices.host, body)
    assert.equal(status, 200)
    visits.push(visit)
  }
  return visits
}
