import { type RawBuilder, sql } from 'kysely'
import { containing } from '../database/searching.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { addPerson, grantRole } from '../accounts/people.ts'
import { requireFreePhone } from '../accounts/phones.ts'
import { photoUrl } from '../accounts/photo-url.ts'
import { type PageQuery, positionOf, rowsToRead, toPage } from '../http/paging.ts'
import { audit } from '../organizations/audit.ts'
import { changedDetails, checkDetails } from '../organizations/fields.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { type Action, type Actor, isStaff, reachOf } from '../permissions.ts'
import { InvalidInput, NotAllowed, NotFound } from '../refusal.ts'
import { lockParties } from './parties.ts'

export type Client = Awaited<ReturnType<typeof readClient>>

export interface ClientContent {
  name?: string
  family_name?: string | null
  email?: string | null
  phone?: string | null
  locale?: string | null
  notes?: string | null
  details?: Record<string, unknown>
}

/** Writes down a client. They need no log-in; should they sign up with this address later, the account becomes theirs. */
export async function addClient(
  db: Database | Transaction,
  actor: Actor,
  wanted: ClientContent & { name: string },
  now: Temporal.Instant,
): Promise<Client> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    const organization = await readOrganization(trx, organization_id)
    const { notes, details = {}, ...person } = wanted
    checkDetails(organization.fields.client, details, isStaff(actor))
    await requireFreePhone(trx, organization, person.phone)
    const { id } = await addPerson(trx, organization_id, person, now)
    await grantRole(trx, organization_id, id, 'client', now, actor.person_id)
    await trx
      .updateTable('clients')
      .set({ notes, details: JSON.stringify(details) })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    return readClient(trx, organization_id, id)
  })
}

export async function changeClient(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  change: ClientContent,
  now: Temporal.Instant,
): Promise<Client> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    // Of two who change different fields at once, both have their way.
    await lockParties(trx, organization_id, [id])
    const before = await findClient(trx, actor, id, 'clients:change')
    const { notes, details, ...person } = change
    if (notes !== undefined && !isStaff(actor)) {
      throw new InvalidInput([{ field: 'notes', message: 'are for the staff to write' }])
    }
    const organization = await readOrganization(trx, organization_id)
    const all = changedDetails(organization.fields.client, before.details, details, isStaff(actor))
    await requireFreePhone(trx, organization, person.phone, { person_id: id })
    await trx
      .updateTable('people')
      .set({ ...person, updated_at: now })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    await trx
      .updateTable('clients')
      .set({ notes, details: JSON.stringify(all) })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    return readClient(trx, organization_id, id)
  })
}

/** Lets a client book again who missed too many appointments; the count starts anew. */
export async function unblockClient(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  now: Temporal.Instant,
): Promise<Client> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    const { no_show_count, is_blocked } = await findClient(trx, actor, id, 'clients:unblock')
    await trx
      .updateTable('clients')
      .set({ blocked_at: null, no_show_count: 0 })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    const before = { no_show_count, is_blocked }
    const after = { no_show_count: 0, is_blocked: false }
    await audit(trx, actor, { action: 'client.unblocked', subject_id: id, before, after }, now)
    return readClient(trx, organization_id, id)
  })
}

/** A client the actor may know of. */
export async function findClient(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  action: Action = 'clients:read',
): Promise<Client> {
  const client = await selectClients(db, actor.organization_id)
    .where('client.id', '=', id)
    .where(knownTo(actor, 'clients:read'))
    .select(knownTo(actor, action).as('may'))
    .executeTakeFirst()
  if (!client) throw new NotFound('client')
  if (!client.may) throw new NotAllowed()
  return client
}

export async function listClients(
  db: Database | Transaction,
  actor: Actor,
  wanted: PageQuery & { search?: string; phone?: string },
) {
  const after = positionOf(wanted, ['text', 'uuid'])
  const rows = await selectClients(db, actor.organization_id)
    .where(knownTo(actor, 'clients:read'))
    .$if(wanted.phone !== undefined, (query) => query.where('person.phone', '=', wanted.phone!))
    .$if(wanted.search !== undefined, (query) => {
      const pattern = containing(wanted.search!)
      return query.where((where) =>
        where.or([
          where('person.name', 'ilike', pattern),
          where('person.email', 'ilike', pattern),
          where('person.phone', 'ilike', pattern),
        ]),
      )
    })
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(person.name, person.id) > (${after![0]}, ${after![1]}::uuid)`),
    )
    .orderBy('person.name')
    .orderBy('person.id')
    .limit(rowsToRead(wanted))
    .execute()
  return toPage(
    rows,
    wanted,
    (row) => row,
    (row) => [row.name, row.id],
  )
}

async function readClient(db: Database | Transaction, organization_id: string, id: string) {
  return selectClients(db, organization_id).where('client.id', '=', id).executeTakeFirstOrThrow()
}

/** A provider knows those who have appointments with them; a client knows themself. */
export function knownTo(actor: Actor, action: Action): RawBuilder<boolean> {
  const reach = reachOf(actor, action)
  if (!reach) return sql`false`
  if (reach.everything) return sql`true`
  const isProvider = reach.own?.as.includes('provider') ?? false
  return sql`(client.id = ${actor.person_id}::uuid or ${isProvider}::boolean and exists (
    select from appointments a where a.organization_id = client.organization_id and a.client_id = client.id
      and a.provider_id = ${actor.person_id}::uuid))`
}

function selectClients(db: Database | Transaction, organization_id: string) {
  return db
    .selectFrom('clients as client')
    .innerJoin('people as person', (join) =>
      join
        .onRef('person.organization_id', '=', 'client.organization_id')
        .onRef('person.id', '=', 'client.id'),
    )
    .select(['client.id', 'person.name', 'person.email', 'person.phone', 'person.locale', 'client.notes'])
    .select(['client.details', 'client.no_show_count', 'client.created_at'])
    .select(sql<boolean>`client.blocked_at is not null`.as('is_blocked'))
    .select(
      photoUrl('clients', { organization_id: 'client.organization_id', id: 'client.id' }).as('photo_url'),
    )
    .where('client.organization_id', '=', organization_id)
}
