import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { PGlite } from '@electric-sql/pglite'
import type { Bytes, Chore } from './messages.ts'
import { pack } from './pack.ts'

/** What is done between transactions. `folder` holds PostgreSQL's files; null: they are in memory. */
export const chores: Record<Chore, (db: PGlite, folder: string | null) => Promise<Bytes | undefined>> = {
  async checkpoint(db) {
    await db.exec('checkpoint')
    return undefined
  },

  async vacuum(db) {
    await db.exec('vacuum analyze')
    return undefined
  },

  async dump(db, folder) {
    await db.exec('checkpoint')
    const dump = folder === null ? await inMemory(db) : await pipeline(pack(folder), createGzip(), buffer)
    return new Uint8Array(dump)
  },
}

async function inMemory(db: PGlite): Promise<ArrayBuffer> {
  const dump = await db.dumpDataDir('gzip')
  return dump.arrayBuffer()
}
