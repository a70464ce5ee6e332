import { sql } from 'kysely'
import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'

export type TimeOff = Row<'time_off'>

/** Time off that meets a stretch, of any of these providers and locations, or of the whole organization. */
export async function readTimeOff(
  db: Database | Transaction,
  organization_id: string,
  of: { provider_ids: string[]; location_ids: string[] },
  { start, end }: { start: Temporal.Instant; end: Temporal.Instant },
): Promise<TimeOff[]> {
  return db
    .selectFrom('time_off')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('ends_at', '>', start)
    .where('starts_at', '<', end)
    .where(
      sql<boolean>`(provider_id is null or provider_id = any(${of.provider_ids}::uuid[]))
        and (location_id is null or location_id = any(${of.location_ids}::uuid[]))`,
    )
    .orderBy('starts_at')
    .orderBy('id')
    .execute()
}

/** When a provider takes no appointments at a location: their own time off, the location's, and everybody's. */
export function awayFrom(
  rows: TimeOff[],
  who: { provider_id: string; location_id: string | null },
): { start: number; end: number }[] {
  return rows
    .filter(({ provider_id }) => provider_id === null || provider_id === who.provider_id)
    .filter(({ location_id }) => location_id === null || location_id === who.location_id)
    .map(({ starts_at, ends_at }) => ({
      start: starts_at.epochMilliseconds,
      end: ends_at.epochMilliseconds,
    }))
}
