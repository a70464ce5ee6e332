import { newId } from '../ids.ts'
import { afterCommit, type Transaction } from '../database/transactions.ts'

/** What can happen, with what whoever learns of it needs to look it up. Never a secret, never a whole record. */
export interface EventData {
  'appointment.booked': AppointmentEvent
  'appointment.confirmed': AppointmentEvent
  'appointment.declined': AppointmentEvent
  'appointment.rescheduled': AppointmentEvent
  'appointment.changed': AppointmentEvent
  'appointment.cancelled': AppointmentEvent
  'appointment.arrived': AppointmentEvent
  'appointment.started': AppointmentEvent
  'appointment.completed': AppointmentEvent
  'appointment.missed': AppointmentEvent
  'appointment.corrected': AppointmentEvent
  'appointment.imported': AppointmentEvent
  'account.signed_up': { person_id: string }
  'account.sign_up_repeated': { person_id: string }
  'account.invited': { person_id: string }
  'account.verification_asked': { person_id: string }
  'account.reset_asked': { person_id: string }
  'hours.changed': { provider_id: string | null; location_id: string | null }
  'time_off.changed': { provider_id: string | null; location_id: string | null }
  'slots.changed': { provider_id: string }
  'message.email': MessageEvent
  'message.sms': MessageEvent
  'message.push': MessageEvent
  'job.due': { run_id: string; after_seconds?: number }
}

export type EventKind = keyof EventData

interface AppointmentEvent {
  appointment_id: string
  /** The entry of its history that tells who did what. */
  history_id: string
}

/** A message that is to be sent now, or so many seconds from now. */
interface MessageEvent {
  notification_id: string
  after_seconds?: number
}

export interface PunctualEvent<K extends EventKind = EventKind> {
  id: string
  organization_id: string
  kind: K
  data: EventData[K]
}

/** Writes what happened, in the transaction in which it happens; it is told after the commit, or not at all. */
export async function record<K extends EventKind>(
  trx: Pick<Transaction, 'insertInto'>,
  organization_id: string,
  kind: K,
  data: EventData[K],
  now: Temporal.Instant,
): Promise<void> {
  await trx
    .insertInto('events')
    .values({ organization_id, id: newId(), kind, data: JSON.stringify(data), created_at: now })
    .execute()
  afterCommit(wake)
}

/** The same for several at once, in one statement. */
export async function recordAll<K extends EventKind>(
  trx: Pick<Transaction, 'insertInto'>,
  organization_id: string,
  events: { kind: K; data: EventData[K] }[],
  now: Temporal.Instant,
): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ kind, data }) => ({
    organization_id,
    id: newId(),
    kind,
    data: JSON.stringify(data),
    created_at: now,
  }))
  await trx.insertInto('events').values(rows).execute()
  afterCommit(wake)
}

const listeners = new Set<() => void>()

/** Calls `listener` whenever this process has committed an event; returns what ends that. */
export function onCommitted(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function wake(): void {
  for (const listener of listeners) listener()
}
