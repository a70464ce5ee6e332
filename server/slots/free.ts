import type { Hours } from '../../engine/hours.ts'
import { findSlots } from '../../engine/slots.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { readHours, timetableFor } from '../hours/timetable.ts'
import type { Organization } from '../organizations/organizations.ts'
import { NotLoggedIn } from '../http/asking.ts'
import type { Actor } from '../permissions.ts'
import { InvalidInput } from '../refusal.ts'
import { onTheClock } from './grid.ts'
import { partiesOf, type Offer, type OfferWanted, readOffers } from './offer.ts'
import { busyStretches, type Stretch } from './reservations.ts'

/** A time that can be booked now: epoch milliseconds. */
export interface FreeSlot {
  provider_id: string
  start: number
  end: number
}

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
/** No length and no buffer is longer than a day. */
const MARGIN = Temporal.Duration.from({ hours: 49 })

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
  const minutes = lengthWanted(organization, wanted.minutes)
  const read = await readOffers(db, organization, wanted)
  const offers = read.map((offer) => (minutes ? { ...offer, minutes, step_minutes: minutes } : offer))

  const parties = offers.flatMap((offer) => partiesOf(offer))
  const around = { start: wanted.from.subtract(MARGIN), end: wanted.to.add(MARGIN) }
  const rows = await readHours(db, organization.id, placesOf(offers), around)
  const busy = await busyStretches(db, organization.id, parties, around, now)
  return offers.flatMap((offer) => {
    const hours = timetableFor(rows, offer, organization.rules)
    const stretches = partiesOf(offer).flatMap((party_id) => busy.get(party_id) ?? [])
    return slotsOf(offer, hours, stretches, { start: wanted.from, end: wanted.to }, now)
  })
}

function slotsOf(
  offer: Offer,
  hours: Hours,
  busy: { start: number; end: number }[],
  between: Stretch,
  now: Temporal.Instant,
): FreeSlot[] {
  const { grid, notice_minutes, horizon_minutes } = offer.organization.rules
  const from = between.start.epochMilliseconds
  const to = between.end.epochMilliseconds
  const aligned =
    grid === 'clock' ? onTheClock(hours, offer.step_minutes, from - 2 * DAY, to + 2 * DAY) : hours
  const slots = findSlots({
    ...aligned,
    busy,
    from,
    to,
    slot_minutes: offer.minutes,
    step_minutes: offer.step_minutes,
    buffer_before_minutes: offer.buffer_before_minutes,
    buffer_after_minutes: offer.buffer_after_minutes,
    now: now.epochMilliseconds,
    notice_minutes,
    horizon_minutes: horizon_minutes ?? undefined,
  })
  return slots.map(({ start, end }) => ({ provider_id: offer.provider_id, start, end }))
}

/** The length that was asked for. Throws InvalidInput where lengths are not for asking, or it is out of bounds. */
export function lengthWanted({ rules }: Organization, minutes: number | undefined): number | undefined {
  if (minutes === undefined) return undefined
  if (rules.length !== 'request') {
    throw new InvalidInput([
      { field: 'minutes', message: 'is not for choosing here: the service says how long it takes' },
    ])
  }
  const { least_minutes, most_minutes } = rules
  if (minutes < least_minutes || minutes > most_minutes) {
    throw new InvalidInput([
      { field: 'minutes', message: `must be from ${least_minutes} to ${most_minutes}` },
    ])
  }
  return minutes
}

function placesOf(offers: Offer[]) {
  const location_ids = offers.flatMap(({ location_id }) => location_id ?? [])
  return {
    provider_ids: offers.map(({ provider_id }) => provider_id),
    location_ids: [...new Set(location_ids)],
  }
}

function requireRange({ from, to }: SlotsWanted): void {
  const length = to.epochMilliseconds - from.epochMilliseconds
  if (length < 0) throw new InvalidInput([{ field: 'to', message: 'must not be before from' }])
  if (length > MOST_DAYS * DAY) {
    throw new InvalidInput([{ field: 'to', message: `must not be more than ${MOST_DAYS} days after from` }])
  }
}
