import { Type } from 'typebox'
import { FreeText, Id, LocalDate, nullable, oneOf, ref, shape, storable } from '../../server/shapes.ts'
import { LocalDateTime } from '../local-times.ts'
import { maybe } from '../maybe.ts'
import { Count, DayOrTime, maybeBody, Minutes, Money, Notes, pageQuery, Text, times } from './shapes.ts'
import { priorities, statuses, types } from './words.ts'

const Moment = nullable(Text)

export const VeterinaryAppointment = shape(
  'VeterinaryAppointment',
  Type.Object({
    id: Id,
    pet_id: nullable(Id),
    pet_name: nullable(Text),
    pet_owner_id: Id,
    pet_owner_name: Text,
    veterinarian_id: Id,
    veterinarian_name: Text,
    clinic_id: nullable(Id),
    clinic_name: nullable(Text),
    slot_id: nullable(Id),
    appointment_type: oneOf(types),
    status: oneOf(statuses),
    priority: oneOf(priorities),
    scheduled_at: Text,
    duration_minutes: Count,
    reason: nullable(Text),
    symptoms: nullable(Text),
    notes: nullable(Text),
    special_instructions: nullable(Text),
    services_requested: nullable(Text),
    estimated_cost: nullable(Type.Number()),
    actual_cost: nullable(Type.Number()),
    confirmed_at: Moment,
    checked_in_at: Moment,
    started_at: Moment,
    completed_at: Moment,
    cancelled_at: Moment,
    cancellation_reason: nullable(Text),
    follow_up_required: Type.Boolean(),
    follow_up_date: nullable(Text),
    follow_up_notes: nullable(Text),
    reminder_sent_24h: Type.Boolean(),
    reminder_sent_24h_at: Moment,
    reminder_sent_2h: Type.Boolean(),
    reminder_sent_2h_at: Moment,
    ...times,
  }),
)

const Reason = Type.String({ ...FreeText(500), minLength: 1 })
const Long = maybe(FreeText(5000))

const content = {
  priority: maybe(oneOf(priorities)),
  symptoms: Long,
  notes: Notes,
  special_instructions: Long,
  services_requested: Type.Optional(
    Type.Unsafe<string | string[] | null>({
      type: ['string', 'array', 'null'],
      items: FreeText(200),
      maxLength: 5000,
      maxItems: 20,
      pattern: storable,
    }),
  ),
  estimated_cost: maybe(Money),
  follow_up_required: maybe(Type.Boolean()),
  follow_up_date: maybe(LocalDate),
  follow_up_notes: Long,
}

export const AppointmentBody = shape(
  'VeterinaryNewAppointment',
  Type.Object({
    pet_id: Id,
    pet_owner_id: Id,
    veterinarian_id: Id,
    clinic_id: Id,
    appointment_type: oneOf(types),
    scheduled_at: LocalDateTime,
    duration_minutes: maybe(Minutes),
    reason: Reason,
    ...content,
  }),
)

export const AppointmentChangeBody = shape(
  'VeterinaryAppointmentChange',
  Type.Object({
    scheduled_at: maybe(LocalDateTime),
    duration_minutes: maybe(Minutes),
    appointment_type: maybe(oneOf(types)),
    reason: maybe(Reason),
    ...content,
  }),
)

export const RescheduleBody = shape(
  'VeterinaryReschedule',
  Type.Object({ new_scheduled_at: LocalDateTime, reason: maybe(FreeText(500)) }),
)

export const CancelBody = Type.Unsafe<{ cancellation_reason?: string | null } | null>(
  maybeBody({ cancellation_reason: maybe(FreeText(500)) }),
)
export const CompleteBody = Type.Unsafe<{ actual_cost?: number | null } | null>(
  maybeBody({ actual_cost: maybe(Money) }),
)

export const AppointmentsQuery = Type.Object({
  ...pageQuery,
  pet_id: Type.Optional(Id),
  pet_owner_id: Type.Optional(Id),
  veterinarian_id: Type.Optional(Id),
  clinic_id: Type.Optional(Id),
  status: Type.Optional(oneOf(statuses)),
  appointment_type: Type.Optional(oneOf(types)),
  priority: Type.Optional(oneOf(priorities)),
  start_date: Type.Optional(DayOrTime),
  end_date: Type.Optional(DayOrTime),
  upcoming_only: Type.Boolean({ default: false }),
  today_only: Type.Boolean({ default: false }),
  search: Type.Optional(FreeText(200, 'Part of the reason, or of the name of the pet')),
})

export const ConflictBody = shape(
  'VeterinaryConflictCheck',
  Type.Object({
    veterinarian_id: Id,
    scheduled_at: LocalDateTime,
    duration_minutes: maybe(Minutes),
    exclude_appointment_id: maybe(Id),
  }),
)

const Conflict = shape(
  'VeterinaryConflict',
  Type.Object({
    id: nullable(Type.String({ ...Id, description: 'null where it is not the business of whoever asks' })),
    scheduled_at: Text,
    duration_minutes: Count,
    appointment_type: nullable(oneOf(types)),
    status: nullable(oneOf(statuses)),
    pet_id: nullable(Id),
    reason: nullable(Text),
  }),
)

export const Conflicts = shape(
  'VeterinaryConflicts',
  Type.Object({
    has_conflicts: Type.Boolean(),
    conflicts: Type.Array(ref(Conflict)),
    veterinarian_id: Id,
    scheduled_at: Text,
    duration_minutes: Count,
    exclude_appointment_id: nullable(Id),
  }),
)
