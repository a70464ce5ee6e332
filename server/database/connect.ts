import { Kysely, type PostgresPool, PostgresDialect } from 'kysely'
import { Pool, types } from 'pg'
import { openEmbedded } from './embedded/open.ts'
import type { Tables } from './tables.ts'
import { type Database, isInsideTransaction } from './transactions.ts'

export interface Connection {
  db: Database
  /** For what must not go through Kysely: migrations and the queue. */
  pool: Pool
  kind: 'embedded' | 'postgresql'
  /** How many queries were sent since the start. */
  queries(): number
  /** The whole embedded database as a gzip archive; PostgreSQL has pg_dump for that. */
  dump?: () => Promise<Buffer>
  close(): Promise<void>
}

export interface ConnectOptions {
  database_url?: string
  /** Where the embedded database lives; null keeps it in memory. */
  folder?: string | null
  seed?: Uint8Array
  /** False only in tests: an embedded database that does not survive a power cut. */
  durable?: boolean
  pool_size?: number
  log: Log
}

export interface Log {
  info(facts: object, message?: string): void
  warn(facts: object, message?: string): void
  error(facts: object, message?: string): void
}

/** Connects to PostgreSQL where there is an address, and otherwise opens the embedded database. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  setTypes()
  if (options.database_url) return connectToServer(options.database_url, options)
  const embedded = await openEmbedded({
    folder: options.folder ?? null,
    seed: options.seed,
    durable: options.durable,
    log: options.log,
  })
  return { ...overPool(embedded.pool), kind: 'embedded', dump: embedded.dump, close: embedded.close }
}

async function connectToServer(url: string, { pool_size = 12, log }: ConnectOptions): Promise<Connection> {
  const pool = new Pool({
    connectionString: url,
    max: pool_size,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
    application_name: 'punctual',
  })
  // Without listeners a connection that breaks would end the process; whoever was using it is told by their query.
  pool.on('error', (error) => log.warn({ error: error.message }, 'an idle database connection broke'))
  pool.on('connect', (client) => client.on('error', () => {}))
  return { ...overPool(pool), kind: 'postgresql', close: () => pool.end() }
}

function overPool(pool: Pool) {
  const texts = new StatementNames()
  let queries = 0
  const kyselyPool: PostgresPool = {
    connect: async () => {
      if (isInsideTransaction()) throw new QueryPastTransaction()
      const client = await pool.connect()
      return {
        query: (text: string, parameters: readonly unknown[]) => {
          queries++
          return client.query({ name: texts.nameOf(text), text, values: parameters.map(toDatabase) })
        },
        release: (destroy?: boolean) => client.release(destroy),
      } as never
    },
    end: async () => {},
    options: {},
  }
  const db: Database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: kyselyPool }) })
  return { db, pool, queries: () => queries }
}

/** A programming error: inside a transaction, everything goes through it. */
class QueryPastTransaction extends Error {
  constructor() {
    super('a query went past the open transaction: hand the transaction on instead of the database')
  }
}

/** Statements with names are planned once per connection; only so many get one, as each takes memory on the server. */
class StatementNames {
  #names = new Map<string, string>()

  nameOf(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known || this.#names.size >= 500 || !/^\s*(select|insert|update|delete|with)/.test(text)) return known
    const name = `s${this.#names.size}`
    this.#names.set(text, name)
    return name
  }
}

function toDatabase(value: unknown): unknown {
  return value instanceof Temporal.Instant ? value.toString() : value
}

/** The types of the driver, the same on both databases: moments are instants, days are text, counts are numbers. */
function setTypes(): void {
  const { builtins } = types
  types.setTypeParser(builtins.TIMESTAMPTZ, (text) => Temporal.Instant.from(text))
  types.setTypeParser(builtins.DATE, (text) => text)
  types.setTypeParser(builtins.INT8, Number)
  types.setTypeParser(builtins.NUMERIC, Number)
}
