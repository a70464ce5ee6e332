import { Type } from 'typebox'
import { Email, FreeText, Id, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { maybe } from '../maybe.ts'
import { Text, Line, Day, times, Name } from './shapes.ts'

export const statuses = [
  'pending',
  'approved',
  'denied',
  'postponed',
  'completed',
  'cancelled',
  'no_show',
] as const

/** A slot as people write it: by its start, or by both ends. */
export const SlotTime = Type.String({
  pattern: '^([01]?\\d|2[0-3]):[0-5]\\d(:00)?(\\s*-\\s*([01]?\\d|2[0-3]):[0-5]\\d(:00)?)?$',
  description: 'HH:MM, or HH:MM-HH:MM',
})

export const Citizen = shape(
  'OfficeCitizen',
  Type.Object({ id: Id, firstname: Text, lastname: Text, email: nullable(Text), phone: nullable(Text) }),
)

const Named = Type.Object({ id: Id, name: Text })

export const OfficeAppointment = shape(
  'OfficeAppointment',
  Type.Object({
    id: Id,
    citizen_id: Id,
    host_id: Id,
    office_id: nullable(Id),
    appointment_date: Text,
    time_slotted: Text,
    purpose: nullable(Text),
    status: oneOf(statuses),
    is_active: Type.Boolean(),
    notes: nullable(Text),
    issued_by: nullable(Id),
    canceled_at: nullable(Text),
    canceled_by: nullable(Id),
    canceled_reason: nullable(Text),
    decision_reason: nullable(Text),
    decided_at: nullable(Text),
    decided_by: nullable(Id),
    ...times,
    citizen: ref(Citizen),
    host: Named,
    office: nullable(Named),
  }),
)

export const BookedVisit = shape(
  'OfficeBooking',
  Type.Object({ citizen: ref(Citizen), appointment: ref(OfficeAppointment) }),
)

export const VisitBody = shape(
  'OfficeNewAppointment',
  Type.Object({
    citizen: Type.Optional(
      Type.Object({ firstname: Name, lastname: Name, email: maybe(Email), phone: Line(30, 1) }),
    ),
    appointment: Type.Object({
      host_id: Id,
      office_id: Id,
      purpose: maybe(Line(500)),
      appointment_date: Day,
      time_slotted: SlotTime,
    }),
  }),
)

const Reason = FreeText(500)

export const VisitChangeBody = shape(
  'OfficeAppointmentChange',
  Type.Object({
    purpose: maybe(Line(500)),
    appointment_date: maybe(Day),
    time_slotted: maybe(SlotTime),
    status: maybe(oneOf(statuses)),
    decision: maybe(oneOf(statuses)),
    reason: maybe(Reason),
  }),
)

export const DecisionBody = shape('OfficeDecision', Type.Object({ decision: Text, reason: maybe(Reason) }))

export const NewTimeBody = shape(
  'OfficeNewTime',
  Type.Object({ new_appointment_date: Day, new_time_slot: SlotTime, reason: maybe(Reason) }),
)

const MaybeBody = <T extends object>(properties: T) => ({
  type: ['object', 'null'],
  properties,
})

export const ReasonBody = Type.Unsafe<{ reason?: string | null } | null>(MaybeBody({ reason: maybe(Reason) }))

export const NotesBody = Type.Unsafe<{ notes?: string | null } | null>(
  MaybeBody({ notes: maybe(FreeText(2000)) }),
)
