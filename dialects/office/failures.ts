import type { AppointmentState } from '../../server/database/tables.ts'
import type { Failure } from '../dialect.ts'
import { statusOf } from './views.ts'

/** Statuses of this system where the core has others. */
const statuses: Record<string, number> = {
  wrong_state: 400,
  not_started_yet: 400,
  account_disabled: 401,
  email_not_verified: 401,
  // A time that is none of the office's slots is a slot that there is not.
  not_bookable: 404,
  outside_hours: 404,
  off_the_grid: 404,
  set_aside: 404,
  published_slots_only: 404,
  invalid_input: 422,
  idempotency_key_reused: 422,
}

/** What this system calls the fields of the core. */
const fieldNames: Record<string, string> = {
  provider_id: 'host_id',
  client_id: 'citizen_id',
  location_id: 'office_id',
  starts_at: 'time_slotted',
  ends_at: 'time_slotted',
  opens: 'start_time',
  closes: 'end_time',
  date: 'specific_date',
  weekday: 'daysofweek',
  address: 'location',
}

/** A failure as this system says it: one sentence. */
export function fail({ status, code, message, fields, facts }: Failure) {
  const detail = fields
    ? `${fields.map((problem) => `${nameOf(problem.field)} ${inWordsOf(problem.message)}`).join('; ')}.`
    : code === 'wrong_state' && facts
      ? `This is not possible any more, or not yet: the appointment is ${stateOf(facts.state as AppointmentState)}.`
      : inWordsOf(message)
  return { status: statuses[code] ?? (status === 422 ? 400 : status), body: { detail } }
}

function stateOf(state: AppointmentState): string {
  return statusOf({ state, pending_reason: null }).replace('_', ' ')
}

function nameOf(field: string): string {
  return field
    .split('.')
    .map((part) => fieldNames[part] ?? part)
    .join('.')
}

function inWordsOf(message: string): string {
  return message
    .replaceAll(/\b(provider_id|client_id|location_id|starts_at|ends_at|opens|closes)\b/g, nameOf)
    .replaceAll(/\bprovider\b/g, 'host')
    .replaceAll(/\bclient\b/g, 'citizen')
    .replaceAll(/\ba location\b/g, 'an office')
    .replaceAll(/\blocation\b/g, 'office')
    .replaceAll(/\ba office\b/g, 'an office')
}
