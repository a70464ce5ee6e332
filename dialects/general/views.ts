import type { User } from '../../server/accounts/accounts.ts'
import type { Appointment } from '../../server/appointments/appointments.ts'
import type { AppointmentState } from '../../server/database/tables.ts'
import type { HoursRow } from '../../server/hours/timetable.ts'
import type { Role } from '../../server/permissions.ts'
import type { FreeSlot } from '../../server/slots/offering.ts'
import { isSaidByWallClock, localOf, viewTimeOfDay } from '../local-times.ts'
import type { roles, statuses } from './shapes.ts'

type Status = (typeof statuses)[number]
type GeneralRole = (typeof roles)[number]

/** What this system calls a state. */
export const statusOf: Record<AppointmentState, Status> = {
  pending: 'scheduled',
  confirmed: 'scheduled',
  arrived: 'scheduled',
  in_progress: 'scheduled',
  completed: 'completed',
  cancelled: 'cancelled',
  declined: 'cancelled',
  no_show: 'no_show',
}

/** The states that this system calls by one name. */
export function statesOf(status: Status): AppointmentState[] {
  const all = Object.entries(statusOf) as [AppointmentState, Status][]
  return all.filter(([, name]) => name === status).map(([state]) => state)
}

export const roleNamed: Record<GeneralRole, Role> = { client: 'client', staff: 'provider', admin: 'admin' }

/** Who has several roles is shown by the one that reaches furthest. */
function roleOf({ roles }: User): GeneralRole {
  if (roles.includes('admin')) return 'admin'
  return roles.some((role) => role !== 'client') ? 'staff' : 'client'
}

export function viewUser(user: User) {
  const { id, email, name: full_name, is_active, no_show_count, is_blocked } = user
  return { id, email, full_name, role: roleOf(user), is_active, no_show_count, is_blocked }
}

export function viewAppointment(appointment: Appointment, time_zone: string) {
  const { id, starts_at, ends_at, notes, state, client_id, provider_id } = appointment
  return {
    id,
    start_time: localOf(starts_at, time_zone),
    end_time: localOf(ends_at, time_zone),
    notes,
    status: statusOf[state],
    client_id,
    staff_id: provider_id,
  }
}

export type OpenHours = HoursRow & { opens: string; closes: string }

/** A date that is closed is no availability. */
export function isOpen(row: HoursRow): row is OpenHours {
  return row.opens !== null && row.closes !== null
}

export function viewAvailability({ id, provider_id, weekday, date, opens, closes }: OpenHours) {
  return {
    id,
    staff_id: provider_id,
    day_of_week: weekday === null ? null : weekday - 1,
    specific_date: date,
    start_time: viewTimeOfDay(opens),
    end_time: viewTimeOfDay(closes),
    is_recurring: weekday !== null,
  }
}

/**
 * Slots as booking takes them: by the wall clock, which of an hour that comes twice can only say the first, and without
 * an id, which published slots are booked by.
 */
export function viewSlots(slots: FreeSlot[], time_zone: string) {
  return slots.flatMap(({ start, end, slot_id }) => {
    const [starts_at, ends_at] = [start, end].map((at) => Temporal.Instant.fromEpochMilliseconds(at))
    const canBeSaid = isSaidByWallClock(starts_at!, time_zone) && isSaidByWallClock(ends_at!, time_zone)
    if (slot_id || !canBeSaid) return []
    return [{ start_time: localOf(starts_at!, time_zone), end_time: localOf(ends_at!, time_zone) }]
  })
}
