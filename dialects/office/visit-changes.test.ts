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

describe('one visit', () => {
  it('is shown to those of its office, to administrators and to whose it is, and to nobody else', async () => {
    const offices = await newOffices(app)
    const { stage, api, admin, host, secretary, receptionist, office } = offices
    const branch = await newBranch(app, offices)
    const [user, stranger] = [await newClient(app, stage), await newClient(app, stage)]
    const visit = (await book(offices, user)).body.appointment
    const table: [Person | undefined, number][] = [
      [host, 200],
      [await newMember(app, stage, office, 'provider'), 200],
      [secretary, 200],
      [receptionist, 200],
      [admin, 200],
      [user, 200],
      [stranger, 404],
      [branch.host, 404],
      [branch.secretary, 404],
      [branch.receptionist, 404],
      [undefined, 401],
    ]
    for (const [who, expected] of table) {
      const { status, body } = await api.get(`/appointments/${visit.id}`, who)
      assert.equal(status, expected, String(who?.name))
      if (status === 200) assert.deepEqual(body, visit)
      else assert.deepEqual(Object.keys(body), ['detail'])
    }
    isFailure(await api.get(`/appointments/${crypto.randomUUID()}`, admin), 404, /^There is no appointment/)
    isFailure(await api.get('/appointments/7', admin), 404)
  })

  it('tells a user nothing of other citizens, wherever they meet them', async () => {
    const offices = await newOffices(app)
    const { stage, api, office } = offices
    const user = await newClient(app, stage)
    const secret = newCitizen({ firstname: 'Vera', lastname: 'Visitor', email: 'vera@example.com' })
    const { id } = await newVisit(offices, { purpose: 'A divorce' }, secret)
    const own = await book(offices, user, { time_slotted: '11:00' }, secret)
    const slots = `/availability/hosts/${office.id}/slots?target_date=${TUESDAY}&include_booked=true`
    const answers = [
      own,
      await book(offices, user),
      await api.get(slots, user),
      await api.get('/appointments?search=vera', user),
      await api.get('/appointments', user),
      await api.get(`/appointments/${id}`, user),
      await api.get('/appointments/gates/search?search=vera', user),
    ]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 409, 200, 200, 200, 404, 403],
    )
    assert.equal(answers[2]!.body.filter((slot: { is_booked: boolean }) => slot.is_booked).length, 2)
    for (const { body } of answers) {
      assert.doesNotMatch(JSON.stringify(body), /vera|visitor|divorce/i)
      assert.ok(!JSON.stringify(body).includes(secret.phone))
    }
  })
})

