import { sql } from 'kysely'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { isId, newId } from '../ids.ts'
import type { Actor } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { type Claims, hashOfToken, newRefreshToken, type Tokens } from './tokens.ts'

/** Two tabs that refresh at once look like a thief; within this time they are not taken for one. */
const GRACE = Temporal.Duration.from({ seconds: 10 })

export class RefreshTokenInvalid extends Refusal {
  readonly code = 'refresh_token_invalid'
  readonly status = 401

  constructor() {
    super('This refresh token is not valid any more. Log in again.')
  }
}

export interface IssuedTokens {
  access_token: string
  refresh_token: string
  token_type: 'bearer'
  /** Seconds for which the access token is good. */
  expires_in: number
}

export interface Issuing {
  tokens: Tokens
  /** Set: overrides the organization's rule. */
  access_token_minutes?: number
  /** Set: the same of refresh tokens. */
  refresh_token_days?: number
}

/** Begins a log-in: a session, whose refresh tokens are one family. */
export async function beginSession(
  trx: Transaction,
  issuing: Issuing,
  who: { organization_id: string; person_id: string },
  now: Temporal.Instant,
): Promise<IssuedTokens> {
  const id = newId()
  await trx
    .insertInto('sessions')
    .values({ ...who, id, created_at: now })
    .execute()
  return issue(trx, issuing, { ...who, session_id: id }, now)
}

/**
 * Takes a refresh token for new tokens. Each is good once: who uses one again (after a moment's grace) holds a stolen
 * copy or was robbed of it, and nobody can tell which, so the whole log-in ends. Throws RefreshTokenInvalid.
 */
export async function refreshSession(
  db: Database,
  issuing: Issuing,
  refresh_token: string,
  now: Temporal.Instant,
): Promise<IssuedTokens> {
  const [organization_id = ''] = refresh_token.split('.')
  if (!isId(organization_id)) throw new RefreshTokenInvalid()

  const issued = await inTransaction(db, async (trx) => {
    const token_hash = hashOfToken(refresh_token)
    const found = await trx
      .selectFrom('refresh_tokens as token')
      .innerJoin('sessions as session', (join) =>
        join
          .onRef('session.organization_id', '=', 'token.organization_id')
          .onRef('session.id', '=', 'token.session_id'),
      )
      .innerJoin('accounts as account', (join) =>
        join
          .onRef('account.organization_id', '=', 'session.organization_id')
          .onRef('account.person_id', '=', 'session.person_id'),
      )
      .select(['session.id as session_id', 'session.person_id', 'session.ended_at', 'account.is_active'])
      .select(['token.used_at', 'token.expires_at'])
      .where('token.organization_id', '=', organization_id)
      .where('token.token_hash', '=', token_hash)
      .forUpdate(['token', 'session'])
      .executeTakeFirst()
    if (!found || found.ended_at || !found.is_active) return null
    if (Temporal.Instant.compare(found.expires_at, now) <= 0) return null
    if (found.used_at && Temporal.Instant.compare(found.used_at.add(GRACE), now) < 0) {
      await endSession(trx, organization_id, found.session_id, 'refresh token used twice', now)
      return null
    }
    await trx
      .updateTable('refresh_tokens')
      .set({ used_at: found.used_at ?? now })
      .where('organization_id', '=', organization_id)
      .where('token_hash', '=', token_hash)
      .execute()
    return issue(
      trx,
      issuing,
      { organization_id, person_id: found.person_id, session_id: found.session_id },
      now,
    )
  })
  // Refused out here, so that the end of a session that was used twice is not rolled back.
  if (!issued) throw new RefreshTokenInvalid()
  return issued
}

export async function endSession(
  db: Database | Transaction,
  organization_id: string,
  session_id: string,
  because: string,
  now: Temporal.Instant,
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ ended_at: now, ended_because: because })
    .where('organization_id', '=', organization_id)
    .where('id', '=', session_id)
    .where('ended_at', 'is', null)
    .execute()
}

/** Ends every log-in of a person, but one where one is named. */
export async function endSessionsOf(
  db: Database | Transaction,
  who: { organization_id: string; person_id: string; but?: string },
  because: string,
  now: Temporal.Instant,
): Promise<void> {
  let update = db
    .updateTable('sessions')
    .set({ ended_at: now, ended_because: because })
    .where('organization_id', '=', who.organization_id)
    .where('person_id', '=', who.person_id)
    .where('ended_at', 'is', null)
  if (who.but) update = update.where('id', '!=', who.but)
  await update.execute()
}

/**
 * Whom an access token stands for at this moment: the session must be open and the account active, and roles are those
 * of now, so that logging out and taking a role away act at once.
 */
export async function actorOf(
  db: Database | Transaction,
  tokens: Tokens,
  access_token: string,
  now: Temporal.Instant,
): Promise<Actor | null> {
  const claims = tokens.readAccess(access_token, now)
  return claims && actorOfSession(db, claims)
}

/** The same for a log-in that has been named by something else, such as a ticket. */
export async function actorOfSession(db: Database | Transaction, claims: Claims): Promise<Actor | null> {
  const { rows } = await sql<Pick<Actor, 'roles' | 'location_ids' | 'grants'>>`
    select o.rules->'grants' as grants,
      array(select role from roles where organization_id = s.organization_id and person_id = s.person_id) as roles,
      array(select location_id::text from memberships
        where organization_id = s.organization_id and person_id = s.person_id and ended_at is null) as location_ids
    from sessions s
    join accounts a on a.organization_id = s.organization_id and a.person_id = s.person_id
    join organizations o on o.id = s.organization_id
    where s.organization_id = ${claims.organization_id} and s.id = ${claims.session_id}
      and s.person_id = ${claims.person_id} and s.ended_at is null and a.is_active`.execute(db)
  return rows[0] ? { ...claims, ...rows[0] } : null
}

async function issue(
  trx: Transaction,
  { tokens, access_token_minutes, refresh_token_days }: Issuing,
  who: { organization_id: string; person_id: string; session_id: string },
  now: Temporal.Instant,
): Promise<IssuedTokens> {
  const { rules } = await readOrganization(trx, who.organization_id)
  const minutes = access_token_minutes ?? rules.access_token_minutes
  const days = refresh_token_days ?? rules.refresh_token_days
  const { token, token_hash } = newRefreshToken(who.organization_id)
  await trx
    .insertInto('refresh_tokens')
    .values({
      organization_id: who.organization_id,
      token_hash,
      session_id: who.session_id,
      issued_at: now,
      expires_at: now.add({ hours: 24 * days }),
    })
    .execute()
  return {
    access_token: tokens.issueAccess(who, now, minutes),
    refresh_token: token,
    token_type: 'bearer',
    expires_in: minutes * 60,
  }
}
