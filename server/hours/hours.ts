import { sql } from 'kysely'
import type { RowChange } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { record } from '../events/events.ts'
import { newId } from '../ids.ts'
import { findLocation } from '../organizations/locations.ts'
import { readProvider } from '../people/providers.ts'
import { type Actor, may } from '../permissions.ts'
import { InvalidInput, NotAllowed, NotFound } from '../refusal.ts'
import { lockParties } from '../people/parties.ts'
import type { HoursRow } from './timetable.ts'
import { dayOf, requireWindow } from './windows.ts'

/** Whose hours: a provider's, a location's, or a provider's at a location. */
export interface HoursOwner {
  provider_id?: string | null
  location_id?: string | null
}

export interface Window {
  opens: string
  closes: string
}

export interface HoursWanted extends HoursOwner {
  /** Monday = 1; or a date. */
  weekday?: number
  date?: string
  /** Without times the date is closed. */
  opens?: string
  closes?: string
}

/** Adds one window. */
export async function addHours(
  db: Database | Transaction,
  actor: Actor,
  wanted: HoursWanted,
  now: Temporal.Instant,
): Promise<HoursRow> {
  return changing(db, actor, wanted, now, async (trx, owner) => {
    const { weekday = null, date = null, opens = null, closes = null } = wanted
    requireWindow({ weekday, date, opens, closes })
    const [added] = await insert(trx, [{ ...owner, weekday, date, opens, closes }], now)
    return added!
  })
}

export async function changeHours(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  change: Pick<HoursWanted, 'weekday' | 'date' | 'opens' | 'closes'>,
  now: Temporal.Instant,
): Promise<HoursRow> {
  const owner = await findHours(db, actor, id)
  return changing(db, actor, owner, now, async (trx) => {
    // As it is under the lock: somebody else may have changed it since.
    const before = await findHours(trx, actor, id)
    const { weekday, date, opens, closes }: RowChange<'hours'> & HoursRow = {
      ...before,
      ...dayOf(change),
      ...change,
    }
    requireWindow({ weekday, date, opens, closes })
    const changed = await trx
      .updateTable('hours')
      .set({ weekday, date, opens, closes })
      .where('organization_id', '=', actor.organization_id)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (!changed) throw new NotFound('window')
    return changed
  })
}

/** Takes a window away. What is booked in it stays booked. */
export async function removeHours(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  now: Temporal.Instant,
): Promise<void> {
  const before = await findHours(db, actor, id)
  await changing(db, actor, before, now, async (trx) => {
    await trx
      .deleteFrom('hours')
      .where('organization_id', '=', actor.organization_id)
      .where('id', '=', id)
      .execute()
  })
}

/** Puts a whole week in the place of the one there was. */
export async function replaceWeek(
  db: Database | Transaction,
  actor: Actor,
  owner: HoursOwner,
  windows: (Window & { weekday: number })[],
  now: Temporal.Instant,
): Promise<HoursRow[]> {
  return changing(db, actor, owner, now, async (trx, whose) => {
    await deleteOf(trx, whose, 'weekday', null)
    for (const window of windows) requireWindow({ ...window, date: null })
    return insert(
      trx,
      windows.map((window) => ({ ...whose, ...window, date: null })),
      now,
    )
  })
}

/** Puts the hours of a date in the place of those it had; none means that it is closed. */
export async function replaceDate(
  db: Database | Transaction,
  actor: Actor,
  owner: HoursOwner,
  { date, windows }: { date: string; windows: Window[] },
  now: Temporal.Instant,
): Promise<HoursRow[]> {
  return changing(db, actor, owner, now, async (trx, whose) => {
    await deleteOf(trx, whose, 'date', date)
    const ofDate = windows.length > 0 ? windows : [{ opens: null, closes: null }]
    for (const window of ofDate) requireWindow({ ...window, weekday: null, date })
    return insert(
      trx,
      ofDate.map((window) => ({ ...whose, ...window, weekday: null, date })),
      now,
    )
  })
}

