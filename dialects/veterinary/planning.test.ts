import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newLocation } from '../../test/cast.ts'
import {
  isFailure,
  newMember,
  newOwner,
  newPet,
  newPractice,
  newSlots,
  newVisit,
  type Practice,
  TEN,
  TUESDAY,
} from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

const at = (time: string) => `${TUESDAY}T${time}:00Z`
const asked = (query: object) => new URLSearchParams(query as Record<string, string>)

function free({ api, vet, clinic }: Practice, query: object = {}, who = { token: '' } as Practice['owner']) {
  const wanted = { veterinarian_id: vet.id, clinic_id: clinic.id, start_date: TUESDAY, ...query }
  return api.get(`/appointments/availability?${asked(wanted)}`, who)
}

const startsOf = ({ body }: { body: { data: { available_slots: { start_time: string }[] } } }) =>
  body.data.available_slots.map(({ start_time }) => start_time.slice(11, 16))

describe('what is free with a vet', () => {
  it('are the slots, with what is left of them, and what was asked for', async () => {
    const practice = await newPractice(app)
    const { vet, clinic, owner } = practice
    const [first] = await newSlots(practice, { max_bookings: 2, slot_type: 'walk-in' })
    const answer = await free(practice, { end_date: TUESDAY }, owner)
    assert.deepEqual(startsOf(answer), ['09:00', '09:30', '10:00', '10:30'])
    const { available_slots, ...echo } = answer.body.data
    assert.deepEqual(available_slots[0], first)
    assert.deepEqual(first, {
      id: first.id,
      veterinarian_id: vet.id,
      clinic_id: clinic.id,
      start_time: at('09:00'),
      end_time: at('09:30'),
      duration_minutes: 30,
      is_available: true,
      is_blocked: false,
      block_reason: null,
      slot_type: 'walk-in',
      max_bookings: 2,
      current_bookings: 0,
      remaining_capacity: 2,
    })
    assert.deepEqual(echo, {
      veterinarian_id: vet.id,
      clinic_id: clinic.id,
      start_date: '2027-03-02T00:00:00Z',
      end_date: '2027-03-03T00:00:00Z',
      duration_minutes: 30,
      total_slots: 4,
    })
  })

  it('is what nobody has booked, and what nothing is in the way of', async () => {
    const practice = await newPractice(app)
    const { owner, admin, vet } = practice
    await newVisit(practice, { scheduled_at: at('09:10'), duration_minutes: 15 })
    await newSlots(practice)
    await newVisit({ ...practice, ...(await newOwner(app, practice.stage)) }, { scheduled_at: at('10:00') })
    const off = { provider_id: vet.id, starts_at: at('10:45'), ends_at: at('10:50') }
    await app.post('/time-off', { token: admin.token, body: off })
    assert.deepEqual(startsOf(await free(practice, {}, owner)), ['09:30'])
  })

  it('is as long as is asked for, in the days that are asked for: a week unless said', async () => {
    const practice = await newPractice(app)
    const { owner } = practice
    await newSlots(practice)
    await newSlots(practice, { start_date: '2027-03-08', end_date: '2027-03-09', slot_duration: 60 })
    assert.equal(startsOf(await free(practice, {}, owner)).length, 6)
    assert.deepEqual(startsOf(await free(practice, { duration_minutes: '45' }, owner)), ['09:00', '10:00'])
    const until = { start_date: at('09:30'), end_date: at('10:30') }
    assert.deepEqual(startsOf(await free(practice, until, owner)), ['09:30', '10:00'])
    const long = { end_date: '2027-03-09', duration_minutes: '60' }
    assert.equal(startsOf(await free(practice, long, owner)).length, 4)
    for (const duration_minutes of ['14', '481', 'long']) {
      isFailure(await free(practice, { duration_minutes }, owner), 422, /duration_minutes/)
    }
    isFailure(await free(practice, { start_date: 'soon' }, owner), 422, /start_date/)
    isFailure(await free(practice, { end_date: '2027-03-01' }, owner), 422, /end_date/)
  })

  it('is for whoever has logged in, and not found for vets and clinics that there are not', async () => {
    const practice = await newPractice(app)
    const nowhere = crypto.randomUUID()
    isFailure(await practice.api.get('/appointments/availability'), 401)
    isFailure(await free(practice, { veterinarian_id: nowhere }, practice.owner), 404, /no veterinarian/)
    isFailure(await free(practice, { clinic_id: nowhere }, practice.owner), 404, /no clinic/)
    const elsewhere = await newLocation(app, practice.stage)
    assert.deepEqual(startsOf(await free(practice, { clinic_id: elsewhere.id }, practice.owner)), [])
  })
})

