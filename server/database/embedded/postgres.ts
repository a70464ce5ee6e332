import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { blob } from 'node:stream/consumers'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import type { Durability } from './durability.ts'
import { DurableFS } from './durable-fs.ts'
import type { WorkerOptions } from './messages.ts'
import { startParameters } from './parameters.ts'
import { fromSeed } from './seed.ts'
import { settle } from './settle.ts'

/** How PostgreSQL leaves its main loop after an ordinary error (POSTGRES_MAIN_LONGJMP in PGlite). */
const AFTER_AN_ERROR = 100

export interface Started {
  db: PGlite
  /** How it writes; absent in memory, and where none was asked for. */
  durability?: Durability
}

/**
 * Starts PostgreSQL in this thread. `ended` is called, with the reason, when it can no longer be trusted: then nothing
 * may be asked of it any more. Throws what PostgreSQL says when it does not start.
 */
export async function startPostgres(
  options: WorkerOptions,
  ended: (reason: unknown) => void,
): Promise<Started> {
  const complaints: string[] = []
  const fs = options.folder && options.durable ? await durableFs(options.folder) : undefined
  try {
    const settings: PGliteOptions = {
      ...(fs ? { fs } : { dataDir: options.folder ?? 'memory://' }),
      loadDataDir: options.seed ? await fromSeed(options.seed, blob) : undefined,
      extensions: { btree_gist },
      startParams: startParameters(fs !== undefined),
      onStderr: (line) => complain(complaints, line),
    }
    const db = await PGlite.create(settings)
    // PGlite keeps its settings; these are 40 MB.
    delete settings.loadDataDir
    endWhenBroken(db, (reason) => ended(complaints.at(-1) ?? reason))
    return fs ? { db, durability: await durabilityOf(db, fs) } : { db }
  } catch (error) {
    throw complaints.length > 0 ? new Error(complaints.join('; '), { cause: error }) : error
  }
}

/** Where a program died before, PostgreSQL will put all files on disk; that is quicker done beforehand. */
async function durableFs(folder: string): Promise<DurableFS> {
  const died = existsSync(join(folder, 'postmaster.pid'))
  return new DurableFS(folder, died ? await settle(folder) : new Map())
}

function complain(complaints: string[], line: string): boolean {
  const [, complaint] = /(?:FATAL|PANIC): +(.*)/.exec(line) ?? []
  if (complaint) complaints.push(complaint)
  return false
}

/**
 * PGlite swallows whatever its main loop throws and goes on, for ever where PostgreSQL has stopped itself (a disk that
 * fails, a fault in the WASM). Only the jump after an ordinary error leaves its memory in order.
 */
function endWhenBroken(db: PGlite, ended: (reason: unknown) => void): void {
  const module = db.Module
  const once = module._PostgresMainLoopOnce
  module._PostgresMainLoopOnce = () => {
    try {
      once()
    } catch (error) {
      if ((error as { status?: number }).status !== AFTER_AN_ERROR) ended(error)
      throw error
    }
  }
}

async function durabilityOf(db: PGlite, fs: DurableFS): Promise<Durability> {
  fs.opened()
  const before = fs.syncs
  await db.exec('checkpoint')
  const { rows } = await db.query<{ fsync: string; wal_sync_method: string }>(
    `select current_setting('fsync') as fsync, current_setting('wal_sync_method') as wal_sync_method`,
  )
  return { ...rows[0]!, syncs: fs.syncs - before }
}
