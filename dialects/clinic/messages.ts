import type { Database, Transaction } from '../../server/database/transactions.ts'

/** One SMS about an appointment, as this system records it. */
export interface TwilioLog {
  to: string
  from: string
  body: string
  status: string
  timestamp: string
  direction: 'inbound' | 'outbound'
  twilioSid: string | null
  errorCode: string | null
  errorMessage: string | null
}

/** What was and is to be said about an appointment. */
export interface MessagesOfAppointment {
  reminder3hSent: boolean
  reminderJobMeta: { job_id: string; scheduled_at: string } | null
  twilioLogs: TwilioLog[]
}

/** By appointment. Nothing is sent yet. */
export async function messagesOf(
  _db: Database | Transaction,
  _organization_id: string,
  ids: string[],
): Promise<Map<string, MessagesOfAppointment>> {
  return new Map(ids.map((id) => [id, { reminder3hSent: false, reminderJobMeta: null, twilioLogs: [] }]))
}
