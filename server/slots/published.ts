import { sql } from 'kysely'
import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { type PageQuery, positionOf, rowsToRead, toPage, total } from '../http/paging.ts'
import { NotFound, Refusal } from '../refusal.ts'
import { NotBookable } from './offer.ts'
import type { Occasion } from './occasion.ts'
import { isLive, type Stretch } from './reservations.ts'

export type PublishedSlot = Row<'published_slots'>
/** With how many of its seats are taken or held. */
export type SlotWithSeats = PublishedSlot & { seats_taken: number }

export class SlotFull extends Refusal {
  readonly code = 'slot_full'
  readonly status = 409

  constructor() {
    super('All seats of this slot are taken. Choose another.')
  }
}

export class SeatTakenAlready extends Refusal {
  readonly code = 'already_booked'
  readonly status = 409

  constructor(client: string) {
    super(`This ${client} has a seat in this slot already.`)
  }
}

export async function findPublishedSlot(
  db: Database | Transaction,
  organization_id: string,
  id: string,
): Promise<PublishedSlot> {
  const slot = await db
    .selectFrom('published_slots')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!slot) throw new NotFound('slot')
  return slot
}

export async function findSlotWithSeats(
  db: Database | Transaction,
  organization_id: string,
  id: string,
  now: Temporal.Instant,
): Promise<SlotWithSeats> {
  const { rows } = await sql<SlotWithSeats>`
    select s.*, ${seatsTaken(now)} as seats_taken from published_slots s
    where s.organization_id = ${organization_id} and s.id = ${id}`.execute(db)
  if (!rows[0]) throw new NotFound('slot')
  return rows[0]
}

/** Published slots by their ids; those that are gone are left out. */
export async function readSlots(
  db: Database | Transaction,
  organization_id: string,
  ids: string[],
  now: Temporal.Instant,
): Promise<SlotWithSeats[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<SlotWithSeats>`
    select s.*, ${seatsTaken(now)} as seats_taken from published_slots s
    where s.organization_id = ${organization_id} and s.id = any(${ids}::uuid[])`.execute(db)
  return rows
}

/** Published slots that meet a stretch of time, of these providers, by start. */
export async function readPublished(
  db: Database | Transaction,
  organization_id: string,
  provider_ids: string[],
  { start, end }: Stretch,
  now: Temporal.Instant,
): Promise<SlotWithSeats[]> {
  const { rows } = await sql<SlotWithSeats>`
    select s.*, ${seatsTaken(now)} as seats_taken from published_slots s
    where s.organization_id = ${organization_id} and s.provider_id = any(${provider_ids}::uuid[])
      and tstzrange(s.starts_at, s.ends_at) && tstzrange(${start}, ${end})
    order by s.starts_at, s.id`.execute(db)
  return rows
}

/**
 * Requires a free seat for whoever asks, by the slot as it is now that its provider is locked: it may have been moved,
 * blocked, filled or taken back since it was read.
 */
export async function requireSeat(
  trx: Transaction,
  { organization, slot, client, dependent }: Occasion,
  now: Temporal.Instant,
  but?: { hold_id?: string; appointment_id?: string },
): Promise<void> {
  if (!slot) return
  const { hold_id = null, appointment_id = null } = but ?? {}
  const { rows } = await sql<SlotWithSeats & { has_seat: boolean }>`
    select s.*, (select count(*)::integer from reservations r
        where r.organization_id = s.organization_id and r.party_id = s.provider_id and r.session_id = s.id
          and coalesce(r.hold_id, r.appointment_id) not in (${hold_id ?? NOBODY}::uuid, ${appointment_id ?? NOBODY}::uuid)
          and ${isLive(now)}) as seats_taken,
      exists (select from appointments a
        where a.organization_id = s.organization_id and a.slot_id = s.id and a.client_id = ${client?.id ?? null}::uuid
          and a.dependent_id is not distinct from ${dependent?.id ?? null}::uuid
          and a.id is distinct from ${appointment_id}::uuid
          and a.state in ('pending', 'confirmed', 'arrived', 'in_progress'))
      or exists (select from holds h
        where h.organization_id = s.organization_id and h.slot_id = s.id and h.client_id = ${client?.id ?? null}::uuid
          and h.dependent_id is not distinct from ${dependent?.id ?? null}::uuid
          and h.id is distinct from ${hold_id}::uuid and h.expires_at > ${now}) as has_seat
    from published_slots s where s.organization_id = ${organization.id} and s.id = ${slot.id}`.execute(trx)
  const found = rows[0]
  if (!found || !isSame(found, slot)) throw new NotFound('slot')
  if (found.has_seat) throw new SeatTakenAlready(organization.words.client.one)
  if (found.is_blocked) throw new NotBookable('slot')
  if (found.seats_taken >= found.capacity) throw new SlotFull()
}

/** In what those who have a seat were promised; the number of seats may have changed. */
function isSame(one: PublishedSlot, other: PublishedSlot): boolean {
  const isSameTime = one.starts_at.equals(other.starts_at) && one.ends_at.equals(other.ends_at)
  return isSameTime && one.service_id === other.service_id && one.location_id === other.location_id
}

/** The id of nothing: to compare with null would count nobody. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

/** Each seat is one reservation of the provider's time, with the slot as its session. */
function seatsTaken(now: Temporal.Instant) {
  return sql<number>`(select count(*)::integer from reservations r
    where r.organization_id = s.organization_id and r.party_id = s.provider_id and r.session_id = s.id
      and ${isLive(now)})`
}

export interface PublishedWanted extends PageQuery {
  provider_id?: string
  service_id?: string
  location_id?: string
  from?: Temporal.Instant
  to?: Temporal.Instant
  /** Only those of which a seat can still be had. */
  available?: boolean
}

/** Published slots by start; all filters combine. */
export async function listPublished(
  db: Database | Transaction,
  organization_id: string,
  wanted: PublishedWanted,
  now: Temporal.Instant,
) {
  const after = positionOf(wanted, ['instant', 'uuid'])
  const { provider_id, service_id, location_id, from, to, available = false } = wanted
  const { rows } = await sql<SlotWithSeats>`
    select *, ${total} as total from (
      select s.*, ${seatsTaken(now)} as seats_taken from published_slots s
      where s.organization_id = ${organization_id}
        and (${provider_id ?? null}::uuid is null or s.provider_id = ${provider_id ?? null}::uuid)
        and (${service_id ?? null}::uuid is null or s.service_id = ${service_id ?? null}::uuid)
        and (${location_id ?? null}::uuid is null or s.location_id = ${location_id ?? null}::uuid)
        and (${from ?? null}::timestamptz is null or s.starts_at >= ${from ?? null}::timestamptz)
        and (${to ?? null}::timestamptz is null or s.starts_at < ${to ?? null}::timestamptz)
        and (${after?.[0] ?? null}::timestamptz is null
          or (s.starts_at, s.id) > (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}::uuid))
    ) s
    where not ${available}::boolean or (s.seats_taken < s.capacity and not s.is_blocked and s.starts_at >= ${now}
      and exists (select from providers p
        where p.organization_id = s.organization_id and p.id = s.provider_id and p.is_active))
    order by s.starts_at, s.id limit ${rowsToRead(wanted)} offset ${wanted.skip ?? 0}`.execute(db)
  return toPage(
    rows,
    wanted,
    (row) => row,
    (row) => [row.starts_at.toString(), row.id],
  )
}
