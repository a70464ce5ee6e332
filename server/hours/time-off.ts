import { type RawBuilder, sql } from 'kysely'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { record } from '../events/events.ts'
import { type PageQuery, positionOf, rowsToRead, toPage } from '../http/paging.ts'
import { newId } from '../ids.ts'
import { findLocation } from '../organizations/locations.ts'
import { lockParties } from '../people/parties.ts'
import { readProvider } from '../people/providers.ts'
import { type Actor, may, type Reach, reachOf } from '../permissions.ts'
import { InvalidInput, NotAllowed, NotFound } from '../refusal.ts'
import type { TimeOff } from './away.ts'
import { allProviders } from './hours.ts'

export interface TimeOffWanted {
  /** A provider, a location (a closure), a provider at a location; neither: the whole organization. */
  provider_id?: string | null
  location_id?: string | null
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  reason?: string | null
}

/** An appointment that stands in a time off: it stays, and whoever takes the time off sees what to do about it. */
export interface AppointmentMet {
  id: string
  state: string
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  provider_id: string
  provider_name: string
  client_id: string
  client_name: string
}

export type TimeOffWithAppointments = TimeOff & { appointments: AppointmentMet[] }

/** Takes time off. Nothing is cancelled: the answer names the appointments that it meets. */
export async function takeTimeOff(
  db: Database | Transaction,
  actor: Actor,
  wanted: TimeOffWanted,
  now: Temporal.Instant,
): Promise<TimeOffWithAppointments> {
  const { provider_id = null, location_id = null, starts_at, ends_at, reason = null } = wanted
  const { organization_id, person_id: created_by } = actor
  return inTransaction(db, async (trx) => {
    await requireOwner(trx, actor, { provider_id, location_id })
    requireStretch(wanted)
    await lockWhoever(trx, organization_id, { provider_id, location_id })
    const owner = { organization_id, provider_id, location_id }
    const off = await trx
      .insertInto('time_off')
      .values({ ...owner, id: newId(), starts_at, ends_at, reason, created_by, created_at: now })
      .returningAll()
      .executeTakeFirstOrThrow()
    await record(trx, organization_id, 'time_off.changed', { provider_id, location_id }, now)
    return { ...off, appointments: await appointmentsIn(trx, off) }
  })
}

export async function changeTimeOff(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  change: Partial<Pick<TimeOffWanted, 'starts_at' | 'ends_at' | 'reason'>>,
  now: Temporal.Instant,
): Promise<TimeOffWithAppointments> {
  return inTransaction(db, async (trx) => {
    const before = await lockTimeOff(trx, actor, id)
    requireStretch({ ...before, ...change })
    const changed = await trx
      .updateTable('time_off')
      // An update sets something, also where nothing was named.
      .set({ starts_at: before.starts_at, ...change })
      .where('organization_id', '=', actor.organization_id)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await record(trx, actor.organization_id, 'time_off.changed', ownerOf(before), now)
    return { ...changed, appointments: await appointmentsIn(trx, changed) }
  })
}

/** Gives time off back: the time can be booked again. */
export async function endTimeOff(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  now: Temporal.Instant,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const before = await lockTimeOff(trx, actor, id)
    await trx
      .deleteFrom('time_off')
      .where('organization_id', '=', actor.organization_id)
      .where('id', '=', id)
      .execute()
    await record(trx, actor.organization_id, 'time_off.changed', ownerOf(before), now)
  })
}

/** One that the actor may know of, with the appointments that it meets. */
export async function readTimeOffWithAppointments(
  db: Database | Transaction,
  actor: Actor,
  id: string,
): Promise<TimeOffWithAppointments> {
  const found = await findTimeOff(db, actor, id, 'time_off:read')
  return { ...found, appointments: await appointmentsIn(db, found) }
}

