import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FolderInUse } from './failures.ts'

const SQLITE_BUSY = 5

/**
 * Keeps other programs out of the folder until `release` is called or this process is gone, however it went.
 * Throws FolderInUse when another program, or this one, already holds it; and when the folder cannot be written to.
 *
 * The lock is that of an empty SQLite file: the system itself takes it back from a process that died, on every
 * platform, and unlike an abstract socket it also holds between two containers that share a volume. Nothing but SQLite
 * may open the file in this process: on POSIX systems, closing it would give up the lock.
 */
export function lockFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // SQLite would only say that it cannot open a file.
  accessSync(folder, constants.W_OK)
  const holder = join(folder, 'lock.pid')
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  try {
    // In memory, so that no journal file lies beside.
    lock.exec('pragma journal_mode = memory; begin exclusive')
  } catch (error) {
    lock.close()
    throw isBusy(error) ? new FolderInUse(folder, read(holder)) : error
  }
  writeFileSync(holder, `${process.pid}\n`)
  return {
    release() {
      if (!lock.isOpen) return
      rmSync(holder, { force: true })
      lock.close()
    },
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

/** Only for the sentence: the lock itself never depends on what stands here. */
function read(holder: string): string | undefined {
  try {
    return readFileSync(holder, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}
