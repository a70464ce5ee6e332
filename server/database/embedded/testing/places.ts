import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type EmbeddedDatabase, type EmbeddedOptions, openEmbedded } from '../open.ts'
import { defaultSeed } from '../seed.ts'

export const silent = { info() {}, warn() {}, error() {} }

/** Made once for this version of PGlite, and then by all tests of this machine. */
export const seed: Buffer = await defaultSeed(join(tmpdir(), 'punctual-seeds'), silent)

/** An empty folder that goes when the test does. */
export async function someFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'punctual-embedded-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** A database that is closed when the test ends; in memory where nothing else is asked for. */
export async function open(
  t: TestContext,
  options: Partial<EmbeddedOptions> = {},
): Promise<EmbeddedDatabase> {
  const database = await openEmbedded({ folder: null, seed, log: silent, ...options })
  t.after(() => database.close())
  return database
}
