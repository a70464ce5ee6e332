import { sql } from 'kysely'
import { dateAt } from '../../engine/wallclock.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import type { Offer } from './offer.ts'
import type { Stretch } from './reservations.ts'

/** Days on which a provider has as many appointments as the rules allow: `<provider_id> <date>`. */
export type FullDays = ReadonlySet<string>

/** All offers of one question are of one service, so one limit and one zone count for all. */
export async function daysThatAreFull(
  db: Database | Transaction,
  offers: Offer[],
  { start, end }: Stretch,
  now: Temporal.Instant,
): Promise<FullDays> {
  const [{ organization, own_rules, service_id }] = offers as [Offer, ...Offer[]]
  const most = organization.rules.most_per_provider_and_day
  if (most === null) return new Set()
  const isCounted = 'most_per_provider_and_day' in own_rules ? sql`service_id = ${service_id}` : sql`true`
  const provider_ids = offers.map(({ provider_id }) => provider_id)
  const these = sql`organization_id = ${organization.id} and provider_id = any(${provider_ids}::uuid[]) and ${isCounted}
    and starts_at >= ${start.subtract(DAY)} and starts_at < ${end.add(DAY)}`
  const { rows } = await sql<{ provider_id: string; date: string }>`
    select provider_id, (starts_at at time zone ${organization.time_zone})::date as date from (
      select provider_id, starts_at from appointments where ${these} and state not in ('cancelled', 'declined')
      union all select provider_id, starts_at from holds where ${these} and expires_at > ${now}
    ) counted group by 1, 2 having count(*) >= ${most}`.execute(db)
  return new Set(rows.map(({ provider_id, date }) => `${provider_id} ${date}`))
}

export function isOnFullDay(
  full: FullDays,
  { organization, provider_id }: Offer,
  slot: { start: number },
): boolean {
  return full.has(`${provider_id} ${dateAt(organization.time_zone, slot.start)}`)
}

const DAY = Temporal.Duration.from({ hours: 26 })
