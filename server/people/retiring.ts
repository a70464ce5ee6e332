import { sql } from 'kysely'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { record } from '../events/events.ts'
import { audit } from '../organizations/audit.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed, Refusal } from '../refusal.ts'
import { lockParties } from './parties.ts'
import { readProvider } from './providers.ts'
import { findClient } from './clients.ts'

export class AppointmentsToCome extends Refusal {
  readonly code = 'appointments_to_come'
  readonly status = 409

  constructor(count: number) {
    const what = count === 1 ? 'There is an appointment' : `There are ${count} appointments`
    super(`${what} to come: cancel or move what is there first.`)
  }
}

/**
 * Takes somebody out of those who can be booked, with the slots that they published. Their past stays; with
 * appointments to come they cannot go.
 */
export async function retireProvider(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  now: Temporal.Instant,
): Promise<void> {
  const { organization_id } = actor
  await inTransaction(db, async (trx) => {
    await lockParties(trx, organization_id, [id])
    await readProvider(trx, organization_id, id)
    if (!may(actor, 'providers:create')) throw new NotAllowed()
    await requireNothingToCome(trx, organization_id, { provider_id: id }, now)
    await trx
      .updateTable('providers')
      .set({ is_active: false })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    await takeSlotsBack(trx, organization_id, id, now)
    await audit(trx, actor, { action: 'provider.retired', subject_id: id }, now)
  })
}

/** The slots to come; one whose visit has been closed before its time stays with it. */
async function takeSlotsBack(
  trx: Transaction,
  organization_id: string,
  provider_id: string,
  now: Temporal.Instant,
): Promise<void> {
  await sql`
    delete from published_slots s
    where s.organization_id = ${organization_id} and s.provider_id = ${provider_id} and s.ends_at > ${now}
      and not exists (select from appointments a where a.organization_id = s.organization_id and a.slot_id = s.id
        and a.state not in ('cancelled', 'declined'))`.execute(trx)
  await record(trx, organization_id, 'slots.changed', { provider_id }, now)
}

/** Ends what a client has here on behalf of others: those who have no other guardian are no longer looked after. */
export async function retireGuardian(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  now: Temporal.Instant,
): Promise<void> {
  const { organization_id } = actor
  await inTransaction(db, async (trx) => {
    await lockParties(trx, organization_id, [id])
    await findClient(trx, actor, id)
    if (!may(actor, 'guardians:change')) throw new NotAllowed()
    await requireNothingToCome(trx, organization_id, { client_id: id }, now)
    await lockDependentsOf(trx, organization_id, id)
    await sql`
      with ended as (
        delete from guardians where organization_id = ${organization_id} and client_id = ${id} returning dependent_id
      )
      update dependents d set is_active = false, updated_at = ${now} from ended
      where d.organization_id = ${organization_id} and d.id = ended.dependent_id and not exists (
        select from guardians g where g.organization_id = d.organization_id and g.dependent_id = d.id
          and g.client_id <> ${id})`.execute(trx)
    await audit(trx, actor, { action: 'client.retired', subject_id: id }, now)
  })
}

/** Of the last two guardians who go at once, the second sees that there is nobody left. */
async function lockDependentsOf(trx: Transaction, organization_id: string, client_id: string): Promise<void> {
  await sql`
    select id from dependents where organization_id = ${organization_id} and id in (
      select dependent_id from guardians where organization_id = ${organization_id} and client_id = ${client_id})
    order by id for no key update`.execute(trx)
}

/** Refuses while somebody or something has appointments to come: of a provider, of a client, at a location, or both. */
export async function requireNothingToCome(
  trx: Transaction,
  organization_id: string,
  of: Partial<Record<'provider_id' | 'client_id' | 'location_id', string>>,
  now: Temporal.Instant,
): Promise<void> {
  const { count } = await trx
    .selectFrom('appointments')
    .select((of) => of.fn.countAll<string>().as('count'))
    .where('organization_id', '=', organization_id)
    .where((where) => where.and(of))
    .where('ends_at', '>', now)
    .where('state', 'in', ['pending', 'confirmed', 'arrived', 'in_progress'])
    .executeTakeFirstOrThrow()
  if (Number(count) > 0) throw new AppointmentsToCome(Number(count))
}
