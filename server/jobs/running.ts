import { sql } from 'kysely'
import type { Log } from '../database/connect.ts'
import type { Database } from '../database/transactions.ts'
import type { PunctualEvent } from '../events/events.ts'
import { readOrganization } from '../organizations/organizations.ts'
import type { Consumer } from '../queue/relay.ts'
import { clockwork } from './clockwork.ts'
import { circumstancesOf, type Job, type Result } from './job.ts'
import type { Run } from './runs.ts'

/** A job is told to stop after so long, */
const SOFT_MINUTES = 25
/** and is given up after so long. */
const HARD_MINUTES = 30
const AT_ONCE = 3

export interface RunningParts {
  db: Database
  now: () => Temporal.Instant
  log: Log
  worker_id: string
  jobs?: Job[]
  soft_milliseconds?: number
}

/** Who does what is due: the queue of the jobs. What fails is tried again, later each time. */
export function jobRunner(parts: RunningParts): Consumer {
  return {
    name: 'scheduled',
    kinds: ['job.due'],
    at_once: AT_ONCE,
    most_minutes: HARD_MINUTES,
    handle: (event) => runOne(parts, event as PunctualEvent<'job.due'>),
  }
}

async function runOne(
  parts: RunningParts,
  { organization_id, data }: PunctualEvent<'job.due'>,
): Promise<void> {
  const run = await begin(parts, organization_id, data.run_id)
  if (!run) return
  let result: Result
  try {
    result = await work(parts, run)
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 1000)
    await finish(parts, run, { state: 'failed', result: null, error: message })
    throw error
  }
  await finish(parts, run, { state: 'completed', result: JSON.stringify(result), error: null })
}

/** Takes a run in hand; null where it is done, or somebody has it in hand and has not had it for too long. */
async function begin(
  { db, now, worker_id }: RunningParts,
  organization_id: string,
  run_id: string,
): Promise<Run | null> {
  const at = now()
  const given_up = at.subtract({ minutes: HARD_MINUTES })
  const { rows } = await sql<Run>`
    update clockwork_runs set state = 'running', worker_id = ${worker_id}, attempts = attempts + 1,
      started_at = ${at}, finished_at = null, error = null
    where organization_id = ${organization_id} and id = ${run_id}
      and (state in ('planned', 'failed') or (state = 'running' and started_at <= ${given_up}))
    returning *`.execute(db)
  return rows[0] ?? null
}

async function work(
  { db, now, log, jobs = clockwork, soft_milliseconds = SOFT_MINUTES * 60_000 }: RunningParts,
  { organization_id, job: name, due_at, asked }: Run,
): Promise<Result> {
  const job = jobs.find((one) => one.name === name)
  if (!job) throw new Error(`there is no job "${name}" any more`)
  const organization = await readOrganization(db, organization_id)
  const signal = AbortSignal.timeout(soft_milliseconds)
  const result = await job.run(circumstancesOf({ db, organization, due_at, asked, now: now(), signal, log }))
  // What it has done is done; what is left is for the next attempt.
  if (signal.aborted)
    throw new Error(`stopped after ${soft_milliseconds / 60_000} minutes with work left to do`)
  return result
}

/** Writes down how it went, unless it was given up meanwhile and another has it in hand. */
async function finish(
  { db, now }: RunningParts,
  { organization_id, id, attempts }: Run,
  outcome: { state: 'completed' | 'failed'; result: string | null; error: string | null },
): Promise<void> {
  await db
    .updateTable('clockwork_runs')
    .set({ ...outcome, finished_at: now() })
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('attempts', '=', attempts)
    .execute()
}
