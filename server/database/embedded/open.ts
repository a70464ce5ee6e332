import { Pool, type PoolConfig } from 'pg'
import { createEngine } from './engine.ts'
import { prepareFolder } from './folder.ts'
import { lockFolder } from './lock.ts'
import type { Log } from './messages.ts'
import type { Seed } from './seed.ts'
import { startTimers, type Timers } from './timers.ts'

export {
  DatabaseEnded,
  DidNotStart,
  FolderInUse,
  NotDurable,
  OtherVersion,
  QueryTookTooLong,
} from './failures.ts'

export interface EmbeddedDatabase {
  /** One connection: PostgreSQL is one session here. A query waits for an open transaction, at most 30 s. */
  pool: Pool
  /** Its files as a gzip archive, which `seed` takes. Waits until no transaction is open; queries wait meanwhile. */
  dump(): Promise<Buffer>
  /** Waits for the queries that run (at most 10 s), writes everything and gives the folder back. Twice is fine. */
  close(): Promise<void>
}

export interface EmbeddedOptions {
  /** Where it lives; null keeps it in memory. */
  folder: string | null
  /** A dump, or a file that holds one, to begin with where the folder holds no database yet. */
  seed?: Seed
  /** False only in tests: what was committed does not survive a power cut. */
  durable?: boolean
  timers?: Timers
  /** A query that runs longer is ended, and the worker with it; the next connection starts another. */
  statement_seconds?: number
  log: Log
}

const CONNECT_MS = 30_000
const CLOSE_MS = 10_000

/**
 * PostgreSQL in this process, without a server: PGlite in a worker thread, behind the ordinary driver.
 * Throws FolderInUse, OtherVersion, DidNotStart or NotDurable; then nothing is held any more.
 */
export async function openEmbedded({
  folder,
  seed,
  durable = true,
  timers = { checkpoint_minutes: 5, vacuum_minutes: 60 },
  statement_seconds = 60,
  log,
}: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const lock = folder === null ? undefined : lockFolder(folder)
  try {
    const files =
      folder === null ? { folder, seed } : { folder: await prepareFolder(folder, { seed, durable, log }) }
    const engine = createEngine({ ...files, durable, statement_seconds, log })
    await engine.start()
    const pool = poolOver(engine.stream, log)
    const stopTimers = startTimers(engine, timers, log)
    let closed: Promise<void> | undefined

    return {
      pool,
      dump: async () => Buffer.from((await engine.chore('dump'))!),
      close: () =>
        (closed ??= (async () => {
          stopTimers()
          await endPool(pool, log)
          await engine.close()
          lock?.release()
        })()),
    }
  } catch (error) {
    lock?.release()
    throw error
  }
}

function poolOver(stream: NonNullable<PoolConfig['stream']>, log: Log): Pool {
  const pool = new Pool({
    stream,
    max: 1,
    // A new connection would have to prepare its statements anew.
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: CONNECT_MS,
    // Said here so that PGUSER, PGDATABASE and PGSSLMODE mean nothing.
    user: 'postgres',
    database: 'postgres',
    ssl: false,
  })
  // Without a listener a worker that ends would take the program with it. Whoever waits for an answer is told anyway.
  pool.on('error', (error) =>
    log.warn({ error: error.message }, 'the connection to the embedded database broke'),
  )
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

async function endPool(pool: Pool, log: Log): Promise<void> {
  if (pool.ending) return
  const patience = Promise.withResolvers<'impatient'>()
  const timer = setTimeout(() => patience.resolve('impatient'), CLOSE_MS)
  const end = await Promise.race([pool.end(), patience.promise])
  clearTimeout(timer)
  if (end === 'impatient')
    log.warn({}, 'the embedded database is closed while a query or a transaction is open')
}
