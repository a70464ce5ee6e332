import { type RawBuilder, sql } from 'kysely'
import { containing } from '../database/searching.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { addPerson, grantRole } from '../accounts/people.ts'
import { requireFreePhone } from '../accounts/phones.ts'
import { photoUrl } from '../accounts/photo-url.ts'
import { type PageQuery, positionOf, rowsToRead, toPage, total } from '../http/paging.ts'
import { audit } from '../organizations/audit.ts'
import { changedDetails, checkDetails } from '../organizations/fields.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed, NotFound } from '../refusal.ts'
import { lockParties } from './parties.ts'
import { requireUnique } from './unique-fields.ts'

export type Provider = Awaited<ReturnType<typeof readProvider>>

export interface ProviderContent {
  name?: string
  bio?: string | null
  details?: Record<string, unknown>
  is_active?: boolean
}

/** Makes somebody who can be booked; a log-in, if wanted, comes by way of /users. */
export async function addProvider(
  db: Database | Transaction,
  actor: Actor,
  wanted: ProviderContent & { name: string; email?: string; phone?: string },
  now: Temporal.Instant,
): Promise<Provider> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    const organization = await readOrganization(trx, organization_id)
    const { fields } = organization
    checkDetails(fields.provider, wanted.details ?? {}, true)
    await requireUnique(trx, organization_id, fields.provider, wanted.details ?? {})
    const { name, email, phone, bio, details = {}, is_active } = wanted
    await requireFreePhone(trx, organization, phone)
    const { id } = await addPerson(trx, organization_id, { name, email, phone }, now)
    await grantRole(trx, organization_id, id, 'provider', now, actor.person_id)
    await trx
      .updateTable('providers')
      .set({ bio, is_active, details: JSON.stringify(details) })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    const added = await readProvider(trx, organization_id, id)
    await audit(trx, actor, { action: 'provider.added', subject_id: id, after: added }, now)
    return added
  })
}

export async function changeProvider(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  change: ProviderContent,
  now: Temporal.Instant,
): Promise<Provider> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    await lockParties(trx, organization_id, [id])
    const before = await readProvider(trx, organization_id, id)
    if (!may(actor, 'providers:change', { provider_id: id })) throw new NotAllowed()
    const { name, bio, is_active } = change
    const { fields } = await readOrganization(trx, organization_id)
    const details = changedDetails(fields.provider, before.details, change.details, true)
    await requireUnique(trx, organization_id, fields.provider, change.details ?? {}, id)
    await trx
      .updateTable('people')
      .set({ name, updated_at: now })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    await trx
      .updateTable('providers')
      .set({ bio, is_active, details: JSON.stringify(details) })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    const changed = await readProvider(trx, organization_id, id)
    await audit(trx, actor, { action: 'provider.changed', subject_id: id, before, after: changed }, now)
    return changed
  })
}

export async function readProvider(db: Database | Transaction, organization_id: string, id: string) {
  const provider = await selectProviders(db, organization_id).where('provider.id', '=', id).executeTakeFirst()
  if (!provider) throw new NotFound('provider')
  return provider
}

export interface ProvidersWanted {
  ids?: string[]
  location_id?: string
  include_inactive?: boolean
  /** What fields of the trade contain, whatever the case of the letters. */
  details?: Record<string, string | undefined>
}

/** Providers by name. */
export async function listProviders(
  db: Database | Transaction,
  organization_id: string,
  wanted: PageQuery & ProvidersWanted,
) {
  const after = positionOf(wanted, ['text', 'uuid'])
  const rows = await selectProviders(db, organization_id)
    .$if(!wanted.include_inactive, (query) => query.where('provider.is_active', '=', true))
    .$if(wanted.location_id !== undefined, (query) =>
      query.where(sql<boolean>`exists (select from memberships m where m.organization_id = provider.organization_id
        and m.person_id = provider.id and m.location_id = ${wanted.location_id} and m.ended_at is null)`),
    )
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(person.name, person.id) > (${after![0]}, ${after![1]}::uuid)`),
    )
    .$if(wanted.ids !== undefined, (query) =>
      query.where(sql<boolean>`provider.id = any(${wanted.ids}::uuid[])`),
    )
    .where((where) => where.and(Object.entries(wanted.details ?? {}).flatMap(mentionedIn)))
    .$if(wanted.counted === true, (query) => query.select(total.as('total')))
    .orderBy('person.name')
    .orderBy('person.id')
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

function mentionedIn([name, text]: [string, string | undefined]): RawBuilder<boolean>[] {
  return text ? [sql`provider.details ->> ${name} ilike ${containing(text)}`] : []
}

function selectProviders(db: Database | Transaction, organization_id: string) {
  return db
    .selectFrom('providers as provider')
    .innerJoin('people as person', (join) =>
      join
        .onRef('person.organization_id', '=', 'provider.organization_id')
        .onRef('person.id', '=', 'provider.id'),
    )
    .select(['provider.id', 'person.name', 'provider.bio', 'provider.details', 'provider.is_active'])
    .select(
      photoUrl('providers', { organization_id: 'provider.organization_id', id: 'provider.id' }).as(
        'photo_url',
      ),
    )
    .where('provider.organization_id', '=', organization_id)
}
