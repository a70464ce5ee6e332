import type { Operation } from '../server/http/routes.ts'
import { PASSWORD } from './cast.ts'
import { browserKeys, type Ids } from './world.ts'

/** How an operation is asked so that an administrator gets what it is there for. */
interface Filling {
  /** Whose ids stand in its path. */
  id?: keyof Ids
  person_id?: keyof Ids
  client_id?: keyof Ids
  token?: keyof Ids
  /** Which text of a message, which has no id. */
  text?: string
  /** The name of a job that stands in its path. */
  name?: string
  query?: (ids: Ids) => Record<string, string>
  body?: (ids: Ids) => Record<string, unknown>
  /** A file, sent as a form instead of a body. */
  file?: () => Buffer
  /** The status of the answer, where it is not that of success. */
  answers?: number
}

const offer = ({ provider, service, location }: Ids) => ({
  provider_id: provider,
  service_id: service,
  location_id: location,
})
const nobody = { email: 'nobody@example.com' }
const password = { new_password: PASSWORD }
const window = { opens: '10:00', closes: '12:00' }
const page = { limit: '10' }
/** One grey dot. */
const photo = () => Buffer.from('R0lGODdhAQABAIAAAICAgAAAACwAAAAAAQABAAACAkQBADs=', 'base64')
const reason = () => ({ reason: 'Because' })
const pattern = (ids: Ids) => ({
  ...offer(ids),
  from: '2027-03-15',
  to: '2027-03-19',
  weekdays: [1, 2],
  opens: '09:00',
  closes: '12:00',
  slot_minutes: 30,
  break_minutes: 15,
  lunch: { opens: '11:00', closes: '11:30' },
  exclude: [],
  exclude_dates: ['2027-03-16'],
})

