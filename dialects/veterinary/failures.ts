import type { AppointmentState } from '../../server/database/tables.ts'
import type { Asked, Failure } from '../dialect.ts'
import type { Organization } from '../../server/http/routes.ts'
import { statusOf } from './words.ts'

/** Statuses of this system where the core has others. */
const statuses: Record<string, number> = {
  wrong_state: 400,
  not_started_yet: 400,
  invalid_input: 422,
  idempotency_key_reused: 422,
}

/** What this system calls the fields of the core. */
const fieldNames: Record<string, string> = {
  provider_id: 'veterinarian_id',
  client_id: 'pet_owner_id',
  dependent_id: 'pet_id',
  location_id: 'clinic_id',
  service_id: 'appointment_type',
  starts_at: 'scheduled_at',
  ends_at: 'duration_minutes',
  opens: 'start_time',
  closes: 'end_time',
  from: 'start_date',
  to: 'end_date',
  minutes: 'duration_minutes',
}

/** Sentences in which the core speaks of what this system does not have. */
const sentences: Record<string, string> = {
  set_aside:
    'The time must lie in one free slot, from beginning to end, and this one does not. Ask /appointments/availability.',
  published_slots_only:
    'On this day there are slots, and the time must lie in a free one. Ask /appointments/availability.',
}

/** A failure as this system says it: a code, a sentence, what is wrong in particular, and which request it was. */
export function fail(refusal: Failure, _organization: Organization | undefined, { id, at }: Asked) {
  const { status, code, facts } = refusal
  const fields = refusal.fields?.map(({ field, message }) => ({
    field: nameOf(field),
    message: inWordsOf(message),
  }))
  const message = fields
    ? `${fields.map((problem) => `${problem.field} ${problem.message}`).join('; ')}.`
    : sentenceOf(refusal)
  const details = fields ?? detailsOf(code, facts)
  return {
    status: statuses[code] ?? (status === 422 ? 400 : status),
    body: { success: false, error: { code, message, details, request_id: id }, timestamp: `${at}` },
  }
}

function sentenceOf({ code, message, facts }: Failure): string {
  if (code !== 'wrong_state' || !facts) return sentences[code] ?? inWordsOf(message)
  const state = facts.state as AppointmentState
  const allowed = facts.allowed_from as AppointmentState[]
  const words = [...new Set(allowed.map(wordOf))]
  return `This is not possible: the appointment is ${wordOf(state)}, and should be ${words.join(' or ')}.`
}

function detailsOf(code: string, facts: Failure['facts']): unknown {
  if (code !== 'wrong_state' || !facts) return facts ?? null
  const allowed = (facts.allowed_from as AppointmentState[]).map(statusOf)
  return { status: statusOf(facts.state as AppointmentState), allowed_from: [...new Set(allowed)] }
}

const wordOf = (state: AppointmentState) => statusOf(state).replace('_', ' ')

/** The trade's own fields stand among the others here. */
function nameOf(field: string): string {
  return field
    .split('.')
    .filter((part) => part !== 'details')
    .map((part) => fieldNames[part] ?? part)
    .join('.')
}

function inWordsOf(message: string): string {
  return message
    .replaceAll(/\b(provider_id|client_id|dependent_id|location_id|service_id|starts_at|ends_at)\b/g, nameOf)
    .replaceAll(/\b(opens|closes)\b/g, nameOf)
    .replaceAll(/\bprovider\b/g, 'veterinarian')
    .replaceAll(/\bclient\b/g, 'pet owner')
    .replaceAll(/\bdependent\b/g, 'pet')
    .replaceAll(/\blocation\b/g, 'clinic')
}
