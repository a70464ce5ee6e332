import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newClient, newLocation } from '../../test/cast.ts'
import {
  book,
  isFailure,
  newMember,
  newOwner,
  newPractice,
  newSlots,
  newVisit,
  TEN,
  TUESDAY,
  visitOf,
} from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

const at = (time: string) => `${TUESDAY}T${time}:00Z`

describe('booking for a pet', () => {
  it('answers in the envelope, with everything that was said', async () => {
    const practice = await newPractice(app)
    const said = {
      priority: 'high',
      symptoms: 'Does not put the left paw down',
      notes: 'Comes by bus',
      special_instructions: 'Afraid of cats',
      services_requested: ['X-ray', 'Blood test'],
      estimated_cost: 80.5,
      follow_up_required: true,
      follow_up_date: '2027-03-16',
      follow_up_notes: 'Look at the paw',
      duration_minutes: 45,
    }
    const { status, body } = await book(practice, said)
    assert.equal(status, 201)
    const { data, ...envelope } = body
    assert.deepEqual(envelope, { success: true, message: 'The appointment is booked.', version: 'v1' })
    const { pet, owner, vet, clinic } = practice
    assert.deepEqual(data, {
      id: data.id,
      pet_id: pet.id,
      pet_name: pet.name,
      pet_owner_id: owner.id,
      pet_owner_name: owner.name,
      veterinarian_id: vet.id,
      veterinarian_name: vet.name,
      clinic_id: clinic.id,
      clinic_name: clinic.name,
      slot_id: null,
      appointment_type: 'routine_checkup',
      status: 'scheduled',
      scheduled_at: TEN,
      reason: 'Limps since yesterday',
      actual_cost: null,
      ...said,
      services_requested: 'X-ray, Blood test',
      confirmed_at: null,
      checked_in_at: null,
      started_at: null,
      completed_at: null,
      cancelled_at: null,
      cancellation_reason: null,
      reminder_sent_24h: false,
      reminder_sent_24h_at: null,
      reminder_sent_2h: false,
      reminder_sent_2h_at: null,
      created_at: MONDAY,
      updated_at: MONDAY,
    })
    assert.deepEqual((await practice.api.get(`/appointments/${data.id}/`, vet)).body.data, data)
  })

  it('takes half an hour, is of normal priority and costs nothing yet, unless it is said', async () => {
    const practice = await newPractice(app)
    const visit = await newVisit(practice, { duration_minutes: null, priority: null, notes: null })
    const { duration_minutes, priority, estimated_cost, follow_up_required } = visit
    assert.deepEqual(
      [duration_minutes, priority, estimated_cost, follow_up_required],
      [30, 'normal', null, false],
    )
  })

  it('is possible for each type of this system', async () => {
    const practice = await newPractice(app)
    const types = 'routine_checkup vaccination surgery emergency consultation follow_up dental grooming'
    for (const [n, type] of [...types.split(' '), 'diagnostic', 'treatment', 'other'].entries()) {
      const visit = await newVisit(practice, {
        appointment_type: type,
        scheduled_at: `2027-03-02T${String(n + 9).padStart(2, '0')}:00:00`,
      })
      assert.deepEqual([visit.appointment_type, visit.duration_minutes], [type, 30])
    }
  })

  it('is possible at any time with a vet who has neither slots nor a week, also on a Sunday at 3:17', async () => {
    const practice = await newPractice(app)
    assert.equal((await book(practice, { scheduled_at: '2027-03-07T03:17:00Z' })).status, 201)
  })

  it('keeps to the week of a vet who has one', async () => {
    const practice = await newPractice(app)
    const availability = [{ day_of_week: 'tuesday', start_time: '09:00', end_time: '12:00' }]
    await practice.api.put(`/veterinarians/${practice.vet.id}`, practice.vet, { availability })
    assert.equal((await book(practice, { scheduled_at: at('10:10') })).status, 201)
    isFailure(await book(practice, { scheduled_at: at('12:00') }), 400, /veterinarian takes no appointments/)
  })

  it('is refused in the past, with a sentence', async () => {
    const practice = await newPractice(app)
    isFailure(await book(practice, { scheduled_at: '2027-03-01T07:59:59Z' }), 400, /still to come/)
  })

  it('names each field that is wrong, and what would be right', async () => {
    const practice = await newPractice(app)
    const wrong = { duration_minutes: 14, appointment_type: 'walk', reason: '', scheduled_at: 'soon' }
    const answer = await book(practice, { ...wrong, priority: 'most' })
    isFailure(answer, 422, /appointment_type must be one of routine_checkup/)
    const fields = answer.body.error.details.map(({ field }: { field: string }) => field)
    assert.deepEqual(fields.toSorted(), [...Object.keys(wrong), 'priority'].toSorted())
    const { reason, ...unsaid } = visitOf(practice)
    const missing = await practice.api.post('/appointments', practice.owner, unsaid)
    isFailure(missing, 422, /^reason is missing\.$/)
  })

  it('is for owners with their own pets, and for whoever works at the clinic', async () => {
    const practice = await newPractice(app)
    const { stage, vet, manager, receptionist, admin } = practice
    const stranger = await newOwner(app, stage)
    isFailure(await book(practice, {}, stranger.owner), 404, /no pet/)
    isFailure(await book({ ...practice, pet: stranger.pet }, {}, stranger.owner), 422, /pet_id/)
    isFailure(await book({ ...practice, owner: stranger.owner }, {}, practice.owner), 422, /pet_id/)
    const elsewhere = await newLocation(app, stage)
    for (const role of ['provider', 'reception', 'secretary'] as const) {
      isFailure(await book(practice, {}, await newMember(app, stage, elsewhere, role)), 403)
    }
    for (const [n, who] of [vet, manager, receptionist, admin].entries()) {
      assert.equal((await book(practice, { scheduled_at: at(`1${n}:00`) }, who)).status, 201)
    }
    isFailure(await practice.api.post('/appointments', undefined, visitOf(practice)), 401)
  })

  it('is refused at a clinic where the vet does not work', async () => {
    const practice = await newPractice(app)
    const { id } = await newLocation(app, practice.stage)
    isFailure(await book(practice, { clinic_id: id }), 422, /clinic_id is not where this veterinarian works/)
  })
})

