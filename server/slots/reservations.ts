import { sql } from 'kysely'
import type { Database, Transaction } from '../database/transactions.ts'
import { Refusal } from '../refusal.ts'

export interface Stretch {
  start: Temporal.Instant
  end: Temporal.Instant
}

/** What a party is busy with. */
export interface Reservation extends Stretch {
  party_id: string
}

/** A stretch with what is kept clear around it. */
export function withBuffers(
  { buffer_before_minutes, buffer_after_minutes }: Record<`buffer_${'before' | 'after'}_minutes`, number>,
  { start, end }: Stretch,
): Stretch {
  return {
    start: start.subtract({ minutes: buffer_before_minutes }),
    end: end.add({ minutes: buffer_after_minutes }),
  }
}

export type Holder = { appointment_id: string } | { hold_id: string }

export type TakenBy = 'provider' | 'client' | 'location' | 'resource'

export class TimeTaken extends Refusal {
  readonly code = 'time_taken'
  readonly status = 409
  override readonly facts: { taken_by: TakenBy[] }

  constructor(taken_by: TakenBy[]) {
    super(`This time is not free any more (for the ${taken_by.join(' and the ')}). Choose another.`)
    this.facts = { taken_by }
  }
}

/**
 * Takes stretches of the parties' time, all or none as far as the caller rolls back: returns those that were not to be had.
 * The constraint decides, and its error is never raised. Call `lockParties` first.
 */
export async function reserve(
  trx: Transaction,
  organization_id: string,
  holder: Holder,
  session_id: string,
  wanted: Reservation[],
): Promise<Reservation[]> {
  if (wanted.length === 0) return []
  const { appointment_id = null, hold_id = null } = holder as { appointment_id?: string; hold_id?: string }
  const rows = wanted.map(({ party_id, start, end }) => ({
    organization_id,
    party_id,
    session_id,
    appointment_id,
    hold_id,
    during: `[${start.toString()},${end.toString()})`,
  }))
  const reserved = await trx
    .insertInto('reservations')
    .values(rows)
    .onConflict((conflict) => conflict.constraint('one_place_at_a_time').doNothing())
    .returning('party_id')
    .execute()
  const got = new Set(reserved.map((row) => row.party_id))
  return wanted.filter(({ party_id }) => !got.has(party_id))
}

/** Gives back what an appointment had taken. */
export async function release(
  trx: Transaction,
  organization_id: string,
  appointment_id: string,
): Promise<void> {
  await trx
    .deleteFrom('reservations')
    .where('organization_id', '=', organization_id)
    .where('appointment_id', '=', appointment_id)
    .execute()
}

/** Removes what expired holds still take of locked parties' time: an expired hold is in nobody's way. */
export async function dropExpiredHolds(
  trx: Transaction,
  organization_id: string,
  wanted: Reservation[],
  now: Temporal.Instant,
): Promise<void> {
  const start = wanted.map((row) => row.start).reduce(earlier)
  const end = wanted.map((row) => row.end).reduce(later)
  await sql`
    delete from reservations r using holds h
    where r.organization_id = ${organization_id} and r.party_id = any(${wanted.map((row) => row.party_id)}::uuid[])
      and r.during && tstzrange(${start}, ${end})
      and h.organization_id = r.organization_id and h.id = r.hold_id and h.expires_at <= ${now}`.execute(trx)
}

/** A stretch in which a party is busy, in epoch milliseconds; seats of one session have its id in common. */
export interface Busy {
  party_id: string
  session_id: string
  appointment_id: string | null
  start: number
  end: number
}

/** When parties are busy between two instants, by start; holds count until they expire. */
export async function busyStretches(
  db: Database | Transaction,
  organization_id: string,
  party_ids: string[],
  { start, end }: Stretch,
  now: Temporal.Instant,
): Promise<Map<string, Busy[]>> {
  const { rows } = await sql<Busy>`
    select r.party_id, r.session_id, r.appointment_id, extract(epoch from lower(r.during))::float8 * 1000 as start,
      extract(epoch from upper(r.during))::float8 * 1000 as end
    from reservations r
    where r.organization_id = ${organization_id} and r.party_id = any(${party_ids}::uuid[])
      and r.during && tstzrange(${start}, ${end}) and ${isLive(now)}
    order by r.during`.execute(db)
  return Map.groupBy(rows, (row) => row.party_id)
}

/** Whether the reservation `r` counts: a hold's does until it expires. */
export function isLive(now: Temporal.Instant) {
  return sql<boolean>`(r.hold_id is null or exists (
    select from holds h where h.organization_id = r.organization_id and h.id = r.hold_id and h.expires_at > ${now}))`
}

function earlier(one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(one, other) <= 0 ? one : other
}

function later(one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(one, other) >= 0 ? one : other
}
