import { Type } from 'typebox'
import { FreeText, Id, Name, nullable, pageOf, pageQuery, shape, strict } from '../shapes.ts'
import type { Service } from './services.ts'

const Buffer = Type.Integer({ minimum: 0, maximum: 1440 })
const Length = Type.Integer({ minimum: 1, maximum: 1440 })

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
    is_active: Type.Boolean(),
  }),
)
export const ServicePage = pageOf('ServicePage', ServiceShape)

const content = {
  description: Type.Optional(nullable(FreeText(2000))),
  step_minutes: Type.Optional(nullable(Length)),
  buffer_before_minutes: Type.Optional(Buffer),
  buffer_after_minutes: Type.Optional(Buffer),
  price: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 9_999_999_999, multipleOf: 0.01 }))),
  currency: Type.Optional(nullable(Type.String({ pattern: '^[A-Z]{3}$' }))),
  is_active: Type.Optional(Type.Boolean()),
}
export const NewServiceBody = shape('NewService', strict({ name: Name, minutes: Length, ...content }))
export const ServiceChangeBody = shape(
  'ServiceChange',
  strict({ name: Type.Optional(Name), minutes: Type.Optional(Length), ...content }),
)
export const ServicesQuery = strict({ ...pageQuery, include_inactive: Type.Optional(Type.Boolean()) })

export function viewService({ organization_id, created_at, updated_at, ...shown }: Service) {
  return shown
}