describe('a time that is not free', () => {
  it('is refused, and it is said what is in the way and when', async () => {
    const practice = await newPractice(app)
    const first = await newVisit(practice)
    const { stage, receptionist } = practice
    const other = { ...practice, ...(await newOwner(app, stage)) }
    const staff = await book(other, { scheduled_at: at('10:15') }, receptionist)
    isFailure(staff, 409, /2027-03-02T10:00:00Z to 2027-03-02T10:30:00Z/)
    const [conflict] = staff.body.error.details.conflicts
    assert.deepEqual([conflict.id, conflict.reason], [first.id, 'Limps since yesterday'])
  })

  it('does not tell an owner who else comes, or why', async () => {
    const practice = await newPractice(app)
    await newVisit(practice)
    const answer = await book({ ...practice, ...(await newOwner(app, practice.stage)) })
    isFailure(answer, 409, /the veterinarian is taken from 2027-03-02T10:00:00Z/)
    assert.deepEqual(answer.body.error.details.conflicts, [
      {
        id: null,
        pet_id: null,
        reason: null,
        status: null,
        appointment_type: null,
        scheduled_at: TEN,
        duration_minutes: 30,
      },
    ])
  })

  it('says so of the owner’s own appointments as well, also where the request can be repeated', async () => {
    const practice = await newPractice(app)
    const { stage, clinic, api, owner } = practice
    const first = await newVisit(practice)
    const vet = await newMember(app, stage, clinic, 'provider')
    const body = visitOf({ ...practice, vet }, { scheduled_at: at('10:15') })
    const headers = { 'idempotency-key': 'twice' }
    const answer = await api.ask('POST', '/appointments', { token: owner.token, body, headers })
    isFailure(answer, 409, /the pet owner is taken from/)
    const ids = answer.body.error.details.conflicts.map(({ id }: { id: string }) => id)
    assert.deepEqual(ids, [first.id])
  })

  it('may touch another', async () => {
    const practice = await newPractice(app)
    await newVisit(practice)
    for (const time of ['09:30', '10:30']) {
      assert.equal((await book(practice, { scheduled_at: at(time) })).status, 201, time)
    }
  })

  it('is told before whatever else is wrong', async () => {
    const practice = await newPractice(app)
    await newVisit(practice)
    app.setClock(at('10:10'))
    isFailure(await book(practice), 409)
  })
})

