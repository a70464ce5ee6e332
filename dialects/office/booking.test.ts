import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, type Person, worksAt } from '../../test/cast.ts'
import {
  book,
  isFailure,
  newBranch,
  newCitizen,
  newMember,
  newOffices,
  newVisit,
  TUESDAY,
  visitOf,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('booking a visit', () => {
  it('answers with the citizen and with the appointment, which waits for the decision of the office', async () => {
    const { stage, api, office, host, receptionist } = await newOffices(app)
    const said = newCitizen({ firstname: 'Anna Maria', lastname: 'de la Cruz', email: 'anna@example.com' })
    const visit = visitOf({ host, office }, { purpose: 'A passport' })
    const { status, body } = await api.post('/appointments', receptionist, {
      citizen: said,
      appointment: visit,
    })
    assert.equal(status, 201)
    assert.deepEqual(Object.keys(body), ['citizen', 'appointment'])
    const { id: citizen_id, ...citizen } = body.citizen
    assert.deepEqual(citizen, said)
    const { id, ...appointment } = body.appointment
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(appointment, {
      ...visit,
      citizen_id,
      time_slotted: '10:00:00',
      status: 'pending',
      is_active: true,
      notes: null,
      issued_by: receptionist.id,
      canceled_at: null,
      canceled_by: null,
      canceled_reason: null,
      decision_reason: null,
      decided_at: null,
      decided_by: null,
      created_at: '2027-03-01T08:00:00',
      updated_at: '2027-03-01T08:00:00',
      citizen: body.citizen,
      host: { id: host.id, name: host.name },
      office: { id: office.id, name: office.name },
    })
    assert.deepEqual((await api.get('/appointments', stage.admin)).body, [body.appointment])
  })

  it('is for those who work at the office and for administrators, and for nobody of another office', async () => {
    const offices = await newOffices(app)
    const { stage, api, admin, office, host, secretary, receptionist } = offices
    const branch = await newBranch(app, offices)
    const elsewhere = [branch.host, branch.secretary, branch.receptionist]
    const colleague = await newMember(app, stage, office, 'provider')
    const table: [Person | undefined, number, string?][] = [
      [host, 201, '09:00'],
      [colleague, 201, '09:15'],
      [secretary, 201, '09:30'],
      [receptionist, 201, '09:45'],
      [admin, 201, '10:00'],
      ...elsewhere.map((who): [Person, number] => [who, 403]),
      [undefined, 401],
    ]
    for (const [who, expected, time_slotted = '11:00'] of table) {
      const { status, body } = await book(offices, who, { time_slotted })
      assert.equal(status, expected, `${who?.name}: ${JSON.stringify(body)}`)
    }
    const listed = (await api.get('/appointments', admin)).body
    const issuers = listed.map(({ issued_by }: { issued_by: string }) => issued_by)
    assert.deepEqual(
      issuers,
      [host, colleague, secretary, receptionist, admin].map(({ id }) => id),
    )
  })

  it('is for themself where a user books, whatever citizen is said', async () => {
    const offices = await newOffices(app)
    const { stage, api, admin } = offices
    const [user, other] = [await newClient(app, stage), await newClient(app, stage)]
    const known = newCitizen()
    await newVisit(offices, { time_slotted: '09:00' }, known)
    const appointment = { ...visitOf(offices), citizen_id: other.id, status: 'approved' }
    const booked = await api.post('/appointments', user, { citizen: known, appointment })
    assert.equal(booked.status, 201)
    const { citizen, appointment: own } = booked.body
    const ids = [citizen.id, own.citizen_id, own.issued_by, own.status]
    assert.deepEqual(ids, [user.id, user.id, user.id, 'pending'])
    const second = await api.post('/appointments', other, {
      appointment: visitOf(offices, { time_slotted: '11:00' }),
    })
    assert.deepEqual([second.status, second.body.citizen?.id], [201, other.id])
    const clients = (await app.get('/clients', { token: admin.token })).body.items
    assert.equal(clients.length, 3)
  })

  it('takes a slot by its start or by both its ends', async () => {
    const offices = await newOffices(app)
    const spellings = {
      '9:00': '09:00:00',
      '09:15': '09:15:00',
      '09:30:00': '09:30:00',
      '09:45-10:00': '09:45:00',
      '10:00:00 - 10:15:00': '10:00:00',
    }
    for (const [time_slotted, expected] of Object.entries(spellings)) {
      assert.equal((await newVisit(offices, { time_slotted })).time_slotted, expected)
    }
  })

  for (const [time_zone, date, instant] of [
    ['Europe/London', '2027-03-02', '2027-03-02T10:00:00Z'],
    ['Europe/London', '2027-07-01', '2027-07-01T09:00:00Z'],
    ['America/New_York', '2027-03-02', '2027-03-02T15:00:00Z'],
  ] as const) {
    it(`is by the wall clock of ${time_zone} on ${date}`, async () => {
      const offices = await newOffices(app, { time_zone })
      const visit = await newVisit(offices, { appointment_date: date })
      assert.deepEqual([visit.appointment_date, visit.time_slotted], [date, '10:00:00'])
      const { body } = await app.get(`/appointments/${visit.id}`, { token: offices.admin.token })
      assert.equal(body.starts_at, instant)
    })
  }
})

describe('a visit that cannot be booked', () => {
  it('is refused in a sentence, and nobody is written down for it', async () => {
    const offices = await newOffices(app)
    const { api, admin, office, host, secretary, receptionist } = offices
    const { office: other, host: elsewhere } = await newBranch(app, offices)
    const nobody = crypto.randomUUID()
    const table: [string, object, number, RegExp][] = [
      ['at no office', { office_id: nobody }, 404, /^There is no office with this id\.$/],
      ['at what is no id', { office_id: '7' }, 422, /^appointment\.office_id must be a UUID\.$/],
      ['with nobody', { host_id: nobody }, 404, /^There is no host with this id\.$/],
      ['with a host of another office', { host_id: elsewhere.id }, 404, /^There is no host/],
      ['with who is no host', { host_id: secretary.id }, 404, /^There is no host/],
      ['where the host does not work', { office_id: other.id }, 404, /^There is no host/],
      ['between two slots', { time_slotted: '10:05' }, 404, /every 15 minutes/],
      ['before the office opens', { time_slotted: '08:45' }, 404, /takes no appointments/],
      ['when the office closes', { time_slotted: '12:00' }, 404, /takes no appointments/],
      ['on a Sunday', { appointment_date: '2027-03-07' }, 404, /takes no appointments/],
      ['in the past', { appointment_date: '2027-02-26' }, 400, /has passed/],
      ['on no date', { appointment_date: '2027-02-30' }, 422, /must be a date/],
      ['on a word', { appointment_date: 'soon' }, 422, /^appointment\.appointment_date must/],
      ['at no time', { time_slotted: '25:00' }, 422, /^appointment\.time_slotted must/],
      ['without a host', { host_id: undefined }, 422, /^appointment\.host_id is missing\.$/],
      ['without an office', { office_id: undefined }, 422, /^appointment\.office_id is missing\.$/],
      ['without a date', { appointment_date: undefined }, 422, /^appointment\.appointment_date is missing/],
      ['without a time', { time_slotted: undefined }, 422, /^appointment\.time_slotted is missing\.$/],
    ]
    for (const [what, wanted, status, sentence] of table) {
      for (const who of [receptionist, host]) {
        const answer = await book({ api, host, office }, who, wanted)
        assert.equal(answer.status, status, `${what}: ${answer.body.detail}`)
        isFailure(answer, status, sentence)
      }
    }
    assert.deepEqual((await api.get('/appointments', admin)).body, [])
    assert.deepEqual((await app.get('/clients', { token: admin.token })).body.items, [])
  })

  it('is refused at an office that is closed down', async () => {
    const offices = await newOffices(app)
    const { api, admin, office, host } = offices
    assert.equal((await api.post(`/offices/${office.id}/deactivate`, admin)).status, 200)
    isFailure(await book(offices, host), 404, /^This office takes no bookings at present\.$/)
  })
})

describe('a slot of an office', () => {
  it('is taken by one visit, whichever host of the office is asked for, and those beside it stay free', async () => {
    const offices = await newOffices(app)
    const { stage, api, admin, office, receptionist } = offices
    const colleague = await newMember(app, stage, office, 'provider')
    await newVisit(offices)
    const user = await newClient(app, stage)
    for (const host of [offices.host, colleague]) {
      for (const who of [host, receptionist, user, admin]) {
        isFailure(await book({ api, host, office }, who), 409, /not free any more/)
      }
    }
    await newVisit(offices, { time_slotted: '09:45' })
    await newVisit({ ...offices, host: colleague }, { time_slotted: '10:15' })
  })

  it('is as free as before at another office, but not with a host who works at both', async () => {
    const offices = await newOffices(app)
    const branch = await newBranch(app, offices)
    await worksAt(app, offices.stage, offices.host, branch.office)
    await newVisit(offices)
    isFailure(await book({ ...branch, host: offices.host }, branch.receptionist), 409)
    await newVisit(branch)
  })

  it('is said to be taken before anything else that is wrong', async () => {
    const offices = await newOffices(app)
    const citizen = newCitizen()
    await newVisit(offices, { time_slotted: '09:00' }, citizen)
    await newVisit(offices)
    isFailure(await book(offices, offices.host, {}, citizen), 409)
    app.setClock(`${TUESDAY}T10:05:00Z`)
    isFailure(await book(offices, offices.host), 409)
  })

  it('is refused to a citizen who is at another office then', async () => {
    const offices = await newOffices(app)
    const citizen = newCitizen()
    await newVisit(offices, {}, citizen)
    const branch = await newBranch(app, offices)
    isFailure(await book(branch, branch.host, {}, citizen), 409)
  })

  it('is gone with its first minute', async () => {
    const offices = await newOffices(app)
    app.setClock(`${TUESDAY}T10:00:01Z`)
    isFailure(await book(offices, offices.host), 400, /has passed/)
    app.setClock(`${TUESDAY}T09:59:59Z`)
    assert.equal((await book(offices, offices.host)).status, 201)
  })
})
