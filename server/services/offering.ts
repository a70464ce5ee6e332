import { sql } from 'kysely'
import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { audit } from '../organizations/audit.ts'
import type { Actor } from '../permissions.ts'
import { InvalidInput, NotFound } from '../refusal.ts'

/** That a provider offers a service; with a length or a price of their own, or the service's. */
export type Offering = Pick<Row<'provider_services'>, 'provider_id' | 'minutes' | 'price'>

/** Says who offers a service; nobody named means everybody. What is booked stays as it was booked. */
export async function setOfferings(
  db: Database | Transaction,
  actor: Actor,
  service_id: string,
  offerings: { provider_id: string; minutes?: number | null; price?: number | null }[],
  now: Temporal.Instant,
): Promise<Offering[]> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    await lockService(trx, organization_id, service_id)
    await requireProviders(trx, organization_id, offerings)
    const before = await listOfferings(trx, organization_id, service_id)
    await trx
      .deleteFrom('provider_services')
      .where('organization_id', '=', organization_id)
      .where('service_id', '=', service_id)
      .execute()
    const rows = offerings.map((offering) => ({ ...offering, organization_id, service_id }))
    if (rows.length > 0) await trx.insertInto('provider_services').values(rows).execute()
    const after = await listOfferings(trx, organization_id, service_id)
    const change = { before: { providers: before }, after: { providers: after } }
    await audit(trx, actor, { action: 'service.changed', subject_id: service_id, ...change }, now)
    return after
  })
}

/** Who offers a service; an empty list means everybody. */
export async function listOfferings(
  db: Database | Transaction,
  organization_id: string,
  service_id: string,
): Promise<Offering[]> {
  return db
    .selectFrom('provider_services')
    .select(['provider_id', 'minutes', 'price'])
    .where('organization_id', '=', organization_id)
    .where('service_id', '=', service_id)
    .orderBy('provider_id')
    .execute()
}

async function lockService(trx: Transaction, organization_id: string, id: string): Promise<void> {
  const service = await trx
    .selectFrom('services')
    .select('id')
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!service) throw new NotFound('service')
}

async function requireProviders(
  trx: Transaction,
  organization_id: string,
  offerings: { provider_id: string }[],
): Promise<void> {
  const ids = offerings.map(({ provider_id }) => provider_id)
  const found = await trx
    .selectFrom('providers')
    .select('id')
    .where('organization_id', '=', organization_id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute()
  const known = new Set(found.map(({ id }) => id))
  const wrong = ids.flatMap((id, at) => {
    if (!known.has(id)) return [{ field: `providers.${at}.provider_id`, message: 'is no provider here' }]
    return ids.indexOf(id) < at ? [{ field: `providers.${at}.provider_id`, message: 'is named twice' }] : []
  })
  if (wrong.length > 0) throw new InvalidInput(wrong)
}
