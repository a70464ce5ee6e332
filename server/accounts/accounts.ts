import { sql } from 'kysely'
import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { NotFound, Refusal } from '../refusal.ts'
import type { Role } from '../permissions.ts'
import { photoUrl } from './photo-url.ts'

export type Account = Row<'accounts'>

/** A user: a person with an account, and what they may be. */
export interface User {
  id: string
  email: string
  name: string
  family_name: string | null
  phone: string | null
  locale: string | null
  time_zone: string | null
  roles: Role[]
  is_active: boolean
  is_verified: boolean
  has_password: boolean
  last_login_at: Temporal.Instant | null
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
  /** As a client: appointments missed, and whether so many that they book no more. */
  no_show_count: number
  is_blocked: boolean
  photo_url: string | null
}

export class EmailTaken extends Refusal {
  readonly code = 'email_taken'
  readonly status = 409

  constructor() {
    super('There is already an account with this e-mail address.')
  }
}

export async function findAccountByEmail(
  db: Database | Transaction,
  organization_id: string,
  email: string,
): Promise<Account | undefined> {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where(sql<boolean>`lower(email) = lower(${email})`)
    .executeTakeFirst()
}

export async function readUser(
  db: Database | Transaction,
  organization_id: string,
  id: string,
): Promise<User> {
  const user = await selectUsers(db, organization_id).where('account.person_id', '=', id).executeTakeFirst()
  if (!user) throw new NotFound('user')
  return user
}

/** Users with everything that is shown of them, ready for further conditions. */
export function selectUsers(db: Database | Transaction, organization_id: string) {
  return db
    .selectFrom('accounts as account')
    .innerJoin('people as person', (join) =>
      join
        .onRef('person.organization_id', '=', 'account.organization_id')
        .onRef('person.id', '=', 'account.person_id'),
    )
    .leftJoin('clients as client', (join) =>
      join
        .onRef('client.organization_id', '=', 'account.organization_id')
        .onRef('client.id', '=', 'account.person_id'),
    )
    .select(['account.person_id as id', 'account.email', 'account.is_active', 'account.last_login_at'])
    .select([
      'account.created_at',
      'person.updated_at',
      'person.name',
      'person.family_name',
      'person.phone',
      'person.locale',
      'person.time_zone',
    ])
    .select([
      sql<boolean>`account.email_verified_at is not null`.as('is_verified'),
      sql<boolean>`account.password_hash is not null`.as('has_password'),
      sql<number>`coalesce(client.no_show_count, 0)`.as('no_show_count'),
      sql<boolean>`client.blocked_at is not null`.as('is_blocked'),
      sql<Role[]>`array(select role from roles where organization_id = account.organization_id
        and person_id = account.person_id order by role)`.as('roles'),
      photoUrl('users', { organization_id: 'account.organization_id', id: 'account.person_id' }).as(
        'photo_url',
      ),
    ])
    .where('account.organization_id', '=', organization_id)
}
