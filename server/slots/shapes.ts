import { Type } from 'typebox'
import { Id, Instant, nullable, ref, shape, strict } from '../shapes.ts'
import type { FreeSlot } from './free.ts'
import type { Hold } from './holds.ts'

export const SlotShape = shape(
  'Slot',
  strict({ provider_id: Id, starts_at: Type.String(), ends_at: Type.String() }),
)
export const SlotList = shape(
  'SlotList',
  strict({
    time_zone: Type.String({ description: "The organization's, for showing wall-clock times" }),
    items: Type.Array(ref(SlotShape)),
    next_cursor: Type.Null(),
  }),
)
const Moment = Type.String({
  pattern: '^[12]\\d{3}-\\d\\d-\\d\\d(T.+)?$',
  maxLength: 40,
  description: 'An instant (RFC 3339), or a date of the organization; a date in `to` is counted in',
})
export const SlotsQuery = strict({
  provider_id: Type.Optional(Id),
  service_id: Type.Optional(Id),
  location_id: Type.Optional(Id),
  minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440 })),
  from: Moment,
  to: Moment,
})

export const HoldShape = shape(
  'Hold',
  strict({
    id: Id,
    provider_id: Id,
    client_id: nullable(Id),
    service_id: nullable(Id),
    location_id: nullable(Id),
    starts_at: Instant,
    ends_at: Instant,
    expires_at: Instant,
  }),
)
export const NewHoldBody = shape(
  'NewHold',
  strict({
    provider_id: Id,
    service_id: Type.Optional(Id),
    location_id: Type.Optional(Id),
    client_id: Type.Optional(Id),
    starts_at: Instant,
    ends_at: Type.Optional(Instant),
  }),
)

export function viewSlot({ provider_id, start, end }: FreeSlot) {
  return { provider_id, starts_at: iso(start), ends_at: iso(end) }
}

export function viewHold({
  id,
  provider_id,
  client_id,
  service_id,
  location_id,
  starts_at,
  ends_at,
  expires_at,
}: Hold) {
  const when = { starts_at: `${starts_at}`, ends_at: `${ends_at}`, expires_at: `${expires_at}` }
  return { id, provider_id, client_id, service_id, location_id, ...when }
}

/** As an instant writes itself: no fraction where there is none. */
function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z')
}
