import { sql } from 'kysely'
import type { Attempt, RowChange } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type Delivered, NotSent, type Outgoing, Unclear, Unreachable } from './channels/channel.ts'
import type { Gathered, Notification } from './gathering.ts'
import type { Pauses } from './pauses.ts'
import { toBeSent } from './planning.ts'

interface Telling {
  db: Database
  now: () => Temporal.Instant
  worker_id: string
}

/** What was said, to which address, through what. */
type Spoken = Pick<Outgoing, 'to' | 'subject' | 'text' | 'short'> & { service: string }

/** A message that was refused is tried so often in all. */
const MOST_TRIES = 4
/** What belongs to no appointment, or to one that had begun, is not tried for ever, either. */
const LONGEST = { hours: 48 }
/** The story of a message is told in so many lines at most. */
const MOST_ATTEMPTS = 50

/** Writes down that it was sent. */
export async function recordSent(
  parts: Telling,
  notification: Notification,
  spoken: Spoken,
  { external_id, answer, gone = [] }: Delivered,
): Promise<void> {
  await inTransaction(parts.db, async (trx) => {
    await forgetBrowsers(trx, notification, gone)
    await finish(trx, parts, notification, {
      ...saidOf(notification, spoken),
      ...attempt(notification, parts.now(), 'sent', answer),
      state: 'sent',
      reason: null,
      external_id: external_id ?? null,
      tries: notification.tries + 1,
      sent_at: parts.now(),
    })
  })
}

/** Writes down how it failed, and has it tried again where that may help. */
export async function recordFailure(
  parts: Telling & { pauses: Pauses; retry_seconds: number },
  notification: Notification,
  spoken: Spoken | null,
  gathered: Gathered,
  error: Error,
): Promise<void> {
  const now = parts.now()
  const said = spoken ? saidOf(notification, spoken) : {}
  if (error instanceof NotSent) {
    await forgetBrowsers(parts.db, notification, error.gone)
    return skip(parts, notification, error.message, said)
  }
  const { change, after_seconds } = judge(parts, notification, gathered, error, now)
  await inTransaction(parts.db, async (trx) => {
    await finish(trx, parts, notification, { ...said, ...change })
    if (after_seconds === undefined) return
    await toBeSent(trx, notification.organization_id, [notification], now, after_seconds)
  })
}

/**
 * A service that is not there has heard nothing: that is no try, and goes on until it answers or the appointment begins.
 * One that did not answer may have sent it: a reminder or an SMS is not said again, a mail has an id by which it is known.
 */
function judge(
  { pauses, retry_seconds }: { pauses: Pauses; retry_seconds: number },
  notification: Notification,
  { appointment }: Gathered,
  error: Error,
  now: Temporal.Instant,
): { change: RowChange<'notifications'>; after_seconds?: number } {
  const reason = error.message
  if (error instanceof Unreachable) {
    const tried = attempt(notification, now, 'unreachable', reason)
    const end = endOf(notification, appointment)
    if (Temporal.Instant.compare(now, end) >= 0) return { change: { ...tried, state: 'failed', reason } }
    return again(tried, pauses.begin(now, reason), reason, now)
  }
  const tries = notification.tries + 1
  const isUnclear = error instanceof Unclear
  const tried = { ...attempt(notification, now, isUnclear ? 'unclear' : 'refused', reason), tries }
  if (isUnclear && !mayBeSaidTwice(notification)) return { change: { ...tried, state: 'uncertain', reason } }
  if (tries >= MOST_TRIES) return { change: { ...tried, state: 'failed', reason } }
  return again(tried, retry_seconds * 2 ** (tries - 1), reason, now)
}

/** Until when it makes sense to say it: who did not come is told after the start, and is to hear of it, too. */
function endOf({ created_at }: Notification, appointment: Gathered['appointment']): Temporal.Instant {
  const isAhead = appointment && Temporal.Instant.compare(created_at, appointment.starts_at) < 0
  return isAhead ? appointment.starts_at : created_at.add(LONGEST)
}

function again(
  change: RowChange<'notifications'>,
  after_seconds: number,
  reason: string,
  now: Temporal.Instant,
): { change: RowChange<'notifications'>; after_seconds: number } {
  const next_try_at = now.add({ seconds: after_seconds })
  return { change: { ...change, state: 'planned', reason, next_try_at }, after_seconds }
}

/** Mail about a change, which its Message-ID keeps from being shown twice. */
export function mayBeSaidTwice({ channel, kind }: Pick<Notification, 'channel' | 'kind'>): boolean {
  return channel === 'email' && kind !== 'reminder'
}

/** It is not sent, and here is why. */
export async function skip(
  parts: Telling,
  notification: Notification,
  reason: string,
  said: RowChange<'notifications'> = {},
): Promise<void> {
  await finish(parts.db, parts, notification, { ...said, state: 'skipped', reason })
}

/** Not now: nothing has been said, and that is no try. */
export async function putOff(
  parts: Telling,
  notification: Notification,
  until: Temporal.Instant,
): Promise<void> {
  const now = parts.now()
  await inTransaction(parts.db, async (trx) => {
    await finish(trx, parts, notification, { state: 'planned', next_try_at: until })
    const after_seconds = Math.max(1, Math.ceil(now.until(until).total('seconds')))
    await toBeSent(trx, notification.organization_id, [notification], now, after_seconds)
  })
}

/** Only whoever claimed it says what has become of it. */
async function finish(
  db: Database | Transaction,
  { worker_id, now }: Telling,
  { organization_id, id }: Notification,
  change: RowChange<'notifications'>,
): Promise<void> {
  await db
    .updateTable('notifications')
    .set({ ...change, worker_id: null, updated_at: now() })
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .where('worker_id', '=', worker_id)
    .execute()
}

/** What is kept of what was said: not the links of accounts, by which whoever reads it could log in. */
function saidOf({ channel }: Notification, spoken: Spoken): RowChange<'notifications'> {
  const { to, subject, text, short, service } = spoken
  const said = channel === 'email' ? text : short
  return {
    address: to.address,
    service,
    subject: channel === 'sms' ? null : subject,
    content: said.replaceAll(/(https?:\/\/\S+#token=)\S+/g, '$1…'),
  }
}

function attempt(
  { attempts }: Notification,
  now: Temporal.Instant,
  outcome: Attempt['outcome'],
  answer: string,
): { attempts: string } {
  const last = attempts.at(-1)
  const isSame = last?.outcome === outcome && last.answer === answer
  const before = isSame ? attempts.slice(0, -1) : attempts
  const times = isSame ? (last.times ?? 1) + 1 : undefined
  const entry = { at: now.toString(), outcome, answer: answer.slice(0, 1000), ...(times && { times }) }
  return { attempts: JSON.stringify([...before, entry].slice(-MOST_ATTEMPTS)) }
}

async function forgetBrowsers(
  db: Database | Transaction,
  { organization_id }: Notification,
  ids: string[],
): Promise<void> {
  if (ids.length === 0) return
  await db
    .deleteFrom('push_subscriptions')
    .where('organization_id', '=', organization_id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute()
}
