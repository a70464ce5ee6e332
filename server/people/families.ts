import { type RawBuilder, sql } from 'kysely'
import { containing } from '../database/searching.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { type PageQuery, rowsToRead, total } from '../http/paging.ts'
import type { Actor } from '../permissions.ts'
import { knownTo } from './clients.ts'

/** A client with the first of their dependents, for systems where a client comes on behalf of one. */
export interface Family {
  id: string
  name: string
  phone: string | null
  details: Record<string, unknown>
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
  dependent_id: string
  dependent_name: string
  dependent_details: Record<string, unknown>
}

export interface FamiliesWanted extends PageQuery {
  ids?: string[]
  /** Part of the dependent's name. */
  dependent_name?: string
  /** What fields of the trade contain for the dependent. */
  dependent_details?: Record<string, string | undefined>
}

/** Those of the clients whom the actor may know who have a dependent, by name. */
export async function listFamilies(
  db: Database | Transaction,
  actor: Actor,
  wanted: FamiliesWanted,
): Promise<{ items: Family[]; total: number }> {
  return selectFamilies(db, actor.organization_id, knownTo(actor, 'clients:read'), wanted)
}

/** Families by the ids of the clients. Whether they may be shown has been decided before. */
export async function readFamilies(
  db: Database | Transaction,
  organization_id: string,
  ids: string[],
): Promise<Family[]> {
  if (ids.length === 0) return []
  const wanted = { ids, limit: ids.length }
  return (await selectFamilies(db, organization_id, sql`true`, wanted)).items
}

async function selectFamilies(
  db: Database | Transaction,
  organization_id: string,
  which: RawBuilder<boolean>,
  wanted: FamiliesWanted,
): Promise<{ items: Family[]; total: number }> {
  const { ids = null, dependent_name, dependent_details = {}, skip = 0 } = wanted
  const pattern = dependent_name ? containing(dependent_name) : null
  const fields = Object.entries(dependent_details).flatMap(([name, text]) =>
    text ? [sql`and d.details ->> ${name} ilike ${containing(text)}`] : [],
  )
  const { rows } = await sql<Family & { total: number }>`
    select client.id, person.name, person.phone, client.details, client.created_at, person.updated_at,
      d.id as dependent_id, d.name as dependent_name, d.details as dependent_details, ${total} as total
    from clients client
    join people person on person.organization_id = client.organization_id and person.id = client.id
    join lateral (
      select dependent.* from guardians g
      join dependents dependent on dependent.organization_id = g.organization_id and dependent.id = g.dependent_id
      where g.organization_id = client.organization_id and g.client_id = client.id and dependent.is_active
      order by g.added_at, dependent.id limit 1
    ) d on true
    where client.organization_id = ${organization_id} and ${which}
      and (${ids}::uuid[] is null or client.id = any(${ids}::uuid[]))
      and (${pattern}::text is null or d.name ilike ${pattern}) ${sql.join(fields, sql` `)}
    order by person.name, client.id limit ${rowsToRead(wanted) - 1} offset ${skip}`.execute(db)
  return { items: rows, total: rows[0]?.total ?? 0 }
}
