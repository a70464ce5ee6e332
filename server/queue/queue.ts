import type pg from 'pg'
import { type Job, type JobResult, PgBoss } from 'pg-boss'
import type { Log } from '../database/connect.ts'
import type { Database } from '../database/transactions.ts'
import type { PunctualEvent } from '../events/events.ts'
import type { ProcessRole } from '../settings.ts'
import { type Consumer, type Listener, startRelay } from './relay.ts'
import { joinWorkers } from './workers.ts'

export interface Queue {
  /** Hands on what is waiting to be handed on, and comes back when that is done. */
  drain(): Promise<void>
  stop(): Promise<void>
}

const UNIQUE_VIOLATION = '23505'

/** What is asked each minute: whatever else is due follows from it. */
const TICK = 'clockwork'

export interface QueueParts {
  pool: pg.Pool
  db: Database
  consumers: Consumer[]
  listeners?: Listener[]
  now: () => Temporal.Instant
  log: Log
  /** After so long a consumer that failed is asked again; the second and third time later still. */
  retry_seconds?: number
  /** What this process does of it; everything unless said. */
  role?: ProcessRole
  /** Under which this process is known among the workers; without it, it is not entered. */
  worker?: { id: string; isAlone: boolean }
  /** Looks at the clock: called once at start and each minute, by one process of all. */
  tick?: () => Promise<unknown>
}

/**
 * Starts the queue in the database itself, and what this process does of it: the relay that feeds it, a worker for each
 * consumer, the schedule of the clockwork. pg-boss brings its own tables, in the schema `pgboss`.
 */
export async function startQueue(parts: QueueParts): Promise<Queue> {
  const { pool, consumers, log, role = 'all', tick } = parts
  const ticks = tick !== undefined && (role === 'scheduler' || role === 'all')
  const works = role === 'worker' || role === 'all'
  const boss = new PgBoss({
    db: { executeSql: (text, values) => execute(pool, text, values) },
    supervise: true,
    schedule: ticks,
    // A minute is asked for within seconds of its beginning.
    cronMonitorIntervalSeconds: 5,
    cronWorkerIntervalSeconds: 1,
  })
  boss.on('error', (error) => log.error({ err: error }, 'the queue reported an error'))
  await startTogether(boss)
  for (const consumer of consumers) await makeQueue(boss, consumer, parts)
  if (parts.worker?.isAlone) await takeBack(pool, consumers)
  const presence = works ? await enter(parts, role) : undefined
  if (works) for (const consumer of consumers) await workFor(boss, consumer, log)
  const relay = role === 'scheduler' ? undefined : startRelay({ ...parts, boss })
  if (ticks) await startTicking(boss, tick, log)
  return {
    drain: async () => relay?.drain(),
    async stop() {
      await relay?.stop()
      await boss.stop({ graceful: true, timeout: 5000 })
      await presence?.leave()
    },
  }
}

/** Where nobody else can live, what somebody has in hand was left by who died: it need not wait until that is noticed. */
async function takeBack(pool: pg.Pool, consumers: Consumer[]): Promise<void> {
  await pool.query(
    `update pgboss.job set state = 'retry', start_after = now() where state = 'active' and name = any($1)`,
    [consumers.map(({ name }) => name)],
  )
}

async function enter({ db, worker, log }: QueueParts, role: ProcessRole) {
  return worker && joinWorkers(db, { ...worker, role, log })
}

async function makeQueue(
  boss: PgBoss,
  { name, retries = 3, most_minutes = 1 }: Consumer,
  { retry_seconds = 60 }: QueueParts,
): Promise<void> {
  await boss.createQueue(name, {
    retryLimit: retries,
    retryDelay: retry_seconds,
    retryBackoff: retry_seconds > 0,
    // What a killed process had in hand is given to another after this long.
    expireInSeconds: most_minutes * 60,
  })
}

async function workFor(boss: PgBoss, consumer: Consumer, log: Log): Promise<void> {
  // A full batch means that more is waiting: it is fetched at once instead of a second later. What may take long comes
  // alone, to several who work side by side: nothing waits for what came with it.
  const fetching = consumer.most_minutes
    ? { batchSize: 1, localConcurrency: consumer.at_once ?? 1 }
    : { batchSize: 20 }
  const working = { ...fetching, pollingIntervalSeconds: 1, burstWhenBatchFull: true, perJobResults: true }
  await boss.work<PunctualEvent>(consumer.name, { ...working, perJobResults: true }, (jobs) =>
    handleEach(consumer, jobs, log),
  )
}

/** One schedule for all processes: the queue sees to it that each minute is given to one of them. */
async function startTicking(boss: PgBoss, tick: () => Promise<unknown>, log: Log): Promise<void> {
  const look = async () => {
    try {
      await tick()
    } catch (error) {
      log.error({ err: error }, 'the clockwork could not be looked at; it is again in a minute')
    }
  }
  await boss.createQueue(TICK, {
    policy: 'short',
    retryLimit: 0,
    expireInSeconds: 60,
    deleteAfterSeconds: 3600,
  })
  await boss.schedule(TICK, '* * * * *', {})
  await boss.work(TICK, { pollingIntervalSeconds: 1 }, look)
  await look()
}

/** Two programs that first start on an empty database together both make the queue's tables: the second finds them made. */
async function startTogether(boss: PgBoss): Promise<void> {
  try {
    await boss.start()
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error
    await boss.start()
  }
}

/**
 * One after another, in the order of their making, which pg-boss does not keep for what was handed on together. One that
 * fails is tried again by itself: those that came with it are done, or have their turn.
 */
async function handleEach(consumer: Consumer, jobs: Job<PunctualEvent>[], log: Log): Promise<JobResult[]> {
  const waiting = jobs.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const results: JobResult[] = []
  while (waiting.length > 0) {
    const next = waiting.splice(0, consumer.at_once ?? 1)
    results.push(...(await Promise.all(next.map((job) => handleOne(consumer, job, log)))))
  }
  return results
}

async function handleOne(consumer: Consumer, { id, data }: Job<PunctualEvent>, log: Log): Promise<JobResult> {
  try {
    await consumer.handle(data)
    return { id, status: 'completed' }
  } catch (error) {
    log.error({ err: error, consumer: consumer.name, event_id: id }, 'an event could not be handled')
    return { id, status: 'failed', output: { message: String(error) } }
  }
}

/** A text of several statements gives a list of results: pg-boss reads their rows as one. */
async function execute(pool: pg.Pool, text: string, values?: unknown[]) {
  const result: pg.QueryResult | pg.QueryResult[] = await pool.query(text, values)
  return { rows: Array.isArray(result) ? result.flatMap((one) => one.rows) : result.rows }
}
