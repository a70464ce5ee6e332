import type { Database, Transaction } from '../database/transactions.ts'
import { changedDetails } from '../organizations/fields.ts'
import { type Actor, may } from '../permissions.ts'
import type { Appointment } from './appointments.ts'
import { takeStep } from './steps.ts'

/** Changes what is written about an appointment; its time is moved by `reschedule`. */
export function changeNotes(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  {
    notes,
    price,
    details,
  }: { notes?: string | null; price?: number | null; details?: Record<string, unknown> },
  now: Temporal.Instant,
): Promise<Appointment> {
  return takeStep(db, actor, id, 'change', now, async ({ organization, appointment }) => {
    const attends = may(actor, 'appointments:attend', appointment)
    const all = changedDetails(organization.fields.appointment, appointment.details, details, attends)
    return { notes, price, ...(details && { details: JSON.stringify(all) }) }
  })
}
