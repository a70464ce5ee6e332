import type { NewRow } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { record } from '../events/events.ts'
import { newId } from '../ids.ts'
import { lockParties } from '../people/parties.ts'
import { type Actor, may, type TheClock } from '../permissions.ts'
import { InvalidInput, NotAllowed, Refusal } from '../refusal.ts'
import { readOffers } from './offer.ts'
import { findPublishedSlot, findSlotWithSeats, type PublishedSlot, type SlotWithSeats } from './published.ts'
import { readOrganization } from '../organizations/organizations.ts'

/** Where and of which service slots are; the provider is who publishes them. */
export interface SlotsOf {
  provider_id: string
  service_id?: string | null
  location_id?: string | null
}

export interface SlotContent {
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  capacity?: number
  kind?: string
}

export class SlotsOverlap extends Refusal {
  readonly code = 'slots_overlap'
  readonly status = 409
  override readonly facts: { clashes: { starts_at: string; ends_at: string }[] }

  constructor(clashes: SlotContent[]) {
    const when = clashes.map(({ starts_at }) => `${starts_at}`).join(', ')
    super(`Slots of one provider may not overlap, and these would: ${when}. None was published.`)
    this.facts = {
      clashes: clashes.map(({ starts_at, ends_at }) => ({
        starts_at: `${starts_at}`,
        ends_at: `${ends_at}`,
      })),
    }
  }
}

export class SlotBooked extends Refusal {
  readonly code = 'slot_booked'
  readonly status = 409

  constructor(what = 'This slot is booked or held: cancel or move its appointments first.') {
    super(what)
  }
}

/** Publishes one slot. */
export async function publishSlot(
  db: Database | Transaction,
  actor: Actor | TheClock,
  of: SlotsOf,
  slot: SlotContent,
  now: Temporal.Instant,
): Promise<SlotWithSeats> {
  requireStretch(slot, now, '')
  const [published] = await publishSlots(db, actor, of, [slot], now)
  return published!
}

/** Publishes slots, all or none: those that overlap one another or what there is are named. */
export async function publishSlots(
  db: Database | Transaction,
  actor: Actor | TheClock,
  of: SlotsOf,
  slots: SlotContent[],
  now: Temporal.Instant,
): Promise<SlotWithSeats[]> {
  return inTransaction(db, async (trx) => {
    const location_id = await requirePublisher(trx, actor, of)
    slots.forEach((slot, at) => requireStretch(slot, now, `slots.${at}.`))
    await lockParties(trx, actor.organization_id, [of.provider_id])
    return insertSlots(trx, actor.organization_id, { ...of, location_id }, slots, now)
  })
}

/** What can be changed of a slot: with seats taken, nothing that those who have one were promised. */
export interface SlotChange {
  starts_at?: Temporal.Instant
  ends_at?: Temporal.Instant
  service_id?: string | null
  location_id?: string | null
  capacity?: number
  kind?: string
  is_blocked?: boolean
  block_reason?: string | null
}

export async function changeSlot(
  db: Database | Transaction,
  actor: Actor | TheClock,
  id: string,
  change: SlotChange,
  now: Temporal.Instant,
): Promise<SlotWithSeats> {
  return inTransaction(db, async (trx) => {
    const slot = await lockSlot(trx, actor, id, now)
    const { starts_at, ends_at, service_id, location_id } = change
    const isMoved = [starts_at, ends_at, service_id, location_id].some((value) => value !== undefined)
    if (isMoved && slot.seats_taken > 0) throw new SlotBooked()
    const wanted = { ...slot, ...change }
    if (wanted.capacity < slot.seats_taken) {
      throw new SlotBooked(`${slot.seats_taken} seats of this slot are taken: it cannot have fewer.`)
    }
    if (isMoved) {
      wanted.location_id = await requirePublisher(trx, actor, wanted)
      requireStretch(wanted, now, '')
      await requireNoOverlap(trx, wanted)
    }
    await trx
      .updateTable('published_slots')
      .set({
        ...change,
        ...(change.is_blocked === false && { block_reason: null }),
        location_id: wanted.location_id,
        updated_at: now,
      })
      .where('organization_id', '=', slot.organization_id)
      .where('id', '=', id)
      .execute()
    await record(trx, slot.organization_id, 'slots.changed', { provider_id: slot.provider_id }, now)
    return findSlotWithSeats(trx, slot.organization_id, id, now)
  })
}

