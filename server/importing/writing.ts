import { sql } from 'kysely'
import type { NewRow, Tables } from '../database/tables.ts'
import type { Transaction } from '../database/transactions.ts'

/** A row as it is written here: JSON is an object in it, and not yet text. */
export type Written<T extends keyof Tables> = { [K in keyof NewRow<T>]: NewRow<T>[K] | object }

/** In an order in which no row refers to a later one. */
const tables = [
  'parties',
  'people',
  'roles',
  'providers',
  'clients',
  'accounts',
  'memberships',
  'dependents',
  'guardians',
  'hours',
  'appointments',
  'appointment_events',
  'events',
] as const satisfies (keyof Tables)[]

/** Everything that is to be written, by table. */
export type NewRows = { [T in (typeof tables)[number]]: Written<T>[] }

export function noRows(): NewRows {
  return Object.fromEntries(tables.map((table) => [table, []])) as unknown as NewRows
}

/** Writes all rows, and begins anew. */
export async function writeAll(trx: Transaction, rows: NewRows): Promise<void> {
  for (const table of tables) {
    await writeRows(trx, table, rows[table] as Written<typeof table>[])
    rows[table] = []
  }
}

const MOST_AT_ONCE = 1000

/** Many rows of one table, which all name the same columns: a query for each would take minutes. */
async function writeRows<T extends keyof Tables>(trx: Transaction, table: T, rows: Written<T>[]) {
  for (const some of inPortions(rows)) await insertInto(table, some).execute(trx)
}

/** Rows go as one JSON text, which is one parameter, however many they are. */
export function insertInto<T extends keyof Tables>(table: T, rows: Written<T>[]) {
  const columns = sql.join(Object.keys(rows[0]!).map((column) => sql.ref(column)))
  return sql`insert into ${sql.table(table)} (${columns})
    select ${columns} from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json)`
}

export function inPortions<T>(rows: T[]): T[][] {
  const count = Math.ceil(rows.length / MOST_AT_ONCE)
  return Array.from({ length: count }, (_, at) => rows.slice(at * MOST_AT_ONCE, (at + 1) * MOST_AT_ONCE))
}
