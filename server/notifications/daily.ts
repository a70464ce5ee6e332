import { sql } from 'kysely'
import { type Database, inTransaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import { plan, toldOf } from './planning.ts'

/** Plans what each provider is told of the day that begins: a summary of what is agreed; nothing where that is nothing. */
export async function planSummaries(
  db: Database,
  { id: organization_id, rules, time_zone }: Organization,
  now: Temporal.Instant,
): Promise<number> {
  const { channels = [] } = rules.messages.find(({ kind }) => kind === 'summary') ?? {}
  if (channels.length === 0) return 0
  const date = now.toZonedDateTimeISO(time_zone).toPlainDate()
  return inTransaction(db, async (trx) => {
    const { start, end } = dayOf(date, time_zone)
    const providers = await trx
      .selectFrom('appointments')
      .select('provider_id')
      .distinct()
      .where('organization_id', '=', organization_id)
      .where('state', '=', 'confirmed')
      .where('starts_at', '>=', start)
      .where('starts_at', '<', end)
      .execute()
    const messages = providers.flatMap(({ provider_id }) =>
      channels.map((channel) => ({
        kind: 'summary' as const,
        audience: 'provider' as const,
        channel,
        recipient_id: provider_id,
        cause: date.toString(),
        facts: { date: date.toString() },
      })),
    )
    return (await plan(trx, organization_id, messages, now)).length
  })
}

/** A date as it is lived in a zone. */
export function dayOf(
  date: Temporal.PlainDate,
  time_zone: string,
): { start: Temporal.Instant; end: Temporal.Instant } {
  const begin = (day: Temporal.PlainDate) => day.toZonedDateTime(time_zone).toInstant()
  return { start: begin(date), end: begin(date.add({ days: 1 })) }
}

/** So many days ahead somebody is told that it is time to come again. */
export const DAYS_AHEAD = 3

/** Plans the word to those who should come again, where the trade has a field that says when. */
export async function planFollowUps(
  db: Database,
  { id: organization_id, rules, fields, time_zone }: Organization,
  now: Temporal.Instant,
): Promise<number> {
  const isAsked = fields.appointment.some(({ name, kind }) => name === 'follow_up_date' && kind === 'date')
  if (!isAsked || !rules.messages.some(({ kind }) => kind === 'follow_up')) return 0
  const today = now.toZonedDateTimeISO(time_zone).toPlainDate()
  return inTransaction(db, async (trx) => {
    const { rows } = await sql<{ id: string; client_id: string; provider_id: string; date: string }>`
      select id, client_id, provider_id, details ->> 'follow_up_date' as date from appointments
      where organization_id = ${organization_id} and state = 'completed'
        and details ->> 'follow_up_date' between ${today.toString()} and ${today.add({ days: DAYS_AHEAD }).toString()}
        and coalesce(details ->> 'follow_up_required', 'true') <> 'false'`.execute(trx)
    const messages = rows.flatMap(({ id, date, ...people }) =>
      toldOf('follow_up', rules.messages, people).map((message) => ({
        ...message,
        appointment_id: id,
        cause: date,
        facts: { date },
      })),
    )
    return (await plan(trx, organization_id, messages, now)).length
  })
}
