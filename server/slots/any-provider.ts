import { sql } from 'kysely'
import { dateAt, localDay } from '../../engine/wallclock.ts'
import type { Transaction } from '../database/transactions.ts'
import { lockParties } from '../people/parties.ts'
import type { Organization } from '../organizations/organizations.ts'
import { Refusal } from '../refusal.ts'
import { lengthWanted, slotsOfOffers } from './free.ts'
import { type Offer, partiesToLock, readOffers } from './offer.ts'

export class NobodyFree extends Refusal {
  readonly code = 'nobody_free'
  readonly status = 409

  constructor(who: string) {
    super(`No ${who} is free at this time. Choose another.`)
  }
}

export interface AnyWanted {
  service_id?: string
  location_id?: string
  client_id: string
  starts_at: Temporal.Instant
  ends_at?: Temporal.Instant
}

/**
 * Chooses one of the providers who are free then, fairly: who has least on that day, then least in the thirty days around
 * it, then at random. All who may be chosen are locked before the choice, so that two who ask at once see what the other
 * got, and nobody is chosen twice for one time.
 */
export async function chooseProvider(
  trx: Transaction,
  organization: Organization,
  wanted: AnyWanted,
  now: Temporal.Instant,
): Promise<string> {
  const { client_id, starts_at } = wanted
  const offers = await readFitting(trx, organization, wanted)
  const candidates = (await whoIsFree(trx, organization, offers, wanted, now)).filter(
    ({ provider_id }) => provider_id !== client_id,
  )
  await lockParties(trx, organization.id, [...candidates.flatMap(partiesToLock), client_id])
  const free = await whoIsFree(trx, organization, candidates, wanted, now)
  if (free.length === 0) throw new NobodyFree(organization.words.provider.one)
  return fairest(trx, organization, free, starts_at)
}

/** What is as long as is asked for, at the steps of that length as well as at those of the service. */
async function readFitting(
  trx: Transaction,
  organization: Organization,
  wanted: AnyWanted,
): Promise<Offer[]> {
  const { starts_at, ends_at } = wanted
  const anchor = starts_at.epochMilliseconds
  const offers = (await readOffers(trx, organization, wanted)).map((offer) => ({ ...offer, anchor }))
  if (!ends_at) return offers
  const minutes = (ends_at.epochMilliseconds - anchor) / 60_000
  const asLong = offers.filter((offer) => offer.minutes === minutes)
  if (asLong.length > 0 && organization.rules.length === 'service') return asLong
  lengthWanted(organization, minutes, 'ends_at')
  const wished = offers.map((offer) => ({ ...offer, minutes }))
  return [...wished, ...wished.map((offer) => ({ ...offer, step_minutes: minutes }))]
}

async function whoIsFree(
  trx: Transaction,
  organization: Organization,
  offers: Offer[],
  { starts_at }: AnyWanted,
  now: Temporal.Instant,
): Promise<Offer[]> {
  const moment = { start: starts_at, end: starts_at.add({ milliseconds: 1 }) }
  const slots = await slotsOfOffers(trx, organization, offers, moment, now)
  const free = new Set(slots.filter(({ slot_id }) => !slot_id).map(({ provider_id }) => provider_id))
  return offers.filter(({ provider_id }) => free.has(provider_id))
}

async function fairest(
  trx: Transaction,
  { id, time_zone }: Organization,
  free: Offer[],
  starts_at: Temporal.Instant,
): Promise<string> {
  const at = starts_at.epochMilliseconds
  const day = localDay(time_zone, dateAt(time_zone, at))
  const [first, next] = [day.start, day.end].map((end) => Temporal.Instant.fromEpochMilliseconds(end))
  const { rows } = await sql<{ provider_id: string }>`
    select free.provider_id from unnest(${[...new Set(free.map(({ provider_id }) => provider_id))]}::uuid[]) free (provider_id)
    left join appointments a on a.organization_id = ${id} and a.provider_id = free.provider_id
      and a.starts_at >= ${starts_at.subtract(MONTH)} and a.starts_at < ${starts_at.add(MONTH)}
      and a.state not in ('cancelled', 'declined')
    group by 1
    order by count(a.id) filter (where a.starts_at >= ${first} and a.starts_at < ${next}), count(a.id), random()
    limit 1`.execute(trx)
  return rows[0]!.provider_id
}

const MONTH = Temporal.Duration.from({ hours: 15 * 24 })
