import { sql } from 'kysely'
import type { Rules } from '../../presets/preset.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import type { Actor, TheClock } from '../permissions.ts'
import { release } from '../slots/reservations.ts'
import type { Appointment } from './appointments.ts'
import { NotStartedYet } from './refusals.ts'
import { takeStep } from './steps.ts'

/** The client is here. */
export function arrive(
  db: Database | Transaction,
  actor: Actor | TheClock,
  id: string,
  now: Temporal.Instant,
): Promise<Appointment> {
  return takeStep(db, actor, id, 'arrive', now, async () => ({}))
}

/** The appointment has begun. */
export function start(
  db: Database | Transaction,
  actor: Actor | TheClock,
  id: string,
  now: Temporal.Instant,
): Promise<Appointment> {
  return takeStep(db, actor, id, 'start', now, async () => ({}))
}

/** The appointment has taken place; what it cost in the end may be said with it. */
export function complete(
  db: Database | Transaction,
  actor: Actor | TheClock,
  id: string,
  { charged }: { charged?: number },
  now: Temporal.Instant,
): Promise<Appointment> {
  return takeStep(db, actor, id, 'complete', now, async ({ organization, appointment }) => {
    requireStarted(appointment, organization.rules, now)
    return { charged }
  })
}

/**
 * The client did not come: it is counted, and so many as the rules say block the client from booking. What is left of
 * the time is free again.
 */
export function markNoShow(
  db: Database | Transaction,
  actor: Actor | TheClock,
  id: string,
  now: Temporal.Instant,
): Promise<Appointment> {
  return takeStep(db, actor, id, 'no_show', now, async ({ trx, organization, appointment }) => {
    requireStarted(appointment, organization.rules, now)
    await release(trx, organization.id, id)
    const limit = organization.rules.block_after_no_shows
    await trx
      .updateTable('clients')
      .set({
        no_show_count: sql`no_show_count + 1`,
        blocked_at: sql`case when no_show_count + 1 >= ${limit}::integer then coalesce(blocked_at, ${now}) else blocked_at end`,
      })
      .where('organization_id', '=', organization.id)
      .where('id', '=', appointment.client_id)
      .execute()
    return {}
  })
}

/** Refuses to say how something went that has not begun, unless the organization lets people say it early. */
export function requireStarted(
  { starts_at }: Appointment,
  { closes_early }: Pick<Rules, 'closes_early'>,
  now: Temporal.Instant,
): void {
  if (!closes_early && Temporal.Instant.compare(now, starts_at) < 0) throw new NotStartedYet()
}
