import { sql } from 'kysely'
import type { Field } from '../../presets/preset.ts'
import type { Transaction } from '../database/transactions.ts'
import { Refusal } from '../refusal.ts'

export class ValueTaken extends Refusal {
  readonly code = 'value_taken'
  readonly status = 409
  override readonly facts: { field: string }

  constructor({ name, label }: Field) {
    super(`${label}: somebody else has this one already.`)
    this.facts = { field: name }
  }
}

/** Refuses a value of a unique field that another provider has, however it is written. */
export async function requireUnique(
  trx: Transaction,
  organization_id: string,
  fields: Field[],
  details: Record<string, unknown>,
  but: string | null = null,
): Promise<void> {
  for (const field of fields.filter(({ unique }) => unique)) {
    const value = details[field.name]
    if (value === undefined || value === null) continue
    const key = [organization_id, field.name, String(value).toLowerCase()].join(' ')
    // Of two who take a value in the same moment, the second sees that it is taken.
    await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx)
    const { rows } = await sql`
      select id from providers where organization_id = ${organization_id} and id is distinct from ${but}::uuid
        and lower(details ->> ${field.name}) = ${String(value).toLowerCase()} limit 1`.execute(trx)
    if (rows.length > 0) throw new ValueTaken(field)
  }
}
