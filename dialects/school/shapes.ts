import { Type } from 'typebox'
import { Email, FreeText, Id, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { LocalTime } from '../local-times.ts'
import { maybe } from '../maybe.ts'

export const roles = ['admin', 'teacher', 'parent'] as const
export const statuses = ['pending', 'confirmed', 'completed', 'cancelled', 'no_show'] as const
export const modes = ['online', 'face_to_face'] as const

const Text = Type.String()
const Weekday = Type.Integer({ minimum: 0, maximum: 6, description: 'Monday = 0' })
/** Years as far as both PostgreSQL and Temporal can follow. */
export const Day = Type.String({ pattern: '^[12]\\d{3}-\\d\\d-\\d\\d(T.*)?$', description: 'YYYY-MM-DD' })
const Monday = Type.String({ ...Day, description: 'YYYY-MM-DD, a Monday' })
const Line = (maxLength: number) =>
  Type.String({
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
    description: `One line, up to ${maxLength} characters`,
  })

export const SchoolFailure = shape(
  'SchoolFailure',
  Type.Object({
    detail: Type.String({ description: 'What is wrong, and what would be right' }),
    errors: Type.Optional(Type.Array(Type.Object({ field: Text, message: Text }))),
  }),
)
export const Message = shape('SchoolMessage', Type.Object({ message: Text }))

const times = { created_at: Text, updated_at: Text }
export const SchoolUser = shape(
  'SchoolUser',
  Type.Object({
    id: Id,
    email: Text,
    full_name: Text,
    role: oneOf(roles),
    is_active: Type.Boolean(),
    ...times,
  }),
)
export const SchoolUsers = shape('SchoolUsers', pageOf('users', ref(SchoolUser)))
export const SchoolToken = shape(
  'SchoolToken',
  Type.Object({ access_token: Text, token_type: Text, user: ref(SchoolUser) }),
)

export const SchoolTeacher = shape(
  'SchoolTeacher',
  Type.Object({
    id: Id,
    user_id: Id,
    branch: nullable(Text),
    subject: nullable(Text),
    bio: nullable(Text),
    phone: nullable(Text),
    ...times,
    user: ref(SchoolUser),
  }),
)
export const SchoolTeachers = shape('SchoolTeachers', pageOf('teachers', ref(SchoolTeacher)))

export const SchoolParent = shape(
  'SchoolParent',
  Type.Object({
    id: Id,
    user_id: Id,
    student_name: Text,
    student_class: nullable(Text),
    phone: nullable(Text),
    notes: nullable(Text),
    ...times,
    user: ref(SchoolUser),
  }),
)
export const SchoolParents = shape('SchoolParents', pageOf('parents', ref(SchoolParent)))

const weekTime = { day_of_week: Weekday, start_time: Text, end_time: Text, week_start_date: Text }
export const SchoolSlot = shape(
  'SchoolSlot',
  Type.Object({
    id: nullable(Id),
    teacher_id: Id,
    ...weekTime,
    is_booked: Type.Boolean(),
    ...times,
    teacher: ref(SchoolTeacher),
  }),
)
export const SchoolSlots = shape('SchoolSlots', pageOf('slots', ref(SchoolSlot)))
export const SlotArray = Type.Array(ref(SchoolSlot))

export const SchoolSchedule = shape(
  'SchoolSchedule',
  Type.Object({
    teacher_id: Id,
    week_start_date: Text,
    slots_by_day: Type.Record(Text, SlotArray),
    total_slots: Type.Integer(),
    available_slots: Type.Integer(),
    booked_slots: Type.Integer(),
  }),
)

export const SchoolAppointment = shape(
  'SchoolAppointment',
  Type.Object({
    id: Id,
    parent_id: Id,
    teacher_id: Id,
    slot_id: nullable(Id),
    meeting_mode: nullable(Text),
    status: oneOf(statuses),
    notes: nullable(Text),
    reminder_sent: Type.Boolean(),
    ...times,
    parent: ref(SchoolParent),
    teacher: ref(SchoolTeacher),
    slot: ref(SchoolSlot),
  }),
)
export const SchoolAppointments = shape('SchoolAppointments', pageOf('appointments', ref(SchoolAppointment)))

const summary = Type.Object(
  Object.fromEntries(['total', ...statuses].map((status) => [`${status}_appointments`, Type.Integer()])),
)
const ofSomebody = { appointments: Type.Array(ref(SchoolAppointment)), summary }
export const AppointmentsOfParent = shape(
  'SchoolAppointmentsOfParent',
  Type.Object({ parent_id: Id, ...ofSomebody }),
)
export const AppointmentsOfTeacher = shape(
  'SchoolAppointmentsOfTeacher',
  Type.Object({
    teacher_id: Id,
    date_range: Type.Object({ start: nullable(Text), end: nullable(Text) }),
    ...ofSomebody,
  }),
)

export const RegisterBody = shape(
  'SchoolRegister',
  Type.Object({
    email: Email,
    password: Type.String({ minLength: 8, maxLength: 128 }),
    full_name: maybe(Line(200)),
    role: oneOf(roles, 'parent; teacher by an admin; admin only for the first one, or by an admin'),
  }),
)
export const LogInBody = shape(
  'SchoolLogIn',
  Type.Object({
    email: Type.Optional(FreeText(254)),
    username: Type.Optional(FreeText(254)),
    password: Type.String({ minLength: 1, maxLength: 128 }),
  }),
)
export const UserChangeBody = shape(
  'SchoolUserChange',
  Type.Object({ full_name: maybe(Line(200)), role: maybe(oneOf(roles)), is_active: maybe(Type.Boolean()) }),
)

const teacher = {
  branch: maybe(Line(100)),
  subject: maybe(Line(100)),
  bio: maybe(FreeText(1000)),
  phone: maybe(Line(20)),
}
export const TeacherBody = shape('SchoolNewTeacher', Type.Object({ user_id: Id, ...teacher }))
export const TeacherChangeBody = shape('SchoolTeacherChange', Type.Object(teacher))

const parent = { student_class: maybe(Line(50)), phone: maybe(Line(20)), notes: maybe(FreeText(1000)) }
const StudentName = Type.String({
  maxLength: 100,
  pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
  description: 'One line, not empty, up to 100 characters',
})
export const ParentBody = shape(
  'SchoolNewParent',
  Type.Object({ user_id: Id, student_name: StudentName, ...parent }),
)
export const ParentChangeBody = shape(
  'SchoolParentChange',
  Type.Object({ student_name: maybe(StudentName), ...parent }),
)

const slotTimes = { day_of_week: Weekday, start_time: LocalTime, end_time: LocalTime }
export const SlotBody = shape(
  'SchoolNewSlot',
  Type.Object({ teacher_id: Id, ...slotTimes, week_start_date: Monday }),
)
export const SlotChangeBody = shape(
  'SchoolSlotChange',
  Type.Object({
    day_of_week: maybe(Weekday),
    start_time: maybe(LocalTime),
    end_time: maybe(LocalTime),
    week_start_date: maybe(Monday),
  }),
)
export const BulkBody = shape(
  'SchoolNewSlots',
  Type.Object({
    teacher_id: Id,
    week_start_date: Monday,
    time_slots: Type.Array(Type.Object(slotTimes), { minItems: 1, maxItems: 500 }),
  }),
)
const Stretch = Type.Object({ start: LocalTime, end: LocalTime })
export const PatternBody = shape(
  'SchoolSlotPattern',
  Type.Object({
    teacher_id: Id,
    week_start_date: Monday,
    slot_pattern: Type.Object({
      days: Type.Array(Weekday, { minItems: 1, maxItems: 7 }),
      start_time: Type.Optional(Type.String({ ...LocalTime, default: '09:00' })),
      end_time: Type.Optional(Type.String({ ...LocalTime, default: '17:00' })),
      slot_duration_minutes: Type.Integer({ minimum: 1, maximum: 480, default: 30 }),
      break_duration_minutes: Type.Integer({ minimum: 0, maximum: 480, default: 15 }),
      lunch_break: Type.Optional(Type.Union([Stretch, Type.Null()])),
      exclude_times: maybe(Type.Array(Stretch, { maxItems: 50 })),
    }),
  }),
)

export const BookingBody = shape(
  'SchoolBooking',
  Type.Object({ slot_id: Id, meeting_mode: oneOf(modes), notes: maybe(FreeText(1000)) }),
)
export const AppointmentChangeBody = shape(
  'SchoolAppointmentChange',
  Type.Object({ meeting_mode: maybe(oneOf(modes)), notes: maybe(FreeText(1000)) }),
)
export const StatusBody = shape('SchoolStatus', Type.Object({ status: oneOf(statuses) }))

export const byId = Type.Object({ id: Id })

function pageOf<Name extends string, T>(name: Name, item: T) {
  const counts = { total: Type.Integer(), skip: Type.Integer(), limit: Type.Integer() }
  return Type.Object({ [name]: Type.Array(item as never), ...counts })
}
