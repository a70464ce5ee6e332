import { Type } from 'typebox'
import {
  Details,
  FreeText,
  Id,
  Instant,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  ref,
  shape,
  strict,
} from '../shapes.ts'
import type { HistoryEntry } from './history.ts'
import type { ShownAppointment } from './list.ts'
import { appointmentStates } from './states.ts'

const State = oneOf(appointmentStates)
const Notes = FreeText(2000)
const Reason = FreeText(500)

export const AppointmentShape = shape(
  'Appointment',
  strict({
    id: Id,
    state: State,
    starts_at: Instant,
    ends_at: Instant,
    provider_id: Id,
    provider_name: Type.String(),
    client_id: Id,
    client_name: Type.String(),
    service_id: nullable(Id),
    service_name: nullable(Type.String()),
    location_id: nullable(Id),
    pending_reason: nullable(Type.String()),
    state_reason: nullable(
      Type.String({ description: 'The reason that was given with the last change of state or time' }),
    ),
    notes: nullable(Type.String()),
    price: nullable(Type.Number()),
    details: Details,
    booked_by: nullable(Id),
    sequence: Type.Integer({ description: 'Grows whenever it is moved or cancelled' }),
    created_at: Instant,
    updated_at: Instant,
  }),
)
export const AppointmentPage = pageOf('AppointmentPage', AppointmentShape)

export const BookingBody = shape(
  'Booking',
  strict(
    {
      hold_id: Type.Optional(Id),
      provider_id: Type.Optional(Id),
      service_id: Type.Optional(Id),
      location_id: Type.Optional(Id),
      client_id: Type.Optional(Id),
      starts_at: Type.Optional(Instant),
      ends_at: Type.Optional(Instant),
      notes: Type.Optional(Notes),
      details: Type.Optional(Details),
    },
    'Either `hold_id`, or `provider_id` and `starts_at`. `client_id` is oneself unless said.',
  ),
)
export const MoveBody = shape(
  'Move',
  strict({
    starts_at: Instant,
    ends_at: Type.Optional(Instant),
    provider_id: Type.Optional(Id),
    location_id: Type.Optional(Id),
    reason: Type.Optional(Reason),
  }),
)
export const AppointmentChangeBody = shape(
  'AppointmentChange',
  strict({ notes: Type.Optional(nullable(Notes)), details: Type.Optional(Details) }),
)
export const ReasonBody = shape('Reason', strict({ reason: Type.Optional(Reason) }))

export const AppointmentsQuery = strict({
  ...pageQuery,
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  state: Type.Optional(State),
  provider_id: Type.Optional(Id),
  client_id: Type.Optional(Id),
  location_id: Type.Optional(Id),
  service_id: Type.Optional(Id),
})

const Recorded = Type.Record(Type.String(), Type.Unknown())
export const HistoryShape = shape(
  'HistoryEntry',
  strict({
    id: Id,
    action: Type.String(),
    actor_id: nullable(Id),
    reason: nullable(Type.String()),
    before: nullable(Recorded),
    after: Recorded,
    happened_at: Instant,
  }),
)
export const HistoryList = shape(
  'HistoryList',
  strict({ items: Type.Array(ref(HistoryShape)), next_cursor: Type.Null() }),
)

export function viewAppointment(appointment: ShownAppointment) {
  const { organization_id, session_id, buffer_before_minutes, buffer_after_minutes, ...shown } = appointment
  return {
    ...shown,
    starts_at: shown.starts_at.toString(),
    ends_at: shown.ends_at.toString(),
    created_at: shown.created_at.toString(),
    updated_at: shown.updated_at.toString(),
  }
}

export function viewHistoryEntry({ id, action, actor_id, reason, before, after, happened_at }: HistoryEntry) {
  return { id, action, actor_id, reason, before, after, happened_at: happened_at.toString() }
}
