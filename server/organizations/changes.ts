import type { Fields, Rules, Words } from '../../presets/preset.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { InvalidInput } from '../refusal.ts'
import { audit, type By } from './audit.ts'
import { type Organization, timeZone } from './organizations.ts'

export interface OrganizationChange {
  name?: string
  time_zone?: string
  locale?: string
  rules?: Partial<Rules>
  /** The fields of the kinds that are named take the place of those there were; values that there are stay. */
  fields?: Partial<Fields>
  words?: Partial<Words>
}

/**
 * Changes what an administrator may of the organization. The lock on its row lets two that change different rules at
 * once both have their way.
 */
export async function changeOrganization(
  db: Database | Transaction,
  by: By,
  change: OrganizationChange,
  now: Temporal.Instant,
): Promise<Organization> {
  const { organization_id } = by
  const { name, locale, words } = change
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
    const fields = { ...before.fields, ...change.fields }
    requireSensibleFields(fields)
    const changed = await trx
      .updateTable('organizations')
      .set({
        name,
        locale,
        time_zone,
        rules: JSON.stringify(rules),
        fields: JSON.stringify(fields),
        words: JSON.stringify({ ...before.words, ...words }),
        updated_at: now,
      })
      .where('id', '=', organization_id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await audit(
      trx,
      by,
      { action: 'organization.changed', subject_id: organization_id, before, after: changed },
      now,
    )
    return changed
  })
}

/** Names tell values apart, and a choice needs something to choose from. */
function requireSensibleFields(fields: Fields): void {
  for (const [kind, list] of Object.entries(fields)) {
    const names = list.map(({ name }) => name)
    const twice = names.findIndex((name, at) => names.indexOf(name) < at)
    if (twice >= 0) {
      throw new InvalidInput([{ field: `fields.${kind}.${twice}.name`, message: 'is there twice' }])
    }
    const empty = list.findIndex((field) => field.kind.startsWith('choice') && !field.options?.length)
    if (empty >= 0) {
      throw new InvalidInput([{ field: `fields.${kind}.${empty}.options`, message: 'are missing' }])
    }
    const unique = list.findIndex((field) => field.unique)
    if (unique >= 0 && kind !== 'provider') {
      throw new InvalidInput([{ field: `fields.${kind}.${unique}.unique`, message: 'is for providers only' }])
    }
  }
}

function requireSensibleRules({ least_minutes, most_minutes, ...rules }: Rules): void {
  const { registration_opens_at: opens, registration_closes_at: closes } = rules
  if (opens && closes && Temporal.Instant.compare(opens, closes) >= 0) {
    throw new InvalidInput([
      { field: 'rules.registration_closes_at', message: 'must be after registration_opens_at' },
    ])
  }
  if (least_minutes > most_minutes) {
    throw new InvalidInput([
      { field: 'rules.least_minutes', message: `must not be above most_minutes, which is ${most_minutes}` },
    ])
  }
}
