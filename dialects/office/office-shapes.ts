import { Type } from 'typebox'
import { FreeText, Id, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { LocalTime } from '../local-times.ts'
import { maybe } from '../maybe.ts'
import { Text, Line, Day, times } from './shapes.ts'

export const weekdays = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
] as const

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

export const byMember = Type.Object({ id: Id, user_id: Id })

export const byHost = Type.Object({ host_id: Id, office_id: Id })
