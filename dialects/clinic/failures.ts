import type { AppointmentState } from '../../server/database/tables.ts'
import type { App } from '../../server/http/routes.ts'
import { isId } from '../../server/ids.ts'
import { Refusal } from '../../server/refusal.ts'
import type { Failure } from '../dialect.ts'
import { statusOf } from './views.ts'

/** Said of what stands in an address and is malformed: a fault of the request here, and not of a field. */
export class MalformedQuery extends Refusal {
  readonly code = 'malformed_query'
  readonly status = 400
}

/** What cannot be an id at all is malformed here, where elsewhere it would not be found. */
export function refuseImpossibleIds(app: App): void {
  app.addHook('preValidation', async ({ params }) => {
    const { id } = params as { id?: string }
    if (id !== undefined && !isId(id.toLowerCase()))
      throw new MalformedQuery('The id in the path is malformed.')
  })
}

/** Statuses of this system where the core has others. */
const statuses: Record<string, number> = {
  wrong_state: 400,
  not_started_yet: 400,
  not_bookable: 404,
  unsupported_photo: 400,
  invalid_input: 422,
  idempotency_key_reused: 422,
}

/** What this system calls the fields of the core. */
const fieldNames: Record<string, string> = {
  provider_id: 'doctorId',
  client_id: 'patientId',
  starts_at: 'start',
  ends_at: 'end',
  opens: 'start',
  closes: 'end',
}

/** A failure as this system says it: one sentence. */
export function fail({ status, code, message, fields, facts }: Failure) {
  const detail = fields
    ? `${fields.map((problem) => `${nameOf(problem.field)} ${inWordsOf(problem.message)}`).join('; ')}.`
    : code === 'wrong_state' && facts
      ? `This is not possible: the appointment is ${statusOf[facts.state as AppointmentState].replace('_', ' ')}.`
      : inWordsOf(message)
  return { status: statuses[code] ?? (status === 422 ? 400 : status), body: { detail } }
}

/** Fields of the trade stand beside the others here: details.reason is reason. */
function nameOf(field: string): string {
  const parts = field.split('.').map((part) => fieldNames[part] ?? part)
  if (parts[0] === 'slots') return `explicitSlots.${parts[1]}`
  return (parts[0] === 'details' ? parts.slice(1) : parts).join('.')
}

function inWordsOf(message: string): string {
  return message
    .replaceAll(/\b(provider_id|client_id|starts_at|ends_at|opens|closes)\b/g, nameOf)
    .replaceAll(/\bprovider\b/g, 'doctor')
    .replaceAll(/\bclient\b/g, 'patient')
}
