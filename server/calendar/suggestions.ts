import { suggest, type Suggestion } from '../../engine/suggestions.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import { InvalidInput } from '../refusal.ts'
import { readOffersOfLength, slotsOfOffers, type SlotsWanted } from '../slots/free.ts'
import type { FreeSlot } from '../slots/offering.ts'
import { readOpening, timeOpen, widened } from '../slots/opening.ts'
import { busyStretches } from '../slots/reservations.ts'

export interface SuggestionsWanted extends SlotsWanted {
  provider_id: string
  most: number
  most_per_day?: number
}

const MOST_DAYS = 62
/** Clocks may go back in them. */
const MOST_HOURS = MOST_DAYS * 24 + 1

/** The free times of a provider that keep the days compact, best first. They tell no more than all free times do. */
export async function suggestTimes(
  db: Database | Transaction,
  organization: Organization,
  wanted: SuggestionsWanted,
  now: Temporal.Instant,
): Promise<(FreeSlot & Pick<Suggestion, 'fills'>)[]> {
  const { provider_id, from: start, to: end, most, most_per_day } = wanted
  const between = { start, end }
  requireRange(between)
  const offers = await readOffersOfLength(db, organization, wanted)
  // Of one who is named there is one, or a refusal.
  const offer = offers[0]!
  const opening = await readOpening(db, organization.id, offers, between, now)
  const slots = await slotsOfOffers(db, organization, offers, between, now, opening)
  const busy = await busyStretches(db, organization.id, [provider_id], widened(between), now)
  const best = suggest(slots, busy.get(provider_id) ?? [], {
    ...offer,
    most,
    most_per_day,
    open: timeOpen(offer, opening, widened(between)),
  })
  const at = new Map(slots.map((slot) => [`${slot.start} ${slot.end}`, slot]))
  return best.map(({ start: starts, end: ends, fills }) => ({ ...at.get(`${starts} ${ends}`)!, fills }))
}

function requireRange({ start, end }: { start: Temporal.Instant; end: Temporal.Instant }): void {
  const hours = end.since(start).total('hours')
  if (hours < 0) throw new InvalidInput([{ field: 'to', message: 'must not be before from' }])
  // All of them are compared with each other, so not even the best few are had for less.
  if (hours > MOST_HOURS) {
    throw new InvalidInput([{ field: 'to', message: `must not be more than ${MOST_DAYS} days after from` }])
  }
}
