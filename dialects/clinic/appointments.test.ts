import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newPerson, newProvider, type Person } from '../../test/cast.ts'
import { type Clinic, isFailure, newClinic, newVisit } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

const on = (date: string, time = '10:00') => ({ start: `${date}T${time}:00Z` })
const step = (
  { api }: Clinic,
  who: Person | undefined,
  { _id }: { _id: string },
  name: string,
  body?: object,
) => api.patch(`/appointments/${_id}/${name}`, who, body)

/** The ways in which an appointment gets into each status. */
async function bring(clinic: Clinic, visit: { _id: string }, status: string): Promise<void> {
  const { patient, doctor } = clinic
  const answer =
    status === 'no_show'
      ? await app.post(`/appointments/${visit._id}/no-show`, { token: doctor.token })
      : await step(clinic, status === 'completed' ? doctor : patient, visit, wayTo[status]!)
  assert.equal(answer.status, 200)
}
const wayTo: Record<string, string> = { confirmed: 'confirm', cancelled: 'cancel', completed: 'complete' }

describe('an appointment', () => {
  for (const [name, who, from, to] of [
    ['confirm', 'patient', ['scheduled'], 'confirmed'],
    ['cancel', 'patient', ['scheduled', 'confirmed'], 'cancelled'],
    ['cancel', 'doctor', ['scheduled', 'confirmed'], 'cancelled'],
    ['complete', 'doctor', ['scheduled', 'confirmed'], 'completed'],
  ] as const) {
    it(`can be taken by its ${who} by ${name} from ${from.join(' and ')}, and from nothing else`, async () => {
      const clinic = await newClinic(app)
      let hour = 8
      for (const status of ['scheduled', 'confirmed', 'completed', 'cancelled', 'no_show'] as const) {
        const visit = await newVisit(clinic, on('2027-03-02', `${++hour}`.padStart(2, '0') + ':00'))
        if (status !== 'scheduled') await bring(clinic, visit, status)
        const answer = await step(clinic, clinic[who], visit, name)
        if (!(from as readonly string[]).includes(status)) {
          isFailure(answer, 400, new RegExp(`is ${status.replace('_', ' ')}\\.$`))
        } else assert.deepEqual([answer.status, answer.body.status, answer.body._id], [200, to, visit._id])
      }
    })
  }

  it('is confirmed by its patient and completed by its doctor, and neither does the other’s', async () => {
    const clinic = await newClinic(app)
    const { stage, patient, doctor, admin } = clinic
    const visit = await newVisit(clinic)
    isFailure(await step(clinic, doctor, visit, 'confirm'), 403)
    isFailure(await step(clinic, admin, visit, 'confirm'), 403)
    isFailure(await step(clinic, patient, visit, 'complete'), 403)
    for (const name of ['confirm', 'cancel', 'complete'])
      isFailure(await step(clinic, undefined, visit, name), 401)
    const strangers = [await newClient(app, stage), await newProvider(app, stage)]
    for (const who of strangers) {
      isFailure(await step(clinic, who, visit, 'cancel'), 404)
      isFailure(await clinic.api.get(`/appointments/${visit._id}`, who), 404)
    }
    isFailure(await step(clinic, strangers[0], visit, 'confirm'), 404)
    isFailure(await step(clinic, strangers[1], visit, 'complete'), 404)
    assert.equal((await clinic.api.get(`/appointments/${visit._id}`, patient)).body.status, 'scheduled')
    isFailure(await clinic.api.get('/appointments/7', patient), 400, /id/)
    isFailure(await step(clinic, patient, { _id: '7' }, 'cancel'), 400, /id/)
    isFailure(await step(clinic, patient, { _id: crypto.randomUUID() }, 'cancel'), 404)
  })

  it('says when and why it was cancelled, and what the doctor noted at its end', async () => {
    const clinic = await newClinic(app)
    const [one, other] = [await newVisit(clinic), await newVisit(clinic, on('2027-03-03'))]
    const cancelled = await step(clinic, clinic.patient, one, 'cancel', { reason: 'I am ill' })
    const { cancelledAt, cancelReason } = cancelled.body
    assert.deepEqual([cancelledAt, cancelReason], ['2027-03-01T08:00:00Z', 'I am ill'])
    const completed = await step(clinic, clinic.doctor, other, 'complete', { notes: 'Drinks more tea' })
    const { notes, cancelledAt: never } = completed.body
    assert.deepEqual([notes, never], ['Drinks more tea', null])
  })

  it('that the clinic has written down is the system’s', async () => {
    const clinic = await newClinic(app)
    const body = {
      provider_id: clinic.doctor.id,
      client_id: clinic.patient.id,
      starts_at: '2027-03-02T10:00:00Z',
      details: { reason: 'Called' },
    }
    const { status, body: booked } = await app.post('/appointments', { token: clinic.admin.token, body })
    assert.equal(status, 201)
    const { body: shown } = await clinic.api.get(`/appointments/${booked.id}`, clinic.patient)
    assert.deepEqual([shown.createdBy, shown.reason], ['system', 'Called'])
  })
})

