import { sql } from 'kysely'
import { lastDue } from '../../engine/recurring.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { record } from '../events/events.ts'
import { newId } from '../ids.ts'
import { takeOver as takeOverMessages } from '../notifications/taking-over.ts'
import { isLiving, livingWorkers } from '../queue/workers.ts'
import { clockwork } from './clockwork.ts'
import { type Job, rhythmOf } from './job.ts'

interface Due {
  organization_id: string
  id: string
}

/**
 * Looks at the clock: plans each job that has come due since it last was, once however many times it missed, and plans
 * anew what a worker had in hand that died. One run comes of each due time, however many processes look. Answers with
 * how many were planned.
 */
export async function tick(db: Database, now: Temporal.Instant, jobs: Job[] = clockwork): Promise<number> {
  // A worker that dies leaves messages behind, too.
  await takeOverMessages(
    db,
    (await livingWorkers(db)).map(({ id }) => id),
    now,
  )
  return inTransaction(db, async (trx) => {
    const abandoned = await takeOver(trx, now)
    const due = await planDue(trx, jobs, now)
    for (const { organization_id, id } of [...abandoned, ...due]) {
      await record(trx, organization_id, 'job.due', { run_id: id }, now)
    }
    return abandoned.length + due.length
  })
}

async function planDue(trx: Transaction, jobs: Job[], now: Temporal.Instant): Promise<Due[]> {
  const organizations = await trx
    .selectFrom('organizations')
    .select(['id', 'time_zone', 'rules', 'created_at'])
    .execute()
  const dueIn = rememberedDue(now)
  const candidates = organizations.flatMap(({ id: organization_id, time_zone, rules, created_at }) =>
    jobs.flatMap((job) => {
      const every = rhythmOf(job, rules)
      const due = every === null ? null : dueIn(every, time_zone)
      // What was due before there was the organization is not owed to it.
      if (due === null || due < created_at.epochMilliseconds) return []
      const due_at = `${Temporal.Instant.fromEpochMilliseconds(due)}`
      return [{ organization_id, id: newId(), job: job.name, due_at }]
    }),
  )
  if (candidates.length === 0) return []
  // While one run of a job goes on or waits, no other is planned: whatever is due by then is done by it or after it.
  const { rows } = await sql<Due>`
    insert into clockwork_runs (organization_id, id, job, due_at, state)
    select organization_id, id, job, due_at, 'planned'
    from jsonb_to_recordset(${JSON.stringify(candidates)}::jsonb)
      as candidate (organization_id uuid, id uuid, job text, due_at timestamptz)
    where not exists (select from clockwork_runs run
      where run.organization_id = candidate.organization_id and run.job = candidate.job
        and (run.state in ('planned', 'running')
          or (run.asked_by is null and run.due_at >= candidate.due_at and run.due_at <= ${now})))
    on conflict (organization_id, job, due_at) where asked_by is null do nothing
    returning organization_id, id`.execute(trx)
  return rows
}

/** Many organizations have few zones. */
function rememberedDue(now: Temporal.Instant) {
  const known = new Map<string, number | null>()
  return (every: string, time_zone: string): number | null => {
    const key = `${every} ${time_zone}`
    const due = known.get(key)
    if (due !== undefined) return due
    const found = lastDue(every, time_zone, now.epochMilliseconds)
    known.set(key, found)
    return found
  }
}

/** Nobody has a run in hand for longer than it is given: whoever has, could not write down how it went. */
const LONGEST = { minutes: 31 }
/** What is planned is begun within seconds; what is not, the queue has lost. */
const LOST = { minutes: 5 }

/**
 * Runs of workers that are not seen any more wait for another; the queue itself would notice only in half an hour. So do
 * those of which nobody can say any more how they went, and those that nobody has begun.
 */
async function takeOver(trx: Transaction, now: Temporal.Instant): Promise<Due[]> {
  const { rows } = await sql<Due>`
    update clockwork_runs set state = 'planned', worker_id = null, started_at = ${now}
    where (state = 'running' and (started_at <= ${now.subtract(LONGEST)} or not exists (
        select from workers where workers.id = clockwork_runs.worker_id and ${isLiving()})))
      or (state = 'planned' and coalesce(started_at, due_at) <= ${now.subtract(LOST)})
    returning organization_id, id`.execute(trx)
  return rows
}