describe('making slots', () => {
  it('fills working days from nine to five with half hours, and skips what is there', async () => {
    const practice = await newPractice(app)
    const period = { start_date: '2027-03-05', end_date: '2027-03-08', end_time: null }
    const slots = await newSlots(practice, period)
    assert.equal(slots.length, 32)
    const days = new Set(slots.map(({ start_time }: { start_time: string }) => start_time.slice(0, 10)))
    assert.deepEqual([...days], ['2027-03-05', '2027-03-08'])
    assert.deepEqual(
      [slots[0].start_time, slots[15].end_time],
      ['2027-03-05T09:00:00Z', '2027-03-05T17:00:00Z'],
    )
    assert.deepEqual(await newSlots(practice, period), [])
    assert.equal((await newSlots(practice, { ...period, exclude_weekends: false })).length, 32)
  })

  it('leaves breaks between them, on the wall clock of the practice', async () => {
    const practice = await newPractice(app, { time_zone: 'America/New_York' })
    const slots = await newSlots(practice, { slot_duration: 45, break_duration: 15, end_time: '12:00:00' })
    assert.deepEqual(
      slots.map(({ start_time }: { start_time: string }) => start_time.slice(11, 16)),
      ['14:00', '15:00', '16:00'],
    )
  })

  it('is for the vet and the desk of the clinic, and says what is wrong', async () => {
    const practice = await newPractice(app)
    const { stage, api, vet, clinic, manager, receptionist, owner } = practice
    const elsewhere = await newLocation(app, stage)
    const body = { veterinarian_id: vet.id, clinic_id: clinic.id, start_date: TUESDAY, end_date: TUESDAY }
    const path = '/appointments/slots/create'
    for (const role of ['provider', 'reception', 'secretary'] as const) {
      isFailure(await api.post(path, await newMember(app, stage, elsewhere, role), body), 403)
    }
    isFailure(await api.post(path, owner, body), 403)
    for (const [n, who] of [vet, manager, receptionist].entries()) {
      const day = `2027-03-${String(n + 9).padStart(2, '0')}`
      const made = await api.post(path, who, { ...body, start_date: day, end_date: day })
      assert.deepEqual([made.status, made.body.data.total_created], [201, 16])
      assert.deepEqual(made.body.data.period, { start_date: day, end_date: day })
    }
    isFailure(
      await api.post(path, vet, { ...body, end_date: '2027-03-01' }),
      422,
      /end_date must not be before/,
    )
    isFailure(await api.post(path, vet, { ...body, end_time: '08:00' }), 422, /end_time must be after/)
  })
})

describe('what is in the way of a time', () => {
  const check = ({ api, vet }: Practice, who: Practice['owner'], body: object = {}) =>
    api.post('/appointments/check-conflicts', who, { veterinarian_id: vet.id, scheduled_at: TEN, ...body })

  it('is nothing, or named; both are an answer', async () => {
    const practice = await newPractice(app)
    const { vet, receptionist, pet } = practice
    const clear = await check(practice, vet)
    assert.deepEqual(
      [clear.status, clear.body.data],
      [
        200,
        {
          has_conflicts: false,
          conflicts: [],
          veterinarian_id: vet.id,
          scheduled_at: TEN,
          duration_minutes: 30,
          exclude_appointment_id: null,
        },
      ],
    )
    const { id } = await newVisit(practice)
    const found = await check(practice, receptionist, { scheduled_at: at('10:29'), duration_minutes: 15 })
    assert.deepEqual(found.body.data.conflicts, [
      {
        id,
        scheduled_at: TEN,
        duration_minutes: 30,
        appointment_type: 'routine_checkup',
        status: 'scheduled',
        pet_id: pet.id,
        reason: 'Limps since yesterday',
      },
    ])
    for (const scheduled_at of [at('09:30'), at('10:30')]) {
      assert.equal((await check(practice, vet, { scheduled_at })).body.data.has_conflicts, false)
    }
    const own = await check(practice, vet, { exclude_appointment_id: id })
    assert.equal(own.body.data.has_conflicts, false)
  })

  it('is told to another owner without the pet and the reason', async () => {
    const practice = await newPractice(app)
    const { id } = await newVisit(practice)
    const { owner } = await newOwner(app, practice.stage)
    const { conflicts } = (await check(practice, owner)).body.data
    assert.deepEqual([conflicts[0].id, conflicts[0].pet_id, conflicts[0].reason], [null, null, null])
    const [mine] = (await check(practice, practice.owner)).body.data.conflicts
    assert.deepEqual([mine.id, mine.reason], [id, 'Limps since yesterday'])
  })

  it('is not what was given back', async () => {
    const practice = await newPractice(app)
    const { id } = await newVisit(practice)
    await practice.api.post(`/appointments/${id}/cancel`, practice.owner)
    assert.equal((await check(practice, practice.owner)).body.data.has_conflicts, false)
  })
})

