import type { Rules } from '../../presets/preset.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { InvalidInput } from '../refusal.ts'
import { type Organization, timeZone } from './organizations.ts'

export interface OrganizationChange {
  name?: string
  time_zone?: string
  locale?: string
  rules?: Partial<Rules>
}

/**
 * Changes what an administrator may of the organization. The lock on its row lets two that change different rules at
 * once both have their way.
 */
export async function changeOrganization(
  db: Database | Transaction,
  organization_id: string,
  change: OrganizationChange,
  now: Temporal.Instant,
): Promise<Organization> {
  const { name, locale } = change
  const time_zone = change.time_zone === undefined ? undefined : timeZone('time_zone', change.time_zone)
  return inTransaction(db, async (trx) => {
    const before = await trx
      .selectFrom('organizations')
      .selectAll()
      .where('id', '=', organization_id)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow()
    const rules = { ...before.rules, ...change.rules }
    requireSensibleRules(rules)
    return trx
      .updateTable('organizations')
      .set({ name, locale, time_zone, rules: JSON.stringify(rules), updated_at: now })
      .where('id', '=', organization_id)
      .returningAll()
      .executeTakeFirstOrThrow()
  })
}

function requireSensibleRules({ least_minutes, most_minutes }: Rules): void {
  if (least_minutes > most_minutes) {
    throw new InvalidInput([
      { field: 'rules.least_minutes', message: `must not be above most_minutes, which is ${most_minutes}` },
    ])
  }
}
