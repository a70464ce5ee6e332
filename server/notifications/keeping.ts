import { sql } from 'kysely'
import type { Database } from '../database/transactions.ts'

const BATCH = 5000

/** Removes what was said so many days ago, and what was answered then. What is still to be sent stays. */
export async function removeOldMessages(
  db: Database,
  organization_id: string,
  before: Temporal.Instant,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from notifications where (organization_id, id) in (
      select organization_id, id from notifications
      where organization_id = ${organization_id} and created_at < ${before}
        and state not in ('planned', 'sending') limit ${BATCH})`.execute(db)
  await db
    .deleteFrom('inbound_messages')
    .where('organization_id', '=', organization_id)
    .where('received_at', '<', before)
    .execute()
  return Number(numAffectedRows)
}
