import type { MessageKind, MessageRule } from '../../presets/preset.ts'
import type { NewRow } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type EventKind, type PunctualEvent, recordAll } from '../events/events.ts'
import { newId } from '../ids.ts'
import { readOrganization } from '../organizations/organizations.ts'
import type { Consumer } from '../queue/relay.ts'
import type { AccountKind, Channel, Kind } from './kinds.ts'

/** Which message follows from what happened. */
const kindOf: Partial<Record<EventKind, MessageKind>> = {
  'appointment.booked': 'booked',
  'appointment.confirmed': 'confirmed',
  'appointment.declined': 'declined',
  'appointment.rescheduled': 'rescheduled',
  'appointment.cancelled': 'cancelled',
  'appointment.missed': 'no_show',
}
const accountKindOf: Partial<Record<EventKind, AccountKind>> = {
  'account.signed_up': 'verification',
  'account.verification_asked': 'verification',
  'account.invited': 'invitation',
  'account.reset_asked': 'password_reset',
  'account.sign_up_repeated': 'known_address',
}

/** A message that somebody is to get, on one channel. */
export type Planned = Pick<
  NewRow<'notifications'>,
  'audience' | 'recipient_id' | 'appointment_id' | 'cause' | 'asked_by'
> & { kind: Kind; channel: Channel; facts?: Record<string, unknown> }

/** Plans what is to be said of what happened. Each message is a record from then on; told twice, it is planned once. */
export function planning({ db, now }: { db: Database; now: () => Temporal.Instant }): Consumer {
  return {
    name: 'notifications',
    kinds: [...Object.keys(kindOf), ...Object.keys(accountKindOf)] as EventKind[],
    async handle(event) {
      await inTransaction(db, async (trx) => {
        await plan(trx, event.organization_id, await messagesFor(trx, event), now())
      })
    },
  }
}

/** Writes down planned messages, and hands those that are new to the queue. Answers with the ids of the new ones. */
export async function plan(
  trx: Transaction,
  organization_id: string,
  messages: Planned[],
  now: Temporal.Instant,
): Promise<string[]> {
  if (messages.length === 0) return []
  const rows = messages.map(({ facts, ...message }) => ({
    ...message,
    organization_id,
    id: newId(),
    facts: JSON.stringify(facts ?? {}),
    state: 'planned' as const,
    next_try_at: now,
    created_at: now,
    updated_at: now,
  }))
  const planned = await trx
    .insertInto('notifications')
    .values(rows)
    .onConflict((conflict) => conflict.constraint('said_once').doNothing())
    .returning(['id', 'channel'])
    .execute()
  await toBeSent(trx, organization_id, planned, now)
  return planned.map(({ id }) => id)
}

/** Hands messages to the queues of their channels, for now or for so many seconds from now. */
export async function toBeSent(
  trx: Transaction,
  organization_id: string,
  messages: { id: string; channel: Channel }[],
  now: Temporal.Instant,
  after_seconds?: number,
): Promise<void> {
  const events = messages.map(({ id: notification_id, channel }) => ({
    kind: `message.${channel}` as const,
    data: { notification_id, ...(after_seconds && { after_seconds }) },
  }))
  await recordAll(trx, organization_id, events, now)
}

/** Those whom the rules tell of one kind of thing, on each of their channels. */
export function toldOf(
  kind: MessageKind,
  rules: MessageRule[],
  { client_id, provider_id }: { client_id: string; provider_id: string },
): Pick<Planned, 'kind' | 'audience' | 'recipient_id' | 'channel'>[] {
  const isTold = rules.filter((rule) => rule.kind === kind)
  return isTold.flatMap(({ to, channels }) =>
    channels.map((channel) => {
      const recipient_id = to === 'client' ? client_id : provider_id
      return { kind, audience: to, recipient_id, channel }
    }),
  )
}

async function messagesFor(trx: Transaction, event: PunctualEvent): Promise<Planned[]> {
  const account = accountKindOf[event.kind]
  if (account) {
    const { person_id: recipient_id } = event.data as { person_id: string }
    return [{ kind: account, audience: 'account', channel: 'email', recipient_id, cause: event.id }]
  }
  const kind = kindOf[event.kind]
  if (!kind) return []
  const { appointment_id, history_id } = event.data as { appointment_id: string; history_id: string }
  const { rules } = await readOrganization(trx, event.organization_id)
  const appointment = await trx
    .selectFrom('appointments')
    .select(['client_id', 'provider_id'])
    .where('organization_id', '=', event.organization_id)
    .where('id', '=', appointment_id)
    .executeTakeFirst()
  if (!appointment) return []
  const about = { appointment_id, cause: history_id }
  const told = toldOf(kind, rules.messages, appointment).map((message) => ({ ...message, ...about }))
  if (kind !== 'rescheduled') return told
  return [...told, ...(await goodbyes(trx, event.organization_id, about, rules.messages, appointment))]
}

/** Of what was moved to somebody else the one who had it is told that it is off: for them there is no other time. */
async function goodbyes(
  trx: Transaction,
  organization_id: string,
  about: { appointment_id: string; cause: string },
  rules: MessageRule[],
  { client_id, provider_id }: { client_id: string; provider_id: string },
): Promise<Planned[]> {
  const entry = await trx
    .selectFrom('appointment_events')
    .select('before')
    .where('organization_id', '=', organization_id)
    .where('appointment_id', '=', about.appointment_id)
    .where('id', '=', about.cause)
    .executeTakeFirst()
  const had = entry?.before?.provider_id as string | undefined
  if (!had || had === provider_id) return []
  const told = toldOf('cancelled', rules, { client_id, provider_id: had })
  const whoHadIt = told.filter(({ audience }) => audience === 'provider')
  return whoHadIt.map((message) => ({ ...message, ...about, facts: { given_away: true } }))
}
