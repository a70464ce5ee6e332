import { Type } from 'typebox'
import type { Row } from '../database/tables.ts'
import { ruleShapes } from './rules-shape.ts'
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

const Word = strict({ one: Type.String(), many: Type.String() })
export const FieldShape = shape(
  'Field',
  strict({
    name: Type.String(),
    label: Type.String(),
    kind: oneOf(['text', 'long_text', 'number', 'boolean', 'date', 'choice', 'choices']),
    options: Type.Optional(Type.Array(Type.String())),
    required: Type.Optional(Type.Boolean()),
    unique: Type.Optional(Type.Boolean({ description: 'Of providers: no two have the same' })),
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

const NewWord = strict({ one: Name, many: Name })
const wordNames = [
  'organization',
  'location',
  'provider',
  'client',
  'dependent',
  'service',
  'resource',
  'appointment',
] as const
const NewFields = Type.Array(
  strict({
    name: Type.String({ pattern: '^[a-z][a-z0-9_]*$', maxLength: 64 }),
    label: Name,
    kind: FieldShape.properties.kind,
    options: Type.Optional(Type.Array(Name, { maxItems: 200, uniqueItems: true })),
    required: Type.Optional(Type.Boolean()),
    unique: Type.Optional(Type.Boolean()),
    visible_to: Type.Optional(oneOf(['staff'])),
  }),
  { maxItems: 50 },
)
export const OrganizationChangeBody = shape(
  'OrganizationChange',
  strict({
    name: Type.Optional(Name),
    time_zone: Type.Optional(TimeZone),
    locale: Type.Optional(Locale),
    rules: Type.Optional(Type.Partial(strict(ruleShapes), { additionalProperties: false })),
    fields: Type.Optional(
      strict({
        appointment: Type.Optional(NewFields),
        client: Type.Optional(NewFields),
        dependent: Type.Optional(NewFields),
        provider: Type.Optional(NewFields),
      }),
    ),
    words: Type.Optional(
      Type.Partial(strict(Object.fromEntries(wordNames.map((name) => [name, NewWord]))), {
        additionalProperties: false,
      }),
    ),
  }),
)

export const LocationShape = shape(
  'Location',
  strict({
    id: Id,
    name: Type.String(),
    type: nullable(Type.String({ description: 'What kind of place it is, in the words of its people' })),
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
  type: Type.Optional(nullable(FreeText(100))),
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
  const { id, name, type, description, address, phone, is_active } = location
  return {
    id,
    name,
    type,
    description,
    address,
    phone,
    is_active,
    time_zone: location.time_zone ?? organization.time_zone,
  }
}
