import { timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { Database, Transaction } from '../database/transactions.ts'
import { digitsOf, idOf } from '../ids.ts'
import type { Action, Actor, Role } from '../permissions.ts'
import { hashOfToken } from './tokens.ts'

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
export function textOf(
  { organization_id, id }: { organization_id: string; id: string },
  secret: string,
): string {
  return `pk_${digitsOf(organization_id)}_${digitsOf(id)}_${secret}`
}

function namesIn(key: string): { organization_id: string; id: string } | undefined {
  const [, organization, id] = /^pk_([0-9a-f]{32})_([0-9a-f]{32})_[\w-]{43}$/.exec(key) ?? []
  if (!organization || !id) return undefined
  return { organization_id: idOf(organization), id: idOf(id) }
}
