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
import { shownDetails } from '../organizations/fields.ts'
import type { Looking } from '../people/shapes.ts'
import { may } from '../permissions.ts'
import type { Appointment } from './appointments.ts'
import type { HistoryEntry } from './history.ts'
import type { ShownAppointment } from './list.ts'
import { appointmentStates } from './states.ts'

const State = oneOf(appointmentStates)
const Notes = FreeText(2000)
const Reason = FreeText(500)
const Price = Type.Number({ minimum: 0, maximum: 9_999_999_999, multipleOf: 0.01 })

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
    location_name: nullable(Type.String()),
    dependent_id: nullable(Id),
    dependent_name: nullable(Type.String()),
    resources: Type.Array(strict({ id: Id, kind: Type.String(), name: Type.String() }), {
      description: 'Rooms and devices that it has',
    }),
    slot_id: nullable(Id),
    series_id: nullable(Id),
    pending_reason: nullable(Type.String()),
    state_reason: nullable(
      Type.String({ description: 'The reason that was given with the last change of state or time' }),
    ),
    notes: nullable(Type.String()),
    price: nullable(Type.Number({ description: 'As agreed' })),
    charged: nullable(Type.Number({ description: 'As it came to be' })),
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
      slot_id: Type.Optional(Id),
      provider_id: Type.Optional(Id),
      service_id: Type.Optional(Id),
      location_id: Type.Optional(Id),
      client_id: Type.Optional(Id),
      dependent_id: Type.Optional(Id),
      starts_at: Type.Optional(Instant),
      ends_at: Type.Optional(Instant),
      notes: Type.Optional(Notes),
      details: Type.Optional(Details),
    },
    'A `hold_id`, or the `slot_id` of a published slot, or `starts_at` with a `provider_id` (without one, whoever is ' +
      'free is chosen). `client_id` is oneself unless said.',
  ),
)
export const MoveBody = shape(
  'Move',
  strict({
    starts_at: Type.Optional(Instant),
    ends_at: Type.Optional(Instant),
    provider_id: Type.Optional(Id),
    location_id: Type.Optional(Id),
    slot_id: Type.Optional(Id),
    reason: Type.Optional(Reason),
    notes: Type.Optional(nullable(Notes)),
  }),
)
export const AppointmentChangeBody = shape(
  'AppointmentChange',
  strict({ notes: Type.Optional(nullable(Notes)), details: Type.Optional(Details) }),
)
export const CompletionBody = shape('Completion', strict({ charged: Type.Optional(Price) }))
export const CorrectionBody = shape(
  'Correction',
  strict({
    state: State,
    reason: Type.String({ ...Reason, minLength: 1 }),
    charged: Type.Optional(nullable(Price)),
  }),
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
  dependent_id: Type.Optional(Id),
  slot_id: Type.Optional(Id),
  series_id: Type.Optional(Id),
  search: Type.Optional(
    FreeText(200, "Part of the client's or the dependent's name, address, phone, or of the notes"),
  ),
  order: Type.Optional(oneOf(['asc', 'desc'])),
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

/** Values of the staff's own fields are shown to those who attend the appointment. */
export function viewAppointment(appointment: ShownAppointment, { asking, organization }: Looking) {
  const { organization_id, session_id, buffer_before_minutes, buffer_after_minutes, ...shown } = appointment
  const isStaffs = may(asking, 'appointments:attend', appointment)
  return {
    ...shown,
    details: shownDetails(organization.fields.appointment, shown.details, isStaffs),
    starts_at: shown.starts_at.toString(),
    ends_at: shown.ends_at.toString(),
    created_at: shown.created_at.toString(),
    updated_at: shown.updated_at.toString(),
  }
}

/** As with the appointment itself, the staff's own fields are the staff's. */
export function viewHistoryEntry(
  entry: HistoryEntry,
  appointment: Appointment,
  { asking, organization }: Looking,
) {
  const { id, action, actor_id, reason, happened_at } = entry
  const isStaffs = may(asking, 'appointments:attend', appointment)
  const seen = ({ details, ...recorded }: Record<string, unknown>) => ({
    ...recorded,
    details: shownDetails(
      organization.fields.appointment,
      (details ?? {}) as Record<string, unknown>,
      isStaffs,
    ),
  })
  const { before, after } = entry
  return {
    id,
    action,
    actor_id,
    reason,
    before: before && seen(before),
    after: seen(after),
    happened_at: `${happened_at}`,
  }
}