/** Every operation there is; whoever adds one adds it here, so that nothing is left out of test/operations.test.ts. */
const fillings: Record<string, Filling> = {
  'GET /openapi.json': {},
  'POST /auth/register': { body: () => ({ ...nobody, name: 'New', password: PASSWORD, role: 'client' }) },
  'POST /auth/login': { body: () => ({ ...nobody, password: PASSWORD }), answers: 401 },
  'POST /auth/refresh': { body: () => ({ refresh_token: 'none' }), answers: 401 },
  'POST /auth/logout': {},
  'GET /auth/me': {},
  'POST /auth/change-password': { body: () => ({ ...password, current_password: 'x' }), answers: 422 },
  'POST /auth/verify-email': { body: () => ({ token: 'none' }), answers: 400 },
  'POST /auth/resend-verification': { body: () => nobody },
  'POST /auth/forgot-password': { body: () => nobody },
  'POST /auth/reset-password': { body: () => ({ ...password, token: 'none' }), answers: 400 },

  'GET /users/me': {},
  'PATCH /users/me': {
    body: () => ({ name: 'Ada', phone: '+441632960001', locale: 'en', time_zone: 'UTC' }),
  },
  'POST /users/me/photo': { file: photo },
  'DELETE /users/me/photo': {},
  'GET /users/:id/photo': { id: 'user' },
  'GET /users': { query: () => ({ ...page, role: 'client', search: 'a' }) },
  'POST /users': { body: () => ({ ...nobody, name: 'New', roles: ['client'], phone: '+441632960001' }) },
  'GET /users/:id': { id: 'user' },
  'PATCH /users/:id': { id: 'user', body: () => ({ name: 'Ada', phone: null, roles: [], is_active: false }) },
  'POST /users/:id/unlock': { id: 'user' },
  'POST /users/:id/invite': { id: 'user' },

  'GET /api-keys': { query: () => page },
  'POST /api-keys': {
    body: () => ({ name: 'Till', scopes: ['appointments:read'], expires_at: '2027-04-01T00:00:00Z' }),
    answers: 201,
  },
  'DELETE /api-keys/:id': { id: 'api_key' },

  'GET /organization': {},
  'PATCH /organization': {
    body: () => ({ name: 'New', time_zone: 'UTC', locale: 'en', rules: { notice_minutes: 1 } }),
  },
  'GET /audit-log': {
    query: ({ user, provider }) => ({
      ...page,
      actor_id: user,
      subject_id: provider,
      subject_kind: 'provider',
      from: '2027-01-01T00:00:00Z',
      to: '2028-01-01T00:00:00Z',
    }),
  },
  'GET /locations': {},
  'GET /locations/:id': { id: 'location' },
  'POST /locations': { body: () => ({ name: 'New', time_zone: 'UTC', address: 'Here', is_active: true }) },
  'PATCH /locations/:id': { id: 'location', body: () => ({ name: 'New', description: null }) },
  'GET /locations/:id/members': { id: 'location' },
  'PUT /locations/:id/members/:person_id': {
    id: 'location',
    person_id: 'user',
    body: () => ({ position: 'Chief', is_primary: true }),
  },
  'DELETE /locations/:id/members/:person_id': { id: 'location', person_id: 'provider' },

  'GET /providers': {
    query: ({ location }) => ({ ...page, location_id: location, include_inactive: 'true' }),
  },
  'GET /providers/:id': { id: 'provider' },
  'POST /providers': { body: () => ({ ...nobody, name: 'New', bio: 'Short', details: {} }) },
  'PATCH /providers/:id': { id: 'provider', body: () => ({ name: 'New', bio: null, is_active: false }) },
  'POST /providers/:id/photo': { id: 'provider', file: photo },
  'GET /providers/:id/photo': { id: 'provider' },
  'DELETE /providers/:id/photo': { id: 'provider' },
  'GET /clients': { query: () => ({ ...page, search: 'a', phone: '+441632960001' }) },
  'GET /clients/:id': { id: 'client' },
  'POST /clients': { body: () => ({ ...nobody, name: 'New', notes: 'Kind', locale: 'en', details: {} }) },
  'PATCH /clients/:id': { id: 'client', body: () => ({ name: 'New', phone: '+441632960001', details: {} }) },
  'GET /clients/:id/photo': { id: 'client' },
  'POST /clients/:id/unblock': { id: 'client' },

  'GET /dependents': {
    query: ({ client }) => ({ ...page, client_id: client, search: 'k', include_inactive: 'true' }),
  },
  'GET /dependents/:id': { id: 'dependent' },
  'POST /dependents': {
    body: ({ client }) => ({ name: 'New', client_id: client, birth_date: '2019-02-28', details: {} }),
  },
  'PATCH /dependents/:id': { id: 'dependent', body: () => ({ name: 'New', notes: 'Shy', is_active: true }) },
  'PUT /dependents/:id/guardians/:client_id': { id: 'dependent', client_id: 'client' },
  'DELETE /dependents/:id/guardians/:client_id': { id: 'dependent', client_id: 'client' },

  'GET /services': { query: () => ({ ...page, include_inactive: 'true' }) },
  'GET /services/:id': { id: 'service' },
  'POST /services': { body: () => ({ name: 'New', minutes: 30, price: 9.5, currency: 'EUR' }) },
  'PATCH /services/:id': {
    id: 'service',
    body: () => ({
      name: 'New',
      minutes: 45,
      step_minutes: 15,
      resource_kinds: ['room'],
      rules: { notice_minutes: 5 },
    }),
  },
  'GET /services/:id/providers': { id: 'service' },
  'PUT /services/:id/providers': {
    id: 'service',
    body: ({ provider }) => ({ providers: [{ provider_id: provider, minutes: 20, price: 5 }] }),
  },
  'GET /resources': { query: ({ location }) => ({ kind: 'room', location_id: location }) },
  'GET /resources/:id': { id: 'resource' },
  'POST /resources': {
    body: ({ location }) => ({ name: 'New', kind: 'room', location_id: location, is_active: true }),
  },
  'PATCH /resources/:id': {
    id: 'resource',
    body: ({ location }) => ({ name: 'New', location_id: location }),
  },

  'GET /hours': { query: ({ provider, location }) => ({ provider_id: provider, location_id: location }) },
  'POST /hours': {
    body: ({ provider, location }) => ({
      provider_id: provider,
      location_id: location,
      weekday: 5,
      ...window,
    }),
  },
  'PUT /hours/week': {
    body: ({ provider, location }) => ({
      provider_id: provider,
      location_id: location,
      windows: [{ weekday: 5, ...window }],
    }),
  },
  'PUT /hours/date': {
    body: ({ provider }) => ({ provider_id: provider, date: '2027-03-05', windows: [window] }),
  },
  'PATCH /hours/:id': { id: 'window', body: () => ({ weekday: 2, ...window }) },
  'DELETE /hours/:id': { id: 'window' },

  'GET /time-off': {
    query: ({ provider, location }) => ({
      ...page,
      provider_id: provider,
      location_id: location,
      from: '2027-03-01T00:00:00Z',
      to: '2027-04-01T00:00:00Z',
    }),
  },
  'GET /time-off/:id': { id: 'time_off' },
  'POST /time-off': {
    body: ({ provider, location }) => ({
      provider_id: provider,
      location_id: location,
      starts_at: '2027-03-02T00:00:00Z',
      ends_at: '2027-03-03T00:00:00Z',
      reason: 'Leave',
    }),
  },
  'PATCH /time-off/:id': {
    id: 'time_off',
    body: () => ({
      starts_at: '2027-03-08T08:00:00Z',
      ends_at: '2027-03-08T11:00:00Z',
      reason: null,
    }),
  },
  'DELETE /time-off/:id': { id: 'time_off' },

  'GET /published-slots': {
    query: ({ provider, location }) => ({
      ...page,
      provider_id: provider,
      location_id: location,
      from: '2027-03-01T00:00:00Z',
      to: '2027-04-01T00:00:00Z',
      available: 'true',
    }),
  },
  'GET /published-slots/:id': { id: 'slot' },
  'POST /published-slots': {
    body: (ids) => ({
      ...offer(ids),
      starts_at: '2027-03-05T09:00:00Z',
      ends_at: '2027-03-05T10:00:00Z',
      capacity: 3,
      kind: 'regular',
    }),
  },
  'POST /published-slots/bulk': {
    body: (ids) => ({
      ...offer(ids),
      slots: [{ starts_at: '2027-03-05T09:00:00Z', ends_at: '2027-03-05T10:00:00Z' }],
    }),
  },
  'POST /published-slots/pattern': { body: (ids) => pattern(ids) },
  'POST /published-slots/preview': { body: (ids) => pattern(ids) },
  'PATCH /published-slots/:id': {
    id: 'slot',
    body: ({ service, location }) => ({
      starts_at: '2027-03-04T10:00:00Z',
      ends_at: '2027-03-04T11:00:00Z',
      service_id: service,
      location_id: location,
      capacity: 2,
      is_blocked: true,
      block_reason: 'Perhaps',
    }),
  },
  'DELETE /published-slots/:id': { id: 'slot' },

  'GET /providers/:id/slot-template': { id: 'provider' },
  'PUT /providers/:id/slot-template': {
    id: 'provider',
    body: ({ service, location }) => ({
      service_id: service,
      location_id: location,
      week: { 1: [{ start: '09:00', end: '10:00' }] },
    }),
  },
  'DELETE /providers/:id/slot-template': { id: 'provider' },

  'GET /slots/explain': {
    query: (ids) => ({
      ...offer(ids),
      client_id: ids.client,
      dependent_id: ids.dependent,
      starts_at: '2027-03-02T14:00:00Z',
    }),
  },
  'GET /slots': { query: (ids) => ({ ...offer(ids), from: '2027-03-02', to: '2027-03-03T00:00:00Z' }) },
  'POST /holds': {
    body: (ids) => ({
      ...offer(ids),
      client_id: ids.client,
      dependent_id: ids.dependent,
      starts_at: '2027-03-02T14:00:00Z',
    }),
  },
  'GET /holds/:id': { id: 'hold' },
  'DELETE /holds/:id': { id: 'hold' },

  'GET /appointments': {
    query: (ids) => ({
      ...page,
      ...offer(ids),
      client_id: ids.client,
      from: '2027-03-02T00:00:00Z',
      search: 'a',
      order: 'desc',
    }),
  },
  'POST /appointments/series': {
    body: (ids) => ({
      ...offer(ids),
      client_id: ids.client,
      dependent_id: ids.dependent,
      starts_at: '2027-03-02T14:00:00Z',
      repetition: { every: 'week', count: 2 },
      skip_conflicts: true,
    }),
  },
  'POST /appointments/series/:id/cancel': { id: 'series', body: reason },
  'POST /appointments/check-conflicts': {
    body: (ids) => ({
      ...offer(ids),
      client_id: ids.client,
      starts_at: '2027-03-02T10:00:00Z',
      exclude_appointment_id: ids.appointment,
    }),
  },
  'POST /appointments': {
    body: (ids) => ({
      ...offer(ids),
      client_id: ids.client,
      dependent_id: ids.dependent,
      starts_at: '2027-03-02T14:00:00Z',
      ends_at: '2027-03-02T15:00:00Z',
      notes: 'Late',
      details: {},
    }),
  },
  'GET /appointments/:id': { id: 'appointment' },
  'PATCH /appointments/:id': { id: 'appointment', body: () => ({ notes: 'Late', details: {} }) },
  'GET /appointments/:id/history': { id: 'appointment' },
  'POST /appointments/:id/reschedule': {
    id: 'appointment',
    body: ({ provider, location }) => ({
      provider_id: provider,
      location_id: location,
      starts_at: '2027-03-02T15:00:00Z',
      reason: 'Because',
      notes: 'Later',
    }),
  },
  'POST /appointments/:id/postpone': {
    id: 'appointment',
    body: ({ provider, location }) => ({
      provider_id: provider,
      location_id: location,
      starts_at: '2027-03-02T15:00:00Z',
      ends_at: '2027-03-02T15:30:00Z',
    }),
  },
  'POST /appointments/:id/cancel': { id: 'appointment', body: reason },
  'POST /appointments/:id/confirm': { id: 'appointment', answers: 409 },
  'POST /appointments/:id/decline': { id: 'appointment', body: reason, answers: 409 },
  'POST /appointments/:id/arrive': { id: 'appointment' },
  'POST /appointments/:id/start': { id: 'appointment' },
  'POST /appointments/:id/complete': { id: 'appointment', body: () => ({ charged: 20 }), answers: 409 },
  'POST /appointments/:id/correct': {
    id: 'appointment',
    body: () => ({ state: 'cancelled', reason: 'They called', charged: null }),
  },
  'POST /appointments/:id/no-show': { id: 'appointment', answers: 409 },

  'GET /appointments/statistics': {
    query: (ids) => ({
      ...offer(ids),
      client_id: ids.client,
      from: '2027-03-01',
      to: '2027-04-01T00:00:00Z',
      group_by: 'day',
    }),
  },

  'GET /calendar/day': { query: (ids) => ({ ...offer(ids), date: '2027-03-02', days: '2', slots: 'true' }) },
  'GET /calendar/week': { query: (ids) => ({ ...offer(ids), date: '2027-03-02', slots: 'true' }) },
  'GET /calendar/month': { query: (ids) => ({ ...offer(ids), month: '2027-03', slots: 'true' }) },
  'GET /calendar/suggestions': {
    query: (ids) => ({ ...offer(ids), from: '2027-03-02', to: '2027-03-03T00:00:00Z', most: '5' }),
  },
  'GET /appointments/:id.ics': { id: 'appointment' },
  'GET /calendar.ics': {
    query: ({ provider, location }) => ({
      provider_id: provider,
      location_id: location,
      from: '2027-03-01T00:00:00Z',
      to: '2027-04-01T00:00:00Z',
    }),
  },
  'GET /calendar/feed': {},
  'POST /calendar/feed': { answers: 201 },
  'DELETE /calendar/feed': {},
  'GET /calendar/feeds/:token.ics': { token: 'feed' },

  'GET /notifications': {
    query: (ids) => ({
      ...page,
      state: 'planned',
      kind: 'booked',
      audience: 'client',
      channel: 'email',
      appointment_id: ids.appointment,
      recipient_id: ids.client,
      search: 'a',
      from: '2027-03-01T00:00:00Z',
      to: '2027-04-01T00:00:00Z',
    }),
  },
  'GET /notifications/summary': {},
  'POST /notifications/send': {
    body: (ids) => ({
      appointment_id: ids.appointment,
      kind: 'reminder',
      to: ['client'],
      channels: ['email'],
    }),
  },
  'GET /messages/inbound': { query: (ids) => ({ ...page, appointment_id: ids.appointment }) },
  'GET /notifications/:id': { id: 'notification' },
  'POST /notifications/:id/retry': { id: 'notification' },
  'GET /users/me/preferences': {},
  'PATCH /users/me/preferences': {
    body: () => ({ channels: ['email'], quiet_from: '22:00', quiet_until: '07:00' }),
  },
  'GET /users/me/push-subscriptions': {},
  'POST /users/me/push-subscriptions': {
    body: () => ({ endpoint: 'https://push.example.org/2', expirationTime: null, keys: browserKeys() }),
  },
  'DELETE /users/me/push-subscriptions/:id': { id: 'subscription' },
  // Only whoever signs it is heard: server/notifications/inbound/inbound.test.ts.
  'POST /messages/inbound': { query: () => ({ organization: 'nobody' }), answers: 403 },

  'GET /templates': {},
  'GET /templates/:kind/:audience/:locale': { text: 'booked/client/en' },
  'PUT /templates/:kind/:audience/:locale': {
    text: 'booked/client/en',
    body: () => ({ subject: 'Soon', content: 'Come at {{ appointment.time }}.', short: 'Soon' }),
  },
  'DELETE /templates/:kind/:audience/:locale': { text: 'booked/client/en' },
  'POST /templates/:kind/:audience/:locale/preview': {
    text: 'booked/client/en',
    body: () => ({ subject: 'Soon', content: 'Come.', short: 'Soon' }),
  },
  'GET /jobs': {},
  'GET /jobs/runs': { query: () => ({ ...page, job: 'sweep', state: 'planned' }) },
  'GET /jobs/runs/:id': { id: 'run' },
  'POST /jobs/:name/run': { name: 'sweep' },
  'POST /jobs/generate-slots/run': {
    body: (ids) => ({ ...offer(ids), week: { 1: [{ start: '09:00', end: '10:00' }] }, weeks: 2 }),
  },

  'GET /health': {},
  'GET /health/ready': {},
  'GET /health/live': {},
  'GET /time/now': {},
}

