import { sql } from 'kysely'
import { cancel } from '../appointments/cancellation.ts'
import { type Circumstances, eachFound, type Result } from './job.ts'
import { openAppointments } from './open-appointments.ts'

/**
 * Cancels what still waits for a confirmation so shortly before its start. What was booked or moved later than that had
 * no time to be confirmed, and is left alone.
 */
export async function cancelUnconfirmed(circumstances: Circumstances): Promise<Result> {
  const { db, organization, clock, now } = circumstances
  const minutes = organization.rules.cancel_unconfirmed_minutes_before
  if (minutes === null) return { cancelled: 0 }
  const latest = now.add({ minutes })
  const reason = `It was not confirmed by ${minutes} minutes before its start.`
  const cancelled = await eachFound(
    circumstances,
    (limit, but) =>
      openAppointments(db, organization.id, ['pending'], but)
        .where('starts_at', '>', now)
        .where('starts_at', '<=', latest)
        .where(
          sql<boolean>`starts_at - make_interval(mins => ${minutes}) > (
            select greatest(appointments.created_at, max(happened_at)) from appointment_events moved
            where moved.organization_id = appointments.organization_id and moved.appointment_id = appointments.id
              and moved.action in ('reschedule', 'postpone', 'correct')
              and moved.before ->> 'starts_at' is distinct from moved.after ->> 'starts_at')`,
        )
        .limit(limit)
        .execute(),
    (id) => cancel(db, clock, id, { reason }, now),
  )
  return { cancelled }
}
