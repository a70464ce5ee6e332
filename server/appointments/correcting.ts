import { sql } from 'kysely'
import type { AppointmentState, RowChange } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { audit } from '../organizations/audit.ts'
import { lockParties } from '../people/parties.ts'
import type { Actor } from '../permissions.ts'
import { InvalidInput } from '../refusal.ts'
import { readOccasion } from '../slots/occasion.ts'
import { partiesToLock } from '../slots/offer.ts'
import { findPublishedSlot, requireSeat } from '../slots/published.ts'
import { release } from '../slots/reservations.ts'
import { take } from '../slots/taking.ts'
import type { Appointment } from './appointments.ts'
import { requireStarted } from './attendance.ts'
import { type Circumstances, takeStep } from './steps.ts'

export interface Correction {
  state: AppointmentState
  reason: string
  charged?: number | null
}

/**
 * Puts right what was recorded wrongly, of an ended appointment too, with a reason that stays in the history. Time that
 * had been given back is taken again, or the correction is refused (TimeTaken); a count of missed appointments follows.
 */
export function correct(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  { state, reason, charged }: Correction,
  now: Temporal.Instant,
): Promise<Appointment> {
  return takeStep(db, actor, id, 'correct', now, async (circumstances) => {
    const { trx, organization, appointment } = circumstances
    const { sequence } = appointment
    if (appointment.state === state && charged === undefined) {
      throw new InvalidInput([{ field: 'state', message: `is ${state} already` }])
    }
    if (state === 'completed' || state === 'no_show') requireStarted(appointment, organization.rules, now)
    const had = takesTime(appointment.state)
    if (had && !takesTime(state)) await release(trx, organization.id, id)
    const taken = !had && takesTime(state) ? await takeAgain(circumstances) : {}
    await recount(circumstances, state)
    const change = { before: { state: appointment.state }, after: { state, reason } }
    await audit(trx, actor, { action: 'appointment.corrected', subject_id: id, ...change }, now)
    return { ...taken, state, state_reason: reason, pending_reason: null, sequence: sequence + 1, charged }
  })
}

/** Whether an appointment in this state has its time reserved. */
function takesTime(state: AppointmentState): boolean {
  return !['cancelled', 'declined', 'no_show'].includes(state)
}

/** Where the slot has been moved or taken back since, the appointment keeps its own time, by itself. */
async function takeAgain({ trx, appointment, now }: Circumstances): Promise<RowChange<'appointments'>> {
  const { organization_id, id: appointment_id, client_id, dependent_id } = appointment
  const slot_id = await slotThatIsThere(trx, appointment)
  const { provider_id, service_id, location_id, starts_at, ends_at } = appointment
  // That somebody has left since makes what happened no less true.
  const wanted = { provider_id, service_id, location_id, slot_id, client_id, regardless: true }
  const read = await readOccasion(trx, organization_id, wanted)
  const { buffer_before_minutes, buffer_after_minutes } = appointment
  const dependent = dependent_id ? { id: dependent_id, name: '' } : null
  const occasion = { ...read, buffer_before_minutes, buffer_after_minutes, dependent }
  await lockParties(trx, organization_id, [...partiesToLock(occasion), client_id])
  await requireSeat(trx, occasion, now, { appointment_id })
  const stretch = { start: starts_at, end: ends_at }
  const session_id = slot_id ?? appointment_id
  await take(trx, occasion, client_id, stretch, { appointment_id, session_id }, now)
  return { slot_id, session_id }
}

async function slotThatIsThere(
  trx: Transaction,
  { organization_id, slot_id, starts_at, ends_at }: Appointment,
): Promise<string | null> {
  if (slot_id === null) return null
  const slot = await findPublishedSlot(trx, organization_id, slot_id)
  const isThere =
    Temporal.Instant.compare(slot.starts_at, starts_at) <= 0 &&
    Temporal.Instant.compare(ends_at, slot.ends_at) <= 0
  return isThere ? slot_id : null
}

/** A missed appointment more or less; with it, what it takes to be blocked. */
async function recount(
  { trx, organization, appointment, now }: Circumstances,
  state: AppointmentState,
): Promise<void> {
  const more = Number(state === 'no_show') - Number(appointment.state === 'no_show')
  if (more === 0) return
  const limit = organization.rules.block_after_no_shows
  await trx
    .updateTable('clients')
    .set({
      no_show_count: sql`greatest(0, no_show_count + ${more}::integer)`,
      blocked_at:
        more > 0
          ? sql`case when no_show_count + 1 >= ${limit}::integer then coalesce(blocked_at, ${now}) else blocked_at end`
          : sql`case when no_show_count - 1 < ${limit}::integer then null else blocked_at end`,
    })
    .where('organization_id', '=', organization.id)
    .where('id', '=', appointment.client_id)
    .execute()
}
