import type { Hours } from '../../engine/hours.ts'
import { type Interval, subtract } from '../../engine/intervals.ts'
import { openWindows } from '../../engine/windows.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { awayFrom, readTimeOff, type TimeOff } from '../hours/away.ts'
import { type HoursRow, readHours, timetableFor } from '../hours/timetable.ts'
import type { Organization } from '../organizations/organizations.ts'
import type { Reach } from '../permissions.ts'
import { InvalidInput } from '../refusal.ts'
import { NotBookable, type Offer, type OfferWanted, readOffers } from './offer.ts'
import { isFor, millisecondsOf } from './offering.ts'
import { readPublished, type SlotWithSeats } from './published.ts'
import type { Stretch } from './reservations.ts'

/** What decides when appointments are taken, whatever is booked. */
export interface Opening {
  rows: HoursRow[]
  off: TimeOff[]
  published: SlotWithSeats[]
}

/** No length and no buffer is longer than a day, and no zone further from another. */
const MARGIN = Temporal.Duration.from({ hours: 49 })

export function widened({ start, end }: Stretch): Stretch {
  return { start: start.subtract(MARGIN), end: end.add(MARGIN) }
}

/**
 * The offers of those whose plans are within reach: of the provider who is named, else of the desk's locations, of the
 * provider who asks, or of all. Whoever cannot be booked, or not so, has none: what they did is still there to be seen.
 */
export async function readOffersWithin(
  db: Database | Transaction,
  organization: Organization,
  reach: Reach,
  wanted: Partial<OfferWanted>,
): Promise<Offer[]> {
  const { provider_id, location_id = onlyLocation(reach) } = wanted
  try {
    const offers = await readOffers(db, organization, provider_id ? wanted : { ...wanted, location_id })
    return offers.filter((offer) => isWithin(reach, offer))
  } catch (refusal) {
    if (refusal instanceof NotBookable || refusal instanceof InvalidInput) return []
    throw refusal
  }
}

/** The opening of all offers, between two instants and a little around them. */
export async function readOpening(
  db: Database | Transaction,
  organization_id: string,
  offers: Offer[],
  between: Stretch,
  now: Temporal.Instant,
): Promise<Opening> {
  const around = widened(between)
  const location_ids = offers.flatMap(({ location_id }) => location_id ?? [])
  const places = {
    provider_ids: offers.map(({ provider_id }) => provider_id),
    location_ids: [...new Set(location_ids)],
  }
  const rows = await readHours(db, organization_id, places, around)
  const off = await readTimeOff(db, organization_id, places, around)
  const published = await readPublished(db, organization_id, places.provider_ids, around, now)
  return { rows, off, published }
}

/** When a provider takes appointments: the hours that count, and published slots, which are open for themselves. */
export function hoursOf(offer: Offer, { rows, published }: Opening): Hours {
  const hours = timetableFor(rows, offer, offer.organization.rules)
  const own = published.filter((slot) => slot.provider_id === offer.provider_id && isFor(slot, offer))
  return { ...hours, open: [...(hours.open ?? []), ...own.map(millisecondsOf)] }
}

/** When a provider is open and not away, merged and cut off at both ends: epoch milliseconds. */
export function timeOpen(offer: Offer, opening: Opening, { start, end }: Stretch): Interval[] {
  const windows = openWindows(hoursOf(offer, opening), start.epochMilliseconds, end.epochMilliseconds)
  return subtract(windows, awayFrom(opening.off, offer))
}

export function minutesOf(stretches: Interval[]): number {
  return stretches.reduce((sum, { start, end }) => sum + end - start, 0) / 60_000
}

function isWithin({ everything, location_ids, own }: Reach, { provider_id, location_id }: Offer): boolean {
  if (everything || (location_id && location_ids.includes(location_id))) return true
  return own !== null && own.as.includes('provider') && own.person_id === provider_id
}

/** A desk of one location sees what is offered there, also by those who mostly work elsewhere. */
function onlyLocation({ location_ids }: Reach): string | undefined {
  return location_ids.length === 1 ? location_ids[0] : undefined
}
