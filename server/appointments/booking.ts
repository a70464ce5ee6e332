import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { checkDetails } from '../organizations/fields.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { type Actor, may } from '../permissions.ts'
import { InvalidInput, NotAllowed } from '../refusal.ts'
import { chooseProvider } from '../slots/any-provider.ts'
import { requireClient } from '../slots/clients.ts'
import { type Occasion, type OccasionWanted, readOccasion } from '../slots/occasion.ts'
import { partiesToLock } from '../slots/offer.ts'
import { lockParties } from '../people/parties.ts'
import { requireSeat } from '../slots/published.ts'
import type { Stretch } from '../slots/reservations.ts'
import { requireAllowedTime } from '../slots/rules.ts'
import { stretchOf, take } from '../slots/taking.ts'
import type { Appointment } from './appointments.ts'
import { writeHistory } from './history.ts'
import { readAppointment, type ShownAppointment } from './list.ts'
import { firstState } from './states.ts'

export interface BookingWanted extends Omit<OccasionWanted, 'client_id'> {
  /** For whom; oneself unless said. */
  client_id?: string
  /** Said by the published slot where one is named. */
  starts_at?: Temporal.Instant
  /** Only where the organization lets whoever books say how long it takes. */
  ends_at?: Temporal.Instant
  /** What it is thought to cost; what the service or the provider asks unless said. */
  price?: number
  notes?: string
  details?: Record<string, unknown>
}

/** What is written with a booking, besides the time. */
export interface BookingContent {
  id: string
  price?: number
  notes?: string
  details?: object
  series_id?: string
}

/**
 * Books a time: with a provider, in a published slot, or with whichever provider is free. The appointment, its
 * reservations, its history and the event are one transaction. That the time is taken (TimeTaken) is said before anything
 * else that may be wrong with it.
 */
export async function book(
  db: Database | Transaction,
  actor: Actor,
  wanted: BookingWanted,
  now: Temporal.Instant,
): Promise<ShownAppointment> {
  return inTransaction(db, async (trx) => {
    const client_id = wanted.client_id ?? actor.person_id
    const provider_id = await providerFor(trx, actor, { ...wanted, client_id }, now)
    const occasion = await readOccasion(trx, actor.organization_id, { ...wanted, provider_id, client_id })
    if (!may(actor, 'appointments:book', { ...occasion, client_id })) throw new NotAllowed()
    const stretch = stretchOf(occasion, wanted)
    const attends = may(actor, 'appointments:attend', occasion)
    checkDetails(occasion.organization.fields.appointment, wanted.details ?? {}, attends)

    await lockParties(trx, actor.organization_id, [...partiesToLock(occasion), client_id])
    return bookAt(trx, actor, occasion, stretch, { ...wanted, id: newId() }, now)
  })
}

/** Books for parties that are locked. */
export async function bookAt(
  trx: Transaction,
  actor: Actor,
  occasion: Occasion,
  stretch: Stretch,
  content: BookingContent,
  now: Temporal.Instant,
): Promise<ShownAppointment> {
  await requireClient(trx, actor, occasion, now)
  await requireSeat(trx, occasion, now)
  const appointment = await insertAppointment(trx, actor, occasion, stretch, content, now)
  const { id: appointment_id, client_id, session_id } = appointment
  await take(trx, occasion, client_id, stretch, { appointment_id, session_id }, now)
  const overridden = may(actor, 'policies:override')
  await requireAllowedTime(trx, occasion, stretch, now, { overridden, own_id: appointment_id })
  await writeHistory(trx, appointment, { action: 'booked', told: 'appointment.booked', by: actor }, now)
  return { ...appointment, ...(await namesOf(trx, occasion, appointment)) }
}

/** The provider who is named, or said by a slot; else somebody who is free then. */
async function providerFor(
  trx: Transaction,
  actor: Actor,
  wanted: BookingWanted & { client_id: string },
  now: Temporal.Instant,
): Promise<string | undefined> {
  if (wanted.provider_id !== undefined || wanted.slot_id) return wanted.provider_id
  const { starts_at } = wanted
  if (starts_at === undefined) throw new InvalidInput([{ field: 'starts_at', message: 'is missing' }])
  const organization = await readOrganization(trx, actor.organization_id)
  const [service_id, location_id] = [wanted.service_id ?? undefined, wanted.location_id ?? undefined]
  return chooseProvider(trx, organization, { ...wanted, service_id, location_id, starts_at }, now)
}

/** Writes the row of an appointment; its time is taken by the caller. */
export async function insertAppointment(
  trx: Transaction,
  actor: Actor,
  occasion: Occasion,
  { start, end }: Stretch,
  { id, notes, details, series_id, price = occasion.price ?? undefined }: BookingContent,
  now: Temporal.Instant,
): Promise<Appointment> {
  const { organization, provider_id, service_id, location_id, slot, dependent } = occasion
  return trx
    .insertInto('appointments')
    .values({
      organization_id: organization.id,
      id,
      provider_id,
      client_id: occasion.client!.id,
      service_id,
      location_id,
      dependent_id: dependent?.id ?? null,
      slot_id: slot?.id ?? null,
      series_id: series_id ?? null,
      session_id: slot?.id ?? id,
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

/** The names that are shown with an appointment. Most are known; which resource it got has to be read. */
export async function namesOf(trx: Transaction, occasion: Occasion, { organization_id, id }: Appointment) {
  const { provider_name, service_name, location_name, client, dependent } = occasion
  const needsSome = occasion.resources.length > 0
  return {
    resources: needsSome ? (await readAppointment(trx, organization_id, id)).resources : [],
    provider_name,
    service_name,
    location_name,
    client_name: client!.name,
    dependent_name: dependent?.name ?? null,
  }
}
