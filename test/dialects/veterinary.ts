import {
  newMember,
  newOwner,
  newPet,
  newPractice,
  newSlots,
  newVisit,
  TUESDAY,
} from '../../dialects/veterinary/testing/asking.ts'
import type { TestApp } from '../app.ts'
import { newLocation, newPerson, PASSWORD } from '../cast.ts'
import type { Ids, Walk, World } from '../dialects.ts'

const email = 'nobody@example.com'
const page = { page: '1', per_page: '10' }
const WEDNESDAY = '2027-03-03'
const pet = { path: { id: 'pet' } }
const clinic = { path: { id: 'clinic' } }
const vet = { path: { id: 'vet' } }
const visit = { path: { id: 'appointment' } }
const underway = { path: { id: 'underway' } }
const of = (ids: Ids) => ({ veterinarian_id: ids.vet!, clinic_id: ids.clinic! })
const dates = { start_date: TUESDAY, end_date: WEDNESDAY }
const aboutPet = {
  name: 'Rex',
  species: 'dog',
  breed: 'Beagle',
  gender: 'male',
  size: 'small',
  weight: 9.5,
  birth_date: '2024-05-01',
  microchip_id: '900000000012345',
  medical_notes: 'Bites',
  is_active: true,
}
const aboutClinic = { name: 'North', type: 'hospital', address: '1 High Street', phone: '+441632960001' }
const aboutVet = {
  licence_number: 'NY-1',
  specialties: ['Dogs'],
  bio: 'Kind',
  default_duration: 45,
  availability: [
    {
      day_of_week: 'monday',
      start_time: '09:00',
      end_time: '17:00',
      break_start: '12:00',
      break_end: '13:00',
    },
  ],
}
const aboutVisit = {
  priority: 'high',
  symptoms: 'Limps',
  notes: 'By bus',
  special_instructions: 'Afraid',
  services_requested: ['X-ray'],
  estimated_cost: 80,
  follow_up_required: true,
  follow_up_date: '2027-03-16',
  follow_up_notes: 'Look again',
  duration_minutes: 30,
  reason: 'Limps',
  appointment_type: 'treatment',
}

