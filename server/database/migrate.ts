import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'

const folder = new URL('../../migrations/', import.meta.url)
/** Any number will do, as long as every Punctual takes the same. */
const LOCK = 7_804_512_003

export class MigrationChanged extends Error {
  constructor(name: string) {
    super(
      `The migration ${name} is not the one that was applied to this database. ` +
        `A landed migration is final: put its text back, and make a new one for what has to change.`,
    )
  }
}

export class DatabaseIsNewer extends Error {
  constructor(name: string) {
    super(
      `This database has the migration ${name}, which this Punctual does not know. Start a newer Punctual.`,
    )
  }
}

export interface Migration {
  name: string
  sql: string
  checksum: string
}

/**
 * Applies what is missing, in order, each in a transaction of its own: a migration is there whole or not at all.
 * Processes that start together wait for one another under a lock. Returns the names of those applied.
 */
export async function migrate(pool: pg.Pool, migrations?: Migration[]): Promise<string[]> {
  const client = await pool.connect()
  try {
    // What a request may not, a migration may: take long. So may waiting for another process to do it.
    await client.query('set statement_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [LOCK])
    return await applyMissing(client, migrations ?? (await readMigrations()))
  } finally {
    await client.query('reset statement_timeout').catch(() => {})
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => {})
    client.release()
  }
}

/** All migrations of this program, by number. */
export async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function applyMissing(client: pg.PoolClient, migrations: Migration[]): Promise<string[]> {
  await client.query(
    'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
  )
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from migrations',
  )
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  const known = new Set(migrations.map((migration) => migration.name))
  for (const name of applied.keys()) if (!known.has(name)) throw new DatabaseIsNewer(name)

  const missing = []
  for (const migration of migrations) {
    const checksum = applied.get(migration.name)
    if (checksum === undefined) missing.push(migration)
    else if (checksum !== migration.checksum) throw new MigrationChanged(migration.name)
  }
  for (const migration of missing) await apply(client, migration)
  return missing.map((migration) => migration.name)
}

async function apply(client: pg.PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
