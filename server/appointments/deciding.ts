import type { Database, Transaction } from '../database/transactions.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed } from '../refusal.ts'
import { release } from '../slots/reservations.ts'
import type { Appointment } from './appointments.ts'
import { takeStep } from './steps.ts'

/** Confirms a booking that waits for it, as the one whose confirmation the organization's rules wait for. */
export function confirm(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  now: Temporal.Instant,
  { reason }: { reason?: string } = {},
): Promise<Appointment> {
  return takeStep(db, actor, id, 'confirm', now, async ({ organization, appointment }) => {
    const isOnlyClient = !may(actor, 'appointments:attend', appointment)
    if (isOnlyClient && organization.rules.confirm_by === 'provider') throw new NotAllowed()
    return { state_reason: reason ?? null }
  })
}

/** Declines a booking that waits for confirmation: its time is free again. */
export function decline(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  { reason }: { reason?: string },
  now: Temporal.Instant,
): Promise<Appointment> {
  return takeStep(db, actor, id, 'decline', now, async ({ trx, organization, appointment }) => {
    await release(trx, organization.id, id)
    return { state_reason: reason ?? null, sequence: appointment.sequence + 1 }
  })
}
