import { sql } from 'kysely'
import type { Transaction } from '../database/transactions.ts'

/**
 * Whether another location, service or resource has this name, whatever its case. Compared under a lock on the
 * organization, so that the refusal is kind; the index decides.
 */
export async function isNameTaken(
  trx: Transaction,
  organization_id: string,
  table: 'locations' | 'services' | 'resources',
  { name, but }: { name: string; but?: string },
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
    .executeTakeFirst()
  return taken !== undefined && taken.id !== but
}