export const veterinary: Walk = {
  newWorld,
  sentenceOf: ({ body }) => body.error.message,
  open: ['POST /auth/register', 'POST /auth/login'],
  questions: {
    'POST /auth/register': {
      body: () => ({ email, password: PASSWORD, full_name: 'New', phone: null, role: 'pet_owner' }),
    },
    'POST /auth/login': { body: () => ({ email, password: PASSWORD }), answers: 401 },
    'GET /auth/me': {},

    'GET /clinics': { query: () => page },
    'POST /clinics': { body: () => aboutClinic },
    'GET /clinics/:id': clinic,
    'PUT /clinics/:id': { ...clinic, body: () => ({ ...aboutClinic, is_active: true }) },
    'DELETE /clinics/:id': { path: { id: 'empty' } },

    'GET /veterinarians': { query: (ids) => ({ ...page, clinic_id: ids.clinic!, specialty: 'dog' }) },
    'POST /veterinarians': {
      body: (ids) => ({ user_id: ids.user, clinic_id: ids.clinic, ...aboutVet }),
    },
    'GET /veterinarians/:id': vet,
    'PUT /veterinarians/:id': { ...vet, body: (ids) => ({ clinic_id: ids.clinic, ...aboutVet }) },
    'DELETE /veterinarians/:id': { path: { id: 'colleague' } },

    'GET /pets': { query: (ids) => ({ ...page, owner_id: ids.owner!, search: 'rex' }) },
    'POST /pets': { body: (ids) => ({ owner_id: ids.owner, ...aboutPet }) },
    'GET /pets/:id': pet,
    'PUT /pets/:id': { ...pet, body: () => aboutPet },
    'DELETE /pets/:id': pet,

    'GET /appointments/availability': {
      query: (ids) => ({ ...of(ids), ...dates, duration_minutes: '30' }),
    },
    'POST /appointments/slots/create': {
      body: (ids) => ({
        ...of(ids),
        start_date: WEDNESDAY,
        end_date: WEDNESDAY,
        start_time: '09:00',
        end_time: '17:00',
        slot_duration: 30,
        break_duration: 0,
        exclude_weekends: true,
        slot_type: 'regular',
        max_bookings: 1,
      }),
    },
    'GET /appointments/calendar': { query: (ids) => ({ ...of(ids), ...dates, view_type: 'week' }) },
    'GET /appointments/statistics': { query: (ids) => ({ ...of(ids), ...dates }) },
    'POST /appointments/check-conflicts': {
      body: (ids) => ({
        veterinarian_id: ids.vet,
        scheduled_at: `${TUESDAY}T10:00:00Z`,
        duration_minutes: 30,
        exclude_appointment_id: ids.underway,
      }),
    },

    'GET /appointments': {
      query: (ids) => ({
        ...page,
        ...dates,
        ...of(ids),
        search: 'limp',
        pet_id: ids.pet!,
        pet_owner_id: ids.owner!,
        status: 'scheduled',
        appointment_type: 'routine_checkup',
        priority: 'normal',
        upcoming_only: 'true',
        today_only: 'false',
      }),
    },
    'POST /appointments': {
      by: 'owner',
      body: (ids) => ({
        ...of(ids),
        ...aboutVisit,
        pet_id: ids.pet,
        pet_owner_id: ids.owner,
        scheduled_at: `${TUESDAY}T09:30:00Z`,
      }),
    },
    'GET /appointments/:id': visit,
    'PUT /appointments/:id': {
      ...visit,
      body: () => ({ ...aboutVisit, scheduled_at: `${TUESDAY}T09:30:00Z` }),
    },
    'DELETE /appointments/:id': visit,
    'POST /appointments/:id/cancel': {
      ...visit,
      body: () => ({ cancellation_reason: 'Ill' }),
      mayHaveNone: true,
    },
    'POST /appointments/:id/reschedule': {
      ...visit,
      body: () => ({ new_scheduled_at: `${TUESDAY}T10:30:00Z`, reason: 'The bus' }),
    },
    'POST /appointments/:id/confirm': visit,
    'POST /appointments/:id/start': visit,
    'POST /appointments/:id/complete': {
      ...underway,
      body: () => ({ actual_cost: 95.5 }),
      mayHaveNone: true,
    },
  },
}

/** A practice with slots, a visit that waits, one that is under way, and a user who is no vet yet. */
async function newWorld(app: TestApp): Promise<World> {
  const practice = await newPractice(app)
  const { stage, api, admin, clinic: place, vet: own, owner } = practice
  await api.put(`/veterinarians/${own.id}`, admin, { specialties: ['Dogs', 'Cats'] })
  await newSlots(practice)
  const empty = await newLocation(app, stage)
  const colleague = await newMember(app, stage, empty, 'provider')
  const user = await newPerson(app, stage.organization, ['provider'])
  const { db } = app.connection
  await db.updateTable('providers').set({ is_active: false }).where('id', '=', user.id).execute()
  // Nobody works at the second clinic.
  await db
    .updateTable('memberships')
    .set({ ended_at: app.now() })
    .where('location_id', '=', empty.id)
    .execute()
  const appointment = await newVisit(practice)
  const second = { ...practice, ...(await newOwner(app, stage)) }
  const underway = await newVisit(second, { scheduled_at: `${TUESDAY}T09:00:00Z` })
  await api.post(`/appointments/${underway.id}/start`, own)
  await newPet(app, stage, owner)
  const all = {
    clinic: place,
    vet: own,
    pet: practice.pet,
    owner,
    user,
    empty,
    colleague,
    appointment,
    underway,
  }
  const ids = Object.fromEntries(Object.entries(all).map(([kind, { id }]) => [kind, id]))
  return { ...stage, ids, people: { owner } }
}
