import { sql } from 'kysely'
import type { Row, RunState } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { record } from '../events/events.ts'
import { type PageQuery, positionOf, rowsToRead, toPage } from '../http/paging.ts'
import { newId } from '../ids.ts'
import type { Actor } from '../permissions.ts'
import { NotFound, Refusal } from '../refusal.ts'
import { clockwork } from './clockwork.ts'
import type { Job } from './job.ts'

export type Run = Row<'clockwork_runs'>

export class NoSuchJob extends Refusal {
  readonly code = 'no_such_job'
  readonly status = 404

  constructor(name: string) {
    super(`There is no job "${name}". There are: ${clockwork.map((job) => job.name).join(', ')}.`)
  }
}

export function jobNamed(name: string): Job {
  const job = clockwork.find((one) => one.name === name)
  if (!job) throw new NoSuchJob(name)
  return job
}

/** Plans a job for now, because somebody asks. It has been accepted, not done: what becomes of it is read from the run. */
export async function runLater(
  db: Database | Transaction,
  actor: Actor,
  name: string,
  asked: Record<string, unknown> | null,
  now: Temporal.Instant,
): Promise<Run> {
  const job = jobNamed(name)
  const { organization_id, person_id } = actor
  return inTransaction(db, async (trx) => {
    if (asked) await job.accepts?.(trx, actor, asked)
    const run = await trx
      .insertInto('clockwork_runs')
      .values({
        organization_id,
        id: newId(),
        job: job.name,
        due_at: now,
        asked_by: person_id,
        asked: asked && JSON.stringify(asked),
        state: 'planned',
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await record(trx, organization_id, 'job.due', { run_id: run.id }, now)
    return run
  })
}

export interface RunsWanted extends PageQuery {
  job?: string
  state?: RunState
}

/** Runs, the newest first. */
export async function listRuns(db: Database | Transaction, organization_id: string, wanted: RunsWanted) {
  const after = positionOf(wanted, ['uuid'])
  const { job, state } = wanted
  const rows = await db
    .selectFrom('clockwork_runs')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .$if(job !== undefined, (query) => query.where('job', '=', job!))
    .$if(state !== undefined, (query) => query.where('state', '=', state!))
    .$if(after !== undefined, (query) => query.where('id', '<', after![0]!))
    .orderBy('id', 'desc')
    .limit(rowsToRead(wanted))
    .execute()
  return toPage(
    rows,
    wanted,
    (row) => row,
    (row) => [row.id],
  )
}

export async function findRun(db: Database | Transaction, organization_id: string, id: string): Promise<Run> {
  const run = await db
    .selectFrom('clockwork_runs')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!run) throw new NotFound('run')
  return run
}

/** For each job its last run, and how many failed within a day. */
export async function lastRuns(
  db: Database | Transaction,
  organization_id: string,
  now: Temporal.Instant,
): Promise<Map<string, { last: Run; failures: number }>> {
  const since = now.subtract({ hours: 24 })
  const { rows } = await sql<Run & { failures: number }>`
    select last.*, (select count(*)::integer from clockwork_runs failed
      where failed.organization_id = last.organization_id and failed.job = last.job
        and failed.state = 'failed' and failed.finished_at > ${since}) as failures
    from unnest(${clockwork.map(({ name }) => name)}::text[]) as known (job)
    cross join lateral (select * from clockwork_runs run
      where run.organization_id = ${organization_id} and run.job = known.job order by run.id desc limit 1) as last`.execute(
    db,
  )
  return new Map(rows.map(({ failures, ...last }) => [last.job, { last, failures }]))
}
