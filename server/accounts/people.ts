import { sql } from 'kysely'
import type { NewRow, Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import type { Role } from '../permissions.ts'

export type Person = Row<'people'>
export type PersonContent = Pick<
  NewRow<'people'>,
  'name' | 'family_name' | 'email' | 'phone' | 'locale' | 'time_zone'
>

/** Adds a human: a party that can be booked and reserved, under one id whatever else they become. */
export async function addPerson(
  trx: Transaction,
  organization_id: string,
  content: PersonContent,
  now: Temporal.Instant,
): Promise<Person> {
  const id = newId()
  await trx.insertInto('parties').values({ organization_id, id, kind: 'person' }).execute()
  return trx
    .insertInto('people')
    .values({ ...content, organization_id, id, created_at: now, updated_at: now })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** People by their ids. Whether they may be shown has been decided before. */
export async function readPeople(
  db: Database | Transaction,
  organization_id: string,
  ids: string[],
): Promise<Person[]> {
  return db
    .selectFrom('people')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute()
}

/** Gives a person a role, and makes them a provider or a client where the role says so. Having it already is fine. */
export async function grantRole(
  trx: Transaction,
  organization_id: string,
  person_id: string,
  role: Role,
  now: Temporal.Instant,
  granted_by: string | null = null,
): Promise<void> {
  await trx
    .insertInto('roles')
    .values({ organization_id, person_id, role, granted_at: now, granted_by })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  if (role !== 'provider' && role !== 'client') return
  await trx
    .insertInto(role === 'provider' ? 'providers' : 'clients')
    .values({ organization_id, id: person_id, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