/** Time off by its start, as far as the actor may know of it: why somebody is away is for the desk and themself. */
export async function listTimeOff(
  db: Database | Transaction,
  actor: Actor,
  wanted: PageQuery & {
    provider_id?: string
    location_id?: string
    from?: Temporal.Instant
    to?: Temporal.Instant
  },
) {
  const reach = reachOf(actor, 'time_off:read')
  if (!reach) throw new NotAllowed()
  const after = positionOf(wanted, ['instant', 'uuid'])
  const { provider_id, location_id, from, to } = wanted
  const rows = await db
    .selectFrom('time_off')
    .selectAll()
    .where('organization_id', '=', actor.organization_id)
    .where(seenBy(reach))
    .$if(provider_id !== undefined, (query) => query.where('provider_id', '=', provider_id!))
    .$if(location_id !== undefined, (query) => query.where('location_id', '=', location_id!))
    .$if(from !== undefined, (query) => query.where('ends_at', '>', from!))
    .$if(to !== undefined, (query) => query.where('starts_at', '<', to!))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(starts_at, id) > (${after![0]}::timestamptz, ${after![1]}::uuid)`),
    )
    .orderBy('starts_at')
    .orderBy('id')
    .limit(rowsToRead(wanted))
    .execute()
  return toPage(
    rows,
    wanted,
    (row) => row,
    (row) => [row.starts_at.toString(), row.id],
  )
}

async function findTimeOff(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  action: 'time_off:read' | 'time_off:change',
): Promise<TimeOff> {
  const reach = reachOf(actor, 'time_off:read')
  const found = await db
    .selectFrom('time_off')
    .selectAll()
    .where('organization_id', '=', actor.organization_id)
    .where('id', '=', id)
    .where(reach ? seenBy(reach) : sql<boolean>`false`)
    .executeTakeFirst()
  if (!found) throw new NotFound('time off')
  if (action === 'time_off:change' && !may(actor, action, found)) throw new NotAllowed()
  return found
}

/** Closures are for all who work there to know; a provider's own time off for them, and for the desk where they work. */
function seenBy({ everything, location_ids, own }: Reach): RawBuilder<boolean> {
  const own_id = own?.as.includes('provider') ? own.person_id : null
  return sql`(${everything}::boolean or provider_id is null or provider_id = ${own_id}::uuid
    or location_id = any(${location_ids}::uuid[])
    or location_id is null and exists (select from memberships m
      where m.organization_id = time_off.organization_id and m.person_id = time_off.provider_id
        and m.location_id = any(${location_ids}::uuid[]) and m.ended_at is null))`
}

/** The same for changing it, as it is once its parties are locked: it may have been changed or ended since it was found. */
async function lockTimeOff(trx: Transaction, actor: Actor, id: string): Promise<TimeOff> {
  await lockWhoever(trx, actor.organization_id, await findTimeOff(trx, actor, id, 'time_off:change'))
  return findTimeOff(trx, actor, id, 'time_off:change')
}

async function requireOwner(trx: Transaction, actor: Actor, owner: Owner): Promise<void> {
  if (owner.provider_id) await readProvider(trx, actor.organization_id, owner.provider_id)
  if (owner.location_id) await findLocation(trx, actor.organization_id, owner.location_id)
  if (!may(actor, 'time_off:change', owner)) throw new NotAllowed()
}

interface Owner {
  provider_id: string | null
  location_id: string | null
}

const ownerOf = ({ provider_id, location_id }: Owner): Owner => ({ provider_id, location_id })

/** Bookings take the same lock, so each sees the other: a closure locks whoever may be met there. */
async function lockWhoever(trx: Transaction, organization_id: string, { provider_id, location_id }: Owner) {
  const met = provider_id ? [provider_id] : await allProviders(trx, organization_id)
  await lockParties(trx, organization_id, [...met, location_id])
}

async function appointmentsIn(db: Database | Transaction, off: TimeOff): Promise<AppointmentMet[]> {
  const { rows } = await sql<AppointmentMet>`
    select a.id, a.state, a.starts_at, a.ends_at, a.provider_id, provider.name as provider_name, a.client_id,
      client.name as client_name
    from appointments a
    join people provider on provider.organization_id = a.organization_id and provider.id = a.provider_id
    join people client on client.organization_id = a.organization_id and client.id = a.client_id
    where a.organization_id = ${off.organization_id} and a.state in ('pending', 'confirmed', 'arrived', 'in_progress')
      and a.starts_at < ${off.ends_at} and a.ends_at > ${off.starts_at}
      and (${off.provider_id}::uuid is null or a.provider_id = ${off.provider_id}::uuid)
      and (${off.location_id}::uuid is null or a.location_id = ${off.location_id}::uuid)
    order by a.starts_at, a.id limit 1000`.execute(db)
  return rows
}

function requireStretch({ starts_at, ends_at }: Pick<TimeOffWanted, 'starts_at' | 'ends_at'>): void {
  if (Temporal.Instant.compare(starts_at, ends_at) >= 0) {
    throw new InvalidInput([{ field: 'ends_at', message: 'must be after starts_at' }])
  }
}
