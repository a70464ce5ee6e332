import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { checkDetails } from '../organizations/fields.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed } from '../refusal.ts'
import { requireClient } from '../slots/clients.ts'
import { type Occasion, type OfferWanted, partiesOf, readOccasion } from '../slots/offer.ts'
import { lockParties } from '../people/parties.ts'
import type { Stretch } from '../slots/reservations.ts'
import { requireAllowedTime } from '../slots/rules.ts'
import { stretchOf, take } from '../slots/taking.ts'
import type { Appointment } from './appointments.ts'
import { writeHistory } from './history.ts'
import type { ShownAppointment } from './list.ts'
import { firstState } from './states.ts'

export interface BookingWanted extends OfferWanted {
  /** For whom; oneself unless said. */
  client_id?: string
  starts_at: Temporal.Instant
  /** Only where the organization lets whoever books say how long it takes. */
  ends_at?: Temporal.Instant
  notes?: string
  details?: Record<string, unknown>
}

/**
 * Books a time: the appointment, its reservations, its history and the event are one transaction. That the time is
 * taken (TimeTaken) is said before anything else that may be wrong with it.
 */
export async function book(
  db: Database | Transaction,
  actor: Actor,
  wanted: BookingWanted,
  now: Temporal.Instant,
): Promise<ShownAppointment> {
  return inTransaction(db, async (trx) => {
    const client_id = wanted.client_id ?? actor.person_id
    const occasion = await readOccasion(trx, actor.organization_id, { ...wanted, client_id })
    if (!may(actor, 'appointments:book', { ...occasion, client_id })) throw new NotAllowed()
    const stretch = stretchOf(occasion, wanted)
    checkDetails(occasion.organization.fields.appointment, wanted.details ?? {})

    await lockParties(trx, actor.organization_id, [...partiesOf(occasion), client_id])
    await requireClient(trx, actor, occasion, now)
    const appointment = await insertAppointment(
      trx,
      actor,
      occasion,
      stretch,
      { ...wanted, id: newId() },
      now,
    )
    const holder = { appointment_id: appointment.id, session_id: appointment.session_id }
    await take(trx, occasion, client_id, stretch, holder, now)
    await requireAllowedTime(trx, occasion, stretch, now, { overridden: may(actor, 'policies:override') })
    await writeHistory(trx, appointment, { action: 'booked', told: 'appointment.booked', by: actor }, now)
    return { ...appointment, ...namesOf(occasion) }
  })
}

/** Writes the row of an appointment; its time is taken by the caller. */
export async function insertAppointment(
  trx: Transaction,
  actor: Actor,
  occasion: Occasion,
  { start, end }: Stretch,
  { id, notes, details }: { id: string; notes?: string; details?: object },
  now: Temporal.Instant,
): Promise<Appointment> {
  const { organization, provider_id, service_id, location_id, price } = occasion
  return trx
    .insertInto('appointments')
    .values({
      organization_id: organization.id,
      id,
      provider_id,
      client_id: occasion.client!.id,
      service_id,
      location_id,
      session_id: id,
      starts_at: start,
      ends_at: end,
      buffer_before_minutes: occasion.buffer_before_minutes,
      buffer_after_minutes: occasion.buffer_after_minutes,
      state: firstState(organization.rules),
      notes: notes ?? null,
      price,
      details: JSON.stringify(details ?? {}),
      booked_by: actor.person_id,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The names that are shown with an appointment. */
export function namesOf({ provider_name, service_name, client }: Occasion) {
  return { provider_name, service_name, client_name: client!.name }
}
