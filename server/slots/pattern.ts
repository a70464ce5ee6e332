import { findSlots } from '../../engine/slots.ts'
import { openWindows } from '../../engine/windows.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { lockParties } from '../people/parties.ts'
import type { Actor } from '../permissions.ts'
import { InvalidInput } from '../refusal.ts'
import { readOffers } from './offer.ts'
import { readPublished, type SlotWithSeats } from './published.ts'
import { insertSlots, requirePublisher, type SlotContent, type SlotsOf } from './publishing.ts'
import { busyStretches } from './reservations.ts'

interface Window {
  opens: string
  closes: string
}

/** Slots on certain days of some weeks: so long each, with so long a break between them, and none in what is left out. */
export interface Pattern extends SlotsOf, Window {
  from: string
  to: string
  weekdays: number[]
  slot_minutes: number
  break_minutes?: number
  lunch?: Window
  exclude?: Window[]
  exclude_dates?: string[]
  capacity?: number
  kind?: string
}

const MOST_DAYS = 366
const MOST_SLOTS = 2000
const DAY = 86_400_000

/** The slots that a pattern would publish now; nothing is written. */
export async function previewPattern(
  db: Database | Transaction,
  actor: Actor,
  pattern: Pattern,
  now: Temporal.Instant,
): Promise<SlotContent[]> {
  return inTransaction(db, async (trx) => {
    await requirePublisher(trx, actor, pattern)
    return slotsOf(trx, actor, pattern, now)
  })
}

/**
 * Publishes the slots of a pattern. Those that would meet lunch, what is left out, a slot or an appointment that there
 * is, or that have passed, are skipped: the same pattern twice publishes nothing anew.
 */
export async function publishPattern(
  db: Database | Transaction,
  actor: Actor,
  pattern: Pattern,
  now: Temporal.Instant,
): Promise<SlotWithSeats[]> {
  return inTransaction(db, async (trx) => {
    const location_id = await requirePublisher(trx, actor, pattern)
    await lockParties(trx, actor.organization_id, [pattern.provider_id])
    const slots = await slotsOf(trx, actor, pattern, now)
    return insertSlots(trx, actor.organization_id, { ...pattern, location_id }, slots, now)
  })
}

async function slotsOf(
  trx: Transaction,
  actor: Actor,
  pattern: Pattern,
  now: Temporal.Instant,
): Promise<SlotContent[]> {
  requireSensible(pattern)
  const organization = await readOrganization(trx, actor.organization_id)
  const [offer] = await readOffers(trx, organization, pattern)
  const { time_zone } = offer!
  const from = midnight(pattern.from, time_zone)
  const to = midnight(pattern.to, time_zone, 1)
  const around = { start: from, end: to.add({ hours: 48 }) }
  const published = await readPublished(trx, organization.id, [pattern.provider_id], around, now)
  const busy = await busyStretches(trx, organization.id, [pattern.provider_id], around, now)
  const slots = findSlots({
    ...openOn(pattern, time_zone, [pattern]),
    busy: [
      ...published.map(({ starts_at, ends_at }) => stretch(starts_at, ends_at)),
      ...(busy.get(pattern.provider_id) ?? []),
      ...leftOut(pattern, time_zone, from, to),
    ],
    from: from.epochMilliseconds,
    to: to.epochMilliseconds,
    slot_minutes: pattern.slot_minutes,
    step_minutes: pattern.slot_minutes + (pattern.break_minutes ?? 0),
    now: now.epochMilliseconds,
  })
  if (slots.length > MOST_SLOTS) {
    const message = `must not be so far from "from": that makes ${slots.length} slots, and ${MOST_SLOTS} are the most at once`
    throw new InvalidInput([{ field: 'to', message }])
  }
  const { capacity, kind } = pattern
  return slots.map(({ start, end }) => ({ starts_at: instant(start), ends_at: instant(end), capacity, kind }))
}

/** Windows on the days of a pattern, read on the wall clock. */
function openOn({ weekdays, exclude_dates = [] }: Pattern, time_zone: string, windows: Window[]) {
  return {
    time_zone,
    weekly: weekdays.flatMap((weekday) => windows.map(({ opens, closes }) => ({ weekday, opens, closes }))),
    dated: exclude_dates.map((date) => ({ date, windows: [] })),
  }
}

function leftOut(pattern: Pattern, time_zone: string, from: Temporal.Instant, to: Temporal.Instant) {
  const windows = [...(pattern.exclude ?? []), ...(pattern.lunch ? [pattern.lunch] : [])]
  return openWindows(
    openOn(pattern, time_zone, windows),
    from.epochMilliseconds,
    to.epochMilliseconds + 2 * DAY,
  )
}

function requireSensible({ from, to, opens, closes, lunch, exclude = [] }: Pattern): void {
  const days = Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days
  if (days < 0) throw new InvalidInput([{ field: 'to', message: 'must not be before from' }])
  if (days >= MOST_DAYS) {
    throw new InvalidInput([{ field: 'to', message: `must be within ${MOST_DAYS} days of from` }])
  }
  requireOrder('closes', { opens, closes })
  if (lunch) requireOrder('lunch.closes', lunch)
  exclude.forEach((window, at) => requireOrder(`exclude.${at}.closes`, window))
}

function requireOrder(field: string, { opens, closes }: Window): void {
  if (opens === '24:00' || closes <= opens)
    throw new InvalidInput([{ field, message: 'must be after opens' }])
}

function midnight(date: string, time_zone: string, days_after = 0): Temporal.Instant {
  return Temporal.PlainDate.from(date).add({ days: days_after }).toZonedDateTime(time_zone).toInstant()
}

function stretch(starts_at: Temporal.Instant, ends_at: Temporal.Instant) {
  return { start: starts_at.epochMilliseconds, end: ends_at.epochMilliseconds }
}

const instant = (milliseconds: number) => Temporal.Instant.fromEpochMilliseconds(milliseconds)
