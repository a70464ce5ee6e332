import { hostname } from 'node:os'
import { sql } from 'kysely'
import type { Log } from '../database/connect.ts'
import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'

export type Worker = Row<'workers'>

/** Who has not been seen for so long is dead: killed, or cut off from the database. */
const SECONDS_UNTIL_DEAD = 20
const BEAT_MILLISECONDS = 5000

/**
 * Enters this process among those that do the work, and says every few seconds that it lives. By the database's own
 * clock, as the machines' may differ: it is about them, not about any appointment. `isAlone`: on the embedded database
 * no other process can live, so whoever is still entered died.
 */
export async function joinWorkers(
  db: Database,
  { id, role, isAlone, log }: { id: string; role: string; isAlone: boolean; log: Log },
): Promise<{ leave(): Promise<void> }> {
  await sql`delete from workers where ${isAlone} or seen_at < now() - interval '1 day'`.execute(db)
  const beat = async () => {
    await sql`
      insert into workers (id, role, host, pid) values (${id}, ${role}, ${hostname()}, ${process.pid})
      on conflict (id) do update set seen_at = now()`.execute(db)
  }
  await beat()
  let beating: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    beating = beat().catch((error) => log.warn({ err: error }, 'this worker could not say that it lives'))
  }, BEAT_MILLISECONDS)
  timer.unref()
  return {
    async leave() {
      clearInterval(timer)
      await beating
      await db.deleteFrom('workers').where('id', '=', id).execute()
    },
  }
}

/** The processes that do the work, oldest first, without those that have not been seen for a while. */
export async function livingWorkers(db: Database | Transaction): Promise<Worker[]> {
  return db.selectFrom('workers').selectAll().where(isLiving()).orderBy('started_at').orderBy('id').execute()
}

/** Whether a row of `workers` stands for a process that lives. */
export function isLiving() {
  return sql<boolean>`workers.seen_at > now() - make_interval(secs => ${sql.lit(SECONDS_UNTIL_DEAD)})`
}
