import type { Database, Transaction } from '../database/transactions.ts'
import { checkDetails } from '../organizations/fields.ts'
import type { Actor } from '../permissions.ts'
import type { Appointment } from './appointments.ts'
import { takeStep } from './steps.ts'

/** Changes what is written about an appointment; its time is moved by `reschedule`. */
export function changeNotes(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  { notes, details }: { notes?: string | null; details?: Record<string, unknown> },
  now: Temporal.Instant,
): Promise<Appointment> {
  return takeStep(db, actor, id, 'change', now, async ({ organization, appointment }) => {
    const all = { ...appointment.details, ...details }
    if (details) checkDetails(organization.fields.appointment, all)
    return { notes, ...(details && { details: JSON.stringify(all) }) }
  })
}
