import type { Rules } from '../../presets/preset.ts'
import type { RowChange } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import { type Actor, may, type TheClock } from '../permissions.ts'
import { type Appointment, lockAppointment } from './appointments.ts'
import { writeHistory } from './history.ts'
import { TooLateToChange } from './refusals.ts'
import { requireStep, type StepName, steps } from './states.ts'

export interface Circumstances {
  trx: Transaction
  organization: Organization
  appointment: Appointment
  now: Temporal.Instant
}

/**
 * Takes an appointment one step on: locks it, sees that the actor may and that the step leads on from its state, lets
 * `apply` do what else belongs to it and say what changes, and writes the history.
 */
export async function takeStep(
  db: Database | Transaction,
  actor: Actor | TheClock,
  id: string,
  step: StepName,
  now: Temporal.Instant,
  apply: (circumstances: Circumstances) => Promise<RowChange<'appointments'>>,
): Promise<Appointment> {
  const { to, told, may: action } = steps[step]
  return inTransaction(db, async (trx) => {
    const before = await lockAppointment(trx, actor, id, action)
    const organization = await readOrganizationFor(trx, before)
    requireStep(step, before.state, organization.rules)
    const change = await apply({ trx, organization, appointment: before, now })
    const after = await trx
      .updateTable('appointments')
      .set({ ...(to && { state: to, pending_reason: null }), ...change, updated_at: now })
      .where('organization_id', '=', before.organization_id)
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirstOrThrow()
    const reason = change.state_reason ?? null
    await writeHistory(trx, after, { action: step, told, by: actor, before, reason }, now)
    return after
  })
}

/** The organization with the rules that count for an appointment: those that its service has itself go before. */
async function readOrganizationFor(trx: Transaction, appointment: Appointment): Promise<Organization> {
  const { service_rules, ...organization } = await trx
    .selectFrom('organizations as o')
    .leftJoin('services as s', (join) =>
      join.onRef('s.organization_id', '=', 'o.id').on('s.id', '=', appointment.service_id),
    )
    .selectAll('o')
    .select('s.rules as service_rules')
    .where('o.id', '=', appointment.organization_id)
    .executeTakeFirstOrThrow()
  return { ...organization, rules: { ...organization.rules, ...service_rules } }
}

/** Refuses what comes too shortly before the start, unless the actor stands above such rules. */
export function requireNotice(
  actor: Actor | TheClock,
  rules: Rules,
  appointment: Appointment,
  now: Temporal.Instant,
): void {
  if (may(actor, 'policies:override')) return
  // Without a notice, those who attend may still put things right; a client who did not come may not cancel afterwards.
  if (rules.change_notice_minutes === 0 && may(actor, 'appointments:attend', appointment)) return
  const latest = appointment.starts_at.subtract({ minutes: rules.change_notice_minutes })
  // Exactly so long before is still in time.
  if (Temporal.Instant.compare(now, latest) > 0) throw new TooLateToChange(rules.change_notice_minutes)
}
