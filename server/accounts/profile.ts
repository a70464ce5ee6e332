import type { Database, Transaction } from '../database/transactions.ts'
import { timeZone } from '../organizations/organizations.ts'
import type { Actor } from '../permissions.ts'
import { readUser, type User } from './accounts.ts'

export interface ProfileChange {
  name?: string
  phone?: string | null
  locale?: string | null
  time_zone?: string | null
}

/** Changes what people may of themselves; the e-mail address is not among it, as it is how they log in. */
export async function changeProfile(
  db: Database | Transaction,
  actor: Actor,
  change: ProfileChange,
  now: Temporal.Instant,
): Promise<User> {
  const time_zone = change.time_zone ? timeZone('time_zone', change.time_zone) : change.time_zone
  await db
    .updateTable('people')
    .set({ ...change, time_zone, updated_at: now })
    .where('organization_id', '=', actor.organization_id)
    .where('id', '=', actor.person_id)
    .execute()
  return readUser(db, actor.organization_id, actor.person_id)
}
