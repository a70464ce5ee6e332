import { sql } from 'kysely'
import type { Transaction } from '../database/transactions.ts'
import { endSessionsOf } from './sessions.ts'
import type { Account } from './accounts.ts'

/**
 * When somebody has shown that an address is theirs, and the desk had written down exactly one client with it who has
 * no log-in, the account becomes that client's: one human, one id. Only while the signed-up person has no appointments
 * or other roles of their own; otherwise both records stay, and people decide.
 */
export async function attachToKnownPerson(
  trx: Transaction,
  account: Account,
  now: Temporal.Instant,
): Promise<void> {
  const { organization_id, person_id, email } = account
  const target = await findKnownPerson(trx, organization_id, email, person_id)
  if (!target || (await hasALifeOfTheirOwn(trx, organization_id, person_id))) return

  await endSessionsOf(trx, account, 'the account was joined with an earlier record', now)
  await trx
    .insertInto('roles')
    .values({ organization_id, person_id: target, role: 'client', granted_at: now, granted_by: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await trx
    .updateTable('accounts')
    .set({ person_id: target })
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .execute()
  await handOverPhoto(trx, organization_id, { from: person_id, to: target })
  await removePerson(trx, organization_id, person_id)
}

/** The one client whom the desk wrote down with an address and who has no log-in; of several, none. */
export async function findKnownPerson(
  trx: Transaction,
  organization_id: string,
  email: string,
  but: string | null = null,
): Promise<string | undefined> {
  const found = await trx
    .selectFrom('people as person')
    .innerJoin('clients as client', (join) =>
      join
        .onRef('client.organization_id', '=', 'person.organization_id')
        .onRef('client.id', '=', 'person.id'),
    )
    .leftJoin('accounts as account', (join) =>
      join
        .onRef('account.organization_id', '=', 'person.organization_id')
        .onRef('account.person_id', '=', 'person.id'),
    )
    .select('person.id')
    .where('person.organization_id', '=', organization_id)
    .where(sql<boolean>`lower(person.email) = lower(${email})`)
    .where('account.person_id', 'is', null)
    // Somebody who is more than a client is joined by people, never by an address.
    .where(sql<boolean>`not exists (select from roles where organization_id = person.organization_id
      and person_id = person.id and role <> 'client')`)
    .where('person.id', 'is distinct from', but)
    .limit(2)
    .execute()
  return found.length === 1 ? found[0]!.id : undefined
}

async function hasALifeOfTheirOwn(trx: Transaction, organization_id: string, id: string): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select from appointments where organization_id = ${organization_id} and client_id = ${id})
      or exists (select from holds where organization_id = ${organization_id} and client_id = ${id})
      or exists (select from guardians where organization_id = ${organization_id} and client_id = ${id})
      or exists (select from roles where organization_id = ${organization_id} and person_id = ${id} and role <> 'client')
      as has`.execute(trx)
  return rows[0]!.has
}

async function handOverPhoto(
  trx: Transaction,
  organization_id: string,
  { from, to }: Record<'from' | 'to', string>,
) {
  await sql`
    update photos set person_id = ${to} where organization_id = ${organization_id} and person_id = ${from}
      and not exists (select from photos where organization_id = ${organization_id} and person_id = ${to})`.execute(
    trx,
  )
}

async function removePerson(trx: Transaction, organization_id: string, id: string): Promise<void> {
  await trx
    .deleteFrom('roles')
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', id)
    .execute()
  for (const table of ['clients', 'people', 'parties'] as const) {
    await trx.deleteFrom(table).where('organization_id', '=', organization_id).where('id', '=', id).execute()
  }
}
