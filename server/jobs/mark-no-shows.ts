import { markNoShow } from '../appointments/attendance.ts'
import { type Circumstances, eachFound, type Result } from './job.ts'
import { openAppointments } from './open-appointments.ts'

/** Older ones were never closed by anybody, perhaps before there was such a rule: nobody is told of them now. */
const DAYS_LOOKED_BACK = 31

/** Marks who was expected, and so many minutes after the start is not here: neither arrived nor begun. */
export async function markNoShows(circumstances: Circumstances): Promise<Result> {
  const { db, organization, clock, now } = circumstances
  const { no_show_after_minutes } = organization.rules
  if (no_show_after_minutes === null) return { marked: 0 }
  const latest = now.subtract({ minutes: no_show_after_minutes })
  const marked = await eachFound(
    circumstances,
    (limit, but) =>
      openAppointments(db, organization.id, ['pending', 'confirmed'], but)
        .where('starts_at', '<=', latest)
        .where('starts_at', '>', latest.subtract({ hours: 24 * DAYS_LOOKED_BACK }))
        .limit(limit)
        .execute(),
    (id) => markNoShow(db, clock, id, now),
  )
  return { marked }
}
