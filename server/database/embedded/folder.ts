import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from './messages.ts'
import { fromNothing, fromSeed, type Seed } from './seed.ts'
import { settle, syncFolder } from './settle.ts'
import { unpack } from './unpack.ts'
import { checkVersion, hasVersion, noteVersion } from './version.ts'

export interface Preparation {
  seed?: Seed
  durable: boolean
  log: Log
}

/**
 * Gives the folder of PostgreSQL's files, creating the database where there is none yet. It is written beside and
 * renamed once all of it is on disk: whoever is killed in between finds no database, and starts anew.
 * Throws OtherVersion for files that this program cannot read.
 */
export async function prepareFolder(folder: string, { seed, durable, log }: Preparation): Promise<string> {
  const data = join(folder, 'data')
  if (existsSync(data)) {
    checkVersion(data)
    return data
  }
  const unfinished = join(folder, 'data.unfinished')
  await rm(unfinished, { recursive: true, force: true })
  if (!seed) log.info({ folder }, 'creating the embedded database; this takes a few seconds, once')
  await create(unfinished, seed)
  // A dump of ours says who wrote it; it may come from another version.
  if (hasVersion(unfinished)) checkVersion(unfinished)
  noteVersion(unfinished)
  if (durable) await settle(unfinished)
  await rename(unfinished, data)
  await syncFolder(folder)
  return data
}

async function create(folder: string, seed: Seed | undefined): Promise<void> {
  const consume = (tar: AsyncIterable<Buffer>) => unpack(tar, folder)
  return seed ? fromSeed(seed, consume) : fromNothing(consume)
}
