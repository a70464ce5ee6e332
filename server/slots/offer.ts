import { sql } from 'kysely'
import type { Organization } from '../organizations/organizations.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { InvalidInput, NotFound, Refusal } from '../refusal.ts'

/** Who is asked for what and where: a provider, a service if one is named, and the location where that will be. */
export interface Offer {
  organization: Organization
  provider_id: string
  service_id: string | null
  location_id: string | null
  /** The location's zone: on its wall clock hours are read. */
  time_zone: string
  minutes: number
  step_minutes: number
  buffer_before_minutes: number
  buffer_after_minutes: number
  price: number | null
}

export interface OfferWanted {
  provider_id: string
  service_id?: string | null
  location_id?: string | null
}

export class NotBookable extends Refusal {
  readonly code = 'not_bookable'
  readonly status = 422

  constructor(what: string) {
    super(`This ${what} takes no bookings at present.`)
  }
}

interface OfferRow {
  provider_id: string
  provider_is_active: boolean
  service_id: string | null
  service_is_active: boolean | null
  minutes: number | null
  step_minutes: number | null
  buffer_before_minutes: number | null
  buffer_after_minutes: number | null
  price: number | null
  location_id: string | null
  location_is_active: boolean | null
  location_time_zone: string | null
}

/**
 * Reads what is asked for. Without a location it is the one where the provider works (the main one of several), or the
 * only one there is. Throws NotFound for what does not exist and NotBookable for what is switched off.
 */
export async function readOffer(
  db: Database | Transaction,
  organization: Organization,
  wanted: OfferWanted,
): Promise<Offer> {
  const [offer] = await readOffers(db, organization, { ...wanted, provider_ids: [wanted.provider_id] })
  if (!offer) throw new NotFound(organization.words.provider.one)
  return offer
}

/** The same for many providers; those that are unknown or take no bookings are left out when several are asked for. */
export async function readOffers(
  db: Database | Transaction,
  organization: Organization,
  {
    provider_ids,
    service_id = null,
    location_id = null,
  }: Omit<OfferWanted, 'provider_id'> & { provider_ids: string[] },
): Promise<Offer[]> {
  const { rows } = await sql<OfferRow>`
    select p.id as provider_id, p.is_active as provider_is_active,
      s.id as service_id, s.is_active as service_is_active, s.minutes, s.step_minutes, s.buffer_before_minutes,
      s.buffer_after_minutes, s.price,
      l.id as location_id, l.is_active as location_is_active, l.time_zone as location_time_zone
    from providers p
    left join services s on s.organization_id = p.organization_id and s.id = ${service_id}::uuid
    left join lateral (
      select l.id, l.is_active, l.time_zone from locations l
      left join memberships m on m.organization_id = l.organization_id and m.location_id = l.id
        and m.person_id = p.id and m.ended_at is null
      where l.organization_id = p.organization_id and (l.id = ${location_id}::uuid or ${location_id}::uuid is null)
        and (m.person_id is not null or not exists (
          select from memberships o where o.organization_id = p.organization_id and o.person_id = p.id and o.ended_at is null
        ) and (${location_id}::uuid is not null or not exists (
          select from locations o where o.organization_id = l.organization_id and o.id <> l.id)))
      order by m.is_primary desc nulls last, m.assigned_at, l.id
      limit 1
    ) l on true
    where p.organization_id = ${organization.id} and p.id = any(${provider_ids}::uuid[])
    order by p.id`.execute(db)

  const isOne = provider_ids.length === 1
  return rows
    .filter((row) => isOne || (row.provider_is_active && (location_id === null || row.location_id !== null)))
    .map((row) => offerOf(organization, row, { service_id, location_id }))
}

function offerOf(
  organization: Organization,
  row: OfferRow,
  { service_id, location_id }: { service_id: string | null; location_id: string | null },
): Offer {
  const { words, rules } = organization
  if (service_id && !row.service_id) throw new NotFound(words.service.one)
  if (location_id && !row.location_id) {
    throw new InvalidInput([
      { field: 'location_id', message: `is not where this ${words.provider.one} works` },
    ])
  }
  if (!row.provider_is_active) throw new NotBookable(words.provider.one)
  if (row.service_is_active === false) throw new NotBookable(words.service.one)
  if (row.location_is_active === false) throw new NotBookable(words.location.one)
  const minutes = row.minutes ?? rules.slot_minutes
  return {
    organization,
    provider_id: row.provider_id,
    service_id: row.service_id,
    location_id: row.location_id,
    time_zone: row.location_time_zone ?? organization.time_zone,
    minutes,
    step_minutes: row.step_minutes ?? minutes,
    buffer_before_minutes: row.buffer_before_minutes ?? 0,
    buffer_after_minutes: row.buffer_after_minutes ?? 0,
    price: row.price,
  }
}

/** Whose time an offer takes, besides the client's: the provider's, and the location's where that takes one at a time. */
export function partiesOf({ organization, provider_id, location_id }: Offer): string[] {
  return organization.rules.location_takes_one && location_id ? [provider_id, location_id] : [provider_id]
}
