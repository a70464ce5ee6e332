import { sql } from 'kysely'
import type { ReminderRule } from '../../presets/preset.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import { plan, type Planned } from './planning.ts'

interface Due {
  id: string
  client_id: string
  provider_id: string
  cause: string
}

/** So many of one organization at once; whatever is left is due a minute later, too. */
const MOST = 500

/**
 * Plans the reminders that are due and were not planned yet. They are derived from the appointments as they stand, so a
 * move needs no bookkeeping: due means that the start is ahead, and that the moment to remind lies after both the
 * booking and the last move. Whoever books later than that knows it without us; whoever was to be reminded while we
 * were away is reminded late. Answers how many there are.
 */
export async function planReminders(
  db: Database,
  { id: organization_id, rules }: Organization,
  now: Temporal.Instant,
): Promise<number> {
  let count = 0
  // Those of one moment are planned together: a record of one would else look like that of the other.
  const moments = Map.groupBy(rules.reminders, ({ minutes_before }) => minutes_before)
  for (const [minutes_before, same] of moments) {
    count += await inTransaction(db, async (trx) => {
      const due = await remindersDue(trx, organization_id, minutes_before, rules.reminded_states, now)
      const messages = due.flatMap((appointment) => same.flatMap((rule) => messagesOf(appointment, rule)))
      return (await plan(trx, organization_id, messages, now)).length
    })
  }
  return count
}

function messagesOf({ id, client_id, provider_id, cause }: Due, rule: ReminderRule): Planned[] {
  const { channels, minutes_before, to = ['client'] } = rule
  return to.flatMap((audience) =>
    channels.map((channel) => ({
      kind: 'reminder' as const,
      audience,
      channel,
      recipient_id: audience === 'client' ? client_id : provider_id,
      appointment_id: id,
      cause,
      facts: { minutes_before },
    })),
  )
}

/** The start is part of the cause: for a new time there is a new reminder, and for the old one there is none. */
export function causeOfReminder(starts_at: Temporal.Instant, minutes_before: number): string {
  return `${Math.floor(starts_at.epochMilliseconds / 1000)} -${minutes_before}`
}

async function remindersDue(
  trx: Transaction,
  organization_id: string,
  minutes_before: number,
  states: string[],
  now: Temporal.Instant,
): Promise<Due[]> {
  const latest = now.add({ minutes: minutes_before })
  const cause = sql`floor(extract(epoch from a.starts_at))::bigint || ' -' || ${minutes_before}::integer`
  const { rows } = await sql<Due>`
    select a.id, a.client_id, a.provider_id, ${cause} as cause from appointments a
    where a.organization_id = ${organization_id} and a.state = any(${states}::text[])
      and a.starts_at > ${now} and a.starts_at <= ${latest}
      and a.starts_at - ${minutes_before}::integer * interval '1 minute' >= (
        select greatest(a.created_at, max(happened_at)) from appointment_events moved
        where moved.organization_id = a.organization_id and moved.appointment_id = a.id
          and moved.action in ('reschedule', 'postpone', 'correct')
          and moved.before ->> 'starts_at' is distinct from moved.after ->> 'starts_at')
      and not exists (
        select from notifications n where n.organization_id = a.organization_id and n.appointment_id = a.id
          and n.kind = 'reminder' and n.cause = ${cause})
    order by a.starts_at limit ${MOST}`.execute(trx)
  return rows
}
