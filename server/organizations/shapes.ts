import { Type } from 'typebox'
import type { Row } from '../database/tables.ts'
import {
  FreeText,
  Id,
  Locale,
  Name,
  nullable,
  oneOf,
  Phone,
  ref,
  shape,
  strict,
  TimeZone,
} from '../shapes.ts'

const minutes = (maximum: number) => Type.Integer({ minimum: 0, maximum })
const RuleState = oneOf(['pending', 'confirmed', 'arrived', 'in_progress'])

const rules = {
  confirm_by: oneOf(['nobody', 'client', 'provider', 'either'], 'Whose confirmation a new booking waits for'),
  notice_minutes: minutes(525_600),
  horizon_minutes: nullable(minutes(5_256_000)),
  change_notice_minutes: minutes(525_600),
  grid: oneOf(['windows', 'clock', 'none'], 'Which starts can be booked'),
  length: oneOf(['service', 'request'], 'Who says how long an appointment takes'),
  slot_minutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  least_minutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  most_minutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  dated_hours: oneOf(['replace', 'add'], 'What the hours of a date do to the weekly ones'),
  clients_may_overlap: Type.Boolean(),
  location_takes_one: Type.Boolean(),
  hold_minutes: Type.Integer({ minimum: 1, maximum: 120 }),
  completes_from: Type.Array(RuleState, { uniqueItems: true }),
  slots_are_public: Type.Boolean(),
  sign_up_as: Type.Array(oneOf(['client', 'provider']), { uniqueItems: true }),
  email_domains: Type.Array(Type.String({ pattern: '^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$', maxLength: 253 }), {
    maxItems: 100,
  }),
  log_in_needs_verified_email: Type.Boolean(),
  password_needs_classes: Type.Boolean(),
  access_token_minutes: Type.Integer({ minimum: 1, maximum: 525_600 }),
  refresh_token_days: Type.Integer({ minimum: 1, maximum: 3650 }),
  after_the_end: oneOf(['leave', 'complete', 'no_show']),
  no_show_after_minutes: nullable(minutes(10_080)),
  block_after_no_shows: nullable(Type.Integer({ minimum: 1, maximum: 1000 })),
  reminders: Type.Array(
    strict({
      minutes_before: Type.Integer({ minimum: 1, maximum: 525_600 }),
      channels: Type.Array(oneOf(['email', 'sms', 'push']), { minItems: 1, uniqueItems: true }),
    }),
    { maxItems: 10 },
  ),
  reminded_states: Type.Array(RuleState, { uniqueItems: true }),
}
export const RulesShape = shape('Rules', strict(rules))

const Word = strict({ one: Type.String(), many: Type.String() })
export const FieldShape = shape(
  'Field',
  strict({
    name: Type.String(),
    label: Type.String(),
    kind: oneOf(['text', 'long_text', 'number', 'boolean', 'date', 'choice', 'choices']),
    options: Type.Optional(Type.Array(Type.String())),
    required: Type.Optional(Type.Boolean()),
    visible_to: Type.Optional(oneOf(['staff'])),
  }),
)
const FieldList = Type.Array(Type.Ref('Field#'))

export const OrganizationShape = shape(
  'Organization',
  strict({
    id: Id,
    slug: Type.String(),
    name: Type.String(),
    trade: Type.String(),
    time_zone: Type.String(),
    locale: Type.String(),
    words: Type.Record(Type.String(), Word, { description: 'What the trade calls things' }),
    fields: strict({ appointment: FieldList, client: FieldList, dependent: FieldList, provider: FieldList }),
    rules: Type.Ref('Rules#'),
  }),
)

export const OrganizationChangeBody = shape(
  'OrganizationChange',
  strict({
    name: Type.Optional(Name),
    time_zone: Type.Optional(TimeZone),
    locale: Type.Optional(Locale),
    rules: Type.Optional(Type.Partial(strict(rules), { additionalProperties: false })),
  }),
)

export const LocationShape = shape(
  'Location',
  strict({
    id: Id,
    name: Type.String(),
    description: nullable(Type.String()),
    address: nullable(Type.String()),
    phone: nullable(Type.String()),
    time_zone: Type.String({ description: "Its own, or the organization's" }),
    is_active: Type.Boolean(),
  }),
)
export const LocationList = shape(
  'LocationList',
  strict({ items: Type.Array(ref(LocationShape)), next_cursor: Type.Null() }),
)

const locationContent = {
  description: Type.Optional(nullable(FreeText(1000))),
  address: Type.Optional(nullable(FreeText(500))),
  phone: Type.Optional(nullable(Phone)),
  time_zone: Type.Optional(nullable(TimeZone)),
  is_active: Type.Optional(Type.Boolean()),
}
export const NewLocationBody = shape('NewLocation', strict({ name: Name, ...locationContent }))
export const LocationChangeBody = shape(
  'LocationChange',
  strict({ name: Type.Optional(Name), ...locationContent }),
)

export function viewOrganization({
  id,
  slug,
  name,
  trade,
  time_zone,
  locale,
  words,
  fields,
  rules,
}: Row<'organizations'>) {
  return { id, slug, name, trade, time_zone, locale, words, fields, rules }
}

export function viewLocation(location: Row<'locations'>, organization: { time_zone: string }) {
  const { id, name, description, address, phone, is_active } = location
  return {
    id,
    name,
    description,
    address,
    phone,
    is_active,
    time_zone: location.time_zone ?? organization.time_zone,
  }
}
