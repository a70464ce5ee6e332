import type { Database, Transaction } from '../../server/database/transactions.ts'

/** Which reminders of an appointment were sent, and when. */
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
  _db: Database | Transaction,
  _organization_id: string,
  _ids: string[],
): Promise<Map<string, Reminders>> {
  return new Map()
}
