import { sql } from 'kysely'
import type { Transaction } from '../database/transactions.ts'

/**
 * Locks the parties of a change, in the order of their ids, until the transaction ends: whoever takes, moves or limits
 * a party's time takes this lock first, so they wait for one another instead of deadlocking.
 */
export async function lockParties(
  trx: Transaction,
  organization_id: string,
  ids: (string | null)[],
): Promise<void> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  await sql`
    select id from parties where organization_id = ${organization_id} and id = any(${wanted}::uuid[])
    order by id for no key update`.execute(trx)
}
