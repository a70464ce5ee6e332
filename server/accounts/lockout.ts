import { sql } from 'kysely'
import type { Database, Transaction } from '../database/transactions.ts'
import { Refusal } from '../refusal.ts'

const MOST_FAILURES = 5
const WINDOW = Temporal.Duration.from({ minutes: 15 })

export class AccountLocked extends Refusal {
  readonly code = 'account_locked'
  readonly status = 423
  override readonly facts: { locked_until: string }

  constructor(until: Temporal.Instant) {
    super(
      'Too many attempts with a wrong password. Try again in a quarter of an hour, or reset the password.',
    )
    this.facts = { locked_until: until.toString() }
  }
}

/** Refuses where too many log-ins failed. It counts addresses, not accounts, so it tells nobody which exist. */
export async function refuseWhileLocked(
  db: Database | Transaction,
  organization_id: string,
  email: string,
  now: Temporal.Instant,
): Promise<void> {
  const failed = await db
    .selectFrom('login_failures')
    .select('locked_until')
    .where('organization_id', '=', organization_id)
    .where('email', '=', email.toLowerCase())
    .executeTakeFirst()
  if (failed?.locked_until && Temporal.Instant.compare(now, failed.locked_until) < 0) {
    throw new AccountLocked(failed.locked_until)
  }
}

/**
 * Counts a failure; the fifth within a quarter of an hour locks for a quarter of an hour. Throws AccountLocked where
 * five others failed while this one was on its way: many guesses at once are no more tries than many in a row.
 */
export async function countFailure(
  db: Database | Transaction,
  organization_id: string,
  email: string,
  now: Temporal.Instant,
): Promise<void> {
  const isFresh = sql<boolean>`login_failures.first_failed_at > ${now.subtract(WINDOW)}`
  const isLocked = sql<boolean>`coalesce(login_failures.locked_until > ${now}, false)`
  const counted = await db
    .insertInto('login_failures')
    .values({
      organization_id,
      email: email.toLowerCase(),
      failures: 1,
      first_failed_at: now,
      locked_until: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'email'])
        .doUpdateSet({
          failures: sql`case when ${isFresh} then login_failures.failures + 1 else 1 end`,
          first_failed_at: sql`case when ${isFresh} then login_failures.first_failed_at else ${now}::timestamptz end`,
          locked_until: sql`case when ${isFresh} and login_failures.failures + 1 >= ${sql.lit(MOST_FAILURES)}
          then ${now.add(WINDOW)}::timestamptz end`,
        })
        .where((where) => where.not(isLocked)),
    )
    .returning('failures')
    .executeTakeFirst()
  if (!counted) await refuseWhileLocked(db, organization_id, email, now)
}

export async function forgetFailures(
  db: Database | Transaction,
  organization_id: string,
  email: string,
): Promise<void> {
  await db
    .deleteFrom('login_failures')
    .where('organization_id', '=', organization_id)
    .where('email', '=', email.toLowerCase())
    .execute()
}
