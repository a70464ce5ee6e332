import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { audit } from '../organizations/audit.ts'
import { isNameTaken } from '../organizations/names.ts'
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
    await refuseTakenName(trx, organization_id, content.name)
    const id = newId()
    await trx.insertInto('parties').values({ organization_id, id, kind: 'resource' }).execute()
    const added = await trx
      .insertInto('resources')
      .values({ ...content, organization_id, id, created_at: now, updated_at: now })
      .returningAll()
      .executeTakeFirstOrThrow()
    await audit(trx, actor, { action: 'resource.added', subject_id: id, after: added }, now)
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
    const before = await readResource(trx, organization_id, id)
    const changed = await trx
      .updateTable('resources')
      .set({ ...change, updated_at: now })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await audit(trx, actor, { action: 'resource.changed', subject_id: id, before, after: changed }, now)
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
  but?: string,
): Promise<void> {
  if (await isNameTaken(trx, organization_id, 'resources', { name, but })) throw new ResourceNameTaken(name)
}
