import { Type } from 'typebox'
import { Email, FreeText, Id, LocalDate, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { LocalDateTime, LocalTime } from '../local-times.ts'
import { maybe } from '../maybe.ts'

export const roles = ['client', 'staff', 'admin'] as const
export const statuses = ['scheduled', 'cancelled', 'completed', 'no_show'] as const

export const GeneralFailure = shape(
  'GeneralFailure',
  Type.Object({ detail: Type.String({ description: 'What is wrong, and what would be right' }) }),
)

export const GeneralUser = shape(
  'GeneralUser',
  Type.Object({
    id: Id,
    email: Type.String(),
    full_name: Type.String(),
    role: oneOf(roles),
    is_active: Type.Boolean(),
    no_show_count: Type.Integer(),
    is_blocked: Type.Boolean({ description: 'After three appointments missed' }),
  }),
)
export const GeneralUsers = Type.Array(ref(GeneralUser))

export const GeneralAvailability = shape(
  'GeneralAvailability',
  Type.Object({
    id: Id,
    staff_id: nullable(Id),
    day_of_week: nullable(Type.Integer({ description: 'Monday = 0' })),
    specific_date: nullable(Type.String()),
    start_time: Type.String({ description: 'HH:MM:SS' }),
    end_time: Type.String({ description: 'HH:MM:SS; 23:59:59 is the end of the day' }),
    is_recurring: Type.Boolean({ description: 'Every week' }),
  }),
)

export const GeneralSlots = shape(
  'GeneralSlots',
  Type.Object({
    date: Type.String(),
    staff_id: Id,
    slots: Type.Array(Type.Object({ start_time: Type.String(), end_time: Type.String() })),
  }),
)

export const GeneralAppointment = shape(
  'GeneralAppointment',
  Type.Object({
    id: Id,
    start_time: Type.String(),
    end_time: Type.String(),
    notes: nullable(Type.String()),
    status: oneOf(statuses),
    client_id: Id,
    staff_id: Id,
  }),
)

/** As a name is in the core, or empty, which is as good as none. */
const FullName = Type.String({
  maxLength: 200,
  pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
  description: 'One line, up to 200 characters',
})
/** Notes grow by the reasons for moving that are written below them. */
export const MOST_NOTES = 10_000
const Notes = FreeText(2000)
const Reason = FreeText(500)

export const RegisterBody = shape(
  'GeneralRegister',
  Type.Object({
    email: Email,
    password: Type.String({ minLength: 8, maxLength: 128 }),
    full_name: maybe(FullName),
    role: Type.Optional(oneOf(roles, 'client unless said; admin only for the first one, or by an admin')),
  }),
)
export const LogInBody = shape(
  'GeneralLogIn',
  Type.Object(
    {
      username: Type.Optional(FreeText(254, 'The e-mail address')),
      email: Type.Optional(FreeText(254)),
      password: Type.String({ minLength: 1, maxLength: 128 }),
    },
    { description: 'A form, or JSON; `username` or `email` is needed' },
  ),
)
export const GeneralToken = shape(
  'GeneralToken',
  Type.Object({ access_token: Type.String(), token_type: Type.String() }),
)

const Weekday = Type.Integer({ minimum: 0, maximum: 6, description: 'Monday = 0' })
const availability = {
  day_of_week: maybe(Weekday),
  specific_date: maybe(LocalDate),
  is_recurring: maybe(Type.Boolean({ description: 'Every week; false for a date' })),
}
export const AvailabilityBody = shape(
  'GeneralNewAvailability',
  Type.Object(
    { staff_id: Id, start_time: LocalTime, end_time: LocalTime, ...availability },
    { description: 'A day_of_week or a specific_date' },
  ),
)
export const AvailabilityChangeBody = shape(
  'GeneralAvailabilityChange',
  Type.Object({
    staff_id: maybe(Id),
    start_time: maybe(LocalTime),
    end_time: maybe(LocalTime),
    ...availability,
  }),
)

export const BookingBody = shape(
  'GeneralBooking',
  Type.Object({ staff_id: Id, start_time: LocalDateTime, end_time: LocalDateTime, notes: maybe(Notes) }),
)
export const AppointmentChangeBody = shape(
  'GeneralAppointmentChange',
  Type.Object({
    start_time: maybe(LocalDateTime),
    end_time: maybe(LocalDateTime),
    // As long as they can become, so that what was shown can be sent back.
    notes: maybe(FreeText(MOST_NOTES)),
    status: maybe(oneOf(statuses, 'cancelled cancels; the others have paths of their own')),
  }),
)
export const RescheduleBody = shape(
  'GeneralReschedule',
  Type.Object({
    new_start_time: LocalDateTime,
    new_end_time: LocalDateTime,
    reason: maybe(Reason),
  }),
)

export const page = {
  skip: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
}
export const UsersQuery = Type.Object({ ...page, role: Type.Optional(oneOf(roles)) })
export const AvailabilityQuery = Type.Object({ ...page, staff_id: Type.Optional(Id) })
export const SlotsQuery = Type.Object({
  staff_id: Id,
  date: LocalDate,
  slot_duration: Type.Integer({ minimum: 1, maximum: 480, default: 60, description: 'Minutes' }),
})
export const AppointmentsQuery = Type.Object({
  ...page,
  status: Type.Optional(oneOf(statuses)),
  from_date: Type.Optional(LocalDate),
  to_date: Type.Optional(LocalDate),
  staff_id: Type.Optional(Id),
  client_id: Type.Optional(Id),
})
export const byId = Type.Object({ id: Id })
