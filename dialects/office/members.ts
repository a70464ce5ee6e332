import type { Organization } from '../../server/http/routes.ts'
import type { MembershipRow } from '../../server/people/members.ts'
import { localOf } from '../local-times.ts'
import { lastingId } from './ids.ts'
import { partsOf } from './names.ts'

export function viewMembership(row: MembershipRow, { time_zone }: Organization) {
  const { person_id, location_id, location_name, email, user_active, position, is_primary } = row
  const { first, last } = partsOf(row)
  return {
    membership_id: lastingId(location_id, person_id),
    user_id: person_id,
    office_id: location_id,
    office_name: location_name,
    first_name: first,
    last_name: last,
    email,
    user_active,
    position,
    is_primary,
    membership_active: row.ended_at === null,
    assigned_at: localOf(row.assigned_at, time_zone),
    ended_at: row.ended_at && localOf(row.ended_at, time_zone),
    assigned_by_id: row.assigned_by,
  }
}

export function viewHost(row: MembershipRow, { time_zone }: Organization) {
  return {
    host_id: row.person_id,
    office_id: row.location_id,
    host_name: row.name,
    host_email: row.email,
    office_name: row.location_name,
    is_primary: row.is_primary,
    assigned_at: localOf(row.assigned_at, time_zone),
    is_active: row.ended_at === null,
  }
}
