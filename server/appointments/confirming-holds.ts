import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { checkDetails } from '../organizations/fields.ts'
import { type Actor, may } from '../permissions.ts'
import { InvalidInput, NotAllowed, NotFound, Refusal } from '../refusal.ts'
import { requireClient } from '../slots/clients.ts'
import { findHold, type Hold, HoldExpired } from '../slots/holds.ts'
import { type Occasion, readOccasion } from '../slots/occasion.ts'
import { partiesToLock } from '../slots/offer.ts'
import { lockParties } from '../people/parties.ts'
import { brokenLimits } from '../slots/limits.ts'
import { requireSeat } from '../slots/published.ts'
import { InThePast } from '../slots/refusals.ts'
import { requireSomebodyThere } from '../slots/rules.ts'
import { recordResources, reservationsFor, takeReservations } from '../slots/taking.ts'
import { insertAppointment, namesOf } from './booking.ts'
import { writeHistory } from './history.ts'
import type { ShownAppointment } from './list.ts'

export interface HoldBooking {
  hold_id: string
  client_id?: string
  dependent_id?: string
  notes?: string
  details?: Record<string, unknown>
}

export class HoldUsed extends Refusal {
  readonly code = 'hold_used'
  readonly status = 409

  constructor() {
    super('This hold was booked already.')
  }
}

/**
 * Books what is held: the hold's reservations become the appointment's, which keeps the hold's id. Of two who try, one
 * wins; and a hold that expired, or whose time was given to somebody else after that, is refused (HoldExpired).
 */
export async function bookHeld(
  db: Database | Transaction,
  actor: Actor,
  wanted: HoldBooking,
  now: Temporal.Instant,
): Promise<ShownAppointment> {
  return inTransaction(db, async (trx) => {
    const held = await findOpenHold(trx, actor, wanted.hold_id, now)
    if (Temporal.Instant.compare(held.starts_at, now) < 0) throw new InThePast()
    requireNoContradiction(held, wanted)
    const client_id = held.client_id ?? wanted.client_id ?? actor.person_id
    const dependent_id = held.dependent_id ?? wanted.dependent_id
    const read = await readOccasion(trx, actor.organization_id, { ...held, client_id, dependent_id })
    // The buffers are those that were promised, whatever has become of the service since.
    const { buffer_before_minutes, buffer_after_minutes } = held
    const occasion = { ...read, buffer_before_minutes, buffer_after_minutes }
    if (!may(actor, 'appointments:book', { ...held, client_id })) throw new NotAllowed()
    const attends = may(actor, 'appointments:attend', occasion)
    checkDetails(occasion.organization.fields.appointment, wanted.details ?? {}, attends)

    await lockParties(trx, actor.organization_id, [...partiesToLock(occasion), client_id])
    await requireClient(trx, actor, occasion, now)
    await requireSeat(trx, occasion, now, { hold_id: held.id })
    const stretch = { start: held.starts_at, end: held.ends_at }
    await requireSomebodyThere(trx, occasion, stretch)
    const appointment = await insertAppointment(
      trx,
      actor,
      occasion,
      stretch,
      { ...wanted, id: held.id },
      now,
    )
    const expected = reservationsFor(occasion, held.client_id, stretch, [])
    const all = expected.length + occasion.resources.length
    if ((await turnIntoAppointment(trx, held)) < all) throw new HoldExpired()
    await recordResources(trx, occasion, held.id)
    if (held.client_id === null) {
      // Whoever held it had not said for whom; that person's time is taken now.
      const ofClient = reservationsFor(occasion, client_id, stretch, []).slice(expected.length)
      const { session_id } = appointment
      await takeReservations(trx, occasion, ofClient, { appointment_id: held.id, session_id }, now)
    }
    const isForSomebodyElse = held.client_id !== client_id || held.dependent_id !== (dependent_id ?? null)
    if (isForSomebodyElse) await requireWithinLimits(trx, actor, occasion, stretch.start, now, held.id)
    await writeHistory(trx, appointment, { action: 'booked', told: 'appointment.booked', by: actor }, now)
    return { ...appointment, ...(await namesOf(trx, occasion, appointment)) }
  })
}

/** What the hold says, the booking need not; saying it again must not contradict it. */
function requireNoContradiction(held: Hold, wanted: HoldBooking): void {
  const wrong = (['client_id', 'dependent_id'] as const).filter(
    (field) => held[field] && wanted[field] && held[field] !== wanted[field],
  )
  if (wrong.length === 0) return
  throw new InvalidInput(wrong.map((field) => ({ field, message: 'is said by the hold, and is another' })))
}

/** Whose limits these are was not known while it was held. */
async function requireWithinLimits(
  trx: Transaction,
  actor: Actor,
  occasion: Occasion,
  starts_at: Temporal.Instant,
  now: Temporal.Instant,
  own_id: string,
): Promise<void> {
  if (may(actor, 'policies:override')) return
  const [broken] = await brokenLimits(trx, occasion, starts_at, now, own_id)
  if (broken) throw broken
}

async function findOpenHold(
  trx: Transaction,
  actor: Actor,
  id: string,
  now: Temporal.Instant,
): Promise<Hold> {
  const held = await trx
    .selectFrom('holds')
    .select('id')
    .where('organization_id', '=', actor.organization_id)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!held) {
    const booked = await trx
      .selectFrom('appointments')
      .select('booked_by')
      .where('organization_id', '=', actor.organization_id)
      .where('id', '=', id)
      .executeTakeFirst()
    throw booked?.booked_by === actor.person_id ? new HoldUsed() : new NotFound('hold')
  }
  const found = await findHold(trx, actor, id)
  if (Temporal.Instant.compare(found.expires_at, now) <= 0) throw new HoldExpired()
  return found
}

/** Hands the reservations over and removes the hold; answers how many there still were. */
async function turnIntoAppointment(trx: Transaction, { organization_id, id }: Hold): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('reservations')
    .set({ hold_id: null, appointment_id: id })
    .where('organization_id', '=', organization_id)
    .where('hold_id', '=', id)
    .executeTakeFirst()
  await trx.deleteFrom('holds').where('organization_id', '=', organization_id).where('id', '=', id).execute()
  return Number(numUpdatedRows)
}
