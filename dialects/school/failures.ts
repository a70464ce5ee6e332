import type { Organization } from '../../server/http/routes.ts'
import type { Failure } from '../dialect.ts'
import { localOf } from '../local-times.ts'

/** Statuses of this system where the core has others. */
const statuses: Record<string, number> = {
  wrong_state: 400,
  not_started_yet: 400,
  slot_booked: 400,
  nothing_to_say: 400,
  not_to_be_sent_again: 400,
  not_bookable: 409,
  invalid_input: 422,
  idempotency_key_reused: 422,
}

/** What this system calls the fields of the core. */
const fieldNames: Record<string, string> = {
  provider_id: 'teacher_id',
  client_id: 'parent_id',
  dependent_id: 'student_name',
  starts_at: 'start_time',
  ends_at: 'end_time',
  opens: 'start_time',
  closes: 'end_time',
  weekdays: 'days',
}

/** A failure as this system says it: a sentence, and what is wrong with which field where fields are wrong. */
export function fail(refusal: Failure, organization: Organization | undefined) {
  const { status, code, fields } = refusal
  const errors = fields?.map(({ field, message }) => ({ field: nameOf(field), message: inWordsOf(message) }))
  const detail = errors
    ? `${errors.map(({ field, message }) => `${field} ${message}`).join('; ')}.`
    : sentenceOf(refusal, organization)
  return {
    status: statuses[code] ?? (status === 422 ? 400 : status),
    body: { detail, ...(errors && { errors }) },
  }
}

function sentenceOf({ code, message, facts }: Failure, organization: Organization | undefined): string {
  if (code !== 'slots_overlap' || !organization) return inWordsOf(message)
  const clashes = facts!.clashes as { starts_at: string; ends_at: string }[]
  const at = (instant: string) => localOf(Temporal.Instant.from(instant), organization.time_zone)
  const when = clashes.map(({ starts_at, ends_at }) => `${at(starts_at)} to ${at(ends_at).slice(11)}`)
  return `Slots of one teacher may not overlap, and these would: ${when.join(', ')}. None was made.`
}

/** Fields of a list keep their place in it: slots.2.starts_at is time_slots.2.start_time. */
function nameOf(field: string): string {
  const parts = field.split('.').map((part) => fieldNames[part] ?? part)
  return parts[0] === 'slots' ? ['time_slots', ...parts.slice(1)].join('.') : parts.join('.')
}

function inWordsOf(message: string): string {
  return message
    .replaceAll(/\b(provider_id|client_id|starts_at|ends_at|opens|closes)\b/g, nameOf)
    .replaceAll(/\bprovider\b/g, 'teacher')
    .replaceAll(/\bclient\b/g, 'parent')
}
