import type { MessageKind } from '../../presets/preset.ts'
import { lockAppointment } from '../appointments/appointments.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { readOrganization } from '../organizations/organizations.ts'
import type { Actor } from '../permissions.ts'
import { InvalidInput, Refusal } from '../refusal.ts'
import type { Channel } from './kinds.ts'
import { plan, type Planned, toBeSent, toldOf } from './planning.ts'
import { messagesAbout, readNotification, type ShownNotification } from './list.ts'

export const kindsByHand = [
  'booked',
  'confirmed',
  'declined',
  'cancelled',
  'rescheduled',
  'reminder',
] as const
export type KindByHand = (typeof kindsByHand)[number]

/** What an appointment must have come to before it can be said. */
const statesOf: Record<KindByHand, readonly string[] | null> = {
  booked: ['pending', 'confirmed', 'arrived', 'in_progress'],
  confirmed: ['confirmed', 'arrived', 'in_progress'],
  rescheduled: ['pending', 'confirmed'],
  reminder: ['pending', 'confirmed'],
  declined: ['declined'],
  cancelled: ['cancelled', 'declined'],
}

export class NothingToSay extends Refusal {
  readonly code: string = 'nothing_to_say'
  readonly status = 409
}

export class NotToBeSentAgain extends Refusal {
  readonly code = 'not_to_be_sent_again'
  readonly status = 409

  constructor(state: string) {
    super(
      `This message is ${state}. Only one that failed, was skipped or is uncertain can be tried again; send a new one by hand.`,
    )
  }
}

export interface ByHand {
  appointment_id: string
  kind: KindByHand
  /** Those whom the rules tell, on the channels of the rules, unless said. */
  to?: ('client' | 'provider')[]
  channels?: Channel[]
}

/** Sends a message about an appointment because somebody asked for it, however often it was said before. */
export async function sendByHand(
  db: Database | Transaction,
  actor: Actor,
  { appointment_id, kind, to, channels }: ByHand,
  now: Temporal.Instant,
): Promise<ShownNotification[]> {
  const { organization_id, person_id: asked_by } = actor
  return inTransaction(db, async (trx) => {
    const appointment = await lockAppointment(trx, actor, appointment_id, 'notifications:send')
    const states = statesOf[kind]
    if (states && !states.includes(appointment.state)) {
      throw new NothingToSay(
        `The appointment is ${appointment.state.replace('_', ' ')}; for this message it should be ${states.join(' or ')}.`,
      )
    }
    const { rules } = await readOrganization(trx, organization_id)
    const told =
      kind === 'reminder'
        ? remindersOf(rules.reminders, appointment)
        : toldOf(kind, rules.messages, appointment)
    const wanted = to || channels ? choose(told, appointment, kind, to, channels) : told
    if (wanted.length === 0) {
      throw new InvalidInput([
        {
          field: 'channels',
          message: 'is missing: the rules send no such message, so say on which channels',
        },
      ])
    }
    const cause = `by hand ${newId()}`
    const latest =
      kind === 'reminder' ? undefined : await lastEntry(trx, organization_id, appointment_id, kind)
    const facts = latest ? { history_id: latest } : {}
    const messages = wanted.map((message) => ({ ...message, appointment_id, cause, facts, asked_by }))
    const ids = await plan(trx, organization_id, messages, now)
    const said = await messagesAbout(trx, organization_id, [appointment_id])
    return said.filter(({ id }) => ids.includes(id))
  })
}

type Told = Pick<Planned, 'kind' | 'audience' | 'recipient_id' | 'channel'>
type People = { client_id: string; provider_id: string }

function remindersOf(
  reminders: { channels: Channel[]; to?: ('client' | 'provider')[] }[],
  { client_id, provider_id }: People,
): Told[] {
  const found = new Map<string, Told>()
  for (const { channels, to = ['client' as const] } of reminders) {
    for (const audience of to) {
      for (const channel of channels) {
        const recipient_id = audience === 'client' ? client_id : provider_id
        found.set(`${audience} ${channel}`, { kind: 'reminder', audience, recipient_id, channel })
      }
    }
  }
  return [...found.values()]
}

function choose(
  told: Told[],
  { client_id, provider_id }: People,
  kind: KindByHand,
  to: ('client' | 'provider')[] = ['client'],
  channels?: Channel[],
): Told[] {
  return to.flatMap((audience) => {
    const ruled = told.filter((message) => message.audience === audience).map(({ channel }) => channel)
    const recipient_id = audience === 'client' ? client_id : provider_id
    return (channels ?? ruled).map((channel) => ({ kind, audience, recipient_id, channel }))
  })
}

const actionOf: Partial<Record<MessageKind, string[]>> = {
  booked: ['booked'],
  confirmed: ['confirm'],
  declined: ['decline'],
  cancelled: ['cancel', 'decline'],
  rescheduled: ['reschedule', 'postpone'],
}

/** The last time that it happened: the message tells of that, as it was told then. */
async function lastEntry(
  trx: Transaction,
  organization_id: string,
  appointment_id: string,
  kind: MessageKind,
): Promise<string | undefined> {
  const entry = await trx
    .selectFrom('appointment_events')
    .select('id')
    .where('organization_id', '=', organization_id)
    .where('appointment_id', '=', appointment_id)
    .where('action', 'in', actionOf[kind] ?? [])
    .orderBy('happened_at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return entry?.id
}

/** Tries a message again that did not get through: the same record, which goes on to tell its story. */
export async function retry(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  now: Temporal.Instant,
): Promise<ShownNotification> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    await readNotification(trx, actor, id)
    const message = await trx
      .selectFrom('notifications')
      .selectAll()
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (!['failed', 'skipped', 'uncertain'].includes(message.state)) throw new NotToBeSentAgain(message.state)
    await trx
      .updateTable('notifications')
      .set({ state: 'planned', tries: 0, next_try_at: now, updated_at: now })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    await toBeSent(trx, organization_id, [message], now)
    return readNotification(trx, actor, id)
  })
}
