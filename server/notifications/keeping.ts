import { sql } from 'kysely'
import type { Database } from '../database/transactions.ts'

const BATCH = 5000

/**
 * Removes what was said so many days ago, and what was answered then. What is still to be sent stays, and so does the
 * reminder of an appointment that is ahead: without its record it would be due once more.
 */
export async function removeOldMessages(
  db: Database,
  organization_id: string,
  before: Temporal.Instant,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from notifications where (organization_id, id) in (
      select n.organization_id, n.id from notifications n
      left join appointments a on a.organization_id = n.organization_id and a.id = n.appointment_id
      where n.organization_id = ${organization_id} and n.created_at < ${before}
        and n.state not in ('planned', 'sending')
        and not (n.kind = 'reminder' and a.starts_at >= ${before}) limit ${BATCH})`.execute(db)
  await db
    .deleteFrom('inbound_messages')
    .where('organization_id', '=', organization_id)
    .where('received_at', '<', before)
    .execute()
  return Number(numAffectedRows)
}
