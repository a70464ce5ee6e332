import { sql } from 'kysely'
import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { findLocation } from '../organizations/locations.ts'
import type { Actor } from '../permissions.ts'
import { NotFound, Refusal } from '../refusal.ts'

export type Resource = Row<'resources'>

export interface ResourceContent {
  name: string
  /** A word of one's own, such as room or ultrasound: services ask for kinds. */
  kind: string
  /** Where it stands; without one it can be used anywhere. */
  location_id?: string | null
  is_active?: boolean
}

export class ResourceNameTaken extends Refusal {
  readonly code = 'resource_name_taken'
  readonly status = 409

  constructor(name: string) {
    super(`There is already a room or device called "${name}".`)
  }
}

/** Adds a room or a device. It is a party, so that it can be reserved. */
export async function addResource(
  db: Database | Transaction,
  actor: Actor,
  content: ResourceContent,
  now: Temporal.Instant,
): Promise<Resource> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    if (content.location_id) await findLocation(trx, organization_id, content.location_id)
    const id = newId()
    await trx.insertInto('parties').values({ organization_id, id, kind: 'resource' }).execute()
    const added = await trx
      .insertInto('resources')
      .values({ ...content, organization_id, id, created_at: now, updated_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
    if (!added) throw new ResourceNameTaken(content.name)
    return added
  })
}

/** Changes a resource for bookings to come; what is booked with it stays so. */
export async function changeResource(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  change: Partial<ResourceContent>,
  now: Temporal.Instant,
): Promise<Resource> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    if (change.location_id) await findLocation(trx, organization_id, change.location_id)
    if (change.name !== undefined) await refuseTakenName(trx, organization_id, change.name, id)
    const changed = await trx
      .updateTable('resources')
      .set({ ...change, updated_at: now })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (!changed) throw new NotFound('resource')
    return changed
  })
}

export async function readResource(
  db: Database | Transaction,
  organization_id: string,
  id: string,
): Promise<Resource> {
  const resource = await db
    .selectFrom('resources')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!resource) throw new NotFound('resource')
  return resource
}

/** All of them, by kind and name. */
export async function listResources(
  db: Database | Transaction,
  organization_id: string,
  { kind, location_id }: { kind?: string; location_id?: string },
): Promise<Resource[]> {
  return db
    .selectFrom('resources')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind!))
    .$if(location_id !== undefined, (query) => query.where('location_id', '=', location_id!))
    .orderBy('kind')
    .orderBy('name')
    .limit(1000)
    .execute()
}

async function refuseTakenName(
  trx: Transaction,
  organization_id: string,
  name: string,
  but: string,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from resources
    where organization_id = ${organization_id} and lower(name) = lower(${name}) and id <> ${but}
    for no key update`.execute(trx)
  if (rows.length > 0) throw new ResourceNameTaken(name)
}
