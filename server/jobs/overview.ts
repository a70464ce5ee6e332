import { sql } from 'kysely'
import { nextDue } from '../../engine/recurring.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import { livingWorkers, type Worker } from '../queue/workers.ts'
import { clockwork } from './clockwork.ts'
import { rhythmOf } from './job.ts'
import { lastRuns, type Run } from './runs.ts'

export interface JobSeen {
  name: string
  does: string
  every: string | null
  next_due_at: Temporal.Instant | null
  last_run: Run | null
  failures: number
}

export interface QueueSeen {
  name: string
  waiting: number
  active: number
  failed: number
  /** Of what has waited longest. */
  oldest_seconds: number | null
}

/** What runs by itself in an organization, what waits, and who works. */
export async function seeJobs(
  db: Database | Transaction,
  organization: Organization,
  now: Temporal.Instant,
): Promise<{ jobs: JobSeen[]; queues: QueueSeen[]; workers: Worker[] }> {
  const runs = await lastRuns(db, organization.id, now)
  const jobs = clockwork.map((job): JobSeen => {
    const every = rhythmOf(job, organization.rules)
    const next = every === null ? null : nextDue(every, organization.time_zone, now.epochMilliseconds)
    const { last: last_run = null, failures = 0 } = runs.get(job.name) ?? {}
    const next_due_at = next === null ? null : Temporal.Instant.fromEpochMilliseconds(next)
    return { name: job.name, does: job.does, every, next_due_at, last_run, failures }
  })
  return { jobs, queues: await seeQueues(db, organization.id), workers: await livingWorkers(db) }
}

/** How much of an organization's work waits in which queue. Without a queue, which an API may have begun without, nothing. */
async function seeQueues(db: Database | Transaction, organization_id: string): Promise<QueueSeen[]> {
  const { rows: there } = await sql<{ is_there: boolean }>`
    select to_regclass('pgboss.job') is not null as is_there`.execute(db)
  if (!there[0]!.is_there) return []
  const { rows } = await sql<QueueSeen>`
    select queue.name,
      count(*) filter (where job.state in ('created', 'retry'))::integer as waiting,
      count(*) filter (where job.state = 'active')::integer as active,
      count(*) filter (where job.state = 'failed')::integer as failed,
      extract(epoch from now() - min(greatest(job.created_on, job.start_after))
        filter (where job.state in ('created', 'retry') and job.start_after <= now()))::integer as oldest_seconds
    from pgboss.queue left join pgboss.job on job.name = queue.name and job.state <> 'completed'
      and job.data ->> 'organization_id' = ${organization_id}
    where queue.name not like '\\_\\_%' and queue.name <> 'clockwork'
    group by queue.name order by queue.name`.execute(db)
  return rows
}
