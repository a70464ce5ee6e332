import { Type } from 'typebox'
import { Moment } from '../moments.ts'
import { Id, Instant, nullable, ref, shape, strict } from '../shapes.ts'
import type { FreeSlot } from './offering.ts'
import type { Hold } from './holds.ts'

export const SlotShape = shape(
  'Slot',
  strict({
    provider_id: Id,
    starts_at: Type.String(),
    ends_at: Type.String(),
    slot_id: Type.Optional(Type.String({ description: 'Of a published slot: book it by this' })),
    seats_left: Type.Optional(Type.Integer({ description: 'Of a published slot' })),
  }),
)
export const SlotList = shape(
  'SlotList',
  strict({
    time_zone: Type.String({ description: "The organization's, for showing wall-clock times" }),
    items: Type.Array(ref(SlotShape)),
    next_cursor: Type.Null(),
  }),
)
export const SlotsQuery = strict({
  provider_id: Type.Optional(Id),
  service_id: Type.Optional(Id),
  location_id: Type.Optional(Id),
  minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440 })),
  from: Moment,
  to: Moment,
})

export const ExplainQuery = strict({
  provider_id: Type.Optional(Id),
  slot_id: Type.Optional(Id),
  service_id: Type.Optional(Id),
  location_id: Type.Optional(Id),
  client_id: Type.Optional(Id),
  dependent_id: Type.Optional(Id),
  starts_at: Type.Optional(Instant),
  ends_at: Type.Optional(Instant),
})
export const Explanation = shape(
  'Explanation',
  strict({
    can_be_booked: Type.Boolean(),
    reasons: Type.Array(
      strict({
        code: Type.String({ description: 'As booking would refuse it' }),
        message: Type.String(),
      }),
    ),
  }),
)

export const HoldShape = shape(
  'Hold',
  strict({
    id: Id,
    provider_id: Id,
    client_id: nullable(Id),
    service_id: nullable(Id),
    location_id: nullable(Id),
    dependent_id: nullable(Id),
    slot_id: nullable(Id),
    starts_at: Instant,
    ends_at: Instant,
    expires_at: Instant,
  }),
)
export const NewHoldBody = shape(
  'NewHold',
  strict(
    {
      provider_id: Type.Optional(Id),
      slot_id: Type.Optional(Id),
      service_id: Type.Optional(Id),
      location_id: Type.Optional(Id),
      client_id: Type.Optional(Id),
      dependent_id: Type.Optional(Id),
      starts_at: Type.Optional(Instant),
      ends_at: Type.Optional(Instant),
    },
    'Either `provider_id` and `starts_at`, or the `slot_id` of a published slot.',
  ),
)

/** Written out: they come by the thousand, and spreading each costs more than finding it. */
export function viewSlot({ provider_id, start, end, slot_id, seats_left }: FreeSlot) {
  const starts_at = iso(start)
  const ends_at = iso(end)
  if (slot_id === undefined) return { provider_id, starts_at, ends_at }
  return { provider_id, starts_at, ends_at, slot_id, seats_left }
}

export function viewHold({
  organization_id,
  buffer_before_minutes,
  buffer_after_minutes,
  held_by,
  created_at,
  ...held
}: Hold) {
  const when = { starts_at: `${held.starts_at}`, ends_at: `${held.ends_at}` }
  return { ...held, ...when, expires_at: `${held.expires_at}` }
}

const DAY = 86_400_000
const MINUTE = 60_000
const minutesOfDay = Array.from({ length: 1440 }, (_, minute) => {
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60]
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}:00Z`
})
let known = { day: Number.NaN, text: '' }

/**
 * As an instant writes itself. Slots come by the thousand and mostly on one day after the other, on whole minutes: the
 * day is written once and the time looked up, which is a third of the time of the whole answer.
 */
function iso(milliseconds: number): string {
  const day = Math.floor(milliseconds / DAY)
  if (day !== known.day) known = { day, text: new Date(day * DAY).toISOString().slice(0, 11) }
  const time = minutesOfDay[(milliseconds - day * DAY) / MINUTE]
  return time ? known.text + time : new Date(milliseconds).toISOString().replace('.000Z', 'Z')
}
