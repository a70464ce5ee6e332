import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { startClock } from '../server/clock.ts'
import { type ImportKind, importKinds, type ImportWanted } from '../server/importing/importing.ts'
import type { SourceFile } from '../server/importing/parsing.ts'
import { type FieldProblem, InvalidInput } from '../server/refusal.ts'
import type { Settings } from '../server/settings.ts'
import { bringIn } from './bringing-in.ts'
import { importThroughRunning } from './control.ts'
import { openDatabase } from './start.ts'

const MOST_MEGABYTES = 50

/** Imports files of another system: in the program that runs on this data folder, else directly in the database. */
export async function importFiles(settings: Settings, args: string[]): Promise<void> {
  const wanted = await readArguments(args)
  const said = settings.database_url ? undefined : await importThroughRunning(settings.data_dir, wanted)
  console.log(said ?? (await importDirectly(settings, wanted)))
}

async function importDirectly(settings: Settings, wanted: ImportWanted): Promise<string> {
  const logger = pino({ level: 'warn', base: undefined })
  const connection = await openDatabase(settings, logger)
  try {
    return await bringIn(connection.db, wanted, startClock(settings.now)())
  } finally {
    await connection.close()
  }
}

async function readArguments(args: string[]): Promise<ImportWanted> {
  const text = { type: 'string' } as const
  const files = Object.fromEntries(importKinds.map((kind) => [kind, text])) as Record<ImportKind, typeof text>
  const options = { organization: text, check: { type: 'boolean' } as const, ...files }
  const { organization, check, ...paths } = parseArgs({ args, options }).values
  const named = importKinds.flatMap((kind) => (paths[kind] ? [[kind, paths[kind]] as const] : []))
  const missing: FieldProblem[] = []
  if (!organization) missing.push({ field: '--organization', message: 'is missing: its slug' })
  if (named.length === 0) {
    const all = importKinds.map((kind) => `--${kind}`).join(', ')
    missing.push({ field: 'a file', message: `is missing: name at least one, with ${all}` })
  }
  if (!organization || missing.length > 0) throw new InvalidInput(missing)
  return { organization, files: await readFiles(named), check }
}

async function readFiles(
  named: (readonly [ImportKind, string])[],
): Promise<Partial<Record<ImportKind, SourceFile>>> {
  const files: Partial<Record<ImportKind, SourceFile>> = {}
  let bytes = 0
  for (const [kind, name] of named) {
    const content = await readFile(name).catch((error: Error) => {
      throw new InvalidInput([{ field: `--${kind}`, message: `cannot be read: ${error.message}` }])
    })
    bytes += content.length
    files[kind] = { name, text: decode(kind, name, content) }
  }
  if (bytes <= MOST_MEGABYTES * 1_000_000) return files
  const message = `are larger than ${MOST_MEGABYTES} MB together: import appointments in parts, such as year by year`
  throw new InvalidInput([{ field: 'the files', message }])
}

function decode(kind: ImportKind, name: string, content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    const message = `must be text in UTF-8, and ${name} is not; spreadsheets call that "CSV UTF-8"`
    throw new InvalidInput([{ field: `--${kind}`, message }])
  }
}