describe('the calendar', () => {
  const calendar = ({ api }: Practice, who: Practice['owner'], query: object = {}) =>
    api.get(`/appointments/calendar?${asked({ start_date: TUESDAY, ...query })}`, who)

  it('shows what is booked and what is free, and counts it', async () => {
    const practice = await newPractice(app)
    const { vet, clinic, owner, pet } = practice
    await newSlots(practice)
    const { id } = await newVisit(practice, { estimated_cost: 60 })
    const filters = { veterinarian_id: vet.id, clinic_id: clinic.id }
    const { body } = await calendar(practice, vet, filters)
    assert.deepEqual(body.data.appointments, [
      {
        id,
        title: `Routine check-up: ${pet.name}`,
        start_time: TEN,
        end_time: at('10:30'),
        duration_minutes: 30,
        status: 'scheduled',
        appointment_type: 'routine_checkup',
        priority: 'normal',
        pet_id: pet.id,
        pet_name: pet.name,
        pet_owner_id: owner.id,
        pet_owner_name: owner.name,
        veterinarian_id: vet.id,
        veterinarian_name: vet.name,
        clinic_id: clinic.id,
        clinic_name: clinic.name,
        estimated_cost: 60,
        actual_cost: null,
        can_be_cancelled: true,
        can_be_rescheduled: true,
      },
    ])
    assert.deepEqual(startsOf({ body }), ['09:00', '09:30', '10:30'])
    const { appointments_by_status, ...summary } = body.data.summary
    assert.deepEqual(summary, { total_appointments: 1, total_available_slots: 3, utilization_rate: 25 })
    assert.equal(appointments_by_status.scheduled, 1)
    assert.deepEqual(body.data.filters, filters)
  })

  it('is that of a day, of seven days, of the rest of a month, or up to the end that is said', async () => {
    const practice = await newPractice(app)
    for (const scheduled_at of [
      TEN,
      '2027-03-08T10:00:00Z',
      '2027-03-31T10:00:00Z',
      '2027-04-01T10:00:00Z',
    ]) {
      await newVisit(practice, { scheduled_at })
    }
    const expected = [
      [{ view_type: 'day' }, TUESDAY, 1],
      [{}, '2027-03-08', 2],
      [{ view_type: 'week' }, '2027-03-08', 2],
      [{ view_type: 'month' }, '2027-03-31', 3],
      [{ end_date: '2027-04-01' }, '2027-04-01', 4],
    ] as const
    for (const [query, end_date, count] of expected) {
      const { data } = (await calendar(practice, practice.owner, query)).body
      assert.deepEqual([data.end_date, data.appointments.length], [end_date, count], JSON.stringify(query))
    }
    isFailure(await calendar(practice, practice.owner, { view_type: 'year' }), 422, /view_type/)
    isFailure(await practice.api.get('/appointments/calendar', practice.owner), 422, /start_date is missing/)
  })

  it('shows an owner when the vet is taken, and by whom only where it is their own pet', async () => {
    const practice = await newPractice(app)
    await newVisit(practice)
    const other = { ...practice, ...(await newOwner(app, practice.stage)) }
    await newVisit(other, { scheduled_at: at('11:00') })
    const { data } = (await calendar(practice, practice.owner, { veterinarian_id: practice.vet.id })).body
    const seen = data.appointments.map((one: Record<string, unknown>) => [
      one.start_time,
      one.pet_name,
      one.pet_owner_name,
      one.can_be_cancelled,
    ])
    assert.deepEqual(seen, [
      [TEN, practice.pet.name, practice.owner.name, true],
      [at('11:00'), null, null, false],
    ])
    assert.equal(JSON.stringify(data).includes(other.pet.name), false)
    assert.equal((await calendar(practice, practice.owner)).body.data.appointments.length, 1)
  })

  it('is their own for a vet who names nobody, and that of the clinic for its desk', async () => {
    const practice = await newPractice(app)
    const { stage, clinic, vet, receptionist } = practice
    const colleague = await newMember(app, stage, clinic, 'provider')
    await newVisit(practice)
    await newVisit({ ...practice, vet: colleague, ...(await newOwner(app, stage)) })
    const of = async (who: Practice['owner'], query?: object) =>
      (await calendar(practice, who, query)).body.data.appointments.length
    assert.deepEqual([await of(vet), await of(colleague), await of(receptionist)], [1, 1, 2])
    assert.equal(await of(receptionist, { veterinarian_id: vet.id }), 1)
  })
})

