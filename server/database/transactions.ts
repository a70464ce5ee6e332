import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely, Transaction as KyselyTransaction } from 'kysely'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>
export type Transaction = KyselyTransaction<Tables>

interface OpenTransaction {
  isOpen: boolean
  afterwards: (() => void)[]
}

const current = new AsyncLocalStorage<OpenTransaction>()
const DEADLOCK = '40P01'
const SERIALIZATION_FAILURE = '40001'
const MOST_ATTEMPTS = 4

/**
 * Runs `work` in one transaction: joins the one that is open, or opens one and commits it.
 * Only the outermost is tried again (three times), and only where the database chose it as a deadlock's or a
 * serialization's victim; so `work` must have no effect outside the database.
 */
export async function inTransaction<T>(
  db: Database | Transaction,
  work: (trx: Transaction) => Promise<T>,
): Promise<T> {
  if (db.isTransaction) return work(db as Transaction)
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(db, work)
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !isWorthAnotherTry(error)) throw error
    }
  }
}

/** Calls `then` once the open transaction has committed, or at once if none is open; never after a rollback. */
export function afterCommit(then: () => void): void {
  const transaction = current.getStore()
  if (transaction?.isOpen) transaction.afterwards.push(then)
  else then()
}

/** Whether the caller stands inside a transaction: a query past it would wait for it forever on a pool of one. */
export function isInsideTransaction(): boolean {
  return current.getStore()?.isOpen ?? false
}

async function once<T>(db: Database, work: (trx: Transaction) => Promise<T>): Promise<T> {
  const transaction: OpenTransaction = { isOpen: true, afterwards: [] }
  try {
    const result = await db.transaction().execute((trx) => current.run(transaction, () => work(trx)))
    transaction.isOpen = false
    for (const then of transaction.afterwards) then()
    return result
  } finally {
    transaction.isOpen = false
  }
}

function isWorthAnotherTry(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return code === DEADLOCK || code === SERIALIZATION_FAILURE
}
