import { type RawBuilder, sql } from 'kysely'
import type { Database, Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import type { Reach } from '../permissions.ts'
import type { Stretch } from '../slots/reservations.ts'
import { within } from './list.ts'
import { bookedStates, type Counted } from './tallies.ts'

export const groupings = ['day', 'month', 'provider', 'service', 'state', 'location', 'none'] as const
export type Grouping = (typeof groupings)[number]

export interface CountsWanted {
  group_by?: Grouping
  provider_id?: string
  client_id?: string
  location_id?: string
  service_id?: string
  /** Grouped by the values of this field of the trade, whatever else is said. */
  by_field?: string
}

export interface CountedRow extends Counted {
  /** What its group has in common; null where it has no service or no location. */
  key: string | null
  label: string | null
  /** Whether the provider takes bookings at present. */
  is_open: boolean
}

/**
 * Appointments that start in a stretch, counted by group and state in one query. Days and months are the organization's
 * own. The seats of a session share its minutes, as it takes its provider's time once.
 */
export async function count(
  db: Database | Transaction,
  { id, time_zone }: Organization,
  reach: Reach,
  { group_by = 'none', provider_id, client_id, location_id, service_id, by_field }: CountsWanted,
  { start, end }: Stretch,
): Promise<CountedRow[]> {
  const value = sql`appointment.details ->> ${by_field ?? ''}`
  const { key, label } = by_field ? { key: value, label: value } : columnsOf(group_by, time_zone)
  const isBooked = sql`appointment.state = any(${[...bookedStates]}::text[])`
  const filters = Object.entries({ provider_id, client_id, location_id, service_id }).flatMap(
    ([column, id]) => (id ? [sql`and appointment.${sql.ref(column)} = ${id}::uuid`] : []),
  )
  const { rows } = await sql<CountedRow>`
    select key, label, is_open, state, count(*)::integer as appointments, coalesce(sum(price), 0) as agreed,
      coalesce(sum(charged), 0) as charged, count(charged)::integer as charges, coalesce(sum(minutes), 0) as minutes
    from (
      select ${key} as key, ${label} as label, provider.is_active as is_open, appointment.state, appointment.price,
        appointment.charged, case when ${isBooked} then
          extract(epoch from appointment.ends_at - appointment.starts_at)::float8 / 60
            / count(*) filter (where ${isBooked}) over (partition by appointment.session_id) end as minutes
      from appointments appointment
      join providers provider on provider.organization_id = appointment.organization_id
        and provider.id = appointment.provider_id
      join people person on person.organization_id = provider.organization_id and person.id = provider.id
      left join services service on service.organization_id = appointment.organization_id
        and service.id = appointment.service_id
      left join locations location on location.organization_id = appointment.organization_id
        and location.id = appointment.location_id
      where appointment.organization_id = ${id} and ${within(reach)}
        and appointment.starts_at >= ${start} and appointment.starts_at < ${end} ${sql.join(filters, sql` `)}
    ) counted group by 1, 2, 3, 4 order by label nulls last, key`.execute(db)
  return rows
}

/** What groups have in common, and what it is called: mostly the same. */
function columnsOf(group_by: Grouping, time_zone: string): Record<'key' | 'label', RawBuilder<unknown>> {
  const local = sql`appointment.starts_at at time zone ${time_zone}`
  const columns = {
    day: [sql`to_char(${local}, 'YYYY-MM-DD')`],
    month: [sql`to_char(${local}, 'YYYY-MM')`],
    state: [sql`appointment.state`],
    provider: [sql`appointment.provider_id`, sql`person.name`],
    service: [sql`appointment.service_id`, sql`service.name`],
    location: [sql`appointment.location_id`, sql`location.name`],
    none: [sql`null::text`],
  } satisfies Record<Grouping, RawBuilder<unknown>[]>
  const [key, label = key] = columns[group_by] as [RawBuilder<unknown>, RawBuilder<unknown>?]
  return { key, label }
}
