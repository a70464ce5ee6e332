import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newPerson, newSlot, type Person } from '../../test/cast.ts'
import { book, type Clinic, isFailure, newClinic, newVisit, TUESDAY } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

const at = (time: string, date = TUESDAY) => ({ start: `${date}T${time}:00Z` })
/** Outside the hours, and off the half hours. */
const EXPLICIT = `${TUESDAY}T18:10:00Z`
const publish = ({ stage, doctor }: Clinic) =>
  newSlot(app, stage, { provider_id: doctor.id, starts_at: EXPLICIT, ends_at: `${TUESDAY}T18:40:00Z` })

interface Slot {
  start: string
  available: boolean
  appointmentId: string | null
}

async function slotsOf({ api, doctor }: Clinic, who?: Person, date = TUESDAY): Promise<Slot[]> {
  const { status, body } = await api.get(`/doctors/${doctor.id}/slots?date=${date}`, who)
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

describe('a half hour that is booked', () => {
  it('is an appointment that is scheduled, with the patient’s reason', async () => {
    const clinic = await newClinic(app)
    const { _id, ...visit } = await newVisit(clinic)
    assert.deepEqual(visit, {
      doctorId: clinic.doctor.id,
      patientId: clinic.patient.id,
      start: `${TUESDAY}T10:00:00Z`,
      end: `${TUESDAY}T10:30:00Z`,
      status: 'scheduled',
      reason: 'A cough',
      notes: null,
      createdAt: '2027-03-01T08:00:00Z',
      createdBy: 'patient',
      reminder3hSent: false,
      reminderJobMeta: null,
      twilioLogs: [],
      cancelledAt: null,
      cancelReason: null,
    })
    for (const who of [clinic.patient, clinic.doctor, clinic.admin]) {
      assert.deepEqual((await clinic.api.get(`/appointments/${_id}`, who)).body, { _id, ...visit })
    }
  })

  it('is said in UTC without an offset, and in any zone with one, wherever the clinic is', async () => {
    const clinic = await newClinic(app, { time_zone: 'Asia/Tokyo' })
    for (const [start, meant] of [
      [`${TUESDAY}T00:00`, `${TUESDAY}T00:00:00Z`],
      [`${TUESDAY}T12:00:00+09:00`, `${TUESDAY}T03:00:00Z`],
    ] as const) {
      assert.equal((await newVisit(clinic, { start })).start, meant)
    }
    const slots = await slotsOf(clinic)
    assert.deepEqual([slots[0]!.start, slots.length], [`${TUESDAY}T00:00:00Z`, 16])
    assert.deepEqual(slots.map(({ available }) => available).indexOf(true), 1)
  })

  it('is booked by patients, and by nobody else', async () => {
    const clinic = await newClinic(app)
    isFailure(await book(clinic, undefined), 401)
    for (const who of [
      clinic.doctor,
      clinic.admin,
      await newPerson(app, clinic.stage.organization, ['reception']),
    ]) {
      isFailure(await book(clinic, who), 403, /patients/)
    }
  })

  it('has been taken by nobody else, who is told so before anything else', async () => {
    const clinic = await newClinic(app)
    const { _id } = await newVisit(clinic)
    const other = await newClient(app, clinic.stage)
    isFailure(await book(clinic, other), 409)
    isFailure(await book(clinic, other, at('10:10')), 409)
    assert.equal((await clinic.api.patch(`/appointments/${_id}/cancel`, clinic.patient)).status, 200)
    assert.equal((await book(clinic, other)).status, 201)
  })

  it('lies on the half hours, inside the schedule as a whole, and ahead', async () => {
    const clinic = await newClinic(app)
    app.setClock('2027-03-02T09:15:00Z')
    try {
      for (const [wanted, sentence] of [
        [at('09:00'), /passed/],
        [at('10:00', '2027-02-22'), /passed/],
        [at('10:15'), /every 30 minutes/],
        [{ start: `${TUESDAY}T10:00:01Z` }, /every 30 minutes/],
        [at('08:30', '2027-03-03'), /doctor takes no appointments/],
        [at('17:00'), /doctor takes no appointments/],
        [at('16:45'), /doctor takes no appointments/],
        [at('10:00', '2027-03-06'), /doctor takes no appointments/],
      ] as const) {
        isFailure(await book(clinic, clinic.patient, wanted), 400, sentence)
      }
      for (const time of ['09:30', '16:30']) await newVisit(clinic, at(time))
    } finally {
      app.setClock('2027-03-01T08:00:00Z')
    }
  })

  it('is with a doctor, and for a reason', async () => {
    const clinic = await newClinic(app)
    const { patient, stage } = clinic
    const elsewhere = await newClinic(app)
    const retired = await newPerson(app, stage.organization, ['provider'])
    const retiring = { token: stage.admin.token, body: { is_active: false } }
    assert.equal((await app.request('PATCH', `/providers/${retired.id}`, retiring)).status, 200)
    for (const { id } of [patient, elsewhere.doctor, retired, { id: crypto.randomUUID() }]) {
      isFailure(await book(clinic, patient, { doctorId: id }), 404, /doctor/)
    }
    for (const [wrong, sentence] of [
      [{ doctorId: '7' }, /^doctorId/],
      [{ start: 'tomorrow' }, /^start must be: 2027/],
      [{ start: '2027-02-30T10:00:00Z' }, /^start must be/],
      [{ reason: '' }, /^reason/],
      [{ reason: 'x'.repeat(501) }, /^reason/],
      [{ reason: undefined }, /^reason is missing/],
    ] as const) {
      isFailure(await book(clinic, patient, wrong), 422, sentence)
    }
    assert.equal((await newVisit(clinic, { reason: 'x'.repeat(500) })).reason.length, 500)
  })
})

describe('an explicit slot', () => {
  it('is booked by its start, on no grid and outside the schedule, once', async () => {
    const clinic = await newClinic(app)
    await publish(clinic)
    assert.deepEqual((await slotsOf(clinic)).at(-1), {
      start: EXPLICIT,
      end: `${TUESDAY}T18:40:00Z`,
      available: true,
      appointmentId: null,
    })
    const { start, end, _id } = await newVisit(clinic, { start: EXPLICIT })
    assert.deepEqual([start, end], [EXPLICIT, `${TUESDAY}T18:40:00Z`])
    isFailure(await book(clinic, await newClient(app, clinic.stage), { start: EXPLICIT }), 409)
    isFailure(await book(clinic, clinic.patient, at('18:00')), 409)
    const { available, appointmentId } = (await slotsOf(clinic, clinic.patient)).at(-1)!
    assert.deepEqual([available, appointmentId], [false, _id])
    assert.equal((await clinic.api.patch(`/appointments/${_id}/cancel`, clinic.patient)).status, 200)
    await newVisit(clinic, { start: EXPLICIT })
  })
})

describe('the slots of a day', () => {
  it('are the half hours of the schedule, free and taken, for everybody', async () => {
    const clinic = await newClinic(app)
    await newVisit(clinic)
    const slots = await slotsOf(clinic)
    assert.equal(slots.length, 16)
    assert.deepEqual(slots[0], {
      start: `${TUESDAY}T09:00:00Z`,
      end: `${TUESDAY}T09:30:00Z`,
      available: true,
      appointmentId: null,
    })
    const taken = slots.filter(({ available }) => !available)
    assert.deepEqual(
      taken.map(({ start }) => start),
      [`${TUESDAY}T10:00:00Z`],
    )
    const { api, doctor } = clinic
    const asThere = await api.get(`/appointments/slots/${doctor.id}?date=${TUESDAY}`)
    assert.deepEqual(asThere.body, slots)
    assert.deepEqual(await slotsOf(clinic, undefined, '2027-03-06'), [])
  })

  it('say whose appointment it is to its patient, its doctor and administrators alone', async () => {
    const clinic = await newClinic(app)
    const { stage, patient, doctor, admin } = clinic
    const { _id } = await newVisit(clinic)
    const seenBy = async (who?: Person) =>
      (await slotsOf(clinic, who)).find(({ available }) => !available)!.appointmentId
    for (const who of [patient, doctor, admin]) assert.equal(await seenBy(who), _id)
    const others = [await newClient(app, stage), await newPerson(app, stage.organization, ['provider'])]
    for (const who of [undefined, ...others]) assert.equal(await seenBy(who), null)
  })

  it('leave out what has passed, and when the doctor is away', async () => {
    const clinic = await newClinic(app)
    const { doctor } = clinic
    const away = {
      provider_id: doctor.id,
      starts_at: `${TUESDAY}T12:00:00Z`,
      ends_at: `${TUESDAY}T16:00:00Z`,
    }
    assert.equal((await app.post('/time-off', { token: doctor.token, body: away })).status, 201)
    app.setClock('2027-03-02T10:20:00Z')
    try {
      const starts = (await slotsOf(clinic)).map(({ start }) => start.slice(11, 16))
      assert.deepEqual(starts, ['10:30', '11:00', '11:30', '16:00', '16:30'])
    } finally {
      app.setClock('2027-03-01T08:00:00Z')
    }
  })

  it('are of a date and of a doctor', async () => {
    const { api, doctor, patient } = await newClinic(app)
    for (const date of ['tomorrow', '2027-02-30', '2027-3-2', '']) {
      isFailure(await api.get(`/doctors/${doctor.id}/slots?date=${date}`), 400, /^date/)
    }
    isFailure(await api.get(`/doctors/${doctor.id}/slots`), 422, /^date is missing/)
    isFailure(await api.get(`/doctors/7/slots?date=${TUESDAY}`), 400, /id/)
    isFailure(await api.get(`/doctors/${patient.id}/slots?date=${TUESDAY}`), 404, /doctor/)
  })
})
