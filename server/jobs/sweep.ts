import { type RawBuilder, sql } from 'kysely'
import type { Circumstances, Result } from './job.ts'

const BATCH = 1000

/** Removes what is of no use any more, a thousand rows at a time, so that nobody waits for it. */
export async function sweep(circumstances: Circumstances): Promise<Result> {
  const swept: Result = {}
  for (const [what, { table, those }] of Object.entries(useless(circumstances))) {
    swept[what] = await remove(circumstances, table, those)
  }
  return swept
}

/** What is removed of which table; `gone` is the row in question. */
function useless({ now }: Circumstances): Record<string, { table: string; those: RawBuilder<boolean> }> {
  const ago = (duration: Temporal.DurationLike) => sql`${now.subtract(duration)}::timestamptz`
  const day = ago({ hours: 24 })
  return {
    // Breaks look a day around an appointment. Seats of published slots are counted by their reservations: those stay.
    reservations: {
      table: 'reservations',
      those: sql`gone.during << tstzrange(${ago({ hours: 48 })}, null) and not exists (select from published_slots slot
        where slot.organization_id = gone.organization_id and slot.id = gone.session_id)`,
    },
    holds: { table: 'holds', those: sql`gone.expires_at < ${day}` },
    events: { table: 'events', those: sql`gone.relayed_at < ${day}` },
    idempotency_keys: { table: 'idempotency_keys', those: sql`gone.created_at < ${day}` },
    login_failures: {
      table: 'login_failures',
      those: sql`gone.first_failed_at < ${day} and (gone.locked_until is null or gone.locked_until < ${day})`,
    },
    // One that was used stays as long as it would have been good: who uses it again holds a stolen copy.
    refresh_tokens: { table: 'refresh_tokens', those: sql`gone.expires_at < ${day}` },
    // The longest that an access token can be good is a year: until then its session must be there.
    sessions: {
      table: 'sessions',
      those: sql`gone.ended_at < ${day} or (gone.created_at < ${ago({ hours: 24 * 366 })} and not exists (
        select from refresh_tokens token
        where token.organization_id = gone.organization_id and token.session_id = gone.id))`,
    },
    clockwork_runs: { table: 'clockwork_runs', those: endedRuns(ago) },
  }
}

/** A week is kept; of what runs each minute an hour, and the last fifty; the last one always. */
function endedRuns(ago: (duration: Temporal.DurationLike) => RawBuilder<unknown>): RawBuilder<boolean> {
  const newer = sql`(select count(*) from (select from clockwork_runs newer
    where newer.organization_id = gone.organization_id and newer.job = gone.job and newer.id > gone.id limit 50) as newest)`
  return sql`gone.state in ('completed', 'failed') and gone.finished_at < ${ago({ hours: 1 })}
    and ((${newer} >= 1 and gone.finished_at < ${ago({ hours: 24 * 7 })}) or ${newer} >= 50)`
}

async function remove(
  { db, organization, signal }: Circumstances,
  table: string,
  those: RawBuilder<boolean>,
): Promise<number> {
  for (let count = 0; ;) {
    if (signal.aborted) return count
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ctid = any(array(
        select gone.ctid from ${sql.table(table)} as gone
        where gone.organization_id = ${organization.id} and (${those}) limit ${sql.lit(BATCH)}))`.execute(db)
    count += Number(numAffectedRows)
    if (numAffectedRows < BATCH) return count
  }
}
