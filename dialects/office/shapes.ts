import { Type } from 'typebox'
import { Email, FreeText, Id, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { LocalTime } from '../local-times.ts'
import { maybe } from '../maybe.ts'

export const roles = ['admin', 'host', 'secretary', 'reception', 'user'] as const
export const statuses = [
  'pending',
  'approved',
  'denied',
  'postponed',
  'completed',
  'cancelled',
  'no_show',
] as const
export const weekdays = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
] as const

const Text = Type.String()
const Line = (maxLength: number, minLength = 0) =>
  Type.String({
    minLength,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
    description: `One line, up to ${maxLength} characters`,
  })
export const Day = Type.String({ pattern: '^[12]\\d{3}-\\d\\d-\\d\\d(T.*)?$', description: 'YYYY-MM-DD' })
/** A slot as people write it: by its start, or by both ends. */
export const SlotTime = Type.String({
  pattern: '^([01]?\\d|2[0-3]):[0-5]\\d(:00)?(\\s*-\\s*([01]?\\d|2[0-3]):[0-5]\\d(:00)?)?$',
  description: 'HH:MM, or HH:MM-HH:MM',
})

export const OfficeFailure = shape(
  'OfficeFailure',
  Type.Object({ detail: Type.String({ description: 'What is wrong, and what would be right' }) }),
)
export const Message = shape('OfficeMessage', Type.Object({ message: Text }))

const times = { created_at: Text, updated_at: Text }
export const OfficeUser = shape(
  'OfficeUser',
  Type.Object({
    id: Id,
    first_name: Text,
    last_name: Text,
    email: Text,
    is_active: Type.Boolean(),
    is_verified: Type.Boolean(),
    is_system_user: Type.Boolean(),
    ...times,
    roles: Type.Array(oneOf(roles)),
    permissions: Type.Optional(Type.Array(Text)),
  }),
)
export const OfficeUsers = shape(
  'OfficeUsers',
  Type.Object({
    users: Type.Array(ref(OfficeUser)),
    total: Type.Integer(),
    limit: Type.Integer(),
    offset: Type.Integer(),
  }),
)
export const OfficeToken = shape(
  'OfficeToken',
  Type.Object({
    access_token: Text,
    token_type: Text,
    expires_in: Type.Integer({ description: 'Seconds' }),
  }),
)

const Password = Type.String({ minLength: 8, maxLength: 128 })
const Name = Type.String({
  ...Line(100, 1),
  // Of two parts of a name neither is blank, or nobody could tell them apart again.
  pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
})
export const LogInBody = shape(
  'OfficeLogIn',
  Type.Object(
    {
      username: Type.Optional(FreeText(254)),
      email: Type.Optional(FreeText(254)),
      password: Type.String({ minLength: 1, maxLength: 128 }),
    },
    { description: 'A form, or JSON; `username` or `email` is needed' },
  ),
)
export const RegisterBody = shape(
  'OfficeRegister',
  Type.Object({
    first_name: Name,
    last_name: Name,
    email: Email,
    password: Password,
    role: Type.Optional(
      oneOf(roles, 'user unless said; admin for the first one, all others by an administrator'),
    ),
  }),
)
export const EmailBody = shape('OfficeEmail', Type.Object({ email: Email }))
export const TokenBody = shape('OfficeLink', Type.Object({ token: FreeText(2000) }))
export const NewPasswordBody = shape(
  'OfficeNewPassword',
  Type.Object({ token: FreeText(2000), new_password: Password }),
)
export const ChangePasswordBody = shape(
  'OfficePasswordChange',
  Type.Object({ current_password: FreeText(128), new_password: Password }),
)
export const NewUserBody = shape(
  'OfficeNewUser',
  Type.Object({
    first_name: Name,
    last_name: Name,
    email: Email,
    phone: maybe(Line(30)),
    password: Type.Optional(Password),
    roles: Type.Array(Text, { minItems: 1, maxItems: 5 }),
  }),
)
export const UserChangeBody = shape(
  'OfficeUserChange',
  Type.Object({
    first_name: maybe(Name),
    last_name: maybe(Name),
    phone: maybe(Line(30)),
    is_active: maybe(Type.Boolean()),
  }),
)
export const RoleBody = shape('OfficeRole', Type.Object({ role: Text }))

