import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OtherVersion } from './failures.ts'

export interface Version {
  pglite: string
  /** PostgreSQL's major version, which decides whether it can read its files. */
  postgresql: string
}

/** The versions this program runs with. A test compares the second one with what the database says of itself. */
export const ours: Version = { pglite: installedVersion(), postgresql: '18' }

const FILE = 'written-by.json'

/** Notes beside PostgreSQL's files who wrote them. */
export function noteVersion(folder: string): void {
  writeFileSync(join(folder, FILE), `${JSON.stringify(ours)}\n`)
}

/**
 * Throws OtherVersion where PGlite's minor version or PostgreSQL's major version differ. Within them PostgreSQL itself
 * compares the numbers of its catalogue and refuses what it cannot read.
 */
export function checkVersion(folder: string): void {
  const theirs = versionOf(folder)
  if (theirs && minor(theirs.pglite) === minor(ours.pglite) && theirs.postgresql === ours.postgresql) return
  throw new OtherVersion(folder, theirs ? describe(theirs) : 'something else', describe(ours))
}

export function hasVersion(folder: string): boolean {
  return existsSync(join(folder, FILE))
}

function versionOf(folder: string): Version | undefined {
  if (!hasVersion(folder) || !existsSync(join(folder, 'PG_VERSION'))) return undefined
  const { pglite } = JSON.parse(readFileSync(join(folder, FILE), 'utf8'))
  return { pglite: String(pglite), postgresql: readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim() }
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

function describe({ pglite, postgresql }: Version): string {
  return `PGlite ${pglite} (PostgreSQL ${postgresql})`
}

function installedVersion(): string {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}
