import type { Transaction } from '../database/transactions.ts'
import { type Database, inTransaction } from '../database/transactions.ts'
import { record } from '../events/events.ts'
import { checkDetails } from '../organizations/fields.ts'
import { type Organization, readOrganization } from '../organizations/organizations.ts'
import type { Role } from '../permissions.ts'
import { InvalidInput, NotAllowed } from '../refusal.ts'
import { EmailTaken, findAccountByEmail, readUser, type User } from './accounts.ts'
import { hashPassword, requireGoodPassword } from './passwords.ts'
import { addPerson, grantRole, type Person } from './people.ts'
import { requireFreePhone } from './phones.ts'

export interface SignUp {
  email: string
  password: string
  name: string
  /** The end of the name by which people are filed, where it is said which that is. */
  family_name?: string
  phone?: string
  locale?: string
  /** What the person wants to be; a client unless said. */
  role?: Role
  /** Of a client, the fields of the trade. */
  details?: Record<string, unknown>
}

export class SignUpClosed extends NotAllowed {
  override readonly code = 'sign_up_closed'

  constructor(role: string) {
    super(`Nobody can sign up as ${role} here. An administrator makes such accounts.`)
  }
}

/**
 * Makes an account for whoever asks for one, as far as the rules of the organization let people do that themselves.
 * The very first administrator may be made so, while there is none. Throws PhoneTaken, and EmailTaken; see `signUpQuietly`.
 */
export async function signUp(
  db: Database | Transaction,
  organization_id: string,
  wanted: SignUp,
  now: Temporal.Instant,
): Promise<User> {
  const organization = await readOrganization(db, organization_id)
  const { rules, fields } = organization
  const role = wanted.role ?? 'client'
  if (wanted.details) checkDetails(fields.client, wanted.details, false)
  requireGoodPassword('password', wanted.password, rules)
  requireAllowedDomain(wanted.email, rules.email_domains)
  const password_hash = await hashPassword(wanted.password)

  return inTransaction(db, async (trx) => {
    await lockOrganization(trx, organization_id)
    await requireOpenSignUp(trx, organization_id, role)
    const { email, name, family_name, phone, locale } = wanted
    // Before the address, or what is said of a phone would tell which addresses are known.
    await requireFreePhone(trx, organization, phone, { email })
    if (await findAccountByEmail(trx, organization_id, email)) throw new EmailTaken()
    const content = { name, family_name, email, phone, locale }
    const person = await addPerson(trx, organization_id, content, now)
    await grantRole(trx, organization_id, person.id, role, now)
    if (wanted.details) await keepDetails(trx, person, wanted.details)
    await addAccount(
      trx,
      organization_id,
      { person_id: person.id, email, password_hash, is_verified: false },
      now,
    )
    await record(trx, organization_id, 'account.signed_up', { person_id: person.id }, now)
    return readUser(trx, organization_id, person.id)
  })
}

/**
 * Signs up without telling whether the address was known: its owner is told instead, by a message. The answer and the
 * time it takes are the same.
 */
export async function signUpQuietly(
  db: Database | Transaction,
  organization_id: string,
  wanted: SignUp,
  now: Temporal.Instant,
): Promise<{ email: string; name: string }> {
  try {
    await signUp(db, organization_id, wanted, now)
  } catch (error) {
    if (!(error instanceof EmailTaken)) throw error
    await inTransaction(db, async (trx) => {
      const owner = await findAccountByEmail(trx, organization_id, wanted.email)
      if (owner) {
        await record(trx, organization_id, 'account.sign_up_repeated', { person_id: owner.person_id }, now)
      }
    })
  }
  return { email: wanted.email, name: wanted.name }
}

/** Adds the log-in of a person. Throws EmailTaken, also where somebody else took the address in this moment. */
export async function addAccount(
  trx: Transaction,
  organization_id: string,
  account: { person_id: string; email: string; password_hash: string | null; is_verified: boolean },
  now: Temporal.Instant,
): Promise<void> {
  const { person_id, email, password_hash, is_verified } = account
  const added = await trx
    .insertInto('accounts')
    .values({
      organization_id,
      person_id,
      email,
      password_hash,
      email_verified_at: is_verified ? now : null,
      credentials_changed_at: now,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('person_id')
    .executeTakeFirst()
  if (!added) throw new EmailTaken()
}

async function keepDetails(
  trx: Transaction,
  { organization_id, id }: Person,
  details: object,
): Promise<void> {
  await trx
    .updateTable('clients')
    .set({ details: JSON.stringify(details) })
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .execute()
}

export function requireAllowedDomain(email: string, domains: Organization['rules']['email_domains']): void {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  if (domains.length === 0 || domains.some((allowed) => allowed.toLowerCase() === domain)) return
  throw new InvalidInput([{ field: 'email', message: `must be an address at ${domains.join(' or ')}` }])
}

/**
 * Of two who sign up at once the second sees what the first did: there is one first administrator, and one person with
 * an address.
 */
async function lockOrganization(trx: Transaction, id: string): Promise<void> {
  await trx.selectFrom('organizations').select('id').where('id', '=', id).forNoKeyUpdate().execute()
}

async function requireOpenSignUp(trx: Transaction, organization_id: string, role: Role): Promise<void> {
  const { rules } = await readOrganization(trx, organization_id)
  if (role === 'client' || role === 'provider') {
    if (rules.sign_up_as.includes(role)) return
    throw new SignUpClosed(role)
  }
  if (role !== 'admin') throw new SignUpClosed(role)
  const admin = await trx
    .selectFrom('roles')
    .select('person_id')
    .where('organization_id', '=', organization_id)
    .where('role', '=', 'admin')
    .limit(1)
    .executeTakeFirst()
  if (admin) throw new SignUpClosed(role)
}
