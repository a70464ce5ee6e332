import { type RawBuilder, sql } from 'kysely'
import type { ServiceRules } from '../../presets/preset.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import { InvalidInput, NotFound, Refusal } from '../refusal.ts'

/** Who is asked for what and where: a provider, a service if one is named, and the location where that will be. */
export interface Offer {
  /** With the rules that count here: those of the organization, and in their place those that the service has itself. */
  organization: Organization
  own_rules: ServiceRules
  provider_id: string
  provider_name: string
  service_id: string | null
  service_name: string | null
  location_id: string | null
  location_name: string | null
  /** The location's zone: on its wall clock hours are read. */
  time_zone: string
  minutes: number
  step_minutes: number
  buffer_before_minutes: number
  buffer_after_minutes: number
  price: number | null
  /** The one start that is asked for, epoch milliseconds: where there is no grid, any will do. */
  anchor?: number
  /** For each kind of resource that the service needs, those that will do. */
  resources: { kind: string; candidate_ids: string[] }[]
}

export interface OfferWanted {
  provider_id: string
  service_id?: string | null
  location_id?: string | null
}

const MOST_PROVIDERS = 1000

export class NotBookable extends Refusal {
  readonly code = 'not_bookable'
  readonly status = 422

  constructor(what: string) {
    super(`This ${what} takes no bookings at present.`)
  }
}

export interface OfferRow {
  provider_id: string
  provider_name: string
  provider_is_active: boolean
  service_id: string | null
  service_name: string | null
  service_is_active: boolean | null
  service_rules: ServiceRules | null
  is_offered: boolean
  minutes: number | null
  step_minutes: number | null
  buffer_before_minutes: number | null
  buffer_after_minutes: number | null
  price: number | null
  location_id: string | null
  location_name: string | null
  location_is_active: boolean | null
  location_time_zone: string | null
  resource_kinds: string[] | null
  candidates: { id: string; kind: string }[] | null
}

/** The offers of one provider, or, where none is named, of all who can be booked there and offer the service. */
export async function readOffers(
  db: Database | Transaction,
  organization: Organization,
  wanted: Partial<OfferWanted>,
): Promise<Offer[]> {
  const { provider_id, service_id = null, location_id = null } = wanted
  const these = provider_id ? sql`provider.id = ${provider_id}::uuid` : sql`provider.is_active`
  const there = provider_id
    ? sql`true`
    : sql`place.is_active is not false and (place.id is not null or ${location_id}::uuid is null) and ${isOffered}`
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

/** Who is to be locked before the time of an offer is taken: any of the resources may turn out to be the one. */
export function partiesToLock(offer: Offer): string[] {
  return [...partiesOf(offer), ...offer.resources.flatMap(({ candidate_ids }) => candidate_ids)]
}

const isOffered = sql`(service.id is null or own.provider_id is not null or not exists (
  select from provider_services any_own
  where any_own.organization_id = service.organization_id and any_own.service_id = service.id))`

export const offerColumns = sql`
  provider.id as provider_id, provider.is_active as provider_is_active, person.name as provider_name,
  service.id as service_id, service.name as service_name, service.is_active as service_is_active,
  service.rules as service_rules, ${isOffered} as is_offered,
  coalesce(own.minutes, service.minutes) as minutes, coalesce(service.step_minutes, own.minutes) as step_minutes,
  service.buffer_before_minutes, service.buffer_after_minutes, coalesce(own.price, service.price) as price,
  place.id as location_id, place.name as location_name, place.is_active as location_is_active,
  place.time_zone as location_time_zone, service.resource_kinds,
  case when service.resource_kinds <> '{}' then (
    select json_agg(json_build_object('id', r.id, 'kind', r.kind) order by r.name, r.id) from resources r
    where r.organization_id = service.organization_id and r.kind = any(service.resource_kinds) and r.is_active
      and (r.location_id is null or r.location_id = place.id)
  ) end as candidates`

export function offerJoins(
  kind: 'left' | 'inner',
  which: RawBuilder<unknown>,
  service_id: string | null,
  location_id: string | null,
): RawBuilder<unknown> {
  return sql`
    ${sql.raw(kind)} join providers provider on provider.organization_id = organization.id and ${which}
    left join people person on person.organization_id = provider.organization_id and person.id = provider.id
    left join services service on service.organization_id = organization.id and service.id = ${service_id}::uuid
    left join provider_services own on own.organization_id = service.organization_id
      and own.service_id = service.id and own.provider_id = provider.id
    left join lateral (
      select l.id, l.name, l.is_active, l.time_zone from locations l
      left join memberships m on m.organization_id = l.organization_id and m.location_id = l.id
        and m.person_id = provider.id and m.ended_at is null
      where l.organization_id = organization.id and l.removed_at is null and (l.id = ${location_id}::uuid or ${location_id}::uuid is null)
        and (m.person_id is not null or not exists (
          select from memberships o
          where o.organization_id = organization.id and o.person_id = provider.id and o.ended_at is null
        ) and (${location_id}::uuid is not null or not exists (
          select from locations o where o.organization_id = organization.id and o.id <> l.id and o.removed_at is null)))
      order by m.is_primary desc nulls last, m.assigned_at, l.id
      limit 1
    ) place on true`
}

interface OfferAsked {
  service_id: string | null
  location_id: string | null
  /** It took place or was agreed: whether it would be offered now is not asked. */
  regardless?: boolean
}

function requireOffered({ words }: Organization, row: OfferRow, location_id: string | null): void {
  if (location_id && !row.location_id) {
    throw new InvalidInput([
      { field: 'location_id', message: `is not where this ${words.provider.one} works` },
    ])
  }
  if (!row.is_offered) {
    throw new InvalidInput([{ field: 'service_id', message: `is not offered by this ${words.provider.one}` }])
  }
  if (!row.provider_is_active) throw new NotBookable(words.provider.one)
  if (row.service_is_active === false) throw new NotBookable(words.service.one)
  if (row.location_is_active === false) throw new NotBookable(words.location.one)
}

/** Makes an offer of what was read. Throws NotFound for what does not exist and NotBookable for what is switched off. */
export function offerOf(
  organization: Organization,
  row: OfferRow,
  { service_id, location_id, regardless }: OfferAsked,
): Offer {
  if (service_id && !row.service_id) throw new NotFound(organization.words.service.one)
  if (!regardless) requireOffered(organization, row, location_id)
  const own_rules = row.service_rules ?? {}
  const rules = { ...organization.rules, ...own_rules }
  const minutes = row.minutes ?? rules.slot_minutes
  return {
    organization: { ...organization, rules },
    own_rules,
    provider_id: row.provider_id,
    provider_name: row.provider_name,
    service_id: row.service_id,
    service_name: row.service_name,
    location_id: row.location_id ?? location_id,
    location_name: row.location_name,
    time_zone: row.location_time_zone ?? organization.time_zone,
    minutes,
    step_minutes: row.step_minutes ?? minutes,
    buffer_before_minutes: row.buffer_before_minutes ?? 0,
    buffer_after_minutes: row.buffer_after_minutes ?? 0,
    price: row.price,
    resources: candidatesOf(row),
  }
}

function candidatesOf({ resource_kinds, candidates }: OfferRow): Offer['resources'] {
  return (resource_kinds ?? []).map((kind) => ({
    kind,
    candidate_ids: (candidates ?? []).filter((one) => one.kind === kind).map(({ id }) => id),
  }))
}
