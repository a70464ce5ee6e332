import type { Database } from '../server/database/transactions.ts'
import { importRecords, type ImportWanted } from '../server/importing/importing.ts'
import { reportOf } from '../server/importing/report.ts'

/** Imports, and answers what to tell whoever asked. */
export async function bringIn(db: Database, wanted: ImportWanted, now: Temporal.Instant): Promise<string> {
  return reportOf(await importRecords(db, wanted, now))
}