describe('one’s own appointments', () => {
  const starts = async ({ api }: Clinic, who: Person, query = '') => {
    const { status, body } = await api.get(`/appointments${query}`, who)
    assert.equal(status, 200, JSON.stringify(body))
    return body.map(({ start }: { start: string }) => start.slice(0, 10))
  }

  it('come newest first, ten unless said, and are nobody else’s', async () => {
    const clinic = await newClinic(app)
    const { stage, patient, doctor } = clinic
    const dates = ['2027-03-02', '2027-03-04', '2027-03-03']
    for (const date of dates) await newVisit(clinic, on(date))
    await newVisit(clinic, on('2027-03-05'), await newClient(app, stage))
    const newest = dates.toSorted().toReversed()
    assert.deepEqual(await starts(clinic, patient), newest)
    assert.deepEqual(await starts(clinic, doctor), ['2027-03-05', ...newest])
    assert.deepEqual(await starts(clinic, patient, '?limit=2'), newest.slice(0, 2))
    for (const none of [await newClient(app, stage), await newProvider(app, stage)]) {
      assert.deepEqual(await starts(clinic, none), [])
    }
    for (let hour = 10; hour < 16; hour++) {
      await newVisit(clinic, on('2027-03-08', `${hour}:00`))
      await newVisit(clinic, on('2027-03-08', `${hour}:30`))
    }
    assert.equal((await starts(clinic, patient)).length, 10)
    assert.equal((await starts(clinic, patient, '?limit=100')).length, 15)
    for (const limit of ['0', '101', 'x']) {
      isFailure(await clinic.api.get(`/appointments?limit=${limit}`, patient), 422, /^limit/)
    }
  })

  it('can be asked for by status, month and dates, together', async () => {
    const clinic = await newClinic(app)
    const { patient } = clinic
    for (const date of ['2027-03-31', '2027-04-01', '2027-04-30']) await newVisit(clinic, on(date, '16:30'))
    await step(clinic, patient, await newVisit(clinic, on('2027-04-15')), 'confirm')
    for (const [query, expected] of [
      ['?month=2027-03', ['2027-03-31']],
      ['?month=2027-04', ['2027-04-30', '2027-04-15', '2027-04-01']],
      ['?month=2027-05', []],
      ['?status=confirmed', ['2027-04-15']],
      ['?month=2027-04&status=scheduled', ['2027-04-30', '2027-04-01']],
      ['?startDate=2027-04-15', ['2027-04-30', '2027-04-15']],
      ['?endDate=2027-04-01', ['2027-04-01', '2027-03-31']],
      ['?endDate=2027-04-01T16:30:00Z', ['2027-03-31']],
      ['?month=2027-04&endDate=2027-04-15', ['2027-04-15', '2027-04-01']],
      ['?startDate=2027-03-31&endDate=2027-04-01', ['2027-04-01', '2027-03-31']],
      ['?month=2027-03&startDate=2027-04-01', []],
    ] as const) {
      assert.deepEqual(await starts(clinic, patient, query), expected, query)
    }
    for (const query of ['month=2027-13', 'month=March', 'month=', 'startDate=2027-02-30', 'endDate=later']) {
      isFailure(
        await clinic.api.get(`/appointments?${query}`, patient),
        400,
        /^(month|startDate|endDate) must be/,
      )
    }
    isFailure(await clinic.api.get('/appointments?status=open', patient), 422, /^status must be one of/)
  })

  it('are those in the role that is named, which must be one’s own', async () => {
    const clinic = await newClinic(app)
    const { api, stage, patient, doctor } = clinic
    const both = await newPerson(app, stage.organization, ['provider', 'client'])
    await newVisit(clinic, {}, both)
    assert.deepEqual(await starts(clinic, both, '?role=patient'), ['2027-03-02'])
    assert.deepEqual(await starts(clinic, both, '?role=doctor'), [])
    assert.deepEqual(await starts(clinic, doctor, '?role=doctor'), ['2027-03-02'])
    for (const [who, role] of [
      [patient, 'doctor'],
      [doctor, 'patient'],
      [patient, 'admin'],
      [patient, 'king'],
    ] as const) {
      isFailure(await api.get(`/appointments?role=${role}`, who), 400, /^role/)
    }
  })
})

