import { sql } from 'kysely'
import type { Transaction } from '../database/transactions.ts'
import { InvalidInput } from '../refusal.ts'
import { lengthWanted } from './free.ts'
import type { Occasion } from './occasion.ts'
import { partiesOf, type Offer } from './offer.ts'
import {
  dropExpiredHolds,
  type Holder,
  type Reservation,
  reserve,
  type Stretch,
  type TakenBy,
  TimeTaken,
  withBuffers,
} from './reservations.ts'
import { chooseResources } from './resources.ts'

/** From when to when, of what was asked for: the service says how long it takes, or whoever books, where rules let them. */
export function stretchOf(
  offer: Offer & Partial<Pick<Occasion, 'slot'>>,
  wanted: { starts_at?: Temporal.Instant; ends_at?: Temporal.Instant },
): Stretch {
  if (offer.slot && !(offer.organization.rules.slots_in_parts && wanted.starts_at)) {
    requireLongEnough(offer.slot, offer)
    return stretchOfSlot(offer.slot, wanted)
  }
  const stretch = stretchWanted(offer, wanted)
  if (offer.slot) requireWithin(offer.slot, stretch)
  return stretch
}

function stretchWanted(
  offer: Offer,
  { starts_at: start, ends_at }: { starts_at?: Temporal.Instant; ends_at?: Temporal.Instant },
): Stretch {
  if (start === undefined) throw new InvalidInput([{ field: 'starts_at', message: 'is missing' }])
  if (ends_at === undefined) return { start, end: start.add({ minutes: offer.minutes }) }
  const milliseconds = ends_at.epochMilliseconds - start.epochMilliseconds
  if (milliseconds <= 0) throw new InvalidInput([{ field: 'ends_at', message: 'must be after starts_at' }])
  // The length of the service said again is no wish of one's own.
  if (milliseconds !== offer.minutes * 60_000)
    lengthWanted(offer.organization, milliseconds / 60_000, 'ends_at')
  return { start, end: ends_at }
}

/** A slot of any service is for those that fit into it. */
function requireLongEnough(slot: NonNullable<Occasion['slot']>, { service_id, minutes }: Offer): void {
  if (slot.service_id !== null || service_id === null) return
  const longest = (slot.ends_at.epochMilliseconds - slot.starts_at.epochMilliseconds) / 60_000
  if (longest >= minutes) return
  throw new InvalidInput([
    { field: 'service_id', message: `takes ${minutes} minutes, and the slot ${longest}` },
  ])
}

/** Part of a slot is no more than the slot. */
function requireWithin({ starts_at, ends_at }: NonNullable<Occasion['slot']>, { start, end }: Stretch): void {
  const isWithin =
    Temporal.Instant.compare(starts_at, start) <= 0 && Temporal.Instant.compare(end, ends_at) <= 0
  if (isWithin) return
  throw new InvalidInput([
    { field: 'starts_at', message: 'must, with the whole appointment, be in the slot' },
  ])
}

/** A published slot is taken as it is; saying its times again must not contradict it. */
function stretchOfSlot(
  slot: NonNullable<Occasion['slot']>,
  wanted: { starts_at?: Temporal.Instant; ends_at?: Temporal.Instant },
): Stretch {
  const wrong = (['starts_at', 'ends_at'] as const).filter(
    (field) => wanted[field]?.equals(slot[field]) === false,
  )
  if (wrong.length > 0) {
    throw new InvalidInput(wrong.map((field) => ({ field, message: 'is said by the slot, and is another' })))
  }
  return { start: slot.starts_at, end: slot.ends_at }
}

/** Who takes a time: an appointment or a hold. Of a published slot the session is the slot, whose seats share it. */
export type Taker = Holder & { session_id: string }

/**
 * Takes a time for everybody who is needed: the provider with the buffers, a resource of each kind, the location where
 * the rules say so, and the client unless clients may be in two places. Throws TimeTaken; the caller's transaction must
 * then be rolled back.
 */
export async function take(
  trx: Transaction,
  offer: Offer,
  client_id: string | null,
  stretch: Stretch,
  taker: Taker,
  now: Temporal.Instant,
): Promise<void> {
  const resource_ids = await chooseResources(trx, offer, withBuffers(offer, stretch), taker.session_id, now)
  await takeReservations(trx, offer, reservationsFor(offer, client_id, stretch, resource_ids), taker, now)
  if ('appointment_id' in taker) await recordResources(trx, offer, taker.appointment_id)
}

/** Takes single stretches; those that only an expired hold is in the way of are tried again without it. */
export async function takeReservations(
  trx: Transaction,
  offer: Offer,
  wanted: Reservation[],
  taker: Taker,
  now: Temporal.Instant,
): Promise<void> {
  const { id } = offer.organization
  const taken = await reserve(trx, id, taker, taker.session_id, wanted)
  if (taken.length === 0) return
  await dropExpiredHolds(trx, id, taken, now)
  const stillTaken = await reserve(trx, id, taker, taker.session_id, taken)
  if (stillTaken.length > 0) throw new TimeTaken(stillTaken.map(({ party_id }) => roleOf(party_id, offer)))
}

/** The stretches that a time costs each party. */
export function reservationsFor(
  offer: Offer,
  client_id: string | null,
  stretch: Stretch,
  resource_ids: string[],
): Reservation[] {
  const around = withBuffers(offer, stretch)
  const reservations = [...partiesOf(offer), ...resource_ids].map((party_id) => ({ party_id, ...around }))
  const { clients_may_overlap, walking_gap_minutes } = offer.organization.rules
  if (client_id && !clients_may_overlap) {
    // The way to the next appointment stands behind this one; the way here is part of the one before.
    const end = stretch.end.add({ minutes: walking_gap_minutes })
    reservations.push({ party_id: client_id, start: stretch.start, end })
  }
  return reservations
}

/** Writes down which resources an appointment has: those whose time it has taken. */
export async function recordResources(trx: Transaction, offer: Offer, appointment_id: string): Promise<void> {
  if (offer.resources.length === 0) return
  const { id } = offer.organization
  await trx
    .deleteFrom('appointment_resources')
    .where('organization_id', '=', id)
    .where('appointment_id', '=', appointment_id)
    .execute()
  await sql`
    insert into appointment_resources (organization_id, appointment_id, resource_id)
    select r.organization_id, r.appointment_id, r.party_id from reservations r
    join resources x on x.organization_id = r.organization_id and x.id = r.party_id
    where r.organization_id = ${id} and r.appointment_id = ${appointment_id}`.execute(trx)
}

export function roleOf(party_id: string, { provider_id, location_id, resources }: Offer): TakenBy {
  if (party_id === provider_id) return 'provider'
  if (resources.some(({ candidate_ids }) => candidate_ids.includes(party_id))) return 'resource'
  return party_id === location_id ? 'location' : 'client'
}
