import { type RawBuilder, sql } from 'kysely'
import { containing } from '../database/searching.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type PageQuery, positionOf, rowsToRead, toPage, total } from '../http/paging.ts'
import { newId } from '../ids.ts'
import { changedDetails, checkDetails } from '../organizations/fields.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { type Action, type Actor, isStaff, may, reachOf } from '../permissions.ts'
import { InvalidInput, NotAllowed, NotFound } from '../refusal.ts'
import { insertGuardian, requireOwnClient } from './guardians.ts'

export type Dependent = Awaited<ReturnType<typeof readDependent>>

export interface DependentContent {
  name?: string
  birth_date?: string | null
  /** The desk's own; neither shown to guardians nor written by them. */
  notes?: string | null
  details?: Record<string, unknown>
  is_active?: boolean
}

/** Writes down somebody on whose behalf a client comes. Without `client_id` it is one's own. */
export async function addDependent(
  db: Database | Transaction,
  actor: Actor,
  wanted: DependentContent & { name: string; client_id?: string },
  now: Temporal.Instant,
): Promise<Dependent> {
  const { organization_id } = actor
  const { client_id = actor.person_id, details = {}, ...content } = wanted
  if (!may(actor, 'dependents:create', { client_id })) throw new NotAllowed()
  return inTransaction(db, async (trx) => {
    const { fields } = await readOrganization(trx, organization_id)
    requireStaffNotes(actor, content)
    checkDetails(fields.dependent, details, isStaff(actor))
    const id = newId()
    await trx
      .insertInto('dependents')
      .values({
        ...content,
        organization_id,
        id,
        details: JSON.stringify(details),
        created_at: now,
        updated_at: now,
      })
      .execute()
    if (!wanted.client_id) await requireOwnClient(trx, actor)
    await insertGuardian(trx, actor, { dependent_id: id, client_id }, now)
    return readDependent(trx, organization_id, id)
  })
}

export async function changeDependent(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  change: DependentContent,
  now: Temporal.Instant,
): Promise<Dependent> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    await lockDependent(trx, organization_id, id)
    const before = await findDependent(trx, actor, id, 'dependents:change')
    requireStaffNotes(actor, change)
    if (change.is_active && !before.is_active && !isStaff(actor)) {
      throw new InvalidInput([{ field: 'is_active', message: 'can only be set by the staff again' }])
    }
    const { fields } = await readOrganization(trx, organization_id)
    const { details, ...content } = change
    const all = changedDetails(fields.dependent, before.details, details, isStaff(actor))
    await trx
      .updateTable('dependents')
      .set({ ...content, details: JSON.stringify(all), updated_at: now })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    return readDependent(trx, organization_id, id)
  })
}

/** Makes a client a guardian too: each guardian books and sees appointments of their own. Being one already is fine. */
export async function addGuardian(
  db: Database | Transaction,
  actor: Actor,
  guardian: { dependent_id: string; client_id: string },
  now: Temporal.Instant,
): Promise<Dependent> {
  return inTransaction(db, async (trx) => {
    await findDependent(trx, actor, guardian.dependent_id)
    await insertGuardian(trx, actor, guardian, now)
    return readDependent(trx, actor.organization_id, guardian.dependent_id)
  })
}

/** A dependent the actor may know of. */
export async function findDependent(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  action: Action = 'dependents:read',
): Promise<Dependent> {
  const found = await selectDependents(db, actor.organization_id)
    .where('dependent.id', '=', id)
    .where(knownTo(actor, 'dependents:read'))
    .select(knownTo(actor, action).as('may'))
    .executeTakeFirst()
  if (!found) throw new NotFound('dependent')
  const { may: isAllowed, ...dependent } = found
  if (!isAllowed) throw new NotAllowed()
  return dependent
}

/** Dependents by name, as far as the actor may know of them. */
export async function listDependents(
  db: Database | Transaction,
  actor: Actor,
  wanted: PageQuery & { client_id?: string; search?: string; include_inactive?: boolean },
) {
  const after = positionOf(wanted, ['text', 'uuid'])
  const { client_id, search, include_inactive } = wanted
  const rows = await selectDependents(db, actor.organization_id)
    .where(knownTo(actor, 'dependents:read'))
    .$if(!include_inactive, (query) => query.where('dependent.is_active', '=', true))
    .$if(client_id !== undefined, (query) => query.where(guardedBy(sql`${client_id}::uuid`)))
    // Of other guardians a guardian learns nothing, by asking for theirs neither.
    .$if(client_id !== undefined && client_id !== actor.person_id && !isStaff(actor), (query) =>
      query.where(sql<boolean>`false`),
    )
    .$if(search !== undefined, (query) => query.where('dependent.name', 'ilike', containing(search!)))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(dependent.name, dependent.id) > (${after![0]}, ${after![1]}::uuid)`),
    )
    .$if(wanted.counted === true, (query) => query.select(total.as('total')))
    .orderBy('dependent.name')
    .orderBy('dependent.id')
    .limit(rowsToRead(wanted))
    .offset(wanted.skip ?? 0)
    .execute()
  return toPage(
    rows,
    wanted,
    (row) => row,
    (row) => [row.name, row.id],
  )
}

async function readDependent(db: Database | Transaction, organization_id: string, id: string) {
  return selectDependents(db, organization_id).where('dependent.id', '=', id).executeTakeFirstOrThrow()
}

/** Of two who change different fields at once, both have their way. */
async function lockDependent(trx: Transaction, organization_id: string, id: string): Promise<void> {
  await trx
    .selectFrom('dependents')
    .select('id')
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .execute()
}

function requireStaffNotes(actor: Actor, { notes }: DependentContent): void {
  if (notes === undefined || isStaff(actor)) return
  throw new InvalidInput([{ field: 'notes', message: 'are for the staff to write' }])
}

/** Guardians know their own; a provider those on whose behalf somebody comes to them. */
function knownTo(actor: Actor, action: Action): RawBuilder<boolean> {
  const reach = reachOf(actor, action)
  if (!reach) return sql`false`
  if (reach.everything) return sql`true`
  const isProvider = reach.own?.as.includes('provider') ?? false
  const isClient = reach.own?.as.includes('client') ?? false
  return sql`(${isClient}::boolean and ${guardedBy(sql`${actor.person_id}::uuid`)}
    or ${isProvider}::boolean and exists (select from appointments a
      where a.organization_id = dependent.organization_id and a.dependent_id = dependent.id
        and a.provider_id = ${actor.person_id}::uuid))`
}

function guardedBy(client_id: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`exists (select from guardians g where g.organization_id = dependent.organization_id
    and g.dependent_id = dependent.id and g.client_id = ${client_id})`
}

function selectDependents(db: Database | Transaction, organization_id: string) {
  return db
    .selectFrom('dependents as dependent')
    .select([
      'dependent.id',
      'dependent.name',
      'dependent.birth_date',
      'dependent.notes',
      'dependent.details',
    ])
    .select(['dependent.is_active', 'dependent.created_at'])
    .select(
      sql<{ client_id: string; name: string }[]>`(
        select coalesce(json_agg(json_build_object('client_id', p.id, 'name', p.name) order by p.name, p.id), '[]')
        from guardians g join people p on p.organization_id = g.organization_id and p.id = g.client_id
        where g.organization_id = dependent.organization_id and g.dependent_id = dependent.id)`.as(
        'guardians',
      ),
    )
    .where('dependent.organization_id', '=', organization_id)
}
