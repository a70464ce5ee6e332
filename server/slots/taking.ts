import type { Transaction } from '../database/transactions.ts'
import { InvalidInput } from '../refusal.ts'
import { lengthWanted } from './free.ts'
import { partiesOf, type Offer } from './offer.ts'
import {
  dropExpiredHolds,
  type Holder,
  type Reservation,
  reserve,
  type Stretch,
  TimeTaken,
} from './reservations.ts'

/** From when to when, of what was asked for: the service says how long it takes, or whoever books, where rules let them. */
export function stretchOf(
  offer: Offer,
  wanted: { starts_at: Temporal.Instant; ends_at?: Temporal.Instant },
): Stretch {
  const { starts_at: start, ends_at } = wanted
  if (ends_at === undefined) return { start, end: start.add({ minutes: offer.minutes }) }
  const milliseconds = ends_at.epochMilliseconds - start.epochMilliseconds
  if (milliseconds <= 0) throw new InvalidInput([{ field: 'ends_at', message: 'must be after starts_at' }])
  // The length of the service said again is no wish of one's own.
  if (milliseconds !== offer.minutes * 60_000) lengthWanted(offer.organization, milliseconds / 60_000)
  return { start, end: ends_at }
}

/**
 * Takes a time for everybody who is needed: the provider with the buffers, the location where the rules say so, and the
 * client unless clients may be in two places. Throws TimeTaken; the caller's transaction must then be rolled back.
 */
export async function take(
  trx: Transaction,
  offer: Offer,
  client_id: string | null,
  stretch: Stretch,
  holder: Holder & { session_id: string },
  now: Temporal.Instant,
): Promise<void> {
  await takeReservations(trx, offer, reservationsFor(offer, client_id, stretch), holder, now)
}

/** Takes single stretches; those that only an expired hold is in the way of are tried again without it. */
export async function takeReservations(
  trx: Transaction,
  offer: Offer,
  wanted: Reservation[],
  holder: Holder & { session_id: string },
  now: Temporal.Instant,
): Promise<void> {
  const { id } = offer.organization
  const taken = await reserve(trx, id, holder, holder.session_id, wanted)
  if (taken.length === 0) return
  await dropExpiredHolds(trx, id, taken, now)
  const stillTaken = await reserve(trx, id, holder, holder.session_id, taken)
  if (stillTaken.length > 0) throw new TimeTaken(stillTaken.map(({ party_id }) => roleOf(party_id, offer)))
}

/** The stretches that a time costs each party. */
export function reservationsFor(
  offer: Offer,
  client_id: string | null,
  { start, end }: Stretch,
): Reservation[] {
  const around = {
    start: start.subtract({ minutes: offer.buffer_before_minutes }),
    end: end.add({ minutes: offer.buffer_after_minutes }),
  }
  const reservations = partiesOf(offer).map((party_id) => ({ party_id, ...around }))
  if (client_id && !offer.organization.rules.clients_may_overlap)
    reservations.push({ party_id: client_id, start, end })
  return reservations
}

function roleOf(party_id: string, { provider_id, location_id }: Offer): 'provider' | 'location' | 'client' {
  if (party_id === provider_id) return 'provider'
  return party_id === location_id ? 'location' : 'client'
}
