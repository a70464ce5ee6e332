import { sql } from 'kysely'
import { containing } from '../database/searching.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { record } from '../events/events.ts'
import { type PageQuery, positionOf, rowsToRead, toPage, total } from '../http/paging.ts'
import { audit } from '../organizations/audit.ts'
import { readOrganization } from '../organizations/organizations.ts'
import type { Actor, Role } from '../permissions.ts'
import { EmailTaken, findAccountByEmail, readUser, selectUsers, type User } from './accounts.ts'
import { findKnownPerson } from './attaching.ts'
import { forgetFailures } from './lockout.ts'
import { hashPassword, requireGoodPassword } from './passwords.ts'
import { addPerson, grantRole } from './people.ts'
import { requireFreePhone } from './phones.ts'
import { requireAnAdministrator, setRoles, takeNoBookings } from './roles.ts'
import { endSessionsOf } from './sessions.ts'
import { addAccount, requireAllowedDomain } from './sign-up.ts'

export interface NewUser {
  email: string
  name: string
  family_name?: string
  phone?: string
  roles: Role[]
  /** Without one the person is invited to choose one. */
  password?: string
}

/** Makes an account on an administrator's word, so its address counts as verified. */
export async function createUser(
  db: Database | Transaction,
  by: Pick<Actor, 'organization_id'> & { person_id: string | null },
  wanted: NewUser,
  now: Temporal.Instant,
): Promise<User> {
  const { organization_id } = by
  const organization = await readOrganization(db, organization_id)
  const { rules } = organization
  requireAllowedDomain(wanted.email, rules.email_domains)
  if (wanted.password !== undefined) requireGoodPassword('password', wanted.password, rules)
  const password_hash = wanted.password === undefined ? null : await hashPassword(wanted.password)

  return inTransaction(db, async (trx) => {
    const { email, name, family_name, phone } = wanted
    if (await findAccountByEmail(trx, organization_id, email)) throw new EmailTaken()
    await requireFreePhone(trx, organization, phone, { email })
    const person_id = await personFor(trx, organization_id, { name, family_name, email, phone }, now)
    for (const role of wanted.roles) await grantRole(trx, organization_id, person_id, role, now, by.person_id)
    await addAccount(trx, organization_id, { person_id, email, password_hash, is_verified: true }, now)
    if (!password_hash) await record(trx, organization_id, 'account.invited', { person_id }, now)
    const made = await readUser(trx, organization_id, person_id)
    await audit(trx, by, { action: 'user.added', subject_id: person_id, after: made }, now)
    return made
  })
}

/** Whom the desk wrote down with this address, if that is clear: one human, one id. Else somebody new. */
async function personFor(
  trx: Transaction,
  organization_id: string,
  content: { name: string; family_name?: string; email: string; phone?: string },
  now: Temporal.Instant,
): Promise<string> {
  const known = await findKnownPerson(trx, organization_id, content.email)
  if (!known) return (await addPerson(trx, organization_id, content, now)).id
  await trx
    .updateTable('people')
    .set({ ...content, updated_at: now })
    .where('organization_id', '=', organization_id)
    .where('id', '=', known)
    .execute()
  return known
}

export interface UserChange {
  name?: string
  family_name?: string | null
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
    const { name, family_name, phone, roles, is_active } = change
    if (name !== undefined || phone !== undefined) {
      const organization = await readOrganization(trx, organization_id)
      await requireFreePhone(trx, organization, phone, { person_id })
      await trx
        .updateTable('people')
        .set({ name, family_name, phone, updated_at: now })
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
      if (!is_active) {
        await endSessionsOf(trx, { organization_id, person_id }, 'account disabled', now)
        await takeNoBookings(trx, organization_id, person_id)
      }
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
      const pattern = containing(query.search!)
      return users.where((where) =>
        where.or([where('person.name', 'ilike', pattern), where('account.email', 'ilike', pattern)]),
      )
    })
    .$if(after !== undefined, (users) =>
      users.where(sql<boolean>`(person.name, account.person_id) > (${after![0]}, ${after![1]}::uuid)`),
    )
    .$if(query.counted === true, (users) => users.select(total.as('total')))
    .orderBy('person.name')
    .orderBy('account.person_id')
    .limit(rowsToRead(query))
    .offset(query.skip ?? 0)
    .execute()
  return toPage(
    rows,
    query,
    (user) => user,
    (user) => [user.name, user.id],
  )
}

/** Providers, secretaries and receptionists who belong to no location: the first thousand by name. */
export function listUnassigned(db: Database | Transaction, organization_id: string): Promise<User[]> {
  return selectUsers(db, organization_id)
    .where(
      sql<boolean>`exists (select from roles r where r.organization_id = account.organization_id
        and r.person_id = account.person_id and r.role in ('provider', 'secretary', 'reception'))
      and not exists (select from memberships m where m.organization_id = account.organization_id
        and m.person_id = account.person_id and m.ended_at is null)`,
    )
    .orderBy('person.name')
    .orderBy('account.person_id')
    .limit(1000)
    .execute()
}
