import type { AppointmentState } from '../../server/database/tables.ts'
import type { Failure } from '../dialect.ts'
import { statusOf } from './views.ts'

/** Statuses of this system where the core has others. */
const statuses: Record<string, number> = {
  wrong_state: 400,
  not_started_yet: 400,
  account_disabled: 401,
  in_the_past: 422,
  invalid_input: 422,
  idempotency_key_reused: 422,
}

/** What this system calls the fields of the core. */
const fieldNames: Record<string, string> = {
  provider_id: 'staff_id',
  starts_at: 'start_time',
  ends_at: 'end_time',
  opens: 'start_time',
  closes: 'end_time',
  minutes: 'slot_duration',
}

/** A failure as this system says it: one sentence. What the rules refuse was simply not available there. */
export function fail(refusal: Failure) {
  const { status, code } = refusal
  const detail = sentenceOf(refusal)
  return { status: statuses[code] ?? (status === 422 ? 400 : status), body: { detail } }
}

function sentenceOf({ code, message, fields, facts }: Failure): string {
  if (code === 'wrong_state') {
    const state = facts?.state as AppointmentState
    // Under way is not called otherwise here, and is what speaks against it.
    const is = (statusOf[state] === 'scheduled' ? state : statusOf[state]).replace('_', ' ')
    return `Only scheduled appointments can be changed or closed, and this one is ${is}.`
  }
  if (!fields) return inWordsOf(message)
  const problems = fields.map((problem) => `${nameOf(problem.field)} ${inWordsOf(problem.message)}`)
  return `${problems.join('; ')}.`
}

const nameOf = (field: string) => fieldNames[field] ?? field

/** Only what can be nothing but the name of a field is replaced, and the one word that is another here. */
function inWordsOf(message: string): string {
  return message
    .replaceAll(/\b(provider_id|starts_at|ends_at|opens|closes)\b/g, nameOf)
    .replaceAll(/\bprovider\b/g, 'staff member')
}
