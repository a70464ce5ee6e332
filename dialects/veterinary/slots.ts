import type { FastifyRequest } from 'fastify'
import type { Database, Transaction } from '../../server/database/transactions.ts'
import type { Organization } from '../../server/http/routes.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { slotsOfOffers } from '../../server/slots/free.ts'
import { NotBookable, type OfferWanted, readOffers } from '../../server/slots/offer.ts'
import { readSlots, type SlotWithSeats } from '../../server/slots/published.ts'
import type { Stretch } from '../../server/slots/reservations.ts'
import { minutesBetween } from './times.ts'

/** The published slots of which there is something left, in which nobody is busy or away, and that are long enough. */
export async function freeSlots(
  { db, organization, now }: Pick<FastifyRequest, 'db' | 'organization' | 'now'>,
  wanted: Partial<OfferWanted>,
  between: Stretch,
  minutes = 1,
) {
  const offers = await offersOf(db, organization, wanted)
  const free = await slotsOfOffers(db, organization, offers, between, now)
  const ids = free.flatMap(({ slot_id }) => slot_id ?? [])
  const slots = await readSlots(db, organization.id, [...new Set(ids)], now)
  return slots
    .map((slot) => viewSlot(slot))
    .filter(({ duration_minutes }) => duration_minutes >= minutes)
    .toSorted(
      (one, other) => one.start_time.localeCompare(other.start_time) || one.id.localeCompare(other.id),
    )
}

/** Who takes no bookings at present, or not there, has nothing free. */
async function offersOf(
  db: Database | Transaction,
  organization: Organization,
  wanted: Partial<OfferWanted>,
) {
  try {
    return await readOffers(db, organization, wanted)
  } catch (refusal) {
    if (refusal instanceof NotBookable || refusal instanceof InvalidInput) return []
    throw refusal
  }
}

export function viewSlot(slot: SlotWithSeats) {
  const { id, starts_at, ends_at, capacity, seats_taken, is_blocked, kind } = slot
  return {
    id,
    veterinarian_id: slot.provider_id,
    clinic_id: slot.location_id,
    start_time: `${starts_at}`,
    end_time: `${ends_at}`,
    duration_minutes: minutesBetween(starts_at, ends_at),
    is_available: !is_blocked && seats_taken < capacity,
    is_blocked,
    block_reason: slot.block_reason,
    slot_type: kind,
    max_bookings: capacity,
    current_bookings: seats_taken,
    remaining_capacity: Math.max(0, capacity - seats_taken),
  }
}
