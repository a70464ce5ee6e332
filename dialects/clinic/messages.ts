import { sql } from 'kysely'
import type { Attempt, NotificationState } from '../../server/database/tables.ts'
import type { Database, Transaction } from '../../server/database/transactions.ts'
import { type Actor, isStaff } from '../../server/permissions.ts'
import { remindersSent } from '../../server/notifications/list.ts'

/** One SMS about an appointment, as this system records it. */
export interface TwilioLog {
  to: string
  from: string
  body: string
  status: string
  timestamp: string
  direction: 'inbound' | 'outbound'
  twilioSid: string | null
  errorCode: string | null
  errorMessage: string | null
}

/** What was and is to be said about an appointment. */
export interface MessagesOfAppointment {
  reminder3hSent: boolean
  reminderJobMeta: { job_id: string; scheduled_at: string } | null
  twilioLogs: TwilioLog[]
}

/** By appointment. What the doctor was sent, and where, is for those who work here; a patient sees what came to the patient. */
export async function messagesOf(
  db: Database | Transaction,
  actor: Actor,
  ids: string[],
): Promise<Map<string, MessagesOfAppointment>> {
  const { organization_id } = actor
  const reminded = await remindersSent(db, organization_id, ids)
  const planned = await plannedReminders(db, organization_id, ids)
  const logs = Map.groupBy(await allSms(db, actor, ids), ({ appointment_id }) => appointment_id)
  return new Map(
    ids.map((id) => [
      id,
      {
        reminder3hSent: reminded.has(id),
        reminderJobMeta: planned.get(id) ?? null,
        twilioLogs: (logs.get(id) ?? []).map(viewLog),
      },
    ]),
  )
}

/** Reminders are derived from the appointments and planned when they are due: this is the one that is on its way. */
async function plannedReminders(db: Database | Transaction, organization_id: string, ids: string[]) {
  const { rows } = await sql<{ id: string; appointment_id: string; created_at: Temporal.Instant }>`
    select distinct on (appointment_id) id, appointment_id, created_at from notifications
    where organization_id = ${organization_id} and appointment_id = any(${ids}::uuid[])
      and kind = 'reminder' and audience = 'client'
    order by appointment_id, created_at desc`.execute(db)
  return new Map(
    rows.map(({ id, appointment_id, created_at }) => [
      appointment_id,
      { job_id: id, scheduled_at: created_at.toString() },
    ]),
  )
}

interface Sms {
  appointment_id: string
  direction: TwilioLog['direction']
  /** The number of whoever we speak with, and ours, which is known of what came in. */
  theirs: string | null
  ours: string | null
  body: string | null
  state: NotificationState | null
  reason: string | null
  attempts: Attempt[] | null
  external_id: string | null
  at: Temporal.Instant
}

/** What was sent and what was answered, in the order in which it happened. */
async function allSms(db: Database | Transaction, actor: Actor, ids: string[]): Promise<Sms[]> {
  const { organization_id, person_id } = actor
  const { rows } = await sql<Sms>`
    select appointment_id, 'outbound' as direction, address as theirs, null as ours, content as body, state, reason, attempts,
      external_id, coalesce(sent_at, updated_at) as at
    from notifications
    where organization_id = ${organization_id} and appointment_id = any(${ids}::uuid[]) and channel = 'sms'
      and (${isStaff(actor)} or recipient_id = ${person_id})
    union all
    select appointment_id, 'inbound', sender, receiver, content, null, null, null, external_id, received_at
    from inbound_messages
    where organization_id = ${organization_id} and appointment_id = any(${ids}::uuid[])
    order by at`.execute(db)
  return rows
}

const statuses: Record<NotificationState, string> = {
  planned: 'queued',
  sending: 'sending',
  sent: 'sent',
  failed: 'failed',
  skipped: 'skipped',
  uncertain: 'unknown',
}

function viewLog({
  direction,
  theirs,
  ours,
  body,
  state,
  reason,
  attempts,
  external_id,
  at,
}: Sms): TwilioLog {
  const isInbound = direction === 'inbound'
  const hasFailed = state !== null && !['sent', 'planned', 'sending'].includes(state)
  return {
    to: (isInbound ? ours : theirs) ?? '',
    from: (isInbound ? theirs : ours) ?? '',
    body: body ?? '',
    status: state ? statuses[state] : 'received',
    timestamp: at.toString(),
    direction,
    twilioSid: external_id,
    errorCode: hasFailed ? codeIn(attempts) : null,
    errorMessage: hasFailed ? reason : null,
  }
}

/** Twilio says what was wrong by a number of its own. */
function codeIn(attempts: Attempt[] | null): string | null {
  return /"code": *(\d+)/.exec(attempts?.at(-1)?.answer ?? '')?.[1] ?? null
}
