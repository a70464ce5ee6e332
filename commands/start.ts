import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Punctual } from '../app.ts'
import { type Clock, startClock } from '../server/clock.ts'
import { connect, type Connection } from '../server/database/connect.ts'
import { migrate } from '../server/database/migrate.ts'
import type { Settings } from '../server/settings.ts'
import { type Control, offerControl } from './control.ts'

export interface Running extends Punctual {
  connection: Connection
  now: Clock
  /** Where it answers; a process that only works or looks at the clock answers nowhere. */
  address: string | null
  stop(): Promise<void>
}

/**
 * Starts the program, or the part of it that its role says: database, migrations, routes, queue, and the port last, so
 * that whoever is answered is answered fully. `fill` runs before the port opens.
 */
export async function start(settings: Settings, fill?: (parts: Filling) => Promise<void>): Promise<Running> {
  const logger = pino({ level: settings.log_level, base: undefined })
  for (const warning of settings.warnings) logger.warn(warning)
  const now = startClock(settings.now)
  // The database opens in a thread of its own: meanwhile this one reads the rest of the program.
  const [connection, { buildPunctual }] = await Promise.all([
    openDatabase(settings, logger),
    import('../app.ts'),
  ])
  try {
    const secret_key = settings.secret_key ?? (await keptSecret(settings.data_dir))
    const punctual = await buildPunctual({ connection, now, settings, secret_key, logger })
    await fill?.({ connection, now })
    const queue = await punctual.startQueue()
    const serves = settings.role === 'all' || settings.role === 'api'
    const address = serves ? await punctual.app.listen({ port: settings.port, host: settings.host }) : null
    const control = settings.database_url
      ? undefined
      : await offerControl(settings.data_dir, { connection, now })
    return { ...punctual, connection, now, address, stop: () => stop(punctual, queue, control, connection) }
  } catch (error) {
    await connection.close()
    throw error
  }
}

export interface Filling {
  connection: Connection
  now: Clock
}

/** Opens the database and brings its tables up to date. */
export async function openDatabase(settings: Settings, logger: pino.Logger): Promise<Connection> {
  if (!settings.database_url) await mkdir(settings.data_dir, { recursive: true, mode: 0o700 })
  const folder = join(settings.data_dir, 'database')
  const connection = await connect({ database_url: settings.database_url, folder, log: logger })
  try {
    const applied = await migrate(connection.pool)
    if (applied.length > 0) logger.info({ applied }, 'migrations applied')
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** In the order in which nothing is cut off: no new requests, no new jobs, then the database. */
async function stop(
  { app }: Punctual,
  queue: { stop(): Promise<void> },
  control: Control | undefined,
  connection: Connection,
): Promise<void> {
  await control?.close()
  await closeApp(app)
  await queue.stop()
  await connection.close()
}

const PATIENCE_MS = 10_000

/** Waits for the requests that run, but not for connections that have fallen silent, nor for ever for those that have not. */
async function closeApp(app: Punctual['app']): Promise<void> {
  // A connection that was busy when the closing began would else be kept for as long as it may be idle.
  const tidying = setInterval(() => app.server.closeIdleConnections(), 100)
  const patience = setTimeout(() => app.server.closeAllConnections(), PATIENCE_MS)
  try {
    await app.close()
  } finally {
    clearInterval(tidying)
    clearTimeout(patience)
  }
}

/** The secret of a local installation that was given none: made once and kept beside the data. */
async function keptSecret(data_dir: string): Promise<string> {
  const path = join(data_dir, 'secret-key')
  await mkdir(data_dir, { recursive: true, mode: 0o700 })
  try {
    await writeFile(path, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
  return readFile(path, 'utf8')
}