describe('a doctor’s statistics', () => {
  /** One in each status in March, and two that wait in April. */
  async function arrange() {
    const clinic = await newClinic(app)
    for (const [at, status] of ['confirmed', 'completed', 'cancelled', 'no_show'].entries()) {
      await bring(clinic, await newVisit(clinic, on('2027-03-31', `${10 + at}:00`)), status)
    }
    await newVisit(clinic, on('2027-03-30'))
    await newVisit(clinic, on('2027-04-01'))
    await newVisit(clinic, on('2027-04-01', '11:00'))
    return clinic
  }
  const read = ({ api, doctor }: Clinic, who: Person | undefined, query = '') =>
    api.get(`/appointments/stats/doctor/${doctor.id}${query}`, who)
  const none = { count: 0, completed: 0, cancelled: 0, no_show: 0, scheduled: 0, confirmed: 0 }

  it('count every status, by month or by day, the newest first', async () => {
    const clinic = await arrange()
    const one = { ...none, completed: 1, cancelled: 1, no_show: 1, confirmed: 1 }
    const april = { ...none, count: 2, scheduled: 2 }
    for (const who of [clinic.doctor, clinic.admin]) {
      const { status, body } = await read(clinic, who)
      assert.equal(status, 200)
      assert.deepEqual(body, {
        doctorId: clinic.doctor.id,
        totalAppointments: 7,
        stats: [
          { period: '2027-04', ...april },
          { period: '2027-03', ...one, count: 5, scheduled: 1 },
        ],
      })
    }
    const byDay = await read(clinic, clinic.doctor, '?groupBy=day')
    assert.deepEqual(byDay.body.stats, [
      { period: '2027-04-01', ...april },
      { period: '2027-03-31', ...one, count: 4 },
      { period: '2027-03-30', ...none, count: 1, scheduled: 1 },
    ])
    const { body } = await read(clinic, clinic.doctor, '?groupBy=day&limit=1')
    assert.deepEqual([body.stats.length, body.stats[0].period, body.totalAppointments], [1, '2027-04-01', 7])
  })

  it('are shown to that doctor and to administrators, and to nobody else', async () => {
    const clinic = await newClinic(app)
    const { api, stage, patient, doctor, admin } = clinic
    isFailure(await read(clinic, undefined), 401)
    isFailure(await read(clinic, patient), 403)
    isFailure(await read(clinic, await newProvider(app, stage)), 403)
    assert.deepEqual((await read(clinic, doctor)).body.stats, [])
    isFailure(await api.get(`/appointments/stats/doctor/${patient.id}`, admin), 404, /doctor/)
    isFailure(await read(clinic, doctor, '?groupBy=year'), 400, /^groupBy/)
    isFailure(await read(clinic, doctor, '?limit=101'), 422, /^limit/)
  })
})
