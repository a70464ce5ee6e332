import assert from 'node:assert/strict'
import {
  newCitizen,
  newMember,
  newOffices,
  newVisit,
  TUESDAY,
  visitOf,
} from '../../dialects/office/testing/asking.ts'
import type { TestApp } from '../app.ts'
import { newLocation, newPerson, newPersonWithPassword, PASSWORD } from '../cast.ts'
import type { Ids, Walk, World } from '../dialects.ts'

const email = 'nobody@example.com'
const named = { first_name: 'New', last_name: 'Comer' }
const page = { limit: '10', offset: '0' }
const user = { path: { id: 'user' } }
const there = { path: { id: 'office' } }
const member = { path: { id: 'office', user_id: 'member' } }
const colleague = { path: { host_id: 'colleague', office_id: 'office' } }
const pending = { path: { id: 'appointment' } }
const approved = { path: { id: 'approved' } }
const asDecided = { ...pending, body: () => ({ decision: 'approved', reason: 'All is there' }) }
const withReason = { ...pending, body: () => ({ reason: 'Ill' }), mayHaveNone: true }
const newTime = () => ({
  new_appointment_date: TUESDAY,
  new_time_slot: '11:30-11:45',
  reason: 'The train',
})
const hoursOfTuesday = () => ({
  daysofweek: null,
  specific_date: TUESDAY,
  start_time: '08:00',
  end_time: '13:00:00',
  is_recurring: false,
})

