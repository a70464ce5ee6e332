import { sql } from 'kysely'
import type { ServiceRules } from '../../presets/preset.ts'
import type { NewRow, Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type PageQuery, positionOf, rowsToRead, toPage } from '../http/paging.ts'
import { newId } from '../ids.ts'
import { audit, type By } from '../organizations/audit.ts'
import { isNameTaken } from '../organizations/names.ts'
import { NotFound, Refusal } from '../refusal.ts'

export type Service = Row<'services'>
export type ServiceContent = Omit<
  NewRow<'services'>,
  'organization_id' | 'id' | 'rules' | 'created_at' | 'updated_at'
> & {
  /** Rules that differ from the organization's. */
  rules?: ServiceRules
}

export class ServiceNameTaken extends Refusal {
  readonly code = 'service_name_taken'
  readonly status = 409

  constructor(name: string) {
    super(`There is already a service called "${name}".`)
  }
}

export async function addService(
  db: Database | Transaction,
  by: By,
  content: ServiceContent,
  now: Temporal.Instant,
): Promise<Service> {
  const { organization_id } = by
  return inTransaction(db, async (trx) => {
    await refuseTakenName(trx, organization_id, content.name)
    const added = await trx
      .insertInto('services')
      .values({ ...asRow(content), organization_id, id: newId(), created_at: now, updated_at: now })
      .returningAll()
      .executeTakeFirstOrThrow()
    await audit(trx, by, { action: 'service.added', subject_id: added.id, after: added }, now)
    return added
  })
}

/** Changes a service for bookings to come; what is booked keeps the length and the price it was booked with. */
export async function changeService(
  db: Database | Transaction,
  by: By,
  id: string,
  change: Partial<ServiceContent>,
  now: Temporal.Instant,
): Promise<Service> {
  const { organization_id } = by
  return inTransaction(db, async (trx) => {
    if (change.name !== undefined) await refuseTakenName(trx, organization_id, change.name, id)
    const before = await readService(trx, organization_id, id)
    const changed = await trx
      .updateTable('services')
      .set({ ...asRow(change), updated_at: now })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await audit(trx, by, { action: 'service.changed', subject_id: id, before, after: changed }, now)
    return changed
  })
}

export async function readService(
  db: Database | Transaction,
  organization_id: string,
  id: string,
): Promise<Service> {
  const service = await db
    .selectFrom('services')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!service) throw new NotFound('service')
  return service
}

export async function listServices(
  db: Database | Transaction,
  organization_id: string,
  wanted: PageQuery & { include_inactive?: boolean },
) {
  const after = positionOf(wanted, ['text', 'uuid'])
  const rows = await db
    .selectFrom('services')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .$if(!wanted.include_inactive, (query) => query.where('is_active', '=', true))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(name, id) > (${after![0]}, ${after![1]}::uuid)`),
    )
    .orderBy('name')
    .orderBy('id')
    .limit(rowsToRead(wanted))
    .execute()
  return toPage(
    rows,
    wanted,
    (row) => row,
    (row) => [row.name, row.id],
  )
}

function asRow<T extends Partial<ServiceContent>>({ rules, ...content }: T) {
  return { ...content, ...(rules && { rules: JSON.stringify(rules) }) }
}

async function refuseTakenName(
  trx: Transaction,
  organization_id: string,
  name: string,
  but?: string,
): Promise<void> {
  if (await isNameTaken(trx, organization_id, 'services', { name, but })) throw new ServiceNameTaken(name)
}
