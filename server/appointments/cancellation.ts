import type { Database, Transaction } from '../database/transactions.ts'
import type { Actor, TheClock } from '../permissions.ts'
import { release } from '../slots/reservations.ts'
import type { Appointment } from './appointments.ts'
import { requireNotice, takeStep } from './steps.ts'

/** Gives an appointment back: its time is free again in the same moment. */
export function cancel(
  db: Database | Transaction,
  actor: Actor | TheClock,
  id: string,
  { reason }: { reason?: string },
  now: Temporal.Instant,
): Promise<Appointment> {
  return takeStep(db, actor, id, 'cancel', now, async ({ trx, organization, appointment }) => {
    requireNotice(actor, organization.rules, appointment, now)
    await release(trx, organization.id, id)
    return { state_reason: reason ?? null, sequence: appointment.sequence + 1 }
  })
}
