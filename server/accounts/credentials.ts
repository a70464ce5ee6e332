import { createHash } from 'node:crypto'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { record } from '../events/events.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { InvalidInput, Refusal } from '../refusal.ts'
import { type Account, findAccountByEmail } from './accounts.ts'
import { attachToKnownPerson } from './attaching.ts'
import { countFailure, forgetFailures, refuseWhileLocked } from './lockout.ts'
import { checkPassword, hashPassword, requireGoodPassword } from './passwords.ts'
import { endSessionsOf } from './sessions.ts'
import type { LinkPurpose, Tokens } from './tokens.ts'

/** For how many hours a link is good. */
export const hoursGood: Record<LinkPurpose, number> = {
  verify_email: 48,
  reset_password: 24,
  invitation: 7 * 24,
}

export class LinkInvalid extends Refusal {
  readonly code = 'link_invalid'
  readonly status = 400

  constructor() {
    super('This link has expired or was used before. Ask for a new one.')
  }
}

/** Asks for the message with the link that verifies an address, or resets a password; says nothing of who exists. */
export async function askForLink(
  db: Database | Transaction,
  organization_id: string,
  kind: 'account.verification_asked' | 'account.reset_asked',
  email: string,
  now: Temporal.Instant,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const account = await findAccountByEmail(trx, organization_id, email)
    if (!account?.is_active) return
    if (kind === 'account.verification_asked' && account.email_verified_at) return
    await record(trx, organization_id, kind, { person_id: account.person_id }, now)
  })
}

/** A token for a link in a message: for one purpose, for one time. */
export function linkTokenFor(
  tokens: Tokens,
  purpose: LinkPurpose,
  account: Account,
  now: Temporal.Instant,
): string {
  const { organization_id, person_id } = account
  const claims = { organization_id, person_id, of: fingerprint(purpose, account) }
  return tokens.issueLink(purpose, claims, now, hoursGood[purpose])
}

export async function verifyEmail(
  db: Database,
  tokens: Tokens,
  token: string,
  now: Temporal.Instant,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const account = await accountOfLink(trx, tokens, ['verify_email'], token, now)
    await trx
      .updateTable('accounts')
      .set({ email_verified_at: now })
      .where('organization_id', '=', account.organization_id)
      .where('person_id', '=', account.person_id)
      .execute()
    await attachToKnownPerson(trx, account, now)
  })
}

/** Sets a password by the link of a reset or an invitation; who holds the link has shown that the address is theirs. */
export async function resetPassword(
  db: Database,
  tokens: Tokens,
  { token, new_password }: { token: string; new_password: string },
  now: Temporal.Instant,
): Promise<void> {
  const purposes: LinkPurpose[] = ['reset_password', 'invitation']
  // Checked before the slow hash is made, so that a made-up token costs nothing.
  const { organization_id } = await accountOfLink(db, tokens, purposes, token, now)
  requireGoodPassword('new_password', new_password, (await readOrganization(db, organization_id)).rules)
  const password_hash = await hashPassword(new_password)

  await inTransaction(db, async (trx) => {
    const account = await accountOfLink(trx, tokens, purposes, token, now)
    await trx
      .updateTable('accounts')
      .set({
        password_hash,
        credentials_changed_at: now,
        email_verified_at: account.email_verified_at ?? now,
      })
      .where('organization_id', '=', organization_id)
      .where('person_id', '=', account.person_id)
      .execute()
    await endSessionsOf(trx, account, 'password reset', now)
    await forgetFailures(trx, organization_id, account.email)
    if (!account.email_verified_at) await attachToKnownPerson(trx, account, now)
  })
}

/** Changes one's own password, and ends every other log-in. */
export async function changePassword(
  db: Database | Transaction,
  who: { organization_id: string; person_id: string; session_id: string },
  { current_password, new_password }: { current_password: string; new_password: string },
  now: Temporal.Instant,
): Promise<void> {
  const { organization_id, person_id, session_id } = who
  const { rules } = await readOrganization(db, organization_id)
  const account = await db
    .selectFrom('accounts')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .executeTakeFirstOrThrow()
  await refuseWhileLocked(db, organization_id, account.email, now)
  const { isRight } = await checkPassword(current_password, account.password_hash)
  if (!isRight) {
    // Whoever found an open screen may guess here no more often than at the door.
    await countFailure(db, organization_id, account.email, now)
    throw new InvalidInput([{ field: 'current_password', message: 'is not the password of this account' }])
  }
  requireGoodPassword('new_password', new_password, rules)
  const password_hash = await hashPassword(new_password)

  await inTransaction(db, async (trx) => {
    await trx
      .updateTable('accounts')
      .set({ password_hash, credentials_changed_at: now })
      .where('organization_id', '=', organization_id)
      .where('person_id', '=', person_id)
      .execute()
    await endSessionsOf(trx, { organization_id, person_id, but: session_id }, 'password changed', now)
  })
}

/** Reads a link and locks its account; a link is void once what it is about has changed, so it works once. */
async function accountOfLink(
  db: Database | Transaction,
  tokens: Tokens,
  purposes: LinkPurpose[],
  token: string,
  now: Temporal.Instant,
): Promise<Account> {
  for (const purpose of purposes) {
    const claims = tokens.readLink(purpose, token, now)
    if (!claims) continue
    const account = await db
      .selectFrom('accounts')
      .selectAll()
      .where('organization_id', '=', claims.organization_id)
      .where('person_id', '=', claims.person_id)
      .$if(db.isTransaction, (query) => query.forUpdate())
      .executeTakeFirst()
    if (account?.is_active && fingerprint(purpose, account) === claims.of) return account
  }
  throw new LinkInvalid()
}

function fingerprint(purpose: LinkPurpose, account: Account): string {
  const about =
    purpose === 'verify_email'
      ? `${account.email} ${account.email_verified_at ? 'verified' : 'not verified'}`
      : String(account.credentials_changed_at)
  return createHash('sha256').update(about).digest('base64url')
}
