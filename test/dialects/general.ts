import assert from 'node:assert/strict'
import type { TestApp } from '../app.ts'
import { newClient, newOrganization, newProvider, PASSWORD, visiting } from '../cast.ts'
import type { Ids, Walk, World } from '../dialects.ts'

const nobody = 'nobody@example.com'
const tuesday = (start: string, end: string) => ({
  start_time: `2027-03-02T${start}:00`,
  end_time: `2027-03-02T${end}:00`,
})
/** When the appointment has begun. */
const BEGUN = '2027-03-02T10:00:00Z'
const page = { skip: '0', limit: '10' }
const ofStaff = ({ staff }: Ids) => ({ ...page, staff_id: staff! })
const appointment = { path: { id: 'appointment' } }
const window = { path: { id: 'window' } }

export const general: Walk = {
  newWorld,
  sentenceOf: ({ body }) => body.detail,
  questions: {
    'POST /auth/register': {
      body: () => ({ email: nobody, password: PASSWORD, full_name: 'New', role: 'staff' }),
    },
    'POST /auth/login': { body: () => ({ username: nobody, password: PASSWORD }), answers: 401 },
    'GET /auth/me': {},
    'GET /auth/users': { query: () => ({ ...page, role: 'client' }) },
    'POST /auth/users/:id/unblock': { path: { id: 'client' } },

    'GET /availability': { query: ofStaff },
    'GET /availability/slots': {
      query: ({ staff }) => ({ staff_id: staff!, date: '2027-03-02', slot_duration: '30' }),
    },
    'POST /availability': {
      body: ({ staff }) => ({
        staff_id: staff,
        start_time: '18:00',
        end_time: '19:00:00',
        day_of_week: 5,
        specific_date: null,
        is_recurring: true,
      }),
    },
    'PATCH /availability/:id': {
      ...window,
      body: ({ staff }) => ({ staff_id: staff, start_time: '08:00', end_time: '12:00', day_of_week: 1 }),
    },
    'DELETE /availability/:id': window,

    'POST /appointments': {
      body: ({ staff }) => ({ staff_id: staff, ...tuesday('14:00', '15:00'), notes: 'Late' }),
    },
    'GET /appointments': {
      query: (ids) => ({
        ...ofStaff(ids),
        client_id: ids.client!,
        status: 'scheduled',
        from_date: '2027-03-01',
        to_date: '2027-03-31',
      }),
    },
    'GET /appointments/export-all.ics': {},
    'GET /appointments/:id/export.ics': appointment,
    'PATCH /appointments/:id': {
      ...appointment,
      body: () => ({ ...tuesday('15:00', '16:00'), notes: 'Later', status: 'scheduled' }),
    },
    'POST /appointments/:id/reschedule': {
      ...appointment,
      body: () => ({
        new_start_time: '2027-03-02T15:00:00',
        new_end_time: '2027-03-02T16:00:00',
        reason: 'Because',
      }),
    },
    'POST /appointments/:id/mark-completed': { ...appointment, at: BEGUN },
    'POST /appointments/:id/mark-no-show': { ...appointment, at: BEGUN },
  },
}

async function newWorld(app: TestApp): Promise<World> {
  const stage = await newOrganization(app, { trade: 'general' })
  const [staff, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const headers = visiting(stage.organization)
  const body = { staff_id: staff.id, ...tuesday('10:00', '11:00') }
  const booked = await app.request('POST', '//general/api/v1/appointments', { token: client.token, body })
  const windows = await app.get(`//general/api/v1/availability?staff_id=${staff.id}`, { headers })
  assert.deepEqual([booked.status, windows.status], [201, 200])
  const ids = { staff: staff.id, client: client.id, appointment: booked.body.id, window: windows.body[0].id }
  return { ...stage, ids }
}
