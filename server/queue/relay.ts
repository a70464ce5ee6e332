import { CompiledQuery, sql } from 'kysely'
import type { PgBoss } from 'pg-boss'
import type { Log } from '../database/connect.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type EventKind, onCommitted, type PunctualEvent } from '../events/events.ts'

/** Somebody who learns of events: each consumer has a queue of its own, so that one failing hinders no other. */
export interface Consumer {
  name: string
  kinds: readonly EventKind[]
  /**
   * May be called twice for one event (after a crash in the middle), and for a later event before an earlier one of
   * another transaction: it must do no harm then, and looks at the world as it is now.
   */
  handle(event: PunctualEvent): Promise<void>
  /** Set where one need not wait for the other: so many are handled at once. Else one after another, in their order. */
  at_once?: number
  /** How often it is asked again after failing; three times unless said. */
  retries?: number
  /** After so many minutes it is taken to have failed; one minute unless said. Each then comes alone. */
  most_minutes?: number
}

/** Somebody who hears at once, in the process that hands events on, and need not hear everything: a browser asks anew. */
export type Listener = (events: PunctualEvent[]) => void

const BATCH = 100

/**
 * Hands events to the queues of those who want them, in the order of their making, and marks them in the same
 * transaction. Runs when this process committed something, and each second for what other processes left behind.
 */
export function startRelay(parts: {
  db: Database
  boss: PgBoss
  consumers: Consumer[]
  listeners?: Listener[]
  now: () => Temporal.Instant
  log: Log
  interval_milliseconds?: number
}): { stop(): Promise<void>; drain(): Promise<void> } {
  let running: Promise<void> | null = null
  let isAskedAgain = false
  let isStopped = false

  const run = async () => {
    do {
      isAskedAgain = false
      try {
        while ((await relayBatch(parts)) === BATCH) if (isStopped) return
      } catch (error) {
        parts.log.error({ err: error }, 'events could not be handed on; they stay and are tried again')
        return
      }
    } while (isAskedAgain && !isStopped)
  }
  const kick = (): Promise<void> => {
    if (isStopped) return Promise.resolve()
    if (running) isAskedAgain = true
    return (running ??= run().finally(() => (running = null)))
  }

  const forget = onCommitted(() => void kick())
  const timer = setInterval(() => void kick(), parts.interval_milliseconds ?? 1000)
  timer.unref()
  return {
    drain: kick,
    async stop() {
      isStopped = true
      clearInterval(timer)
      forget()
      await running
    },
  }
}

async function relayBatch(parts: Parameters<typeof startRelay>[0]): Promise<number> {
  const { db, boss, consumers, listeners = [], now } = parts
  const relayed = await inTransaction(db, async (trx) => {
    const events = await trx
      .selectFrom('events')
      .select(['id', 'organization_id', 'kind', 'data'])
      .where('relayed_at', 'is', null)
      .orderBy('id')
      .limit(BATCH)
      .forUpdate()
      .skipLocked()
      .execute()
    if (events.length === 0) return []

    for (const consumer of consumers) {
      const wanted = events.filter((event) => consumer.kinds.includes(event.kind as EventKind))
      if (wanted.length === 0) continue
      const jobs = wanted.map((event) => ({ id: event.id, data: event, ...startOf(event) }))
      await boss.insert(consumer.name, jobs, { db: executorOver(trx) })
    }
    await trx
      .updateTable('events')
      .set({ relayed_at: now() })
      .where(sql<boolean>`id = any(${events.map((event) => event.id)}::uuid[])`)
      .execute()
    return events as PunctualEvent[]
  })
  if (relayed.length > 0) for (const listen of listeners) listen(relayed)
  return relayed.length
}

/** What is not to be done at once says how long it waits: by the queue's own clock, which runs on while ours may stand. */
function startOf({ data }: { data: unknown }): { startAfter?: number } {
  const { after_seconds } = data as { after_seconds?: number }
  return after_seconds ? { startAfter: after_seconds } : {}
}

/** What pg-boss asks of a connection, over a transaction of ours. */
function executorOver(trx: Transaction) {
  return {
    executeSql: async (text: string, values: unknown[] = []) => {
      const { rows } = await trx.executeQuery(CompiledQuery.raw(text, values))
      return { rows: rows as never[] }
    },
  }
}
