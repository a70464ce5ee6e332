import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { checkDetails } from '../organizations/fields.ts'
import { type Organization, readOrganization } from '../organizations/organizations.ts'
import { type Actor, may } from '../permissions.ts'
import { InvalidInput, NotAllowed, NotFound } from '../refusal.ts'
import { partiesOf, type Offer, type OfferWanted, readOffer } from '../slots/offer.ts'
import { lockParties } from '../people/parties.ts'
import type { Stretch } from '../slots/reservations.ts'
import { requireAllowedTime } from '../slots/rules.ts'
import { stretchOf, take } from '../slots/taking.ts'
import type { Appointment } from './appointments.ts'
import { writeHistory } from './history.ts'
import { ClientBlocked } from './refusals.ts'
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
): Promise<Appointment> {
  return inTransaction(db, async (trx) => {
    const organization = await readOrganization(trx, actor.organization_id)
    const offer = await readOffer(trx, organization, wanted)
    const client_id = wanted.client_id ?? actor.person_id
    if (!may(actor, 'appointments:book', { ...offer, client_id })) throw new NotAllowed()
    const stretch = stretchOf(offer, wanted)
    checkDetails(organization.fields.appointment, wanted.details ?? {})

    await lockParties(trx, organization.id, [...partiesOf(offer), client_id])
    await requireClient(trx, actor, organization, offer, client_id, now)
    const appointment = await insertAppointment(
      trx,
      actor,
      offer,
      stretch,
      { ...wanted, client_id, id: newId() },
      now,
    )
    const holder = { appointment_id: appointment.id, session_id: appointment.session_id }
    await take(trx, offer, client_id, stretch, holder, now)
    await requireAllowedTime(trx, offer, stretch, now, { overridden: may(actor, 'policies:override') })
    await writeHistory(trx, appointment, { action: 'booked', told: 'appointment.booked', by: actor }, now)
    return appointment
  })
}

/** Writes the row of an appointment; its time is taken by the caller. */
export async function insertAppointment(
  trx: Transaction,
  actor: Actor,
  offer: Offer,
  { start, end }: Stretch,
  { id, client_id, notes, details }: { id: string; client_id: string; notes?: string; details?: object },
  now: Temporal.Instant,
): Promise<Appointment> {
  const { organization, provider_id, service_id, location_id, price } = offer
  return trx
    .insertInto('appointments')
    .values({
      organization_id: organization.id,
      id,
      provider_id,
      client_id,
      service_id,
      location_id,
      session_id: id,
      starts_at: start,
      ends_at: end,
      buffer_before_minutes: offer.buffer_before_minutes,
      buffer_after_minutes: offer.buffer_after_minutes,
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

/** Requires somebody who may be the client here: known, not the provider, not blocked. Whoever books for themself is one. */
export async function requireClient(
  trx: Transaction,
  actor: Actor,
  organization: Organization,
  offer: Offer,
  client_id: string,
  now: Temporal.Instant,
): Promise<void> {
  if (client_id === offer.provider_id) {
    throw new InvalidInput([{ field: 'client_id', message: 'must not be the provider' }])
  }
  const client = await readClient(trx, organization.id, client_id)
  if (!client) {
    if (client_id !== actor.person_id) throw new NotFound(organization.words.client.one)
    await trx
      .insertInto('clients')
      .values({ organization_id: organization.id, id: client_id, created_at: now })
      .execute()
    return
  }
  if (client.blocked_at && !may(actor, 'policies:override')) throw new ClientBlocked()
}

async function readClient(
  trx: Transaction,
  organization_id: string,
  id: string,
): Promise<Row<'clients'> | undefined> {
  return trx
    .selectFrom('clients')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .executeTakeFirst()
}
