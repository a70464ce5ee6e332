import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type PageQuery, positionOf, rowsToRead, toPage } from '../http/paging.ts'
import { newId } from '../ids.ts'
import type { Action, Actor } from '../permissions.ts'
import { audit } from '../organizations/audit.ts'
import { InvalidInput, NotFound } from '../refusal.ts'
import { textOf } from './api-key-use.ts'
import { hashOfToken } from './tokens.ts'

/** A key as it is shown: without what it is made of. */
export type ApiKey = Omit<Row<'api_keys'>, 'organization_id' | 'key_hash'>

export interface NewApiKey {
  name: string
  scopes: Action[]
  expires_at?: Temporal.Instant
}

const columns = [
  'id',
  'name',
  'scopes',
  'created_by',
  'created_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
] as const

/** Makes a key. This is the only time that its text is known: what is kept is a hash. */
export async function makeApiKey(
  db: Database | Transaction,
  actor: Actor,
  wanted: NewApiKey,
  now: Temporal.Instant,
): Promise<ApiKey & { key: string }> {
  const { name, scopes, expires_at = null } = wanted
  if (expires_at && Temporal.Instant.compare(expires_at, now) <= 0) {
    throw new InvalidInput([{ field: 'expires_at', message: 'must lie in the future' }])
  }
  const { organization_id, person_id: created_by } = actor
  const id = newId()
  const key = textOf({ organization_id, id }, randomBytes(32).toString('base64url'))
  return inTransaction(db, async (trx) => {
    const made = await trx
      .insertInto('api_keys')
      .values({
        organization_id,
        id,
        name,
        scopes,
        created_by,
        created_at: now,
        expires_at,
        key_hash: hashOfToken(key),
      })
      .returning(columns)
      .executeTakeFirstOrThrow()
    await audit(
      trx,
      actor,
      { action: 'api_key.made', subject_id: id, after: { name, scopes, expires_at } },
      now,
    )
    return { ...made, key }
  })
}

/** All keys there are and were, in the order in which they were made. */
export async function listApiKeys(db: Database | Transaction, organization_id: string, query: PageQuery) {
  const after = positionOf(query, ['uuid'])
  const rows = await db
    .selectFrom('api_keys')
    .select(columns)
    .where('organization_id', '=', organization_id)
    .$if(after !== undefined, (keys) => keys.where('id', '>', after![0]!))
    .orderBy('id')
    .limit(rowsToRead(query))
    .execute()
  return toPage(
    rows,
    query,
    (key): ApiKey => key,
    (key) => [key.id],
  )
}

/** Ends a key with the next request; that it was there stays known. */
export async function revokeApiKey(
  db: Database | Transaction,
  { organization_id, person_id }: Actor,
  id: string,
  now: Temporal.Instant,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('api_keys')
      .set({ revoked_at: sql`coalesce(revoked_at, ${now}::timestamptz)` })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw new NotFound('API key')
    await audit(trx, { organization_id, person_id }, { action: 'api_key.revoked', subject_id: id }, now)
  })
}
