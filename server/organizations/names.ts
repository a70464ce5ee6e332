import { type RawBuilder, sql } from 'kysely'
import type { Transaction } from '../database/transactions.ts'

/**
 * Whether another location, service or resource, of those that count, has this name, whatever its case. Compared under a lock on the
 * organization, so that the refusal is kind; the index decides.
 */
export async function isNameTaken(
  trx: Transaction,
  organization_id: string,
  table: 'locations' | 'services' | 'resources',
  { name, but, among = sql<boolean>`true` }: { name: string; but?: string; among?: RawBuilder<boolean> },
): Promise<boolean> {
  await trx
    .selectFrom('organizations')
    .select('id')
    .where('id', '=', organization_id)
    .forNoKeyUpdate()
    .execute()
  const taken = await trx
    .selectFrom(table)
    .select('id')
    .where('organization_id', '=', organization_id)
    .where(sql<boolean>`lower(name) = lower(${name})`)
    .where(among)
    .executeTakeFirst()
  return taken !== undefined && taken.id !== but
}
