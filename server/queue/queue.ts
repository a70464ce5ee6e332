import type pg from 'pg'
import { type Job, type JobResult, PgBoss } from 'pg-boss'
import type { Log } from '../database/connect.ts'
import type { Database } from '../database/transactions.ts'
import type { PunctualEvent } from '../events/events.ts'
import { type Consumer, type Listener, startRelay } from './relay.ts'

export interface Queue {
  /** Hands on what is waiting to be handed on, and comes back when that is done. */
  drain(): Promise<void>
  stop(): Promise<void>
}

const UNIQUE_VIOLATION = '23505'

/**
 * Starts the queue in the database itself, the relay that feeds it, and a worker for each consumer.
 * pg-boss brings its own tables, in the schema `pgboss`.
 */
export async function startQueue(parts: {
  pool: pg.Pool
  db: Database
  consumers: Consumer[]
  listeners?: Listener[]
  now: () => Temporal.Instant
  log: Log
  /** After so long a consumer that failed is asked again; the second and third time later still. */
  retry_seconds?: number
}): Promise<Queue> {
  const { pool, consumers, log, retry_seconds = 60 } = parts
  const boss = new PgBoss({
    db: { executeSql: (text, values) => execute(pool, text, values) },
    supervise: true,
    schedule: false,
  })
  boss.on('error', (error) => log.error({ err: error }, 'the queue reported an error'))
  await startTogether(boss)
  for (const consumer of consumers) {
    const retryBackoff = retry_seconds > 0
    await boss.createQueue(consumer.name, {
      retryLimit: consumer.retries ?? 3,
      retryDelay: retry_seconds,
      retryBackoff,
      // What a killed process had in hand is given to another after this long.
      expireInSeconds: 60,
    })
    // A full batch means that more is waiting: it is fetched at once instead of a second later.
    const fetching = { pollingIntervalSeconds: 1, batchSize: 20, burstWhenBatchFull: true } as const
    const working = { ...fetching, perJobResults: true } as const
    await boss.work<PunctualEvent>(consumer.name, working, (jobs) => handleEach(consumer, jobs, log))
  }

  const relay = startRelay({ ...parts, boss })
  return {
    drain: relay.drain,
    async stop() {
      await relay.stop()
      await boss.stop({ graceful: true, timeout: 5000 })
    },
  }
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