export interface ListedHours extends HoursOwner {
  /** Of these providers. */
  provider_ids?: string[]
  /** Of any provider, and no location's own. */
  of_providers?: boolean
  /** No dates that are closed. */
  is_open?: boolean
  limit?: number
  skip?: number
}

export async function listHours(
  db: Database | Transaction,
  organization_id: string,
  { provider_id, provider_ids, location_id, of_providers, is_open, limit = 1000, skip = 0 }: ListedHours,
): Promise<HoursRow[]> {
  return db
    .selectFrom('hours')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .$if(provider_id !== undefined, (query) => query.where('provider_id', '=', provider_id!))
    .$if(provider_ids !== undefined, (query) =>
      query.where(sql<boolean>`provider_id = any(${provider_ids}::uuid[])`),
    )
    .$if(location_id !== undefined, (query) => query.where('location_id', '=', location_id!))
    .$if(of_providers === true, (query) => query.where('provider_id', 'is not', null))
    .$if(is_open === true, (query) => query.where('opens', 'is not', null))
    .orderBy('weekday')
    .orderBy('date')
    .orderBy('opens')
    .orderBy('id')
    .limit(limit)
    .offset(skip)
    .execute()
}

interface Whose {
  organization_id: string
  provider_id: string | null
  location_id: string | null
}

/** What every change of hours has in common: somebody who may, the lock that bookings take too, and word of it. */
async function changing<T>(
  db: Database | Transaction,
  actor: Actor,
  { provider_id = null, location_id = null }: HoursOwner,
  now: Temporal.Instant,
  change: (trx: Transaction, whose: Whose) => Promise<T>,
): Promise<T> {
  const { organization_id } = actor
  return inTransaction(db, async (trx) => {
    if (!provider_id && !location_id) {
      throw new InvalidInput([
        { field: 'provider_id', message: 'is missing (or give a location_id, or both)' },
      ])
    }
    if (provider_id) await readProvider(trx, organization_id, provider_id)
    if (location_id) await findLocation(trx, organization_id, location_id)
    if (!may(actor, 'hours:change', { provider_id, location_id })) throw new NotAllowed()
    const met = provider_id ? [provider_id] : await allProviders(trx, organization_id)
    await lockParties(trx, organization_id, [...met, location_id])
    const result = await change(trx, { organization_id, provider_id, location_id })
    await record(trx, organization_id, 'hours.changed', { provider_id, location_id }, now)
    return result
  })
}

/** Whose bookings a location's hours decide: anybody may be met there. */
export async function allProviders(trx: Transaction, organization_id: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('providers')
    .select('id')
    .where('organization_id', '=', organization_id)
    .execute()
  return rows.map(({ id }) => id)
}

export async function findHours(db: Database | Transaction, actor: Actor, id: string): Promise<HoursRow> {
  const found = await db
    .selectFrom('hours')
    .selectAll()
    .where('organization_id', '=', actor.organization_id)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw new NotFound('window')
  return found
}

type NewWindow = Whose & Record<'date' | 'opens' | 'closes', string | null> & { weekday: number | null }

async function insert(trx: Transaction, windows: NewWindow[], now: Temporal.Instant): Promise<HoursRow[]> {
  if (windows.length === 0) return []
  return trx
    .insertInto('hours')
    .values(windows.map((window) => ({ ...window, id: newId(), created_at: now })))
    .returningAll()
    .execute()
}

async function deleteOf(
  trx: Transaction,
  whose: Whose,
  day: 'weekday' | 'date',
  date: string | null,
): Promise<void> {
  await trx
    .deleteFrom('hours')
    .where('organization_id', '=', whose.organization_id)
    .where('provider_id', 'is not distinct from', whose.provider_id)
    .where('location_id', 'is not distinct from', whose.location_id)
    .where(day, 'is not', null)
    .$if(date !== null, (query) => query.where('date', '=', date))
    .execute()
}
