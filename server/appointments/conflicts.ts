import type { Database, Transaction } from '../database/transactions.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed } from '../refusal.ts'
import { findConflicts } from '../slots/conflicts.ts'
import { type OccasionWanted, readOccasion } from '../slots/occasion.ts'
import type { TakenBy } from '../slots/reservations.ts'
import { stretchOf } from '../slots/taking.ts'
import { findAppointment } from './appointments.ts'
import { readAppointments, type ShownAppointment } from './list.ts'

export interface ConflictsWanted extends Omit<OccasionWanted, 'client_id'> {
  client_id?: string
  starts_at?: Temporal.Instant
  ends_at?: Temporal.Instant
  /** An appointment that is to be moved: it is not in its own way. */
  exclude_appointment_id?: string
}

/** Whose time is taken from when to when, buffers included; the appointment only where the actor may know it. */
export interface SeenConflict {
  taken_by: TakenBy
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  appointment: ShownAppointment | null
}

/** What stands in the way of a time, before anybody books it. Nothing in the way is an answer, not a refusal. */
export async function checkConflicts(
  db: Database | Transaction,
  actor: Actor,
  wanted: ConflictsWanted,
  now: Temporal.Instant,
): Promise<SeenConflict[]> {
  const { client_id = null, exclude_appointment_id: but } = wanted
  const occasion = await readOccasion(db, actor.organization_id, { ...wanted, client_id })
  if (client_id && !may(actor, 'appointments:book', { ...occasion, client_id })) throw new NotAllowed()
  if (but) await findAppointment(db, actor, but)
  const conflicts = await findConflicts(db, occasion, stretchOf(occasion, wanted), now, { but })
  const ids = conflicts.flatMap(({ appointment_id }) => appointment_id ?? [])
  const appointments = await readAppointments(db, actor, [...new Set(ids)])
  return conflicts.map(({ role, start, end, appointment_id }) => ({
    taken_by: role,
    starts_at: Temporal.Instant.fromEpochMilliseconds(start),
    ends_at: Temporal.Instant.fromEpochMilliseconds(end),
    appointment: appointments.find(({ id }) => id === appointment_id) ?? null,
  }))
}
