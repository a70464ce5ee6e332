import { sql } from 'kysely'
import { removeSlot } from '../slots/publishing.ts'
import { type Circumstances, eachFound, type Result } from './job.ts'

/** Takes back published slots that passed so many days ago and that nobody booked. */
export async function cleanUpSlots(circumstances: Circumstances): Promise<Result> {
  const { db, organization, clock, due_at, now } = circumstances
  const days = organization.rules.unbooked_slots_kept_days
  if (days === null) return { removed: 0 }
  const latest = due_at.subtract({ hours: 24 * days })
  const removed = await eachFound(
    circumstances,
    (limit, but) =>
      db
        .selectFrom('published_slots as slot')
        .select('slot.id')
        .where('slot.organization_id', '=', organization.id)
        .where('slot.starts_at', '<', latest)
        .where('slot.ends_at', '<', latest)
        .where(sql<boolean>`slot.id <> all(${but}::uuid[])`)
        .where(sql<boolean>`not exists (select from appointments a where a.organization_id = slot.organization_id
          and a.slot_id = slot.id and a.state not in ('cancelled', 'declined'))`)
        .orderBy('slot.starts_at')
        .limit(limit)
        .execute(),
    (id) => removeSlot(db, clock, id, now),
  )
  return { removed }
}
