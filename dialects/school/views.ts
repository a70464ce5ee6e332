import type { ShownAppointment } from '../../server/appointments/list.ts'
import type { AppointmentState } from '../../server/database/tables.ts'
import type { Database, Transaction } from '../../server/database/transactions.ts'
import type { Organization } from '../../server/http/routes.ts'
import { remindersSent } from '../../server/notifications/list.ts'
import { readFamilies } from '../../server/people/families.ts'
import { readSlots, type SlotWithSeats } from '../../server/slots/published.ts'
import { localOf } from '../local-times.ts'
import { readEverybody, readTeachers, type SchoolTeacher, viewParent } from './people.ts'
import { statuses } from './shapes.ts'
import { weekTimeOf } from './weeks.ts'

export type Status = (typeof statuses)[number]

/** What this system calls a state. */
export const statusOf: Record<AppointmentState, Status> = {
  pending: 'pending',
  confirmed: 'confirmed',
  arrived: 'confirmed',
  in_progress: 'confirmed',
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

export type SchoolSlot = ReturnType<typeof viewSlot>

export function viewSlot(slot: SlotWithSeats, teacher: SchoolTeacher, { time_zone }: Organization) {
  const { id, provider_id, seats_taken, capacity, is_blocked } = slot
  return {
    id: id as string | null,
    teacher_id: provider_id,
    ...weekTimeOf(slot, time_zone),
    is_booked: seats_taken >= capacity || is_blocked,
    created_at: localOf(slot.created_at, time_zone),
    updated_at: localOf(slot.updated_at, time_zone),
    teacher,
  }
}

/** Slots with their teachers. */
export async function viewSlots(
  db: Database | Transaction,
  organization: Organization,
  slots: SlotWithSeats[],
): Promise<SchoolSlot[]> {
  const teachers = await readTeachers(
    db,
    organization,
    slots.map(({ provider_id }) => provider_id),
  )
  return slots.map((slot) => viewSlot(slot, teachers.get(slot.provider_id)!, organization))
}

/** Appointments with everything around them: the parent, the teacher, the slot. */
export async function viewAppointments(
  db: Database | Transaction,
  organization: Organization,
  appointments: ShownAppointment[],
  now: Temporal.Instant,
) {
  const client_ids = appointments.map(({ client_id }) => client_id)
  const slot_ids = appointments.flatMap(({ slot_id }) => slot_id ?? [])
  const teachers = await readTeachers(
    db,
    organization,
    appointments.map(({ provider_id }) => provider_id),
  )
  const people = await readEverybody(db, organization, client_ids)
  const families = new Map(
    (await readFamilies(db, organization.id, client_ids)).map((family) => [family.id, family]),
  )
  const reminded = await remindersSent(
    db,
    organization.id,
    appointments.map(({ id }) => id),
  )
  const slots = new Map((await readSlots(db, organization.id, slot_ids, now)).map((slot) => [slot.id, slot]))
  return appointments.map((appointment) => {
    const { id, client_id, provider_id, slot_id, state, notes, details } = appointment
    const teacher = teachers.get(provider_id)!
    const slot = slot_id ? slots.get(slot_id) : undefined
    const times = timesOf(appointment, organization)
    return {
      id,
      parent_id: client_id,
      teacher_id: provider_id,
      slot_id,
      meeting_mode: (details.meeting_mode as string | undefined) ?? null,
      status: statusOf[state],
      notes,
      reminder_sent: reminded.has(id),
      ...times,
      parent: viewParent(familyOf(appointment, families.get(client_id)), people),
      teacher,
      // A slot that was given back may have been moved since: here it stands where the meeting was to be.
      slot: slot
        ? { ...viewSlot(slot, teacher, organization), ...weekTimeOf(appointment, organization.time_zone) }
        : { ...withoutSlot(appointment, organization), ...times, teacher },
    }
  })
}

export type SchoolAppointment = Awaited<ReturnType<typeof viewAppointments>>[number]

function timesOf({ created_at, updated_at }: ShownAppointment, { time_zone }: Organization) {
  return { created_at: localOf(created_at, time_zone), updated_at: localOf(updated_at, time_zone) }
}

/** The student is the one whom the meeting was about, whoever the parent comes for now. */
function familyOf(
  { client_id, dependent_name }: ShownAppointment,
  family: Awaited<ReturnType<typeof readFamilies>>[number] | undefined,
) {
  const nobody = { id: client_id, phone: null, details: {}, dependent_details: {} }
  const about = family ?? { ...nobody, dependent_name: '' }
  return { ...about, dependent_name: dependent_name ?? about.dependent_name }
}

/** What a slot would say that has been taken back since, or that there never was. */
function withoutSlot(appointment: ShownAppointment, { time_zone }: Organization) {
  const is_booked = !['cancelled', 'declined'].includes(appointment.state)
  return { id: null, teacher_id: appointment.provider_id, ...weekTimeOf(appointment, time_zone), is_booked }
}

export function summaryOf(appointments: { status: Status }[]) {
  const count = (status: Status) => appointments.filter((one) => one.status === status).length
  const counts = statuses.map((status) => [`${status}_appointments`, count(status)] as const)
  return { total_appointments: appointments.length, ...Object.fromEntries(counts) }
}