export const office: Walk = {
  newWorld,
  sentenceOf: ({ body }) => body.detail,
  open: [
    'POST /auth/login',
    'POST /auth/register',
    'POST /auth/refresh',
    'POST /auth/verify-email',
    'POST /auth/resend-verification',
    'POST /auth/request-password-reset',
    'POST /auth/reset-password',
    'POST /auth/set-password',
  ],
  questions: {
    'POST /auth/login': { body: () => ({ username: email, password: PASSWORD }), answers: 401 },
    'POST /auth/register': { body: () => ({ ...named, email, password: PASSWORD, role: 'user' }) },
    'GET /auth/me': {},
    // Without a cookie; dialects/office has what it does with one.
    'POST /auth/refresh': { answers: 401 },
    'POST /auth/logout': {},
    'POST /auth/verify-email': { body: () => ({ token: 'made-up' }), answers: 400 },
    'POST /auth/resend-verification': { body: () => ({ email }) },
    'POST /auth/request-password-reset': { body: () => ({ email }) },
    'POST /auth/reset-password': {
      body: () => ({ token: 'made-up', new_password: PASSWORD }),
      answers: 400,
    },
    'POST /auth/set-password': { body: () => ({ token: 'made-up', new_password: PASSWORD }), answers: 400 },
    'POST /auth/change-password': {
      by: 'withPassword',
      body: () => ({ current_password: PASSWORD, new_password: `${PASSWORD}0` }),
    },

    'GET /admin/users': { query: () => ({ ...page, role: 'host', search: 'provider' }) },
    'POST /admin/users': {
      body: () => ({ ...named, email, phone: '+441632960001', password: PASSWORD, roles: ['host'] }),
    },
    'GET /admin/users/:id': user,
    'PATCH /admin/users/:id': { ...user, body: () => ({ ...named, phone: null, is_active: true }) },
    'PUT /admin/users/:id': { ...user, body: () => ({ ...named, phone: null, is_active: true }) },
    'DELETE /admin/users/:id': user,
    'POST /admin/users/:id/resend-invite': user,
    'POST /admin/users/:id/activate': user,
    'POST /admin/users/:id/deactivate': user,
    'POST /admin/users/:id/suspend': user,
    'POST /admin/users/:id/roles': { ...user, body: () => ({ role: 'secretary' }) },
    'DELETE /admin/users/:id/roles/:role': { ...user, words: { role: 'reception' } },

    'POST /offices/hosts/assign': {
      body: (ids) => ({ host_id: ids.newcomer, office_id: ids.office, is_primary: true }),
    },
    'POST /offices/hosts/bulk-assign': {
      body: (ids) => ({ host_ids: [ids.newcomer], office_id: ids.office }),
    },
    'GET /offices/hosts': { query: (ids) => ({ office_id: ids.office!, host_id: ids.host! }) },
    'PUT /offices/hosts/:host_id/office/:office_id': {
      ...colleague,
      body: () => ({ is_primary: true, is_active: true }),
    },
    'DELETE /offices/hosts/:host_id/office/:office_id': colleague,
    'GET /offices/unassigned': {},
    'GET /offices/users/:user_id/offices': { path: { user_id: 'member' } },
    'GET /offices/users/:user_id/host-status': { path: { user_id: 'host' } },
    'GET /offices/:id/hosts': there,

    'GET /offices': { query: () => ({ status_filter: 'active' }) },
    'POST /offices': {
      body: () => ({
        name: 'Registry',
        description: 'Papers',
        location: '1 High Street',
        is_active: true,
      }),
    },
    'GET /offices/stats/all': {},
    'GET /offices/:id/stats': there,
    'GET /offices/:id': there,
    'PATCH /offices/:id': {
      ...there,
      body: () => ({ name: 'Registry', description: null, location: '1 High Street', is_active: true }),
    },
    'DELETE /offices/:id': { path: { id: 'empty' } },
    'POST /offices/:id/activate': there,
    'POST /offices/:id/deactivate': there,

    'POST /offices/:id/memberships': {
      ...there,
      body: (ids) => ({ user_id: ids.newcomer, position: 'Clerk', is_primary: true }),
    },
    'GET /offices/:id/memberships': there,
    'PATCH /offices/:id/memberships/:user_id': {
      ...member,
      body: () => ({ position: 'Clerk', is_primary: true, is_active: true, ended_at: null }),
    },
    'DELETE /offices/:id/memberships/:user_id': member,

    'POST /availability/hosts/:id': { ...there, body: hoursOfTuesday },
    'GET /availability/hosts/:id': there,
    'GET /availability/hosts/:id/slots': {
      ...there,
      query: () => ({ target_date: TUESDAY, include_booked: 'true' }),
    },

    'GET /appointments': {
      query: (ids) => ({
        ...page,
        status: 'pending',
        by_date: TUESDAY,
        by_time_slot: '10:00-10:15',
        office_id: ids.office!,
        search: 'number',
        completed: 'false',
      }),
    },
    'POST /appointments': {
      body: (ids) => ({
        citizen: newCitizen(),
        appointment: { ...visit(ids), time_slotted: '11:00', purpose: 'A passport' },
      }),
    },
    'GET /appointments/gates/search': {
      query: (ids) => ({ search: 'number', office_id: ids.office! }),
    },
    'GET /appointments/events': { query: (ids) => ({ office_id: ids.office! }) },
    'POST /appointments/events/ticket': {},
    'GET /appointments/:id': pending,
    'PATCH /appointments/:id': {
      ...pending,
      body: () => ({
        purpose: 'A passport',
        appointment_date: TUESDAY,
        time_slotted: '11:15',
        status: 'approved',
        decision: 'approved',
        reason: 'All is there',
      }),
    },
    'DELETE /appointments/:id': withReason,
    'POST /appointments/:id/cancel': withReason,
    'POST /appointments/:id/decision': asDecided,
    'PATCH /appointments/:id/decision': asDecided,
    'POST /appointments/:id/reschedule': { ...pending, body: newTime },
    'POST /appointments/:id/postpone': { ...approved, body: newTime },
    'POST /appointments/:id/complete': {
      ...approved,
      body: () => ({ notes: 'All signed' }),
      mayHaveNone: true,
    },
    'POST /appointments/:id/no-show': pending,
  },
}

const visit = (ids: Ids) => visitOf({ host: { id: ids.host! }, office: { id: ids.office! } })

/** An office with a visit that waits and one that is approved; one in which nobody works, and a host who works nowhere. */
async function newWorld(app: TestApp): Promise<World> {
  const offices = await newOffices(app)
  const { stage, api, host, office, secretary } = offices
  const appointment = await newVisit(offices)
  const approved = await newVisit(offices, { time_slotted: '10:30' })
  const decided = await api.post(`/appointments/${approved.id}/decision`, secretary, {
    decision: 'approved',
  })
  assert.equal(decided.status, 200, JSON.stringify(decided.body))
  const all = {
    appointment,
    approved,
    office,
    empty: await newLocation(app, stage),
    host,
    colleague: await newMember(app, stage, office, 'provider'),
    member: secretary,
    newcomer: await newPerson(app, stage.organization, ['provider']),
    user: await newPerson(app, stage.organization, ['client', 'reception']),
  }
  const ids = Object.fromEntries(Object.entries(all).map(([kind, { id }]) => [kind, id]))
  const withPassword = await newPersonWithPassword(app, stage.organization, ['client'])
  return { ...stage, ids, people: { withPassword } }
}
