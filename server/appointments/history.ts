import { sql } from 'kysely'
import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { type EventKind, record } from '../events/events.ts'
import { newId } from '../ids.ts'
import type { Appointment } from './appointments.ts'

export type HistoryEntry = Row<'appointment_events'>

/** Who acts: a person, or nobody (the clockwork). */
export interface By {
  person_id: string | null
}

/** Writes down what was done to an appointment, and that it is to be told. Called by every verb, in its transaction. */
export async function writeHistory(
  trx: Transaction,
  appointment: Appointment,
  entry: { action: string; told: EventKind; by: By; before?: Appointment; reason?: string | null },
  now: Temporal.Instant,
): Promise<void> {
  const { organization_id, id: appointment_id } = appointment
  const id = newId()
  const written = trx.insertInto('appointment_events').values({
    organization_id,
    appointment_id,
    id,
    action: entry.action,
    actor_id: entry.by.person_id,
    reason: entry.reason ?? null,
    before: entry.before ? JSON.stringify(whatChanges(entry.before)) : null,
    after: JSON.stringify(whatChanges(appointment)),
    happened_at: now,
  })
  // One statement with the event: every verb pays for each round trip.
  await record(
    trx.with('written', () => written),
    organization_id,
    entry.told,
    { appointment_id, history_id: id },
    now,
  )
}

/** The whole history of an appointment, oldest first. */
export async function readHistory(
  db: Database | Transaction,
  organization_id: string,
  appointment_id: string,
): Promise<HistoryEntry[]> {
  return db
    .selectFrom('appointment_events')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('appointment_id', '=', appointment_id)
    .orderBy('happened_at')
    .orderBy('id')
    .limit(200)
    .execute()
}

/** The last time that each of these actions was done to each of these appointments. */
export async function lastSteps(
  db: Database | Transaction,
  organization_id: string,
  appointment_ids: string[],
  actions: string[],
): Promise<HistoryEntry[]> {
  if (appointment_ids.length === 0) return []
  const { rows } = await sql<HistoryEntry>`
    select distinct on (appointment_id, action) * from appointment_events
    where organization_id = ${organization_id} and appointment_id = any(${appointment_ids}::uuid[])
      and action = any(${actions}::text[])
    order by appointment_id, action, happened_at desc, id desc`.execute(db)
  return rows
}

/** Of an appointment, what its history tells. */
export function whatChanges({
  state,
  provider_id,
  location_id,
  starts_at,
  ends_at,
  notes,
  details,
}: Appointment) {
  return { state, provider_id, location_id, starts_at: `${starts_at}`, ends_at: `${ends_at}`, notes, details }
}
