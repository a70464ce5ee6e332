import type { Log } from '../database/connect.ts'
import type { Database } from '../database/transactions.ts'
import type { Consumer } from '../queue/relay.ts'
import { type Delivered, type Outgoing, type Sender, Unreachable } from './channels/channel.ts'
import { type Deciding, decide } from './deciding.ts'
import { gather, type Gathered, type Notification } from './gathering.ts'
import { type Channel, channels } from './kinds.ts'
import { putOff, recordFailure, recordSent, skip } from './outcomes.ts'
import { Pauses } from './pauses.ts'

export interface Sending extends Deciding {
  db: Database
  now: () => Temporal.Instant
  log: Log
  senders: Record<Channel, Sender>
  /** Whoever speaks puts this beside it: what a dead process had begun is found by it. */
  worker_id: string
  retry_seconds: number
}

/** So much the queue's clock may be ahead of ours. */
const TOLERANCE = { seconds: 2 }
/** So many messages of a channel are on their way at once. */
const AT_ONCE = 5

/** Sends messages, each channel by itself, so that a slow mail server keeps no SMS waiting. */
export function sending(parts: Sending): Consumer[] {
  return channels.map((channel) => {
    const pauses = new Pauses(parts.retry_seconds)
    return {
      name: channel,
      kinds: [`message.${channel}`],
      at_once: AT_ONCE,
      async handle({ organization_id, data }) {
        const { notification_id } = data as { notification_id: string }
        await send({ ...parts, pauses }, organization_id, notification_id)
      },
    }
  })
}

/**
 * Sends one message, if it is to be sent: looks at the world as it is now, claims it, speaks, and writes down what came
 * back. It can run twice without harm, for only one claims it; and what fails before that has said nothing and is tried
 * again. What claims it and dies is found by `takeOver`.
 */
async function send(parts: Sending & { pauses: Pauses }, organization_id: string, id: string): Promise<void> {
  const { db, pauses } = parts
  const now = parts.now()
  const found = await due(parts, organization_id, id, now)
  if (!found) return
  const gathered = await gather(db, found)
  const next = await decide(parts, found, gathered, now)
  const notification = await claim(parts, found, now)
  if (!notification) return

  if ('reason' in next) return skip(parts, notification, next.reason)
  if ('until' in next) return putOff(parts, notification, next.until)
  if (pauses.left(now) > 0)
    return recordFailure(parts, notification, null, gathered, new Unreachable(pauses.reason))
  await speak(parts, notification, gathered, next.outgoing)
}

async function due(
  { db }: Sending,
  organization_id: string,
  id: string,
  now: Temporal.Instant,
): Promise<Notification | undefined> {
  return db
    .selectFrom('notifications')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .where('state', '=', 'planned')
    .where('next_try_at', '<=', now.add(TOLERANCE))
    .executeTakeFirst()
}

/** Nobody else sends what is claimed: the claim is committed before a word is said. */
async function claim(
  { db, worker_id }: Sending,
  { organization_id, id }: Notification,
  now: Temporal.Instant,
): Promise<Notification | undefined> {
  return db
    .updateTable('notifications')
    .set({ state: 'sending', worker_id, updated_at: now })
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .where('state', '=', 'planned')
    .where('next_try_at', '<=', now.add(TOLERANCE))
    .returningAll()
    .executeTakeFirst()
}

async function speak(
  parts: Sending & { pauses: Pauses },
  notification: Notification,
  gathered: Gathered,
  outgoing: Outgoing,
): Promise<void> {
  const sender = parts.senders[notification.channel]
  const spoken = { ...outgoing, service: sender.service }
  let delivered: Delivered
  try {
    delivered = await sender.send(outgoing)
  } catch (error) {
    return recordFailure(parts, notification, spoken, gathered, error as Error)
  }
  // Outside of the above: what was said and cannot be written down has not failed, and is not to be said again.
  parts.pauses.end()
  await recordSent(parts, notification, spoken, delivered)
}
