import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, newProvider, type Person } from '../../test/cast.ts'
import { from, newAppointment, newPractice, TUESDAY } from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('booking in the general system', () => {
  it('answers with the appointment, and nothing besides', async () => {
    const { staff, client, api } = await newPractice(app)
    const wanted = { staff_id: staff.id, ...from('10:00', '11:00'), notes: 'The back door, please' }
    const { status, body } = await api.post('/appointments', client, wanted)
    assert.equal(status, 201)
    const { id, ...appointment } = body
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(appointment, { ...wanted, status: 'scheduled', client_id: client.id })
  })

  it('has no notes where nobody said any', async () => {
    const { staff, client, api } = await newPractice(app)
    const without = await newAppointment(api, client, staff)
    const withNull = await newAppointment(api, client, staff, { ...from('11:00', '12:00'), notes: null })
    assert.deepEqual([without.notes, withNull.notes], [null, null])
  })

  it('is for whoever asks, whatever client and state are named', async () => {
    const { stage, staff, client, api } = await newPractice(app)
    const other = await newClient(app, stage)
    const claims = { client_id: other.id, status: 'completed', id: other.id }
    const booked = await newAppointment(api, client, staff, claims)
    assert.deepEqual([booked.client_id, booked.status], [client.id, 'scheduled'])
    assert.notEqual(booked.id, other.id)
    assert.deepEqual((await api.get('/appointments', other)).body, [])
  })

  it('is for staff and administrators too, as the clients of somebody else', async () => {
    const { stage, staff, api } = await newPractice(app)
    const colleague = await newProvider(app, stage)
    const ofColleague = await newAppointment(api, colleague, staff)
    const ofAdmin = await newAppointment(api, stage.admin, staff, from('11:00', '12:00'))
    assert.deepEqual([ofColleague.client_id, ofAdmin.client_id], [colleague.id, stage.admin.id])
  })

  it('lets nobody have an appointment with themself', async () => {
    const { staff, api } = await newPractice(app)
    const answer = await api.post('/appointments', staff, { staff_id: staff.id, ...from('10:00', '11:00') })
    assert.equal(answer.status, 422)
    assert.match(answer.body.detail, /must not be the staff member/)
  })

  it('gives one client two staff at the same time', async () => {
    const { stage, staff, client, api } = await newPractice(app)
    await newAppointment(api, client, staff)
    const second = await newAppointment(api, client, await newProvider(app, stage))
    assert.equal(second.status, 'scheduled')
  })

  it('takes as long as is asked for: all of the hours, or a few minutes', async () => {
    const { stage, client, api } = await newPractice(app)
    const staff = await newProvider(app, stage, { opens: '08:30', closes: '17:30' })
    const allDay = await newAppointment(api, client, staff, from('08:30', '17:30'))
    assert.deepEqual([allDay.start_time, allDay.end_time], [`${TUESDAY}T08:30:00`, `${TUESDAY}T17:30:00`])
    await newAppointment(api, client, staff, from('09:07', '09:12', '2027-03-03'))
  })

  it('is for those who are logged in', async () => {
    const { staff, api } = await newPractice(app)
    const answer = await api.post('/appointments', undefined, {
      staff_id: staff.id,
      ...from('10:00', '11:00'),
    })
    assert.deepEqual([answer.status, Object.keys(answer.body)], [401, ['detail']])
  })
})

describe('the times of an appointment', () => {
  const zones = [
    ['Europe/London', '2027-03-02', '2027-03-02T10:00:00Z', '2027-03-02T09:30:00-00:30'],
    ['Europe/London', '2027-07-01', '2027-07-01T09:00:00Z', '2027-07-01T11:00:00+02:00'],
    ['America/New_York', '2027-03-02', '2027-03-02T15:00:00Z', '2027-03-02T15:00:00Z'],
    ['America/New_York', '2027-07-01', '2027-07-01T14:00:00Z', '2027-07-01T16:00:00+02:00'],
  ] as const
  for (const [time_zone, date, instant, withOffset] of zones) {
    it(`are those of the wall clock in ${time_zone} on ${date}, with and without an offset`, async () => {
      const { staff, client, api } = await newPractice(app, { time_zone })
      const ten = `${date}T10:00:00`
      const spellings = [ten, `${date}T10:00`, `${date} 10:00:00`, instant, withOffset]
      for (const start_time of spellings) {
        const wanted = { start_time, end_time: `${date}T11:00:00` }
        const booked = await newAppointment(api, client, staff, wanted)
        assert.deepEqual([booked.start_time, booked.end_time], [ten, `${date}T11:00:00`], start_time)
        const { body } = await app.get(`/appointments/${booked.id}`, { token: client.token })
        assert.equal(body.starts_at, instant, start_time)
        await api.patch(`/appointments/${booked.id}`, client, { status: 'cancelled' })
      }
    })
  }

  it('are read as the calendar has them, and refused where it has none', async () => {
    const { staff, client, api } = await newPractice(app)
    for (const time of [
      '',
      'tomorrow',
      '10:00',
      '2027-02-30T10:00:00',
      '2027-03-02',
      '2027-03-02T25:00:00',
    ]) {
      const wanted = { staff_id: staff.id, start_time: time, end_time: '2027-03-02T11:00:00' }
      const { status, body } = await api.post('/appointments', client, wanted)
      assert.equal(status, 422, time)
      assert.match(body.detail, /^start_time must/)
    }
  })
})

