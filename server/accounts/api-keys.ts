import { randomBytes, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type PageQuery, positionOf, rowsToRead, toPage } from '../http/paging.ts'
import { digitsOf, idOf, newId } from '../ids.ts'
import type { Action, Actor, Role } from '../permissions.ts'
import { audit } from '../organizations/audit.ts'
import { InvalidInput, NotFound } from '../refusal.ts'
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

export const isApiKey = (token: string) => token.startsWith('pk_')

/**
 * For whom a key acts at this moment: whoever made it, with their roles of now, as far as its scopes go. Null for a key
 * that is not ours, has ended, or whose maker's account has.
 */
export async function actorOfApiKey(
  db: Database | Transaction,
  key: string,
  now: Temporal.Instant,
): Promise<Actor | null> {
  const named = namesIn(key)
  if (!named) return null
  const { organization_id, id } = named
  const { rows } = await sql<KeyInUse>`
    select k.key_hash, k.scopes, k.created_by as person_id, k.last_used_at,
      array(select role from roles where organization_id = k.organization_id and person_id = k.created_by) as roles,
      array(select location_id::text from memberships
        where organization_id = k.organization_id and person_id = k.created_by and ended_at is null) as location_ids
    from api_keys k
    join accounts a on a.organization_id = k.organization_id and a.person_id = k.created_by
    where k.organization_id = ${organization_id} and k.id = ${id} and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > ${now}) and a.is_active`.execute(db)
  const [found] = rows
  if (!found || !timingSafeEqual(found.key_hash, hashOfToken(key))) return null

  await noteUse(db, named, found, now)
  const { person_id, roles, location_ids, scopes } = found
  return { organization_id, person_id, session_id: '', roles, location_ids, scopes, api_key_id: id }
}

interface KeyInUse {
  key_hash: Buffer
  scopes: Action[]
  person_id: string
  last_used_at: Temporal.Instant | null
  roles: Role[]
  location_ids: string[]
}

/** To the minute is enough: to write with every request would make each reading one a writing one. */
async function noteUse(
  db: Database | Transaction,
  { organization_id, id }: { organization_id: string; id: string },
  { last_used_at }: KeyInUse,
  now: Temporal.Instant,
): Promise<void> {
  if (last_used_at && Temporal.Instant.compare(last_used_at.add({ minutes: 1 }), now) > 0) return
  await db
    .updateTable('api_keys')
    .set({ last_used_at: now })
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .execute()
}

/** A key says of which organization it is and which of its keys, so that it is found without being compared. */
function textOf({ organization_id, id }: { organization_id: string; id: string }, secret: string): string {
  return `pk_${digitsOf(organization_id)}_${digitsOf(id)}_${secret}`
}

function namesIn(key: string): { organization_id: string; id: string } | undefined {
  const [, organization, id] = /^pk_([0-9a-f]{32})_([0-9a-f]{32})_[\w-]{43}$/.exec(key) ?? []
  if (!organization || !id) return undefined
  return { organization_id: idOf(organization), id: idOf(id) }
}
