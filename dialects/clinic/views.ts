import { lastSteps } from '../../server/appointments/history.ts'
import type { Appointment } from '../../server/appointments/appointments.ts'
import type { AppointmentState } from '../../server/database/tables.ts'
import type { Database, Transaction } from '../../server/database/transactions.ts'
import type { Actor } from '../../server/permissions.ts'
import { messagesOf } from './messages.ts'
import type { statuses } from './shapes.ts'

export type Status = (typeof statuses)[number]

/** What this system calls a state. */
export const statusOf: Record<AppointmentState, Status> = {
  pending: 'scheduled',
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

/** Appointments with what was said of them, and with when and why they were given back. */
export async function viewAppointments(
  db: Database | Transaction,
  actor: Actor,
  appointments: Appointment[],
) {
  const { organization_id } = actor
  const ids = appointments.map(({ id }) => id)
  const messages = await messagesOf(db, actor, ids)
  const ended = ids.length > 0 ? await lastSteps(db, organization_id, ids, ['cancel', 'decline']) : []
  return appointments.map((appointment) => {
    const { id, provider_id, client_id, starts_at, ends_at, state, details, booked_by } = appointment
    const status = statusOf[state]
    const step = status === 'cancelled' ? ended.find((one) => one.appointment_id === id) : undefined
    return {
      _id: id,
      doctorId: provider_id,
      patientId: client_id,
      start: starts_at.toString(),
      end: ends_at.toString(),
      status,
      reason: (details.reason as string | undefined) ?? '',
      notes: appointment.notes,
      createdAt: appointment.created_at.toString(),
      createdBy: booked_by === client_id ? ('patient' as const) : ('system' as const),
      ...messages.get(id)!,
      cancelledAt: step?.happened_at.toString() ?? null,
      cancelReason: step?.reason ?? null,
    }
  })
}