describe('changing a visit', () => {
  it('writes another purpose, or none, as anybody of the office', async () => {
    const offices = await newOffices(app)
    const { admin, host, secretary, receptionist } = offices
    const visit = await newVisit(offices, { purpose: 'A passport' })
    for (const who of [host, secretary, receptionist, admin]) {
      const purpose = `As ${who.name} says`
      const { status, body } = await change(offices, who, visit, { purpose })
      assert.deepEqual([status, body], [200, { ...visit, purpose }])
    }
    const none = await change(offices, host, visit, { purpose: '' })
    assert.equal(none.body.purpose, null)
    const nothing = await change(offices, host, visit, {})
    assert.deepEqual([nothing.status, nothing.body], [200, none.body])
  })

  it('moves it to another slot while it waits, and the one it had is free at once', async () => {
    const offices = await newOffices(app)
    const { host, secretary, receptionist } = offices
    const visit = await newVisit(offices)
    const table: [Person, object, string][] = [
      [receptionist, { time_slotted: '11:00' }, `${TUESDAY} 11:00:00`],
      [secretary, { appointment_date: '2027-03-03' }, '2027-03-03 11:00:00'],
      [host, { appointment_date: '2027-03-04', time_slotted: '9:15-9:30' }, '2027-03-04 09:15:00'],
    ]
    for (const [who, wanted, expected] of table) {
      const { status, body } = await change(offices, who, visit, wanted)
      const { appointment_date, time_slotted, status: state } = body
      assert.deepEqual(
        [status, `${appointment_date} ${time_slotted}`, state],
        [200, expected, 'pending'],
        JSON.stringify(body),
      )
    }
    for (const wanted of [{}, { time_slotted: '11:00' }]) await newVisit(offices, wanted)
    isFailure(await book(offices, host, { appointment_date: '2027-03-04', time_slotted: '09:15' }), 409)
  })

  for (const [status, step, body] of [
    ['approved', 'decision', { decision: 'approved' }],
    ['denied', 'decision', { decision: 'denied' }],
    ['cancelled', 'cancel', {}],
    ['postponed', 'postpone', { new_appointment_date: '2027-03-03', new_time_slot: '09:00' }],
  ] as const) {
    it(`moves nothing that is ${status}`, async () => {
      const offices = await newOffices(app)
      const { api, host, receptionist, admin } = offices
      const visit = status === 'postponed' ? await newApproved(offices) : await newVisit(offices)
      const { body: before } = await api.post(`/appointments/${visit.id}/${step}`, host, body)
      assert.equal(before.status, status)
      for (const who of [receptionist, host, admin]) {
        for (const wanted of [{ time_slotted: '11:00' }, { appointment_date: '2027-03-04', purpose: 'X' }]) {
          isFailure(await change(offices, who, visit, wanted), 400)
        }
      }
      assert.deepEqual((await api.get(`/appointments/${visit.id}`, host)).body, before)
    })
  }

  it('changes nothing at all where the new slot is taken, or is none', async () => {
    const offices = await newOffices(app)
    const { api, host, receptionist } = offices
    const visit = await newVisit(offices, { purpose: 'A passport' })
    await newVisit(offices, { time_slotted: '11:00' })
    const table: [object, number][] = [
      [{ time_slotted: '11:00' }, 409],
      [{ time_slotted: '09:05' }, 404],
      [{ time_slotted: '12:00' }, 404],
      [{ appointment_date: '2027-03-07' }, 404],
      [{ appointment_date: '2027-02-26' }, 400],
      [{ appointment_date: '2027-02-30' }, 422],
      [{ time_slotted: 'noon' }, 422],
    ]
    for (const [wanted, status] of table) {
      const answer = await change(offices, receptionist, visit, { ...wanted, purpose: 'A divorce' })
      isFailure(answer, status)
      assert.deepEqual((await api.get(`/appointments/${visit.id}`, host)).body, visit)
    }
  })

  it('decides it, as the host or a secretary, by either name of that field', async () => {
    const offices = await newOffices(app)
    const { host, secretary, admin } = offices
    const table: [Person, object, string][] = [
      [host, { status: 'approved', reason: 'All is there' }, 'approved'],
      [secretary, { decision: 'denied' }, 'denied'],
      [admin, { decision: 'approved', purpose: 'A passport' }, 'approved'],
    ]
    for (const [n, [who, wanted, expected]] of table.entries()) {
      const visit = await newVisit(offices, { time_slotted: `${9 + n}:00` })
      const { status, body } = await change(offices, who, visit, wanted)
      assert.deepEqual([status, body.status, body.decided_by], [200, expected, who.id])
      const other = expected === 'approved' ? 'denied' : 'approved'
      isFailure(await change(offices, who, visit, { status: other }), 400)
    }
    const visit = await newVisit(offices, { time_slotted: '09:30' })
    isFailure(await change(offices, host, visit, { status: 'completed' }), 400, /approved or denied/)
    isFailure(await change(offices, host, visit, { status: 'maybe' }), 422)
  })

  it('leaves the decision to others than the reception, who then changes nothing', async () => {
    const offices = await newOffices(app)
    const { api, host, receptionist } = offices
    const visit = await newVisit(offices)
    for (const status of ['approved', 'denied']) {
      const wanted = { status, purpose: 'A passport', time_slotted: '11:00' }
      isFailure(await change(offices, receptionist, visit, wanted), 403)
    }
    assert.deepEqual((await api.get(`/appointments/${visit.id}`, host)).body, visit)
  })

  it('is not for users, nor for those of another office', async () => {
    const offices = await newOffices(app)
    const { stage, api, host } = offices
    const branch = await newBranch(app, offices)
    const user = await newClient(app, stage)
    const visit = (await book(offices, user)).body.appointment
    const table: [Person | undefined, number][] = [
      [user, 403],
      [await newClient(app, stage), 403],
      [branch.host, 404],
      [branch.secretary, 404],
      [branch.receptionist, 404],
      [undefined, 401],
    ]
    for (const [who, status] of table) {
      isFailure(await change(offices, who, visit, { purpose: 'A divorce' }), status)
    }
    assert.deepEqual((await api.get(`/appointments/${visit.id}`, host)).body, visit)
  })
})

function change({ api }: Offices, who: Person | undefined, { id }: { id: string }, wanted: object) {
  return api.patch(`/appointments/${id}`, who, wanted)
}
