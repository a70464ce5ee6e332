import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PassThrough, Readable, type Transform } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createGunzip, createZstdDecompress, zstdCompress } from 'node:zlib'
import { DidNotStart } from './failures.ts'
import type { Log } from './messages.ts'
import { CutOff } from './unpack.ts'
import { ours } from './version.ts'

/** The files of a database, as a tar (plain, gzip or Zstandard), or the name of a file that holds them. */
export type Seed = string | Uint8Array

type Consumer<T> = (tar: AsyncIterable<Buffer>) => Promise<T>

/** Reads a seed as a plain tar, without holding all of it. */
export async function fromSeed<T>(seed: Seed, consume: Consumer<T>): Promise<T> {
  const source = typeof seed === 'string' ? createReadStream(seed) : Readable.from([Buffer.from(seed)])
  return pipeline(source, decompressing(await beginning(seed)), consume)
}

/** Makes an empty database and gives its files as a plain tar. Throws DidNotStart. */
export async function fromNothing<T>(consume: Consumer<T>): Promise<T> {
  const program = fileURLToPath(new URL('./initdb.ts', import.meta.url))
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [complaint, [code], result] = await Promise.all([
    text(child.stderr),
    once(child, 'exit'),
    pipeline(child.stdout, consume).catch((error: unknown) => error as Error),
  ])
  // Where the consumer gave up (a full disk), the program could only fail.
  if (result instanceof Error && !(result instanceof CutOff)) throw result
  if (code !== 0) throw new DidNotStart(`initdb ended with ${code}: ${complaint}`)
  if (result instanceof Error) throw result
  return result
}

/**
 * An empty database from the cache folder, made and kept there (2 MB) when it is not. Whoever makes many databases (tests,
 * an image) spares each of them the three seconds that it takes.
 */
export async function defaultSeed(cache_folder: string, log: Log): Promise<Buffer> {
  const file = `${cache_folder}/pglite-${ours.pglite}.tar.zst`
  const kept = await readFile(file).catch(() => undefined)
  if (kept) return kept
  log.info({ file }, 'making the seed of the embedded database; this takes a few seconds, once')
  const seed = await promisify(zstdCompress)(await fromNothing(buffer))
  await keep(file, seed)
  return seed
}

/** Under another name first: whoever looks meanwhile finds all of it or nothing. */
async function keep(file: string, seed: Buffer): Promise<void> {
  const unfinished = `${file}.${process.pid}`
  await mkdir(dirname(file), { recursive: true })
  await writeFile(unfinished, seed)
  await rename(unfinished, file)
}

async function beginning(seed: Seed): Promise<string> {
  if (typeof seed !== 'string') return Buffer.from(seed.subarray(0, 4)).toString('hex')
  const file = await open(seed)
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.toString('hex')
  } finally {
    await file.close()
  }
}

function decompressing(beginning: string): Transform {
  if (beginning.startsWith('1f8b')) return createGunzip()
  if (beginning === '28b52ffd') return createZstdDecompress()
  return new PassThrough()
}
