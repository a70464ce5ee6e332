import { sql } from 'kysely'
import type { Database, Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import { InvalidInput, NotFound } from '../refusal.ts'
import { type Offer, offerColumns, offerJoins, offerOf, type OfferRow, type OfferWanted } from './offer.ts'
import { findPublishedSlot, type PublishedSlot } from './published.ts'

/** An offer, and for whom; of a published slot, with that slot. */
export interface Occasion extends Offer {
  client: { id: string; name: string; is_client: boolean; is_blocked: boolean } | null
  dependent: { id: string; name: string } | null
  slot: PublishedSlot | null
}

export interface OccasionWanted extends Omit<OfferWanted, 'provider_id'> {
  /** Said by the published slot where one is named. */
  provider_id?: string
  slot_id?: string | null
  client_id: string | null
  dependent_id?: string | null
  /** Of what was agreed before: whether it would be offered now is not asked. */
  regardless?: boolean
}

interface OccasionRow extends OfferRow, Organization {
  client_id: string | null
  client_name: string
  is_client: boolean
  is_blocked: boolean
  dependent_id: string | null
  dependent_name: string
  dependent_is_active: boolean
  is_guardian: boolean
}

/**
 * Reads, in one query, all that a verb must know before it locks anybody: the organization with its rules of this
 * moment, what is asked for, and for whom. Without a location it is the one where the provider works (the main one of
 * several), or the only one there is. Throws NotFound for what does not exist and NotBookable for what is switched off.
 */
export async function readOccasion(
  db: Database | Transaction,
  organization_id: string,
  wanted: OccasionWanted,
): Promise<Occasion> {
  const slot = wanted.slot_id ? await findPublishedSlot(db, organization_id, wanted.slot_id) : null
  const { provider_id, service_id, location_id } = slot ? ofSlot(slot, wanted) : requireProvider(wanted)
  const { client_id, dependent_id = null } = wanted
  const { rows } = await sql<OccasionRow>`
    select organization.*, ${offerColumns}, client.id as client_id, client.name as client_name,
      c.id is not null as is_client, c.blocked_at is not null as is_blocked,
      dependent.id as dependent_id, dependent.name as dependent_name, dependent.is_active as dependent_is_active,
      guardian.client_id is not null as is_guardian
    from organizations organization
    ${offerJoins('left', sql`provider.id = ${provider_id}::uuid`, service_id, location_id)}
    left join people client on client.organization_id = organization.id and client.id = ${client_id}::uuid
    left join clients c on c.organization_id = client.organization_id and c.id = client.id
    left join dependents dependent on dependent.organization_id = organization.id
      and dependent.id = ${dependent_id}::uuid
    left join guardians guardian on guardian.organization_id = dependent.organization_id
      and guardian.dependent_id = dependent.id and guardian.client_id = client.id
    where organization.id = ${organization_id}`.execute(db)
  const row = rows[0]!
  const { words } = row
  if (!row.provider_id) throw new NotFound(words.provider.one)
  if (client_id && !row.client_id) throw new NotFound(words.client.one)
  if (dependent_id) requireGuardian(row)
  const offer = offerOf(row, row, { service_id, location_id, regardless: wanted.regardless })
  const { client_name: name, is_client, is_blocked } = row
  return {
    ...offer,
    client: client_id ? { id: client_id, name, is_client, is_blocked } : null,
    dependent: dependent_id ? { id: dependent_id, name: row.dependent_name } : null,
    slot,
  }
}

/** Of a dependent whose guardian somebody is not, they learn nothing: not even that there is one. */
function requireGuardian({ client_id, is_guardian, dependent_is_active, words }: OccasionRow): void {
  const message =
    client_id === null
      ? `needs a client_id with it: whose ${words.dependent.one} it is`
      : is_guardian
        ? 'is not active any more'
        : `is not a ${words.dependent.one} of this ${words.client.one}`
  if (!is_guardian || !dependent_is_active) throw new InvalidInput([{ field: 'dependent_id', message }])
}

function requireProvider({ provider_id, service_id = null, location_id = null }: OccasionWanted) {
  if (provider_id === undefined) throw new InvalidInput([{ field: 'provider_id', message: 'is missing' }])
  return { provider_id, service_id, location_id }
}

/** A published slot says who, where and of which service; saying it again must not contradict it. */
function ofSlot(slot: PublishedSlot, wanted: OccasionWanted) {
  const said = { provider_id: slot.provider_id, location_id: slot.location_id, service_id: slot.service_id }
  const wrong = Object.entries(said).filter(([field, value]) => {
    const asked = wanted[field as keyof typeof said]
    return asked && value && asked !== value
  })
  if (wrong.length > 0) {
    throw new InvalidInput(
      wrong.map(([field]) => ({ field, message: 'is said by the slot, and is another' })),
    )
  }
  return {
    provider_id: slot.provider_id,
    service_id: slot.service_id ?? wanted.service_id ?? null,
    location_id: slot.location_id ?? wanted.location_id ?? null,
  }
}
