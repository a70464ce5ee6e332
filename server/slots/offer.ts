import { type RawBuilder, sql } from 'kysely'
import type { Database, Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import { InvalidInput, NotFound, Refusal } from '../refusal.ts'

/** Who is asked for what and where: a provider, a service if one is named, and the location where that will be. */
export interface Offer {
  organization: Organization
  provider_id: string
  provider_name: string
  service_id: string | null
  service_name: string | null
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

/** An offer, and for whom. */
export interface Occasion extends Offer {
  client: { id: string; name: string; is_client: boolean; is_blocked: boolean } | null
}

const MOST_PROVIDERS = 200

export class NotBookable extends Refusal {
  readonly code = 'not_bookable'
  readonly status = 422

  constructor(what: string) {
    super(`This ${what} takes no bookings at present.`)
  }
}

interface OfferRow {
  provider_id: string
  provider_name: string
  provider_is_active: boolean
  service_id: string | null
  service_name: string | null
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

interface OccasionRow extends OfferRow, Organization {
  client_id: string | null
  client_name: string
  is_client: boolean
  is_blocked: boolean
}

/**
 * Reads, in one query, all that a verb must know before it locks anybody: the organization with its rules of this
 * moment, what is asked for, and for whom. Without a location it is the one where the provider works (the main one of
 * several), or the only one there is. Throws NotFound for what does not exist and NotBookable for what is switched off.
 */
export async function readOccasion(
  db: Database | Transaction,
  organization_id: string,
  wanted: OfferWanted & { client_id: string | null },
): Promise<Occasion> {
  const { provider_id, service_id = null, location_id = null, client_id } = wanted
  const { rows } = await sql<OccasionRow>`
    select organization.*, ${offerColumns}, client.id as client_id, client.name as client_name,
      c.id is not null as is_client, c.blocked_at is not null as is_blocked
    from organizations organization
    ${offerJoins('left', sql`provider.id = ${provider_id}::uuid`, service_id, location_id)}
    left join people client on client.organization_id = organization.id and client.id = ${client_id}::uuid
    left join clients c on c.organization_id = client.organization_id and c.id = client.id
    where organization.id = ${organization_id}`.execute(db)
  const row = rows[0]!
  const { words } = row
  if (!row.provider_id) throw new NotFound(words.provider.one)
  if (client_id && !row.client_id) throw new NotFound(words.client.one)
  const offer = offerOf(row, row, { service_id, location_id })
  const { client_name: name, is_client, is_blocked } = row
  return { ...offer, client: client_id ? { id: client_id, name, is_client, is_blocked } : null }
}

/** The offers of one provider, or, where none is named, of all who can be booked there. */
export async function readOffers(
  db: Database | Transaction,
  organization: Organization,
  wanted: Partial<OfferWanted>,
): Promise<Offer[]> {
  const { provider_id, service_id = null, location_id = null } = wanted
  const these = provider_id ? sql`provider.id = ${provider_id}::uuid` : sql`provider.is_active`
  const there = provider_id
    ? sql`true`
    : sql`place.is_active is not false and (place.id is not null or ${location_id}::uuid is null)`
  const { rows } = await sql<OfferRow>`
    select ${offerColumns} from organizations organization ${offerJoins('inner', these, service_id, location_id)}
    where organization.id = ${organization.id} and ${there}
    order by provider.id limit ${MOST_PROVIDERS}`.execute(db)
  if (provider_id && rows.length === 0) throw new NotFound(organization.words.provider.one)
  return rows.map((row) => offerOf(organization, row, { service_id, location_id }))
}

/** Whose time an offer takes, besides the client's: the provider's, and the location's where that takes one at a time. */
export function partiesOf({ organization, provider_id, location_id }: Offer): string[] {
  return organization.rules.location_takes_one && location_id ? [provider_id, location_id] : [provider_id]
}

const offerColumns = sql`
  provider.id as provider_id, provider.is_active as provider_is_active, person.name as provider_name,
  service.id as service_id, service.name as service_name, service.is_active as service_is_active, service.minutes,
  service.step_minutes, service.buffer_before_minutes, service.buffer_after_minutes, service.price,
  place.id as location_id, place.is_active as location_is_active, place.time_zone as location_time_zone`

function offerJoins(
  kind: 'left' | 'inner',
  which: RawBuilder<unknown>,
  service_id: string | null,
  location_id: string | null,
): RawBuilder<unknown> {
  return sql`
    ${sql.raw(kind)} join providers provider on provider.organization_id = organization.id and ${which}
    left join people person on person.organization_id = provider.organization_id and person.id = provider.id
    left join services service on service.organization_id = organization.id and service.id = ${service_id}::uuid
    left join lateral (
      select l.id, l.is_active, l.time_zone from locations l
      left join memberships m on m.organization_id = l.organization_id and m.location_id = l.id
        and m.person_id = provider.id and m.ended_at is null
      where l.organization_id = organization.id and (l.id = ${location_id}::uuid or ${location_id}::uuid is null)
        and (m.person_id is not null or not exists (
          select from memberships o
          where o.organization_id = organization.id and o.person_id = provider.id and o.ended_at is null
        ) and (${location_id}::uuid is not null or not exists (
          select from locations o where o.organization_id = organization.id and o.id <> l.id)))
      order by m.is_primary desc nulls last, m.assigned_at, l.id
      limit 1
    ) place on true`
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
    provider_name: row.provider_name,
    service_id: row.service_id,
    service_name: row.service_name,
    location_id: row.location_id,
    time_zone: row.location_time_zone ?? organization.time_zone,
    minutes,
    step_minutes: row.step_minutes ?? minutes,
    buffer_before_minutes: row.buffer_before_minutes ?? 0,
    buffer_after_minutes: row.buffer_after_minutes ?? 0,
    price: row.price,
  }
}
