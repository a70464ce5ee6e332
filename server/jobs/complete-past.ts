import { complete, markNoShow } from '../appointments/attendance.ts'
import { type Circumstances, eachFound, type Result } from './job.ts'
import { openAppointments } from './open-appointments.ts'

/** What was agreed: a booking that nobody confirmed is not taken to have taken place. */
const agreed = ['confirmed', 'arrived', 'in_progress'] as const
/** Whom nobody saw. */
const expected = ['pending', 'confirmed'] as const

/**
 * Closes appointments whose time had passed when this was due and that nobody closed, as the organization's rules say. In
 * a run that comes late, after an outage, those of the hours since are still to be closed by people.
 */
export async function completePast(circumstances: Circumstances): Promise<Result> {
  const { db, organization, clock, due_at, now } = circumstances
  const { after_the_end, completes_from } = organization.rules
  if (after_the_end === 'leave') return { completed: 0, missed: 0 }
  const completes = after_the_end === 'complete'
  const states = completes ? agreed.filter((state) => completes_from.includes(state)) : expected
  if (states.length === 0) return { completed: 0, missed: 0 }
  const closed = await eachFound(
    circumstances,
    (limit, but) =>
      openAppointments(db, organization.id, states, but)
        .where('starts_at', '<', due_at)
        .where('ends_at', '<=', due_at)
        .limit(limit)
        .execute(),
    (id) => (completes ? complete(db, clock, id, {}, now) : markNoShow(db, clock, id, now)),
  )
  return { completed: completes ? closed : 0, missed: completes ? 0 : closed }
}
