import { type HistoryEntry, lastSteps } from '../../server/appointments/history.ts'
import type { ShownAppointment } from '../../server/appointments/list.ts'
import type { Database, Transaction } from '../../server/database/transactions.ts'
import type { Organization } from '../../server/http/routes.ts'
import { shownDetails } from '../../server/organizations/fields.ts'
import { type Actor, may } from '../../server/permissions.ts'
import { nothingSent, type Reminders, remindersOf } from './messages.ts'
import { minutesBetween } from './times.ts'
import { type Priority, statusOf, typeOf } from './words.ts'

const told = ['confirm', 'reschedule', 'arrive', 'start', 'complete', 'cancel', 'decline']

/** Appointments with when each step was taken: two queries, however many they are. */
export async function viewAppointments(
  db: Database | Transaction,
  actor: Actor,
  organization: Organization,
  appointments: ShownAppointment[],
) {
  const ids = appointments.map(({ id }) => id)
  const entries = await lastSteps(db, organization.id, ids, told)
  const steps = Map.groupBy(entries, ({ appointment_id }) => appointment_id)
  const reminders = await remindersOf(db, organization.id, ids)
  return appointments.map((appointment) => {
    const moments = momentsOf(appointment, steps.get(appointment.id) ?? [], organization)
    const reminded = reminders.get(appointment.id) ?? nothingSent
    return {
      ...viewAppointment(appointment, actor, organization),
      ...moments,
      ...(reminded satisfies Reminders),
    }
  })
}

function viewAppointment(appointment: ShownAppointment, actor: Actor, { fields }: Organization) {
  const { starts_at, ends_at, state } = appointment
  const isStaffs = may(actor, 'appointments:attend', appointment)
  const details = shownDetails(fields.appointment, appointment.details, isStaffs) as Record<string, never>
  const isGivenBack = state === 'cancelled' || state === 'declined'
  return {
    ...namesOf(appointment),
    slot_id: appointment.slot_id,
    appointment_type: typeOf(appointment.service_name),
    status: statusOf(state),
    scheduled_at: `${starts_at}`,
    duration_minutes: minutesBetween(starts_at, ends_at),
    notes: appointment.notes,
    estimated_cost: appointment.price,
    actual_cost: appointment.charged,
    cancellation_reason: isGivenBack ? appointment.state_reason : null,
    priority: (details.priority as Priority | undefined) ?? 'normal',
    reason: details.reason ?? null,
    symptoms: details.symptoms ?? null,
    special_instructions: details.special_instructions ?? null,
    services_requested: details.services_requested ?? null,
    follow_up_required: details.follow_up_required ?? false,
    follow_up_date: details.follow_up_date ?? null,
    follow_up_notes: details.follow_up_notes ?? null,
    created_at: `${appointment.created_at}`,
    updated_at: `${appointment.updated_at}`,
  }
}

export function namesOf(appointment: ShownAppointment) {
  return {
    id: appointment.id,
    pet_id: appointment.dependent_id,
    pet_name: appointment.dependent_name,
    pet_owner_id: appointment.client_id,
    pet_owner_name: appointment.client_name,
    veterinarian_id: appointment.provider_id,
    veterinarian_name: appointment.provider_name,
    clinic_id: appointment.location_id,
    clinic_name: appointment.location_name,
  }
}

/** When each step was taken. What was moved since waits again, where the rules say so: it is not confirmed any more. */
function momentsOf(
  { state }: ShownAppointment,
  steps: HistoryEntry[],
  { rules }: Pick<Organization, 'rules'>,
) {
  const last = (action: string) => steps.find((step) => step.action === action)
  const [confirmed, moved] = [last('confirm'), last('reschedule')]
  const asksAgain = rules.moving_asks_again && moved && confirmed && moved.id > confirmed.id
  return {
    confirmed_at: asksAgain || state === 'pending' ? null : at(confirmed),
    checked_in_at: at(last('arrive')),
    started_at: at(last('start')),
    completed_at: state === 'completed' ? at(last('complete')) : null,
    cancelled_at:
      state === 'cancelled' || state === 'declined' ? at(last('cancel') ?? last('decline')) : null,
  }
}

function at(step: HistoryEntry | undefined): string | null {
  return step ? `${step.happened_at}` : null
}
