import { sql } from 'kysely'
import type { RuleState } from '../../presets/preset.ts'
import type { Database } from '../database/transactions.ts'

/**
 * Appointments in these states, earliest first. The states stand in the text of the query: only so is it seen that the
 * index of what is open will do, which stays small whatever the history.
 */
export function openAppointments(
  db: Database,
  organization_id: string,
  states: readonly RuleState[],
  but: string[],
) {
  return db
    .selectFrom('appointments')
    .select('id')
    .where('organization_id', '=', organization_id)
    .where(sql<boolean>`state in (${sql.join(states.map((state) => sql.lit(state)))})`)
    .where(sql<boolean>`id <> all(${but}::uuid[])`)
    .orderBy('starts_at')
}
