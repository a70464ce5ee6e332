import { sql } from 'kysely'
import type { Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import { Refusal } from '../refusal.ts'

export class PhoneTaken extends Refusal {
  readonly code = 'phone_taken'
  readonly status = 409

  constructor() {
    super('This phone is somebody else’s here already.')
  }
}

/**
 * Requires that nobody else has a phone, where the organization says that a phone is one person's. Call it right before
 * the phone is written: of two who want one at once, the second waits here and sees that the first has it.
 */
export async function requireFreePhone(
  trx: Transaction,
  { id: organization_id, rules }: Pick<Organization, 'id' | 'rules'>,
  phone: string | null | undefined,
  but: { person_id?: string; email?: string } = {},
): Promise<void> {
  if (!phone || !rules.one_person_per_phone) return
  await sql`select pg_advisory_xact_lock(hashtextextended(${`phone ${organization_id} ${phone}`}, 0))`.execute(
    trx,
  )
  const { person_id = null, email = null } = but
  // Whom the desk has written down with this address too is who signs up: the records are joined once it is verified.
  const { rows } = await sql`
    select from people p where p.organization_id = ${organization_id} and p.phone = ${phone}
      and p.id is distinct from ${person_id}::uuid
      and not (lower(p.email) is not distinct from lower(${email}::text) and ${email}::text is not null
        and not exists (select from accounts a where a.organization_id = p.organization_id and a.person_id = p.id))
    limit 1`.execute(trx)
  if (rows.length > 0) throw new PhoneTaken()
}
