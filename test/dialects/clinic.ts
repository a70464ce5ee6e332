import { newClinic, newVisit, TUESDAY } from '../../dialects/clinic/testing/asking.ts'
import type { TestApp } from '../app.ts'
import { PASSWORD } from '../cast.ts'
import type { Walk, World } from '../dialects.ts'

const newcomer = { name: 'Nobody', email: 'nobody@example.com', phone: '+441632960001', password: PASSWORD }
const logIn = { body: () => ({ email: newcomer.email, password: PASSWORD }), answers: 401 }
const doctor = { path: { id: 'doctor' } }
const appointment = { path: { id: 'appointment' } }
const day = { query: () => ({ date: TUESDAY }) }

export const clinic: Walk = {
  newWorld,
  sentenceOf: ({ body }) => body.detail,
  impossibleId: 400,
  mayAll: ['secretary', 'reception', 'provider'],
  questions: {
    // Only whoever signs it is heard: dialects/clinic/sms.test.ts.
    'POST /twilio/webhook': { answers: 403 },
    'POST /auth/patient/signup': { body: () => ({ ...newcomer, age: 40, gender: 'other' }), answers: 201 },
    'POST /auth/patient/login': logIn,
    'POST /auth/doctor/login': logIn,
    'POST /auth/login': logIn,
    'POST /auth/refresh': { body: () => ({ refresh_token: 'made-up' }), answers: 401 },
    'POST /auth/register': { body: () => ({ ...newcomer, role: 'patient' }) },

    'GET /users/me': {},
    'PATCH /users/me': {
      by: 'patient',
      body: () => ({ name: 'Other', phone: '+441632960002', age: 41, gender: 'male', notes: 'Asthma' }),
    },
    'POST /users/me/photo': { answers: 422 },
    'GET /users/:id/photo': doctor,
    'GET /users/doctors': {},

    'GET /doctors/:id/slots': { ...doctor, ...day },
    'GET /appointments/slots/:id': { ...doctor, ...day },
    'GET /appointments/stats/doctor/:id': { ...doctor, query: () => ({ groupBy: 'day', limit: '5' }) },

    'GET /appointments': {
      query: () => ({
        role: 'admin',
        status: 'scheduled',
        month: '2027-03',
        startDate: TUESDAY,
        endDate: TUESDAY,
        limit: '5',
      }),
    },
    'POST /appointments': {
      by: 'patient',
      body: (ids) => ({ doctorId: ids.doctor, start: `${TUESDAY}T11:00:00Z`, reason: 'A cough' }),
    },
    'GET /appointments/:id': appointment,
    'PATCH /appointments/:id/confirm': { ...appointment, by: 'patient' },
    'PATCH /appointments/:id/cancel': { ...appointment, body: () => ({ reason: 'Ill' }), mayHaveNone: true },
    'PATCH /appointments/:id/complete': {
      ...appointment,
      body: () => ({ notes: 'Well' }),
      mayHaveNone: true,
    },

    'GET /time/now': {},
  },
}

/** A clinic with an appointment, and with a photo of its doctor. */
async function newWorld(app: TestApp): Promise<World> {
  const { stage, doctor, patient, ...clinic } = await newClinic(app)
  const { _id } = await newVisit({ stage, doctor, patient, ...clinic })
  await app.connection.db
    .insertInto('photos')
    .values({
      organization_id: stage.organization.id,
      person_id: doctor.id,
      type: 'image/webp',
      width: 1,
      height: 1,
      content: Buffer.from('RIFF'),
      sha256: Buffer.alloc(32),
      updated_at: app.now(),
    })
    .execute()
  return { ...stage, ids: { doctor: doctor.id, appointment: _id }, people: { patient } }
}