export interface Request {
  method: string
  path: string
  query: Record<string, string>
  body?: Record<string, unknown>
  file?: Buffer
}

export const nameOf = ({ method, url }: Operation) => `${method} ${url.replace('/api/v1', '')}`

/** What is known of an operation. Throws for one that nobody has told us how to ask. */
export function fillingOf(operation: Operation): Filling {
  const filling = fillings[nameOf(operation)]
  if (!filling)
    throw new Error(`test/operations.ts does not say how to ask ${nameOf(operation)}; add it there`)
  return filling
}

/** Asks an operation about the things with these ids. */
export function requestFor(operation: Operation, ids: Ids): Request {
  const { id, person_id, client_id, token, text, name, query, body, file } = fillingOf(operation)
  const path = operation.url
    .replace(':id', id ? ids[id] : ':id')
    .replace(':person_id', person_id ? ids[person_id] : ':person_id')
    .replace(':client_id', client_id ? ids[client_id] : ':client_id')
    .replace(':token', token ? ids[token] : ':token')
    .replace(':kind/:audience/:locale', text ?? ':kind')
    .replace(':name', name ?? ':name')
  if (path.includes(':')) throw new Error(`test/operations.ts leaves a part of ${nameOf(operation)} open`)
  // Two slashes: also what is not below /api/v1.
  const { method } = operation
  return { method, path: `/${path}`, query: query?.(ids) ?? {}, body: body?.(ids), file: file?.() }
}

/** Which kinds of ids an operation takes, in its path, its query or its body. */
export function kindsIn(operation: Operation, ids: Ids): (keyof Ids)[] {
  const asked = JSON.stringify(requestFor(operation, ids))
  return (Object.keys(ids) as (keyof Ids)[]).filter((kind) => asked.includes(ids[kind]))
}

/** Names of fillings whose operation is gone. */
export function leftOver(operations: Operation[]): string[] {
  const names = new Set(operations.map(nameOf))
  return Object.keys(fillings).filter((name) => !names.has(name))
}
