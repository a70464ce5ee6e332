import type { Database, Transaction } from '../database/transactions.ts'
import type { Actor } from '../permissions.ts'
import { InvalidInput, NotFound } from '../refusal.ts'

/** Makes a client a guardian; being one already is fine. Throws NotFound for somebody who is no client. */
export async function insertGuardian(
  trx: Transaction,
  { organization_id, person_id }: Actor,
  { dependent_id, client_id }: { dependent_id: string; client_id: string },
  now: Temporal.Instant,
): Promise<void> {
  const client = await trx
    .selectFrom('clients')
    .select('id')
    .where('organization_id', '=', organization_id)
    .where('id', '=', client_id)
    .executeTakeFirst()
  if (!client) throw new NotFound('client')
  await trx
    .insertInto('guardians')
    .values({ organization_id, dependent_id, client_id, added_at: now, added_by: person_id })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Whoever is no client has nobody of their own: then whose it is has to be said. */
export async function requireOwnClient(
  trx: Transaction,
  { organization_id, person_id }: Actor,
): Promise<void> {
  const client = await trx
    .selectFrom('clients')
    .select('id')
    .where('organization_id', '=', organization_id)
    .where('id', '=', person_id)
    .executeTakeFirst()
  if (!client) throw new InvalidInput([{ field: 'client_id', message: 'is missing: whose they are' }])
}

/** Ends a guardianship. What that client has booked stays theirs. */
export async function removeGuardian(
  db: Database | Transaction,
  actor: Actor,
  { dependent_id, client_id }: { dependent_id: string; client_id: string },
): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('guardians')
    .where('organization_id', '=', actor.organization_id)
    .where('dependent_id', '=', dependent_id)
    .where('client_id', '=', client_id)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw new NotFound('guardian')
}