export const Office = shape(
  'Office',
  Type.Object({
    id: Id,
    name: Text,
    description: nullable(Text),
    location: nullable(Text),
    is_active: Type.Boolean(),
    status: oneOf(['active', 'deactivated']),
    ...times,
  }),
)
const OfficeName = Type.String({
  minLength: 2,
  maxLength: 100,
  pattern: '^\\p{L}[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
  description: 'from 2 to 100 characters, the first of them a letter',
})
const Place = Type.String({ ...Line(500, 5), description: 'at least 5 characters' })
const office = {
  description: maybe(FreeText(1000)),
  location: maybe(Place),
  is_active: maybe(Type.Boolean()),
}
export const OfficeBody = shape('NewOffice', Type.Object({ name: OfficeName, ...office }))
export const OfficeChangeBody = shape('OfficeChange', Type.Object({ name: maybe(OfficeName), ...office }))

const Count = Type.Integer()
export const OfficeStats = shape(
  'OfficeStats',
  Type.Object({
    office_id: Id,
    office_name: Text,
    total_members: Count,
    active_members: Count,
    total_hosts: Count,
    active_hosts: Count,
    total_appointments: Count,
    pending_appointments: Count,
    completed_appointments: Count,
  }),
)

export const Membership = shape(
  'OfficeMembership',
  Type.Object({
    membership_id: Id,
    user_id: Id,
    office_id: Id,
    office_name: Text,
    first_name: Text,
    last_name: Text,
    email: nullable(Text),
    user_active: Type.Boolean(),
    position: nullable(Text),
    is_primary: Type.Boolean(),
    membership_active: Type.Boolean(),
    assigned_at: Text,
    ended_at: nullable(Text),
    assigned_by_id: nullable(Id),
  }),
)
export const MembershipBody = shape(
  'OfficeNewMembership',
  Type.Object({ user_id: Id, position: maybe(Line(100)), is_primary: maybe(Type.Boolean()) }),
)
export const MembershipChangeBody = shape(
  'OfficeMembershipChange',
  Type.Object({
    position: maybe(Line(100)),
    is_primary: maybe(Type.Boolean()),
    is_active: maybe(Type.Boolean()),
    ended_at: maybe(Line(40)),
  }),
)

export const Host = shape(
  'OfficeHost',
  Type.Object({
    host_id: Id,
    office_id: Id,
    host_name: Text,
    host_email: nullable(Text),
    office_name: Text,
    is_primary: Type.Boolean(),
    assigned_at: Text,
    is_active: Type.Boolean(),
  }),
)
export const HostBody = shape(
  'OfficeNewHost',
  Type.Object({ host_id: Id, office_id: Id, is_primary: maybe(Type.Boolean()) }),
)
export const HostChangeBody = shape(
  'OfficeHostChange',
  Type.Object({ is_primary: maybe(Type.Boolean()), is_active: maybe(Type.Boolean()) }),
)
export const HostsBody = shape(
  'OfficeNewHosts',
  Type.Object({ office_id: Id, host_ids: Type.Array(Id, { minItems: 1, maxItems: 50 }) }),
)
export const HostStatus = shape(
  'OfficeHostStatus',
  Type.Object({ user_id: Id, is_host: Type.Boolean(), offices: Type.Array(ref(Host)) }),
)

export const Availability = shape(
  'OfficeAvailability',
  Type.Object({
    id: Id,
    office_id: Id,
    daysofweek: nullable(oneOf(weekdays)),
    specific_date: nullable(Text),
    start_time: Text,
    end_time: Text,
    is_recurring: Type.Boolean(),
  }),
)
export const AvailabilityBody = shape(
  'OfficeNewAvailability',
  Type.Object(
    {
      daysofweek: maybe(Type.String({ pattern: '^[A-Za-z]{6,9}$', description: weekdays.join(', ') })),
      specific_date: maybe(Day),
      start_time: LocalTime,
      end_time: LocalTime,
      is_recurring: maybe(Type.Boolean()),
    },
    { description: 'A daysofweek or a specific_date' },
  ),
)
export const OfficeSlot = shape(
  'OfficeSlot',
  Type.Object({
    id: Id,
    office_id: Id,
    date: Text,
    slot_start: Text,
    slot_end: Text,
    is_booked: Type.Boolean(),
  }),
)

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

export const byId = Type.Object({ id: Id })
export const byMember = Type.Object({ id: Id, user_id: Id })
export const byHost = Type.Object({ host_id: Id, office_id: Id })
