import type { TestApp } from '../../../test/app.ts'
import type { Stage } from '../../../test/cast.ts'
import { findBrokenPromises } from '../../../test/checking.ts'
import { type ImportKind, importRecords, type Imported } from '../importing.ts'
import { ImportRefused, sentenceOf } from '../problems.ts'

/** Lines of files, the header first. The file of a kind is called after it: `clients.csv`. */
export type Lines = Partial<Record<ImportKind, string[]>>

/** Imports. Throws ImportRefused. */
export function bringIn(
  app: TestApp,
  { organization }: Stage,
  lines: Lines,
  { check }: { check?: boolean } = {},
): Promise<Imported> {
  const files = Object.fromEntries(
    Object.entries(lines).map(([kind, rows]) => [kind, { name: `${kind}.csv`, text: rows.join('\n') }]),
  )
  return importRecords(app.connection.db, { organization: organization.slug, files, check }, app.now())
}

/** What an import has against the files, a sentence each; nothing where it was done. */
export async function problemsOf(app: TestApp, stage: Stage, lines: Lines): Promise<string[]> {
  try {
    await bringIn(app, stage, lines)
    return []
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error
    return error.facts.problems.map(sentenceOf)
  }
}

/** What must never be. An imported appointment was not booked, and its history begins with the import. */
export async function brokenPromises({ connection }: TestApp): Promise<string[]> {
  return findBrokenPromises(connection.pool)
}

/** Those of a list whom an administrator sees. */
// oxlint-disable-next-line typescript/no-explicit-any
export async function listOf(app: TestApp, { admin }: Stage, path: string): Promise<any[]> {
  const { status, body } = await app.get(path, { token: admin.token })
  if (status !== 200) throw new Error(`${path} is answered with ${status}: ${JSON.stringify(body)}`)
  return body.items
}
