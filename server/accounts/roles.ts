import { sql } from 'kysely'
import type { Transaction } from '../database/transactions.ts'
import type { Actor, Role } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import { grantRole } from './people.ts'

export class LastAdministrator extends Refusal {
  readonly code = 'last_administrator'
  readonly status = 409

  constructor() {
    super('This is the last administrator. Make somebody else an administrator first.')
  }
}

/** Gives and takes roles. Taking away takes effect with the next request. */
export async function setRoles(
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
  if (!wanted.includes('provider')) await takeNoBookings(trx, organization_id, person_id)
}

/** Who is no provider any more, or has left, takes no bookings; what is booked stays booked. */
export async function takeNoBookings(
  trx: Transaction,
  organization_id: string,
  person_id: string,
): Promise<void> {
  await trx
    .updateTable('providers')
    .set({ is_active: false })
    .where('organization_id', '=', organization_id)
    .where('id', '=', person_id)
    .execute()
}

/** Somebody must be left who can put things right; two that depose each other at once wait for one another. */
export async function requireAnAdministrator(trx: Transaction, organization_id: string): Promise<void> {
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
