import { sql } from 'kysely'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import type { Attempt } from '../database/tables.ts'
import type { Notification } from './gathering.ts'
import { mayBeSaidTwice } from './outcomes.ts'
import { toBeSent } from './planning.ts'

/** Nobody speaks so long: whoever has, cannot write down what came of it. */
const LONGEST = { minutes: 2 }
/** What has been due so long and is still planned has been lost by the queue. */
const OVERDUE = { minutes: 2 }
const MOST = 500

/**
 * Takes over what others left behind. What a process had begun to say when it died may have been said: a reminder or an
 * SMS becomes uncertain, is shown and is not said again; a mail about a change goes again, with the id it had. And what
 * is due although the queue has lost it is handed to it once more.
 */
export async function takeOver(
  db: Database,
  living: string[],
  now: Temporal.Instant,
): Promise<{ uncertain: number; again: number }> {
  return inTransaction(db, async (trx) => {
    const left = await leftBehind(trx, living, now)
    const uncertain = left.filter((notification) => !mayBeSaidTwice(notification))
    await becomeUncertain(trx, uncertain, now)
    const again = left.filter(mayBeSaidTwice)
    await planAgain(trx, again, now)
    const lost = await lostByTheQueue(trx, now)
    const byOrganization = Map.groupBy([...again, ...lost], ({ organization_id }) => organization_id)
    for (const [organization_id, messages] of byOrganization)
      await toBeSent(trx, organization_id, messages, now)
    return { uncertain: uncertain.length, again: again.length + lost.length }
  })
}

function leftBehind(trx: Transaction, living: string[], now: Temporal.Instant): Promise<Notification[]> {
  return trx
    .selectFrom('notifications')
    .selectAll()
    .where('state', '=', 'sending')
    .where((where) =>
      where.or([
        where('worker_id', 'is', null),
        sql<boolean>`worker_id <> all(${living}::uuid[])`,
        where('updated_at', '<=', now.subtract(LONGEST)),
      ]),
    )
    .orderBy('id')
    .limit(MOST)
    .forUpdate()
    .skipLocked()
    .execute()
}

async function becomeUncertain(trx: Transaction, left: Notification[], now: Temporal.Instant): Promise<void> {
  const reason = 'The program ended while it was being sent: it may have arrived, and is not sent again.'
  await change(trx, left, now, { state: 'uncertain', reason })
}

async function planAgain(trx: Transaction, left: Notification[], now: Temporal.Instant): Promise<void> {
  await change(trx, left, now, { state: 'planned', reason: 'The program ended while it was being sent.' })
}

async function change(
  trx: Transaction,
  left: Notification[],
  now: Temporal.Instant,
  to: { state: 'uncertain' | 'planned'; reason: string },
): Promise<void> {
  if (left.length === 0) return
  const attempt: Attempt = { at: now.toString(), outcome: 'interrupted', answer: to.reason }
  await trx
    .updateTable('notifications')
    .set({ ...to, worker_id: null, next_try_at: now, updated_at: now })
    .set({ attempts: sql`attempts || ${JSON.stringify([attempt])}::jsonb` })
    .where(sql<boolean>`id = any(${left.map(({ id }) => id)}::uuid[])`)
    .execute()
}

async function lostByTheQueue(trx: Transaction, now: Temporal.Instant): Promise<Notification[]> {
  const { rows } = await sql<Notification>`
    update notifications set next_try_at = ${now} where (organization_id, id) in (
      select organization_id, id from notifications
      where state = 'planned' and next_try_at <= ${now.subtract(OVERDUE)}
      order by next_try_at limit ${MOST} for update skip locked)
    returning *`.execute(trx)
  return rows
}
