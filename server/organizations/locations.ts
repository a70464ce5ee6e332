import { sql } from 'kysely'
import type { NewRow, Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { NotFound, Refusal } from '../refusal.ts'
import { audit, type By } from './audit.ts'
import { isNameTaken } from './names.ts'

export type Location = Row<'locations'>
export type LocationContent = Pick<
  NewRow<'locations'>,
  'name' | 'type' | 'description' | 'address' | 'phone' | 'time_zone' | 'is_active'
>

export class LocationNameTaken extends Refusal {
  readonly code = 'location_name_taken'
  readonly status = 409

  constructor(name: string) {
    super(`There is already a location called "${name}".`)
  }
}

/** Adds a place. It is a party, so that it can be reserved where the rules let it take one appointment at a time. */
export async function addLocation(
  db: Database | Transaction,
  by: By,
  content: LocationContent,
  now: Temporal.Instant,
): Promise<Location> {
  const { organization_id } = by
  return inTransaction(db, async (trx) => {
    await refuseTakenName(trx, organization_id, content.name)
    const id = newId()
    await trx.insertInto('parties').values({ organization_id, id, kind: 'location' }).execute()
    const added = await trx
      .insertInto('locations')
      .values({ ...content, organization_id, id, created_at: now, updated_at: now })
      .returningAll()
      .executeTakeFirstOrThrow()
    await audit(trx, by, { action: 'location.added', subject_id: id, after: added }, now)
    return added
  })
}

export async function changeLocation(
  db: Database | Transaction,
  by: By,
  id: string,
  change: Partial<LocationContent>,
  now: Temporal.Instant,
): Promise<Location> {
  const { organization_id } = by
  return inTransaction(db, async (trx) => {
    if (change.name !== undefined) await refuseTakenName(trx, organization_id, change.name, id)
    const before = await findLocation(trx, organization_id, id)
    const changed = await trx
      .updateTable('locations')
      .set({ ...change, updated_at: now })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await audit(trx, by, { action: 'location.changed', subject_id: id, before, after: changed }, now)
    return changed
  })
}

export async function findLocation(
  db: Database | Transaction,
  organization_id: string,
  id: string,
): Promise<Location> {
  const location = await db
    .selectFrom('locations')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!location) throw new NotFound('location')
  return location
}

/** Takes a location away, for good; that something happened there is kept. What is still to come is the caller's to look for. */
export async function removeLocation(
  db: Database | Transaction,
  by: By,
  id: string,
  now: Temporal.Instant,
): Promise<void> {
  const { organization_id } = by
  await inTransaction(db, async (trx) => {
    const before = await findLocation(trx, organization_id, id)
    await trx
      .updateTable('locations')
      .set({ removed_at: now, is_active: false })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    await audit(trx, by, { action: 'location.removed', subject_id: id, before }, now)
  })
}

/** All of them: a place with more than 200 locations would be more than one organization. */
export async function listLocations(
  db: Database | Transaction,
  organization_id: string,
): Promise<Location[]> {
  return db
    .selectFrom('locations')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('removed_at', 'is', null)
    .orderBy('name')
    .limit(200)
    .execute()
}

async function refuseTakenName(
  trx: Transaction,
  organization_id: string,
  name: string,
  but?: string,
): Promise<void> {
  const among = sql<boolean>`removed_at is null`
  if (await isNameTaken(trx, organization_id, 'locations', { name, but, among })) {
    throw new LocationNameTaken(name)
  }
}
