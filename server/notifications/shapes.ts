import { Type } from 'typebox'
import { FreeText, Id, Instant, nullable, oneOf, pageOf, pageQuery, ref, shape, strict } from '../shapes.ts'
import { kindsByHand } from './by-hand.ts'
import { audiencesOf, channels, kinds } from './kinds.ts'
import type { ShownNotification } from './list.ts'
import type { Subscription } from './subscriptions.ts'

const states = ['planned', 'sending', 'sent', 'failed', 'skipped', 'uncertain'] as const
const audiences = [...new Set(Object.values(audiencesOf).flat())]
const ChannelName = oneOf(channels)
const State = oneOf(states)
const Party = oneOf(['client', 'provider'])

const AttemptShape = strict({
  at: Instant,
  outcome: oneOf(['sent', 'refused', 'unreachable', 'unclear', 'interrupted']),
  answer: Type.String({ description: 'What came back' }),
  times: Type.Optional(Type.Integer({ description: 'How often the same came back, one after the other' })),
})

export const NotificationShape = shape(
  'Notification',
  strict({
    id: Id,
    kind: oneOf(kinds),
    audience: oneOf(audiences, 'As whom the recipient is told'),
    channel: ChannelName,
    state: State,
    reason: nullable(Type.String({ description: 'Why it was not sent, or not yet' })),
    recipient_id: Id,
    recipient_name: Type.String(),
    address: nullable(Type.String({ description: 'Where it was sent' })),
    appointment_id: nullable(Id),
    subject: nullable(Type.String()),
    content: nullable(Type.String({ description: 'What it said; links of accounts are left out' })),
    tries: Type.Integer(),
    attempts: Type.Array(AttemptShape),
    service: nullable(
      Type.String({ description: 'What it was sent by; log: it was only written to the log' }),
    ),
    external_id: nullable(Type.String({ description: 'By which that service knows it' })),
    next_try_at: nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
    sent_at: nullable(Instant),
  }),
)
export const NotificationPage = pageOf('NotificationPage', NotificationShape)

export const NotificationsQuery = strict({
  ...pageQuery,
  state: Type.Optional(State),
  kind: Type.Optional(oneOf(kinds)),
  audience: Type.Optional(oneOf(audiences)),
  channel: Type.Optional(ChannelName),
  appointment_id: Type.Optional(Id),
  recipient_id: Type.Optional(Id),
  search: Type.Optional(FreeText(200, "Part of the recipient's name, or of the address")),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
})

export const NotificationSummary = shape(
  'NotificationSummary',
  strict({
    total: Type.Integer(),
    states: Type.Record(Type.String(), Type.Integer(), { description: 'How many, by state' }),
    channels: Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer()), {
      description: 'How many, by channel and state',
    }),
    recent: Type.Array(ref(NotificationShape), { description: 'The ten that were sent last' }),
  }),
)

export const SendBody = shape(
  'SendNotification',
  strict({
    appointment_id: Id,
    kind: oneOf(kindsByHand),
    to: Type.Optional(Type.Array(Party, { minItems: 1, uniqueItems: true })),
    channels: Type.Optional(
      Type.Array(ChannelName, {
        minItems: 1,
        uniqueItems: true,
        description: 'As the rules have it, unless said',
      }),
    ),
  }),
)
export const SentByHand = shape('SentByHand', strict({ items: Type.Array(ref(NotificationShape)) }))

const ClockTime = nullable(
  Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'HH:MM, in your zone' }),
)
const Channels = Type.Array(ChannelName, { uniqueItems: true })
export const PreferencesShape = shape(
  'Preferences',
  strict({ channels: Channels, quiet_from: ClockTime, quiet_until: ClockTime }),
)
export const PreferencesBody = shape(
  'PreferencesChange',
  strict({
    channels: Type.Optional(Channels),
    quiet_from: Type.Optional(ClockTime),
    quiet_until: Type.Optional(ClockTime),
  }),
)

export const SubscriptionBody = shape(
  'NewPushSubscription',
  strict(
    {
      endpoint: Type.String({ maxLength: 1000 }),
      expirationTime: Type.Optional(nullable(Type.Number())),
      keys: strict({ p256dh: Type.String({ maxLength: 200 }), auth: Type.String({ maxLength: 50 }) }),
    },
    'What `PushSubscription.toJSON()` gives',
  ),
)
export const SubscriptionShape = shape(
  'PushSubscription',
  strict({ id: Id, endpoint: Type.String(), created_at: Instant }),
)
export const SubscriptionList = shape(
  'PushSubscriptions',
  strict({
    items: Type.Array(ref(SubscriptionShape)),
    public_key: Type.String({ description: 'The applicationServerKey to subscribe with' }),
  }),
)

export function viewNotification(row: ShownNotification) {
  const { organization_id, cause, facts, worker_id, asked_by, recipient_email, ...shown } = row
  return {
    ...shown,
    kind: row.kind as (typeof kinds)[number],
    next_try_at: row.state === 'planned' ? row.next_try_at.toString() : null,
    created_at: row.created_at.toString(),
    updated_at: row.updated_at.toString(),
    sent_at: row.sent_at?.toString() ?? null,
  }
}

export function viewSubscription({ id, endpoint, created_at }: Subscription) {
  return { id, endpoint, created_at: created_at.toString() }
}
