import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { readOrganization, timeZone } from '../organizations/organizations.ts'
import type { Actor } from '../permissions.ts'
import { readUser, type User } from './accounts.ts'
import { requireFreePhone } from './phones.ts'

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
  const { organization_id, person_id } = actor
  return inTransaction(db, async (trx) => {
    const organization = await readOrganization(trx, organization_id)
    await requireFreePhone(trx, organization, change.phone, { person_id })
    await trx
      .updateTable('people')
      .set({ ...change, time_zone, updated_at: now })
      .where('organization_id', '=', organization_id)
      .where('id', '=', person_id)
      .execute()
    return readUser(trx, organization_id, person_id)
  })
}