describe('on a day with slots', () => {
  it('books the slot in which the time lies, which nobody gets a second time', async () => {
    const practice = await newPractice(app)
    const slots = await newSlots(practice)
    const visit = await newVisit(practice)
    assert.equal(visit.slot_id, slots[2].id)
    const other = { ...practice, ...(await newOwner(app, practice.stage)) }
    const answer = await book(other)
    isFailure(answer, 409, /from 2027-03-02T10:00:00Z to 2027-03-02T10:30:00Z/)
    assert.equal(answer.body.error.details.conflicts.length, 1)
  })

  it('takes the part of the slot that is asked for, and the slot with it', async () => {
    const practice = await newPractice(app)
    await newSlots(practice, { slot_duration: 60 })
    const visit = await newVisit(practice, { scheduled_at: at('10:15'), duration_minutes: 15 })
    assert.deepEqual([visit.scheduled_at, visit.duration_minutes], [at('10:15'), 15])
    const other = { ...practice, ...(await newOwner(app, practice.stage)) }
    isFailure(await book(other, { scheduled_at: at('10:30'), duration_minutes: 15 }), 409)
  })

  it('gives a slot for two to two, and to no third', async () => {
    const practice = await newPractice(app)
    await newSlots(practice, { max_bookings: 2, slot_type: 'emergency' })
    const statuses = []
    for (let n = 0; n < 3; n++) {
      const other = { ...practice, ...(await newOwner(app, practice.stage)) }
      statuses.push((await book(other)).status)
    }
    assert.deepEqual(statuses, [201, 201, 409])
  })

  it('refuses what lies in none of them, or in none as a whole', async () => {
    const practice = await newPractice(app)
    await newSlots(practice)
    for (const wanted of [
      { scheduled_at: at('10:15') },
      { scheduled_at: at('10:00'), duration_minutes: 45 },
      { scheduled_at: at('14:00') },
      { scheduled_at: at('10:45') },
    ]) {
      isFailure(await book(practice, wanted), 400, /must lie in (one|a) free/)
    }
    assert.equal((await book(practice, { scheduled_at: '2027-03-03T14:00:00Z' })).status, 201)
  })

  it('refuses a slot that is blocked', async () => {
    const practice = await newPractice(app)
    const slots = await newSlots(practice)
    const { token } = practice.vet
    const blocked = { token, body: { is_blocked: true, block_reason: 'Training' } }
    assert.equal((await app.request('PATCH', `/published-slots/${slots[2].id}`, blocked)).status, 200)
    isFailure(await book(practice), 400)
  })
})

it('finds neither pets nor vets nor clinics of another practice', async () => {
  const [practice, other] = [await newPractice(app), await newPractice(app)]
  for (const wanted of [
    { pet_id: other.pet.id },
    { veterinarian_id: other.vet.id },
    { clinic_id: other.clinic.id },
  ]) {
    isFailure(await book(practice, wanted, practice.admin), 404)
  }
  const { owner } = other
  isFailure(await book(practice, { pet_owner_id: owner.id }, practice.admin), 404, /no pet owner/)
  const nobody = await newClient(app, practice.stage)
  isFailure(
    await book(practice, { pet_owner_id: nobody.id }, practice.admin),
    422,
    /pet_id is not a pet of this/,
  )
})
