import type { Database, Transaction } from '../../server/database/transactions.ts'
import { type ReminderSent, remindersSent } from '../../server/notifications/list.ts'

/** Which reminders of an appointment were sent for the time that it has, and when. */
export interface Reminders {
  reminder_sent_24h: boolean
  reminder_sent_24h_at: string | null
  reminder_sent_2h: boolean
  reminder_sent_2h_at: string | null
}

export const nothingSent: Reminders = {
  reminder_sent_24h: false,
  reminder_sent_24h_at: null,
  reminder_sent_2h: false,
  reminder_sent_2h_at: null,
}

/** The reminders of these appointments, by their ids; of those that are missing none was sent. */
export async function remindersOf(
  db: Database | Transaction,
  organization_id: string,
  ids: string[],
): Promise<Map<string, Reminders>> {
  const sent = await remindersSent(db, organization_id, ids)
  return new Map([...sent].map(([id, reminders]) => [id, viewReminders(reminders)]))
}

const DAY = 1440
const TWO_HOURS = 120

function viewReminders(reminders: ReminderSent[]): Reminders {
  const at = (minutes: number) =>
    reminders.find(({ minutes_before }) => minutes_before === minutes)?.sent_at.toString() ?? null
  const [day, hours] = [at(DAY), at(TWO_HOURS)]
  return {
    reminder_sent_24h: day !== null,
    reminder_sent_24h_at: day,
    reminder_sent_2h: hours !== null,
    reminder_sent_2h_at: hours,
  }
}
