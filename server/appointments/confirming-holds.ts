import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { checkDetails } from '../organizations/fields.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed, NotFound, Refusal } from '../refusal.ts'
import { findHold, type Hold, HoldExpired } from '../slots/holds.ts'
import { partiesOf, readOffer } from '../slots/offer.ts'
import { lockParties } from '../people/parties.ts'
import { reservationsFor } from '../slots/taking.ts'
import { reserve, TimeTaken } from '../slots/reservations.ts'
import type { Appointment } from './appointments.ts'
import { insertAppointment, requireClient } from './booking.ts'
import { writeHistory } from './history.ts'

export interface HoldBooking {
  hold_id: string
  client_id?: string
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
): Promise<Appointment> {
  return inTransaction(db, async (trx) => {
    const organization = await readOrganization(trx, actor.organization_id)
    const held = await findOpenHold(trx, actor, wanted.hold_id, now)
    const { buffer_before_minutes, buffer_after_minutes } = held
    const offer = {
      ...(await readOffer(trx, organization, held)),
      buffer_before_minutes,
      buffer_after_minutes,
    }
    const client_id = held.client_id ?? wanted.client_id ?? actor.person_id
    if (!may(actor, 'appointments:book', { ...held, client_id })) throw new NotAllowed()
    checkDetails(organization.fields.appointment, wanted.details ?? {})

    await lockParties(trx, organization.id, [...partiesOf(offer), client_id])
    await requireClient(trx, actor, organization, offer, client_id, now)
    const stretch = { start: held.starts_at, end: held.ends_at }
    const appointment = await insertAppointment(
      trx,
      actor,
      offer,
      stretch,
      { ...wanted, id: held.id, client_id },
      now,
    )
    const expected = reservationsFor(offer, held.client_id, stretch)
    if ((await turnIntoAppointment(trx, held)) < expected.length) throw new HoldExpired()
    if (held.client_id === null) {
      const ofClient = reservationsFor(offer, client_id, stretch).slice(expected.length)
      const holder = { appointment_id: appointment.id }
      if (
        ofClient.length > 0 &&
        (await reserve(trx, organization.id, holder, held.id, ofClient)).length > 0
      ) {
        throw new TimeTaken(['client'])
      }
    }
    await writeHistory(trx, appointment, { action: 'booked', told: 'appointment.booked', by: actor }, now)
    return appointment
  })
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
