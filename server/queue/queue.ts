import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { Log } from '../database/connect.ts'
import type { Database } from '../database/transactions.ts'
import type { PunctualEvent } from '../events/events.ts'
import { type Consumer, startRelay } from './relay.ts'

export interface Queue {
  /** Hands on what is waiting to be handed on, and comes back when that is done. */
  drain(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts the queue in the database itself, the relay that feeds it, and a worker for each consumer.
 * pg-boss brings its own tables, in the schema `pgboss`.
 */
export async function startQueue(parts: {
  pool: pg.Pool
  db: Database
  consumers: Consumer[]
  now: () => Temporal.Instant
  log: Log
}): Promise<Queue> {
  const { pool, consumers, log } = parts
  const boss = new PgBoss({
    db: { executeSql: (text, values) => execute(pool, text, values) },
    supervise: true,
    schedule: false,
  })
  boss.on('error', (error) => log.error({ err: error }, 'the queue reported an error'))
  await boss.start()
  for (const consumer of consumers) {
    await boss.createQueue(consumer.name, { retryLimit: 3, retryDelay: 60, retryBackoff: true })
    await boss.work(consumer.name, { pollingIntervalSeconds: 1, batchSize: 20 }, async (jobs) => {
      for (const job of jobs) await consumer.handle(job.data as PunctualEvent)
    })
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

/** A text of several statements gives a list of results: pg-boss reads their rows as one. */
async function execute(pool: pg.Pool, text: string, values?: unknown[]) {
  const result: pg.QueryResult | pg.QueryResult[] = await pool.query(text, values)
  return { rows: Array.isArray(result) ? result.flatMap((one) => one.rows) : result.rows }
}
