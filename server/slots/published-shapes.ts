import { Type } from 'typebox'
import {
  FreeText,
  Id,
  Instant,
  LocalDate,
  nullable,
  pageOf,
  pageQuery,
  ref,
  shape,
  strict,
  TimeOfDay,
} from '../shapes.ts'
import type { SlotWithSeats } from './published.ts'
import type { SlotContent } from './publishing.ts'

const Capacity = Type.Integer({ minimum: 1, maximum: 1000 })
const Kind = Type.String({ pattern: '^[a-z][a-z_-]*$', maxLength: 30, description: 'regular, emergency, …' })

export const PublishedSlotShape = shape(
  'PublishedSlot',
  strict({
    id: Id,
    provider_id: Id,
    service_id: nullable(Id),
    location_id: nullable(Id),
    starts_at: Instant,
    ends_at: Instant,
    capacity: Type.Integer(),
    seats_left: Type.Integer(),
    kind: Type.String(),
    is_blocked: Type.Boolean(),
    block_reason: nullable(Type.String({ description: 'For those who may publish' })),
  }),
)
export const PublishedSlotPage = pageOf('PublishedSlotPage', PublishedSlotShape)
export const PublishedSlotList = shape(
  'PublishedSlotList',
  strict({ items: Type.Array(ref(PublishedSlotShape)), next_cursor: Type.Null() }),
)

const of = {
  provider_id: Id,
  service_id: Type.Optional(nullable(Id)),
  location_id: Type.Optional(nullable(Id)),
}
const slot = {
  starts_at: Instant,
  ends_at: Instant,
  capacity: Type.Optional(Capacity),
  kind: Type.Optional(Kind),
}
export const NewSlotBody = shape('NewPublishedSlot', strict({ ...of, ...slot }))
export const BulkBody = shape(
  'PublishedSlotsInBulk',
  strict({ ...of, slots: Type.Array(strict(slot), { minItems: 1, maxItems: 500 }) }, 'All or none.'),
)
const Window = strict({ opens: TimeOfDay, closes: TimeOfDay })
export const PatternBody = shape(
  'SlotPattern',
  strict(
    {
      ...of,
      from: LocalDate,
      to: LocalDate,
      weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
        minItems: 1,
        uniqueItems: true,
        description: 'Monday = 1',
      }),
      opens: TimeOfDay,
      closes: TimeOfDay,
      slot_minutes: Type.Integer({ minimum: 1, maximum: 1440 }),
      break_minutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 1440 })),
      lunch: Type.Optional(Window),
      exclude: Type.Optional(Type.Array(Window, { maxItems: 50 })),
      exclude_dates: Type.Optional(Type.Array(LocalDate, { maxItems: 366 })),
      capacity: Type.Optional(Capacity),
      kind: Type.Optional(Kind),
    },
    'Wall-clock times of the location. What meets lunch, an exclusion, a slot or an appointment is skipped.',
  ),
)
export const PatternPreview = shape(
  'SlotPatternPreview',
  strict({ items: Type.Array(strict({ starts_at: Instant, ends_at: Instant })), next_cursor: Type.Null() }),
)
export const SlotChangeBody = shape(
  'PublishedSlotChange',
  strict({
    starts_at: Type.Optional(Instant),
    ends_at: Type.Optional(Instant),
    service_id: Type.Optional(nullable(Id)),
    location_id: Type.Optional(nullable(Id)),
    capacity: Type.Optional(Capacity),
    kind: Type.Optional(Kind),
    is_blocked: Type.Optional(Type.Boolean()),
    block_reason: Type.Optional(nullable(FreeText(500))),
  }),
)
export const PublishedSlotsQuery = strict({
  ...pageQuery,
  provider_id: Type.Optional(Id),
  service_id: Type.Optional(Id),
  location_id: Type.Optional(Id),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  available: Type.Optional(Type.Boolean()),
})

/** Why a slot is blocked is for those who publish. */
export function viewPublished(slot: SlotWithSeats, { isPublisher }: { isPublisher: boolean }) {
  const { organization_id, seats_taken, created_at, updated_at, ...shown } = slot
  return {
    ...shown,
    starts_at: slot.starts_at.toString(),
    ends_at: slot.ends_at.toString(),
    seats_left: Math.max(0, slot.capacity - seats_taken),
    block_reason: isPublisher ? slot.block_reason : null,
  }
}

export function viewPlanned({ starts_at, ends_at }: SlotContent) {
  return { starts_at: starts_at.toString(), ends_at: ends_at.toString() }
}
