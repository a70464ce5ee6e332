import { Type } from 'typebox'
import { ownRules } from '../organizations/rules-shape.ts'
import { FreeText, Id, Name, nullable, pageOf, pageQuery, ref, shape, strict } from '../shapes.ts'
import type { Resource } from './resources.ts'
import type { Service } from './services.ts'

const Buffer = Type.Integer({ minimum: 0, maximum: 1440 })
const Length = Type.Integer({ minimum: 1, maximum: 1440 })
const Price = Type.Number({ minimum: 0, maximum: 9_999_999_999, multipleOf: 0.01 })
const Kind = Type.String({
  pattern: '^[a-z0-9][a-z0-9 _-]*$',
  maxLength: 50,
  description: 'A word of your own in small letters, such as room or ultrasound',
})

/** Rules that differ for a service from those of the organization. */
export const ServiceRulesShape = shape(
  'ServiceRules',
  Type.Partial(strict(ownRules), { additionalProperties: false }),
)

export const ServiceShape = shape(
  'Service',
  strict({
    id: Id,
    name: Type.String(),
    description: nullable(Type.String()),
    minutes: Type.Integer(),
    step_minutes: nullable(
      Type.Integer({ description: 'From one possible start to the next; the length unless set' }),
    ),
    buffer_before_minutes: Type.Integer(),
    buffer_after_minutes: Type.Integer(),
    price: nullable(Type.Number()),
    currency: nullable(Type.String()),
    resource_kinds: Type.Array(Type.String(), { description: 'One resource of each is taken with the time' }),
    rules: Type.Ref('ServiceRules#'),
    is_active: Type.Boolean(),
  }),
)
export const ServicePage = pageOf('ServicePage', ServiceShape)

const content = {
  description: Type.Optional(nullable(FreeText(2000))),
  step_minutes: Type.Optional(nullable(Length)),
  buffer_before_minutes: Type.Optional(Buffer),
  buffer_after_minutes: Type.Optional(Buffer),
  price: Type.Optional(nullable(Price)),
  currency: Type.Optional(nullable(Type.String({ pattern: '^[A-Z]{3}$' }))),
  resource_kinds: Type.Optional(Type.Array(Kind, { maxItems: 10, uniqueItems: true })),
  rules: Type.Optional(ref(ServiceRulesShape)),
  is_active: Type.Optional(Type.Boolean()),
}
export const NewServiceBody = shape('NewService', strict({ name: Name, minutes: Length, ...content }))
export const ServiceChangeBody = shape(
  'ServiceChange',
  strict({ name: Type.Optional(Name), minutes: Type.Optional(Length), ...content }),
)
export const ServicesQuery = strict({ ...pageQuery, include_inactive: Type.Optional(Type.Boolean()) })

const offering = { provider_id: Id, minutes: nullable(Length), price: nullable(Price) }
export const OfferingList = shape(
  'OfferingList',
  strict({ items: Type.Array(strict(offering)), next_cursor: Type.Null() }),
)
export const OfferingsBody = shape(
  'Offerings',
  strict(
    {
      providers: Type.Array(
        strict({
          provider_id: Id,
          minutes: Type.Optional(nullable(Length)),
          price: Type.Optional(nullable(Price)),
        }),
        { maxItems: 1000 },
      ),
    },
    "Who offers it, with their own length and price or the service's; an empty list means everybody.",
  ),
)

export const ResourceShape = shape(
  'Resource',
  strict({
    id: Id,
    kind: Type.String(),
    name: Type.String(),
    location_id: nullable(Id),
    is_active: Type.Boolean(),
  }),
)
export const ResourceList = shape(
  'ResourceList',
  strict({ items: Type.Array(ref(ResourceShape)), next_cursor: Type.Null() }),
)
const resource = { location_id: Type.Optional(nullable(Id)), is_active: Type.Optional(Type.Boolean()) }
export const NewResourceBody = shape('NewResource', strict({ name: Name, kind: Kind, ...resource }))
export const ResourceChangeBody = shape(
  'ResourceChange',
  strict({ name: Type.Optional(Name), kind: Type.Optional(Kind), ...resource }),
)
export const ResourcesQuery = strict({ kind: Type.Optional(Kind), location_id: Type.Optional(Id) })

export function viewResource({ id, kind, name, location_id, is_active }: Resource) {
  return { id, kind, name, location_id, is_active }
}

export function viewService({ organization_id, created_at, updated_at, ...shown }: Service) {
  return shown
}
