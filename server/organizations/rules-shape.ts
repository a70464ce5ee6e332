import { Type } from 'typebox'
import { serviceRules } from '../../presets/preset.ts'
import { grantable } from '../permissions.ts'
import { Instant, nullable, oneOf, shape, strict } from '../shapes.ts'

const minutes = (maximum: number) => Type.Integer({ minimum: 0, maximum })
const most = Type.Integer({ minimum: 1, maximum: 100_000 })
const Channels = Type.Array(oneOf(['email', 'sms', 'push']), { minItems: 1, uniqueItems: true })
const Party = oneOf(['client', 'provider'])
const MessageKind = oneOf([
  'booked',
  'confirmed',
  'declined',
  'cancelled',
  'rescheduled',
  'no_show',
  'summary',
  'follow_up',
])
const RuleState = oneOf(['pending', 'confirmed', 'arrived', 'in_progress'])

const GrantsOfRole = Type.Optional(
  strict(
    Object.fromEntries(grantable.map((action) => [action, Type.Optional(oneOf(['own', 'location', 'all']))])),
  ),
)

/** The shape of each rule, as `Rules` in presets/preset.ts says it. */
export const ruleShapes = {
  grants: strict(
    {
      secretary: GrantsOfRole,
      reception: GrantsOfRole,
      provider: GrantsOfRole,
      client: GrantsOfRole,
    },
    'What roles may here beyond what they may everywhere: which action, and how widely',
  ),
  confirm_by: oneOf(['nobody', 'client', 'provider', 'either'], 'Whose confirmation a new booking waits for'),
  notice_minutes: minutes(525_600),
  horizon_minutes: nullable(minutes(5_256_000)),
  change_notice_minutes: minutes(525_600),
  moving_asks_again: Type.Boolean({ description: 'Whether what is moved waits for its confirmation again' }),
  grid: oneOf(['windows', 'clock', 'none'], 'Which starts can be booked'),
  length: oneOf(['service', 'request'], 'Who says how long an appointment takes'),
  slot_minutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  least_minutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  most_minutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  published_slots_only: Type.Boolean(),
  hours_needed: Type.Boolean({ description: 'If not, whoever has no week can be booked at any time' }),
  slots_close_their_day: Type.Boolean({
    description: 'On a day with published slots nothing else can be booked',
  }),
  slots_in_parts: Type.Boolean({ description: 'Whether a part of a published slot can be asked for' }),
  dated_hours: oneOf(['replace', 'add'], 'What the hours of a date do to the weekly ones'),
  clients_may_overlap: Type.Boolean(),
  location_takes_one: Type.Boolean(),
  hold_minutes: Type.Integer({ minimum: 1, maximum: 120 }),
  most_holds: Type.Integer({ minimum: 1, maximum: 100 }),
  most_per_provider_and_day: nullable(most),
  most_per_client_and_day: nullable(most),
  most_per_client: nullable(most),
  one_per_provider_and_dependent: Type.Boolean(),
  one_per_client_and_location: Type.Boolean(),
  walking_gap_minutes: minutes(1440),
  break_after: nullable(
    strict({
      appointments: Type.Integer({ minimum: 1, maximum: 100 }),
      // Longer than a night is no break: rows of appointments are looked at a day around.
      minutes: Type.Integer({ minimum: 1, maximum: 480 }),
    }),
  ),
  registration_opens_at: nullable(Instant),
  registration_closes_at: nullable(Instant),
  completes_from: Type.Array(RuleState, { uniqueItems: true }),
  closes_early: Type.Boolean({ description: 'Whether it may be said how it went before it has begun' }),
  slots_are_public: Type.Boolean(),
  sign_up_as: Type.Array(oneOf(['client', 'provider']), { uniqueItems: true }),
  one_person_per_phone: Type.Boolean(),
  email_domains: Type.Array(Type.String({ pattern: '^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$', maxLength: 253 }), {
    maxItems: 100,
  }),
  log_in_needs_verified_email: Type.Boolean(),
  password_needs_classes: Type.Boolean(),
  access_token_minutes: Type.Integer({ minimum: 1, maximum: 525_600 }),
  refresh_token_days: Type.Integer({ minimum: 1, maximum: 3650 }),
  after_the_end: oneOf(['leave', 'complete', 'no_show']),
  no_show_after_minutes: nullable(minutes(10_080)),
  cancel_unconfirmed_minutes_before: nullable(minutes(525_600)),
  unbooked_slots_kept_days: nullable(Type.Integer({ minimum: 0, maximum: 3650 })),
  unbooked_slots_cleaned: oneOf(['daily', 'weekly']),
  notifications_kept_days: nullable(Type.Integer({ minimum: 1, maximum: 3650 })),
  block_after_no_shows: nullable(Type.Integer({ minimum: 1, maximum: 1000 })),
  come_early_minutes: minutes(240),
  messages: Type.Array(strict({ kind: MessageKind, to: Party, channels: Channels }), {
    maxItems: 30,
    description: 'Who is told of what, on which channels',
  }),
  reminders: Type.Array(
    strict({
      minutes_before: Type.Integer({ minimum: 1, maximum: 525_600 }),
      channels: Channels,
      to: Type.Optional(Type.Array(Party, { minItems: 1, uniqueItems: true })),
    }),
    { maxItems: 10 },
  ),
  reminded_states: Type.Array(RuleState, { uniqueItems: true }),
}
export const RulesShape = shape('Rules', strict(ruleShapes))

/** Those that a service may have of its own. */
export const ownRules = pick(serviceRules)

function pick<Name extends keyof typeof ruleShapes>(names: readonly Name[]): Pick<typeof ruleShapes, Name> {
  return Object.fromEntries(names.map((name) => [name, ruleShapes[name]])) as Pick<typeof ruleShapes, Name>
}
