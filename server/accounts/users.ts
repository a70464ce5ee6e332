import { sql } from 'kysely'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { record } from '../events/events.ts'
import { type PageQuery, positionOf, rowsToRead, toPage } from '../http/paging.ts'
import { audit } from '../organizations/audit.ts'
import { readOrganization } from '../organizations/organizations.ts'
import type { Actor, Role } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import { EmailTaken, findAccountByEmail, readUser, selectUsers, type User } from './accounts.ts'
import { forgetFailures } from './lockout.ts'
import { hashPassword, requireGoodPassword } from './passwords.ts'
import { addPerson, grantRole } from './people.ts'
import { endSessionsOf } from './sessions.ts'
import { addAccount, requireAllowedDomain } from './sign-up.ts'

export interface NewUser {
  email: string
  name: string
  phone?: string
  roles: Role[]
  /** Without one the person is invited to choose one. */
  password?: string
}

export class LastAdministrator extends Refusal {
  readonly code = 'last_administrator'
  readonly status = 409

  constructor() {
    super('This is the last administrator. Make somebody else an administrator first.')
  }
}

/** Makes an account on an administrator's word, so its address counts as verified. */
export async function createUser(
  db: Database | Transaction,
  by: Pick<Actor, 'organization_id'> & { person_id: string | null },
  wanted: NewUser,
  now: Temporal.Instant,
): Promise<User> {
  const { organization_id } = by
  const { rules } = await readOrganization(db, organization_id)
  requireAllowedDomain(wanted.email, rules.email_domains)
  if (wanted.password !== undefined) requireGoodPassword('password', wanted.password, rules)
  const password_hash = wanted.password === undefined ? null : await hashPassword(wanted.password)

  return inTransaction(db, async (trx) => {
    const { email, name, phone } = wanted
    if (await findAccountByEmail(trx, organization_id, email)) throw new EmailTaken()
    const { id: person_id } = await addPerson(trx, organization_id, { name, email, phone }, now)
    for (const role of wanted.roles) await grantRole(trx, organization_id, person_id, role, now, by.person_id)
    await addAccount(trx, organization_id, { person_id, email, password_hash, is_verified: true }, now)
    if (!password_hash) await record(trx, organization_id, 'account.invited', { person_id }, now)
    const made = await readUser(trx, organization_id, person_id)
    await audit(trx, by, { action: 'user.added', subject_id: person_id, after: made }, now)
    return made
  })
}

export interface UserChange {
  name?: string
  phone?: string | null
  roles?: Role[]
  is_active?: boolean
}

/** Changes what an administrator may of somebody's account. Taking away takes effect with the next request. */
export async function changeUser(
  db: Database | Transaction,
  by: Actor,
  person_id: string,
  change: UserChange,
  now: Temporal.Instant,
): Promise<User> {
  const { organization_id } = by
  return inTransaction(db, async (trx) => {
    const before = await readUser(trx, organization_id, person_id)
    const { name, phone, roles, is_active } = change
    if (name !== undefined || phone !== undefined) {
      await trx
        .updateTable('people')
        .set({ name, phone, updated_at: now })
        .where('organization_id', '=', organization_id)
        .where('id', '=', person_id)
        .execute()
    }
    if (is_active !== undefined) {
      await trx
        .updateTable('accounts')
        .set({ is_active })
        .where('organization_id', '=', organization_id)
        .where('person_id', '=', person_id)
        .execute()
      if (!is_active) await endSessionsOf(trx, { organization_id, person_id }, 'account disabled', now)
    }
    if (roles) await setRoles(trx, by, person_id, roles, now)
    await requireAnAdministrator(trx, organization_id)
    const after = await readUser(trx, organization_id, person_id)
    await audit(trx, by, { action: 'user.changed', subject_id: person_id, before, after }, now)
    return after
  })
}

/** Lifts the lock that failed log-ins brought about. */
export async function unlockUser(
  db: Database | Transaction,
  by: Actor,
  id: string,
  now: Temporal.Instant,
): Promise<void> {
  const { organization_id } = by
  const user = await readUser(db, organization_id, id)
  await forgetFailures(db, organization_id, user.email)
  await audit(db, by, { action: 'user.unlocked', subject_id: id }, now)
}

export async function inviteAgain(
  db: Database | Transaction,
  by: Actor,
  id: string,
  now: Temporal.Instant,
): Promise<void> {
  const { organization_id } = by
  await inTransaction(db, async (trx) => {
    const user = await readUser(trx, organization_id, id)
    await record(trx, organization_id, 'account.invited', { person_id: user.id }, now)
    await audit(trx, by, { action: 'user.invited', subject_id: id }, now)
  })
}

export async function listUsers(
  db: Database | Transaction,
  organization_id: string,
  query: PageQuery & { role?: Role; search?: string },
) {
  const after = positionOf(query, ['text', 'uuid'])
  const rows = await selectUsers(db, organization_id)
    .$if(query.role !== undefined, (users) =>
      users.where(sql<boolean>`exists (select from roles where organization_id = account.organization_id
        and person_id = account.person_id and role = ${query.role})`),
    )
    .$if(query.search !== undefined, (users) => {
      const pattern = `%${query.search!.replaceAll(/[\\%_]/g, '\\$&')}%`
      return users.where((where) =>
        where.or([where('person.name', 'ilike', pattern), where('account.email', 'ilike', pattern)]),
      )
    })
    .$if(after !== undefined, (users) =>
      users.where(sql<boolean>`(person.name, account.person_id) > (${after![0]}, ${after![1]}::uuid)`),
    )
    .orderBy('person.name')
    .orderBy('account.person_id')
    .limit(rowsToRead(query))
    .execute()
  return toPage(
    rows,
    query,
    (user) => user,
    (user) => [user.name, user.id],
  )
}

async function setRoles(
  trx: Transaction,
  by: Actor,
  person_id: string,
  wanted: Role[],
  now: Temporal.Instant,
) {
  const { organization_id } = by
  await trx
    .deleteFrom('roles')
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .where((where) => where.not(sql<boolean>`role = any(${wanted})`))
    .execute()
  for (const role of wanted) await grantRole(trx, organization_id, person_id, role, now, by.person_id)
  if (wanted.includes('provider')) return
  // Whoever is no provider any more takes no bookings; what is booked stays booked.
  await trx
    .updateTable('providers')
    .set({ is_active: false })
    .where('organization_id', '=', organization_id)
    .where('id', '=', person_id)
    .execute()
}

async function requireAnAdministrator(trx: Transaction, organization_id: string): Promise<void> {
  await trx
    .selectFrom('organizations')
    .select('id')
    .where('id', '=', organization_id)
    .forNoKeyUpdate()
    .execute()
  const left = await trx
    .selectFrom('roles as role')
    .innerJoin('accounts as account', (join) =>
      join
        .onRef('account.organization_id', '=', 'role.organization_id')
        .onRef('account.person_id', '=', 'role.person_id'),
    )
    .select('role.person_id')
    .where('role.organization_id', '=', organization_id)
    .where('role.role', '=', 'admin')
    .where('account.is_active', '=', true)
    .limit(1)
    .executeTakeFirst()
  if (!left) throw new LastAdministrator()
}
