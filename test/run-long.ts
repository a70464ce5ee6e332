import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { howToInstall, postgresBinaries, startPostgres } from './postgres.ts'

/** Races and faults once more, for as many rounds as it takes to meet what happens seldom; then what was measured. */
const files = ['test/races/*.test.ts', 'test/faults/*.test.ts']
const rounds = { KILL_ROUNDS: '20', RACE_ROUNDS: '20' }

const folder = mkdtempSync(join(tmpdir(), 'punctual-long-'))
const MEASURED = join(folder, 'measured.jsonl')
let failures = 0

try {
  await run({ TEST_DATABASE: 'embedded' })
  if (postgresBinaries()) {
    const postgres = await startPostgres()
    await run({ TEST_DATABASE: 'postgresql', TEST_POSTGRES_URL: postgres.url })
    await postgres.stop()
  } else {
    console.log(`PostgreSQL was left out. ${howToInstall}`)
  }
  printTables()
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = failures

async function run(database: Record<string, string>): Promise<void> {
  // One file after the other, so that what is measured is measured alone; and no limit to how long it takes.
  const child = spawn(
    process.execPath,
    ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files],
    {
      cwd: dirname(import.meta.dirname),
      env: { ...rounds, ...process.env, ...database, MEASURED },
      stdio: 'inherit',
    },
  )
  const [code] = await once(child, 'exit')
  if (code !== 0) failures = 1
}

function printTables(): void {
  const lines = existsSync(MEASURED) ? readFileSync(MEASURED, 'utf8').trim().split('\n') : []
  const rows = lines.map((line) => JSON.parse(line) as { table: string; row: Record<string, unknown> })
  for (const [table, all] of Map.groupBy(rows, (one) => one.table)) {
    console.log(`\n${table}`)
    console.table(all.map(({ row }) => row))
  }
}