describe('statistics', () => {
  const statistics = ({ api }: Practice, who: Practice['owner'], query: object = {}) =>
    api.get(`/appointments/statistics?${asked(query)}`, who)

  it('count by status, type and priority, and add up the money of this month', async () => {
    const practice = await newPractice(app)
    const { api, stage, owner, vet, clinic } = practice
    const { id: done } = await newVisit(practice, { estimated_cost: 60, priority: 'high' })
    const second = { ...practice, pet: await newPet(app, stage, owner) }
    const { id: gone } = await newVisit(second, { scheduled_at: at('11:00'), appointment_type: 'dental' })
    await newVisit(second, { scheduled_at: '2027-04-01T10:00:00Z' })
    await api.post(`/appointments/${done}/start`, vet)
    await api.post(`/appointments/${done}/complete`, vet, { actual_cost: 75 })
    await api.post(`/appointments/${gone}/cancel`, owner)
    const filters = { veterinarian_id: vet.id, clinic_id: clinic.id }
    const { status, body } = await statistics(practice, practice.manager, filters)
    assert.equal(status, 200)
    const { counts_by_status, counts_by_type, counts_by_priority, ...others } = body.data
    assert.deepEqual(others, {
      period: { start_date: '2027-03-01', end_date: '2027-03-31' },
      filters,
      totals: {
        total_appointments: 2,
        completed_appointments: 1,
        total_estimated_revenue: 60,
        total_actual_revenue: 75,
        average_appointment_cost: 75,
      },
      rates: { completion_rate: 50, no_show_rate: 0, cancellation_rate: 50 },
    })
    assert.deepEqual(
      [counts_by_status.completed, counts_by_status.cancelled, counts_by_status.scheduled],
      [1, 1, 0],
    )
    assert.deepEqual([counts_by_type.routine_checkup, counts_by_type.dental, counts_by_type.other], [1, 1, 0])
    assert.deepEqual([counts_by_priority.high, counts_by_priority.normal], [1, 1])
    const april = await statistics(practice, vet, { start_date: '2027-04-01', end_date: '2027-04-30' })
    assert.equal(april.body.data.totals.total_appointments, 1)
  })

  it('are for the staff, each of their own', async () => {
    const practice = await newPractice(app)
    await newVisit(practice)
    const colleague = await newMember(app, practice.stage, practice.clinic, 'provider')
    isFailure(await statistics(practice, practice.owner), 403)
    const totalOf = async (who: Practice['owner']) =>
      (await statistics(practice, who)).body.data.totals.total_appointments
    assert.deepEqual([await totalOf(practice.vet), await totalOf(colleague)], [1, 0])
    assert.equal(await totalOf(practice.receptionist), 1)
    isFailure(
      await statistics(practice, practice.admin, { start_date: '2027-03-02', end_date: '2027-03-01' }),
      422,
    )
  })
})

it('takes as few queries for a page of many appointments as for one of one', async () => {
  const practice = await newPractice(app)
  const queriesOf = async () => {
    const before = app.connection.queries()
    await practice.api.get('/appointments?per_page=100', practice.admin)
    return app.connection.queries() - before
  }
  await queriesOf()
  await newVisit(practice)
  const one = await queriesOf()
  for (const time of ['11:00', '12:00', '13:00']) await newVisit(practice, { scheduled_at: at(time) })
  assert.equal(await queriesOf(), one)
})
