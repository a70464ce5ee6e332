import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { Client, escapeIdentifier } from 'pg'
import { connect, type Connection, type Log } from '../server/database/connect.ts'
import { migrate, readMigrations } from '../server/database/migrate.ts'
import { createDatabase, dropDatabase, sharedPostgres } from './postgres.ts'

export const quiet: Log = { info() {}, warn() {}, error() {} }
const cache = new URL('../node_modules/.cache/punctual/', import.meta.url)

export type TestDatabase = Connection & { url?: string }

/** Which of the two databases this run is about: see test/run.ts. */
export const databaseKind = process.env.TEST_DATABASE === 'postgresql' ? 'postgresql' : 'embedded'

/**
 * A migrated database of one's own, embedded (in memory) or on PostgreSQL, copied from a template that is made once.
 * On PostgreSQL `url` is its address, for a second process.
 */
export async function testDatabase(): Promise<TestDatabase> {
  if (databaseKind === 'embedded') {
    return connect({ folder: null, durable: false, seed: await embeddedTemplate(), log: quiet })
  }
  return onPostgres(await postgresTemplate())
}

/** A database of one's own, as it is before any migration. */
export async function emptyDatabase(): Promise<TestDatabase> {
  if (databaseKind === 'postgresql') return onPostgres()
  return connect({ folder: null, durable: false, seed: await (empty ??= makeEmpty()), log: quiet })
}

let empty: Promise<Buffer> | undefined
/** To begin from an archive is several times as fast as to begin from nothing. */
async function makeEmpty(): Promise<Buffer> {
  const connection = await connect({ folder: null, durable: false, log: quiet })
  const archive = await connection.dump!()
  await connection.close()
  return archive
}

async function onPostgres(template?: string): Promise<TestDatabase> {
  const url = await createDatabase(await sharedPostgres(), template)
  const connection = await connect({ database_url: url, log: quiet })
  const close = async () => {
    await connection.close()
    await dropDatabase(url)
  }
  return { ...connection, url, close }
}

/** A migrated embedded database as an archive; made anew when a migration changes. */
export async function embeddedTemplate(): Promise<Buffer> {
  const file = new URL(`template-${await versionOfMigrations()}.tar.gz`, cache)
  try {
    return await readFile(file)
  } catch {
    const connection = await connect({ folder: null, durable: false, log: quiet })
    await migrate(connection.pool)
    const archive = await connection.dump!()
    await connection.close()
    // Files run side by side and may make it at the same time: each puts a whole one in its place.
    await mkdir(cache, { recursive: true })
    const unfinished = new URL(`${process.pid}.tmp`, cache)
    await writeFile(unfinished, archive)
    await rename(unfinished, file)
    return archive
  }
}

async function postgresTemplate(): Promise<string> {
  const name = `template_${await versionOfMigrations()}`
  const client = new Client({ connectionString: await sharedPostgres() })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(1)')
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 0) {
      const url = await createDatabase(await sharedPostgres())
      const connection = await connect({ database_url: url, log: quiet })
      await migrate(connection.pool)
      await connection.close()
      await client.query(
        `alter database ${escapeIdentifier(new URL(url).pathname.slice(1))} rename to ${name}`,
      )
    }
    return name
  } finally {
    await client.end()
  }
}

async function versionOfMigrations(): Promise<string> {
  const checksums = (await readMigrations()).map((migration) => migration.checksum).join()
  return createHash('sha256').update(checksums).digest('hex').slice(0, 16)
}