describe('a booking that is refused', () => {
  it('says why, and leaves nothing behind', async () => {
    const { stage, staff, client, api } = await newPractice(app)
    const nobody = crypto.randomUUID()
    const table: [string, object, number, RegExp][] = [
      ['before the hours', from('08:00', '09:00'), 400, /staff member takes no appointments/],
      ['after the hours', from('17:00', '18:00'), 400, /takes no appointments/],
      ['beginning before them', from('08:30', '09:30'), 400, /takes no appointments/],
      ['ending after them', from('16:30', '17:30'), 400, /takes no appointments/],
      ['on a Saturday', from('10:00', '11:00', '2027-03-06'), 400, /takes no appointments/],
      ['over night', { start_time: `${TUESDAY}T16:00:00`, end_time: '2027-03-03T10:00:00' }, 400, /takes no/],
      ['ending as it begins', from('10:00', '10:00'), 422, /^end_time must be after start_time\.$/],
      ['ending before it begins', from('11:00', '10:00'), 422, /^end_time must be after start_time\.$/],
      ['in the past', from('10:00', '11:00', '2027-02-26'), 422, /has passed/],
      ['with nobody', { staff_id: nobody }, 404, /^There is no staff member with this id\.$/],
      ['with a client', { staff_id: stage.admin.id }, 404, /^There is no staff member/],
      ['with what is no id', { staff_id: '7' }, 422, /^staff_id must be a UUID\.$/],
      ['without staff', { staff_id: undefined }, 422, /^staff_id is missing\.$/],
      ['without a start', { start_time: undefined }, 422, /^start_time is missing\.$/],
      ['without an end', { end_time: undefined }, 422, /^end_time is missing\.$/],
    ]
    for (const [what, wrong, status, sentence] of table) {
      const wanted = { staff_id: staff.id, ...from('10:00', '11:00'), ...wrong }
      const answer = await api.post('/appointments', client, wanted)
      assert.equal(answer.status, status, `${what}: ${answer.body.detail}`)
      assert.match(answer.body.detail, sentence, what)
      assert.deepEqual(Object.keys(answer.body), ['detail'])
    }
    assert.deepEqual((await api.get('/appointments', stage.admin)).body, [])
  })

  it('is refused where somebody is booked, wherever it begins, and is free beside it', async () => {
    const { stage, staff, client, api } = await newPractice(app)
    await newAppointment(api, client, staff)
    const rival = await newClient(app, stage)
    const ask = (who: Person, [start, end]: readonly [string, string]) =>
      api.post('/appointments', who, { staff_id: staff.id, ...from(start, end) })
    const overlapping = [
      ['10:00', '11:00'],
      ['09:30', '10:30'],
      ['10:59', '12:00'],
      ['10:15', '10:45'],
      ['09:00', '12:00'],
    ] as const
    for (const who of [rival, client, stage.admin]) {
      for (const time of overlapping) assert.equal((await ask(who, time)).status, 409, String(time))
    }
    assert.equal((await ask(rival, ['09:00', '10:00'])).status, 201)
    assert.equal((await ask(rival, ['11:00', '12:00'])).status, 201)
  })

  it('is told that the time is taken before anything else that is wrong with it', async () => {
    const { staff, client, api } = await newPractice(app)
    const first = await newAppointment(api, client, staff, from('16:00', '17:00'))
    const ask = (times: object) => api.post('/appointments', client, { staff_id: staff.id, ...times })
    const partlyOutside = await ask(from('16:30', '18:00'))
    app.setClock(`${TUESDAY}T16:45:00Z`)
    const past = await ask({ start_time: first.start_time, end_time: first.end_time })
    assert.deepEqual([partlyOutside.status, past.status], [409, 409])
    assert.match(past.body.detail, /not free any more/)
  })
})
