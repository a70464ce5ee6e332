import { appendFileSync } from 'node:fs'

/** Keeps a row for the table of the long run (test/run-long.ts); a short run has none. */
export function measured(table: string, row: Record<string, string | number>): void {
  const file = process.env.MEASURED
  if (file) appendFileSync(file, `${JSON.stringify({ table, row })}\n`)
}
