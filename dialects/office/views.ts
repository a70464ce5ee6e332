import type { ShownAppointment } from '../../server/appointments/list.ts'
import { type HistoryEntry, lastSteps } from '../../server/appointments/history.ts'
import { readPeople } from '../../server/accounts/people.ts'
import type { AppointmentState } from '../../server/database/tables.ts'
import type { Database, Transaction } from '../../server/database/transactions.ts'
import type { Organization } from '../../server/http/routes.ts'
import { localOf } from '../local-times.ts'
import { partsOf } from './names.ts'
import type { statuses } from './visit-shapes.ts'

export type Status = (typeof statuses)[number]

const statusNames: Record<AppointmentState, Status> = {
  pending: 'pending',
  confirmed: 'approved',
  arrived: 'approved',
  in_progress: 'approved',
  completed: 'completed',
  cancelled: 'cancelled',
  declined: 'denied',
  no_show: 'no_show',
}

/** What this system calls it; what the office has moved waits under a name of its own. */
export function statusOf({
  state,
  pending_reason,
}: Pick<ShownAppointment, 'state' | 'pending_reason'>): Status {
  return state === 'pending' && pending_reason === 'moved_by_provider' ? 'postponed' : statusNames[state]
}

/** The states that this system calls by one name; of those that wait, `statusOf` tells which are postponed. */
export function statesOf(status: Status): AppointmentState[] {
  const name = status === 'postponed' ? 'pending' : status
  const all = Object.entries(statusNames) as [AppointmentState, Status][]
  return all.filter(([, own]) => own === name).map(([state]) => state)
}

export const open: readonly Status[] = ['pending', 'approved', 'postponed']

export interface CitizenShown {
  id: string
  name: string
  family_name: string | null
  email: string | null
  phone: string | null
}

export function viewCitizen({ id, email, phone, ...named }: CitizenShown) {
  const { first, last } = partsOf(named)
  return { id, firstname: first, lastname: last, email, phone }
}

/** Appointments with who comes, to whom and where, and with who decided or cancelled them when. */
export async function viewAppointments(
  db: Database | Transaction,
  organization: Organization,
  appointments: ShownAppointment[],
) {
  const ids = appointments.map(({ id }) => id)
  const clients = appointments.map(({ client_id }) => client_id)
  const people = new Map(
    (await readPeople(db, organization.id, [...new Set(clients)])).map((person) => [person.id, person]),
  )
  const steps = Map.groupBy(
    await lastSteps(db, organization.id, ids, ['cancel', 'confirm', 'decline']),
    ({ appointment_id }) => appointment_id,
  )
  return appointments.map((appointment) => {
    const citizen = viewCitizen(people.get(appointment.client_id)!)
    return { ...viewVisit(appointment, steps.get(appointment.id) ?? [], organization), citizen }
  })
}

export type OfficeAppointment = Awaited<ReturnType<typeof viewAppointments>>[number]

function viewVisit(appointment: ShownAppointment, steps: HistoryEntry[], { time_zone }: Organization) {
  const { id, client_id, provider_id, provider_name, location_id, location_name } = appointment
  const { starts_at, state, details, notes } = appointment
  const status = statusOf(appointment)
  const cancelled = state === 'cancelled' ? steps.find(({ action }) => action === 'cancel') : undefined
  const decided = steps
    .filter(({ action }) => action !== 'cancel')
    .toSorted((one, other) => Temporal.Instant.compare(one.happened_at, other.happened_at))
    .at(-1)
  const start = localOf(starts_at, time_zone)
  return {
    id,
    citizen_id: client_id,
    host_id: provider_id,
    office_id: location_id,
    appointment_date: start.slice(0, 10),
    time_slotted: start.slice(11),
    purpose: (details.purpose as string | undefined) ?? null,
    status,
    is_active: open.includes(status),
    notes,
    issued_by: appointment.booked_by,
    canceled_at: cancelled ? localOf(cancelled.happened_at, time_zone) : null,
    canceled_by: cancelled?.actor_id ?? null,
    canceled_reason: cancelled?.reason ?? null,
    decision_reason: decided?.reason ?? null,
    decided_at: decided ? localOf(decided.happened_at, time_zone) : null,
    decided_by: decided?.actor_id ?? null,
    created_at: localOf(appointment.created_at, time_zone),
    updated_at: localOf(appointment.updated_at, time_zone),
    host: { id: provider_id, name: provider_name },
    office: location_id ? { id: location_id, name: location_name ?? '' } : null,
  }
}
