import { DAYS_AHEAD, planFollowUps, planSummaries } from '../notifications/daily.ts'
import { removeOldMessages } from '../notifications/keeping.ts'
import { planReminders } from '../notifications/reminders.ts'
import type { Circumstances, Result } from './job.ts'

/** Plans the reminders that are due; whoever sends them looks at the appointment again. */
export async function remind({ db, organization, now }: Circumstances): Promise<Result> {
  return { planned: await planReminders(db, organization, now) }
}

/** Plans what each provider is told of the day that begins. */
export async function summariseDay({ db, organization, now }: Circumstances): Promise<Result> {
  return { planned: await planSummaries(db, organization, now) }
}

/** Plans the word to those who should come again. */
export async function remindToComeAgain({ db, organization, now }: Circumstances): Promise<Result> {
  return { planned: await planFollowUps(db, organization, now) }
}

/** Removes old messages and their records, a few thousand at a time. */
export async function cleanUpNotifications({
  db,
  organization,
  now,
  signal,
}: Circumstances): Promise<Result> {
  const { notifications_kept_days: days, reminders } = organization.rules
  if (days === null) return { removed: 0 }
  // What has no record any more would be planned again: reminders of what is still ahead stay, and so do words to come again.
  const minutes = Math.max(
    days * 1440,
    (DAYS_AHEAD + 2) * 1440,
    ...reminders.map(({ minutes_before }) => minutes_before + 1440),
  )
  const before = now.subtract({ minutes })
  for (let removed = 0; ;) {
    if (signal.aborted) return { removed }
    const count = await removeOldMessages(db, organization.id, before)
    removed += count
    if (count === 0) return { removed }
  }
}
