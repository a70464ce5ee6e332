import { Type } from 'typebox'
import type { RunState } from '../database/tables.ts'
import type { Worker } from '../queue/workers.ts'
import { FreeText, Id, Instant, nullable, oneOf, pageOf, pageQuery, ref, shape, strict } from '../shapes.ts'
import type { JobSeen } from './overview.ts'
import type { Run } from './runs.ts'

const states = ['planned', 'running', 'completed', 'failed'] as const satisfies RunState[]

export const RunShape = shape(
  'JobRun',
  strict({
    id: Id,
    job: Type.String(),
    state: oneOf(states),
    due_at: Instant,
    asked_by: nullable(Id),
    attempts: Type.Integer(),
    worker_id: nullable(Id),
    started_at: nullable(Instant),
    finished_at: nullable(Instant),
    result: nullable(
      Type.Record(Type.String(), Type.Number(), { description: 'What became of it, in numbers' }),
    ),
    error: nullable(Type.String()),
  }),
)
export const RunPage = pageOf('JobRunPage', RunShape)
export const RunsQuery = strict({
  ...pageQuery,
  job: Type.Optional(FreeText(100)),
  state: Type.Optional(oneOf(states)),
})

const JobShape = shape(
  'Job',
  strict({
    name: Type.String(),
    does: Type.String(),
    every: nullable(
      Type.String({ description: "A crontab's fields, in the organization's zone; null: only by hand" }),
    ),
    next_due_at: nullable(Instant),
    last_run: nullable(ref(RunShape)),
    failures: Type.Integer({ description: 'Runs that failed within a day' }),
  }),
)
const QueueShape = shape(
  'JobQueue',
  strict({
    name: Type.String(),
    waiting: Type.Integer(),
    active: Type.Integer(),
    failed: Type.Integer({ description: 'Given up, and kept to be looked at' }),
    oldest_seconds: nullable(Type.Integer({ description: 'For how long the oldest has waited' })),
  }),
)
const WorkerShape = shape(
  'JobWorker',
  strict({
    id: Id,
    role: Type.String(),
    host: Type.String(),
    pid: Type.Integer(),
    started_at: Instant,
    seen_at: Instant,
  }),
)
export const JobsShape = shape(
  'Jobs',
  strict({
    items: Type.Array(ref(JobShape)),
    queues: Type.Array(ref(QueueShape)),
    workers: Type.Array(ref(WorkerShape)),
  }),
)

export function viewRun({ organization_id, asked, ...run }: Run) {
  const { due_at, started_at, finished_at } = run
  const result = run.result as Record<string, number> | null
  return {
    ...run,
    result,
    due_at: `${due_at}`,
    started_at: started_at && `${started_at}`,
    finished_at: finished_at && `${finished_at}`,
  }
}

export function viewJob({ next_due_at, last_run, ...job }: JobSeen) {
  return { ...job, next_due_at: next_due_at && `${next_due_at}`, last_run: last_run && viewRun(last_run) }
}

export function viewWorker({ started_at, seen_at, ...worker }: Worker) {
  return { ...worker, started_at: `${started_at}`, seen_at: `${seen_at}` }
}
