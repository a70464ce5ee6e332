import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import type { Role } from '../permissions.ts'
import { NotAllowed, Refusal } from '../refusal.ts'
import { type Account, findAccountByEmail } from './accounts.ts'
import { countFailure, forgetFailures, refuseWhileLocked } from './lockout.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import { beginSession, type IssuedTokens, type Issuing } from './sessions.ts'

export class WrongPassword extends Refusal {
  readonly code = 'wrong_password'
  readonly status = 401

  constructor() {
    super('The e-mail address or the password is wrong.')
  }
}

export class AccountDisabled extends NotAllowed {
  override readonly code = 'account_disabled'

  constructor() {
    super('This account is disabled. Ask an administrator.')
  }
}

export class EmailNotVerified extends NotAllowed {
  override readonly code = 'email_not_verified'

  constructor() {
    super('Verify the e-mail address first: follow the link in the message that was sent to it.')
  }
}

export class NotInThisRole extends NotAllowed {
  override readonly code = 'not_in_this_role'

  constructor(who: string) {
    super(`This is where every ${who} logs in, and this account is somebody else’s.`)
  }
}

/**
 * Logs somebody in. A wrong password and an unknown address are the same answer after the same time; only who knows
 * the password learns that an account is disabled, its address not verified, or its role not the one that is asked for.
 */
export async function logIn(
  db: Database | Transaction,
  issuing: Issuing,
  organization: Organization,
  { email, password, role }: { email: string; password: string; role?: 'provider' | 'client' },
  now: Temporal.Instant,
): Promise<IssuedTokens & { person_id: string }> {
  const organization_id = organization.id
  await refuseWhileLocked(db, organization_id, email, now)
  const account = await findAccountByEmail(db, organization_id, email)
  const { isRight, isOutdated } = await checkPassword(password, account?.password_hash)
  if (!account || !isRight) {
    await countFailure(db, organization_id, email, now)
    throw new WrongPassword()
  }
  // Asked again: among many guesses at once the right one must not come through either.
  await refuseWhileLocked(db, organization_id, email, now)
  if (!account.is_active) throw new AccountDisabled()
  if (organization.rules.log_in_needs_verified_email && !account.email_verified_at)
    throw new EmailNotVerified()
  if (role && !(await hasRole(db, account, role))) throw new NotInThisRole(organization.words[role].one)

  const password_hash = isOutdated ? await hashPassword(password) : account.password_hash
  return inTransaction(db, async (trx) => {
    const { person_id } = account
    await trx
      .updateTable('accounts')
      .set({ last_login_at: now, password_hash })
      .where('organization_id', '=', organization_id)
      .where('person_id', '=', person_id)
      .execute()
    await forgetFailures(trx, organization_id, email)
    return { ...(await beginSession(trx, issuing, { organization_id, person_id }, now)), person_id }
  })
}

async function hasRole(db: Database | Transaction, account: Account, role: Role): Promise<boolean> {
  const found = await db
    .selectFrom('roles')
    .select('role')
    .where('organization_id', '=', account.organization_id)
    .where('person_id', '=', account.person_id)
    .where('role', '=', role)
    .executeTakeFirst()
  return found !== undefined
}
