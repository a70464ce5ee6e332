import type { Rules } from '../../presets/preset.ts'
import type { RowChange } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type Organization, readOrganization } from '../organizations/organizations.ts'
import { type Actor, may } from '../permissions.ts'
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
  actor: Actor,
  id: string,
  step: StepName,
  now: Temporal.Instant,
  apply: (circumstances: Circumstances) => Promise<RowChange<'appointments'>>,
): Promise<Appointment> {
  const { to, told, may: action } = steps[step]
  return inTransaction(db, async (trx) => {
    const organization = await readOrganization(trx, actor.organization_id)
    const before = await lockAppointment(trx, actor, id, action)
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

/** Refuses what comes too shortly before the start, unless the actor stands above such rules. */
export function requireNotice(
  actor: Actor,
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