/** Takes a slot back that nobody has booked. */
export async function removeSlot(
  db: Database | Transaction,
  actor: Actor | TheClock,
  id: string,
  now: Temporal.Instant,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { organization_id, provider_id, seats_taken } = await lockSlot(trx, actor, id, now)
    const attended = await trx
      .selectFrom('appointments')
      .select('id')
      .where('organization_id', '=', organization_id)
      .where('slot_id', '=', id)
      .where('state', 'not in', ['cancelled', 'declined'])
      .executeTakeFirst()
    if (seats_taken > 0 || attended) throw new SlotBooked()
    await trx
      .deleteFrom('published_slots')
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
    await record(trx, organization_id, 'slots.changed', { provider_id }, now)
  })
}

/**
 * Requires that the actor may publish for this provider there, and that the provider takes that service there. Answers
 * where that is: the location that is named, or the one where the provider works.
 */
export async function requirePublisher(
  trx: Transaction,
  actor: Actor | TheClock,
  of: SlotsOf,
): Promise<string | null> {
  const organization = await readOrganization(trx, actor.organization_id)
  const [offer] = await readOffers(trx, organization, of)
  if (!may(actor, 'slots:publish', offer)) throw new NotAllowed()
  return offer!.location_id
}

/** Writes slots of a locked provider. The constraint decides; its error is never raised. */
export async function insertSlots(
  trx: Transaction,
  organization_id: string,
  of: SlotsOf,
  slots: SlotContent[],
  now: Temporal.Instant,
): Promise<SlotWithSeats[]> {
  if (slots.length === 0) return []
  const rows = slots.map((slot): NewRow<'published_slots'> & SlotContent => {
    const { provider_id, service_id, location_id } = of
    const owner = { organization_id, provider_id, service_id, location_id }
    return { ...slot, ...owner, id: newId(), created_at: now, updated_at: now }
  })
  const inserted = await trx
    .insertInto('published_slots')
    .values(rows)
    .onConflict((conflict) => conflict.constraint('no_two_slots_overlap').doNothing())
    .returningAll()
    .execute()
  const there = new Set(inserted.map(({ id }) => id))
  const clashes = rows.filter(({ id }) => !there.has(id as string))
  if (clashes.length > 0) throw new SlotsOverlap(clashes)
  await record(trx, organization_id, 'slots.changed', { provider_id: of.provider_id }, now)
  return inserted.map((slot) => ({ ...slot, seats_taken: 0 }))
}

async function lockSlot(
  trx: Transaction,
  actor: Actor | TheClock,
  id: string,
  now: Temporal.Instant,
): Promise<SlotWithSeats> {
  const { provider_id, location_id } = await findPublishedSlot(trx, actor.organization_id, id)
  if (!may(actor, 'slots:publish', { provider_id, location_id })) throw new NotAllowed()
  await lockParties(trx, actor.organization_id, [provider_id])
  return findSlotWithSeats(trx, actor.organization_id, id, now)
}

async function requireNoOverlap(trx: Transaction, slot: PublishedSlot): Promise<void> {
  const clashes = await trx
    .selectFrom('published_slots')
    .select(['starts_at', 'ends_at'])
    .where('organization_id', '=', slot.organization_id)
    .where('provider_id', '=', slot.provider_id)
    .where('id', '!=', slot.id)
    .where('starts_at', '<', slot.ends_at)
    .where('ends_at', '>', slot.starts_at)
    .execute()
  if (clashes.length > 0) throw new SlotsOverlap(clashes)
}

function requireStretch({ starts_at, ends_at }: SlotContent, now: Temporal.Instant, path: string): void {
  const milliseconds = ends_at.epochMilliseconds - starts_at.epochMilliseconds
  const wrong = (field: string, message: string) => new InvalidInput([{ field: `${path}${field}`, message }])
  if (milliseconds <= 0) throw wrong('ends_at', 'must be after starts_at')
  if (milliseconds > DAY) throw wrong('ends_at', 'must be within a day of starts_at')
  if (Temporal.Instant.compare(starts_at, now) < 0) throw wrong('starts_at', 'must still be to come')
}

const DAY = 24 * 3600 * 1000
