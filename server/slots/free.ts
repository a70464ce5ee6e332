import type { Database, Transaction } from '../database/transactions.ts'
import { awayFrom } from '../hours/away.ts'
import { timetableFor } from '../hours/timetable.ts'
import type { Organization } from '../organizations/organizations.ts'
import { NotLoggedIn } from '../http/asking.ts'
import type { Actor } from '../permissions.ts'
import { InvalidInput } from '../refusal.ts'
import { daysThatAreFull, isOnFullDay } from './full-days.ts'
import { partiesOf, type Offer, type OfferWanted, partiesToLock, readOffers } from './offer.ts'
import { type FreeSlot, slotsOf } from './offering.ts'
import { type Opening, readOpening, widened } from './opening.ts'
import { busyStretches, type Stretch } from './reservations.ts'
import { outsideRegistration } from './rules.ts'

export interface SlotsWanted extends Omit<OfferWanted, 'provider_id'> {
  /** Without one: every provider who can be booked. */
  provider_id?: string
  /** Only where the organization lets whoever books say how long it takes. */
  minutes?: number
  from: Temporal.Instant
  to: Temporal.Instant
}

const MOST_DAYS = 366
const DAY = 24 * 3600 * 1000

/** Free times are for everybody where the organization says so, and else for whoever has logged in. */
export function requireSlotsVisible(asking: Actor | null, { rules }: Organization): void {
  if (!asking && !rules.slots_are_public) throw new NotLoggedIn()
}

/** Free times, by provider and start. Nothing free is an empty list, not a failure. */
export async function findFreeSlots(
  db: Database | Transaction,
  organization: Organization,
  wanted: SlotsWanted,
  now: Temporal.Instant,
): Promise<FreeSlot[]> {
  requireRange(wanted)
  const offers = await readOffersOfLength(db, organization, wanted)
  return slotsOfOffers(db, organization, offers, { start: wanted.from, end: wanted.to }, now)
}

/** What can be booked, with the length that is asked for. */
export async function readOffersOfLength(
  db: Database | Transaction,
  organization: Organization,
  wanted: Pick<SlotsWanted, 'provider_id' | 'service_id' | 'location_id' | 'minutes'>,
): Promise<Offer[]> {
  const minutes = lengthWanted(organization, wanted.minutes)
  const offers = await readOffers(db, organization, wanted)
  return offers.map((offer) => (minutes ? { ...offer, minutes, step_minutes: minutes } : offer))
}

/** The free times of offers, read with as few queries as one offer needs; with fewer where the opening is known. */
export async function slotsOfOffers(
  db: Database | Transaction,
  organization: Organization,
  offers: Offer[],
  between: Stretch,
  now: Temporal.Instant,
  known?: Opening,
): Promise<FreeSlot[]> {
  const open = offers.filter((offer) => outsideRegistration(offer.organization.rules, now).length === 0)
  if (open.length === 0) return []
  const { id } = organization
  const { rows, off, published } = known ?? (await readOpening(db, id, open, between, now))
  const parties = [...new Set(open.flatMap(partiesToLock))]
  const busy = await busyStretches(db, id, parties, widened(between), now)
  const full = await daysThatAreFull(db, open, between, now)
  const hoursOf = Map.groupBy(rows, ({ provider_id }) => provider_id)
  const publishedBy = Map.groupBy(published, ({ provider_id }) => provider_id)
  return open.flatMap((offer) => {
    const { provider_id } = offer
    const plans = {
      busy: partiesOf(offer).flatMap((party_id) => busy.get(party_id) ?? []),
      away: awayFrom(off, offer),
      ofEverybody: busy,
      published: publishedBy.get(provider_id) ?? [],
    }
    const theirs = [...(hoursOf.get(provider_id) ?? []), ...(hoursOf.get(null) ?? [])]
    const hours = timetableFor(theirs, offer, offer.organization.rules)
    const slots = slotsOf(offer, hours, plans, between, now)
    return full.size === 0 ? slots : slots.filter((slot) => !isOnFullDay(full, offer, slot))
  })
}

/** The length that was asked for, by itself or by an end. Throws InvalidInput where lengths are not for asking, or it is out of bounds. */
export function lengthWanted(
  { rules }: Organization,
  minutes: number | undefined,
  field: 'minutes' | 'ends_at' = 'minutes',
): number | undefined {
  if (minutes === undefined) return undefined
  if (rules.length !== 'request') {
    throw new InvalidInput([
      { field, message: 'is not for choosing here: the service says how long it takes' },
    ])
  }
  const { least_minutes, most_minutes } = rules
  const after = field === 'ends_at' ? ' minutes after starts_at' : ''
  if (minutes < least_minutes || minutes > most_minutes) {
    throw new InvalidInput([{ field, message: `must be from ${least_minutes} to ${most_minutes}${after}` }])
  }
  return minutes
}

function requireRange({ from, to }: SlotsWanted): void {
  const length = to.epochMilliseconds - from.epochMilliseconds
  if (length < 0) throw new InvalidInput([{ field: 'to', message: 'must not be before from' }])
  if (length > MOST_DAYS * DAY) {
    throw new InvalidInput([{ field: 'to', message: `must not be more than ${MOST_DAYS} days after from` }])
  }
}
