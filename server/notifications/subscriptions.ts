import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import type { Actor } from '../permissions.ts'
import { InvalidInput, NotFound } from '../refusal.ts'
import { mayBeCalled } from './channels/outside.ts'

export type Subscription = Row<'push_subscriptions'>

/** Nobody reads messages in more browsers; the oldest makes room. */
const MOST = 10

export interface NewSubscription {
  endpoint: string
  keys: { p256dh: string; auth: string }
}

/** A browser asks to be told (W3C Push API). The same browser asks anew whenever its keys change, or somebody else logs in. */
export async function subscribe(
  db: Database | Transaction,
  { organization_id, person_id }: Actor,
  { endpoint, keys }: NewSubscription,
  now: Temporal.Instant,
): Promise<Subscription> {
  if (!mayBeCalled(endpoint)) {
    throw new InvalidInput([
      { field: 'endpoint', message: 'must be the https address of a push service, as the browser gives it' },
    ])
  }
  requireKeys(keys)
  return inTransaction(db, async (trx) => {
    const row = { person_id, ...keys, created_at: now }
    const subscription = await trx
      .insertInto('push_subscriptions')
      .values({ organization_id, id: newId(), endpoint, ...row })
      .onConflict((conflict) => conflict.columns(['organization_id', 'endpoint']).doUpdateSet(row))
      .returningAll()
      .executeTakeFirstOrThrow()
    await makeRoom(trx, organization_id, person_id)
    return subscription
  })
}

/** A point of P-256 that is not compressed, and sixteen bytes (RFC 8291 §2). */
function requireKeys({ p256dh, auth }: NewSubscription['keys']): void {
  const [point, secret] = [Buffer.from(p256dh, 'base64url'), Buffer.from(auth, 'base64url')]
  if (point.length === 65 && point[0] === 4 && secret.length === 16) return
  throw new InvalidInput([{ field: 'keys', message: 'must be p256dh and auth as the browser gives them' }])
}

async function makeRoom(trx: Transaction, organization_id: string, person_id: string): Promise<void> {
  const known = await trx
    .selectFrom('push_subscriptions')
    .select('id')
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .offset(MOST)
    .execute()
  if (known.length === 0) return
  await trx
    .deleteFrom('push_subscriptions')
    .where('organization_id', '=', organization_id)
    .where(
      'id',
      'in',
      known.map(({ id }) => id),
    )
    .execute()
}

export async function listSubscriptions(
  db: Database | Transaction,
  { organization_id, person_id }: Actor,
): Promise<Subscription[]> {
  return db
    .selectFrom('push_subscriptions')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .orderBy('created_at')
    .limit(MOST)
    .execute()
}

export async function unsubscribe(
  db: Database | Transaction,
  { organization_id, person_id }: Actor,
  id: string,
): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('push_subscriptions')
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .where('id', '=', id)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw new NotFound('subscription')
}
