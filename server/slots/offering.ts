import { keepBreaks } from '../../engine/breaks.ts'
import type { Hours } from '../../engine/hours.ts'
import type { Interval } from '../../engine/intervals.ts'
import { withBuffers } from '../../engine/rules.ts'
import { findSlots } from '../../engine/slots.ts'
import { dateAt } from '../../engine/wallclock.ts'
import { onTheClock, openFrom } from './grid.ts'
import type { Offer } from './offer.ts'
import type { PublishedSlot, SlotWithSeats } from './published.ts'
import type { Busy, Stretch } from './reservations.ts'
import { resourcesFor } from './resources.ts'
import { breakRule } from './reasons.ts'

/** A time that can be booked now: epoch milliseconds. Of a published slot, its id and the seats that are left. */
export interface FreeSlot extends Interval {
  provider_id: string
  slot_id?: string
  seats_left?: number
}

const DAY = 24 * 3600 * 1000

/** What stands in the way of a provider's slots. */
export interface Plans {
  busy: Busy[]
  away: Interval[]
  /** Also of the resources, by party. */
  ofEverybody: Map<string, Busy[]>
  published: SlotWithSeats[]
}

/** The free times of one offer, by start: those that hours give, and those that were published. */
export function slotsOf(
  offer: Offer,
  hours: Hours,
  plans: Plans,
  between: Stretch,
  now: Temporal.Instant,
): FreeSlot[] {
  const isComputed = !offer.organization.rules.published_slots_only
  const computed = isComputed ? computedSlots(offer, hours, plans, between, now) : []
  const slots = withoutDaysOf(offer, plans.published, computed)
  const published = publishedSlots(offer, plans, between, now)
  if (published.length === 0) return withBreaks(offer, slots, plans.busy)
  const all = [...slots, ...published].toSorted((one, other) => one.start - other.start)
  return withBreaks(offer, all, plans.busy)
}

/** What is left where a day with published slots has no others. */
function withoutDaysOf(
  { organization, time_zone }: Offer,
  published: SlotWithSeats[],
  slots: FreeSlot[],
): FreeSlot[] {
  if (!organization.rules.slots_close_their_day || published.length === 0) return slots
  const dateOf = ({ start }: { start: number }) => dateAt(time_zone, start)
  const days = new Set(published.map((slot) => dateOf(millisecondsOf(slot))))
  return slots.filter((slot) => !days.has(dateOf(slot)))
}

/** Slots on the grid of the hours, where nothing is in the way. */
function computedSlots(
  offer: Offer,
  hours: Hours,
  { busy, away, ofEverybody, published }: Plans,
  between: Stretch,
  now: Temporal.Instant,
): FreeSlot[] {
  const from = between.start.epochMilliseconds
  const to = between.end.epochMilliseconds
  const setAside = published.map(millisecondsOf)
  const slots = findSlots({
    ...queryOf(offer, between, now),
    ...aligned(offer, hours, from, to),
    busy: [...busy, ...away, ...setAside],
    slot_minutes: offer.minutes,
    step_minutes: offer.step_minutes,
  })
  const haveResources = resourcesFor(offer, ofEverybody)
  return slots
    .filter((slot) => haveResources(withBuffers(slot, offer)))
    .map(({ start, end }) => ({ provider_id: offer.provider_id, start, end }))
}

/** Hours whose windows begin where the grid that the rules ask for has its lines. */
function aligned(
  { organization, step_minutes, anchor }: Offer,
  hours: Hours,
  from: number,
  to: number,
): Hours {
  const { grid } = organization.rules
  if (grid === 'clock') return onTheClock(hours, step_minutes, from - 2 * DAY, to + 2 * DAY)
  return grid === 'none' && anchor !== undefined ? openFrom(hours, anchor, to + 2 * DAY) : hours
}

/** Published slots are on no grid and need no hours: they are offered as they are, unless somebody is busy or away. */
function publishedSlots(
  offer: Offer,
  { busy, away, ofEverybody, published }: Plans,
  between: Stretch,
  now: Temporal.Instant,
): FreeSlot[] {
  const haveResources = resourcesFor(offer, ofEverybody)
  return published
    .filter((slot) => isFor(slot, offer) && slot.seats_taken < slot.capacity)
    .filter((slot) => haveResources(withBuffers(millisecondsOf(slot), offer), slot.id))
    .flatMap((slot) => {
      const stretch = millisecondsOf(slot)
      const others = busy.filter(({ session_id }) => session_id !== slot.id)
      const found = findSlots({
        ...queryOf(offer, between, now),
        time_zone: offer.time_zone,
        weekly: [],
        dated: [],
        open: [stretch],
        busy: [...others, ...away],
        slot_minutes: (stretch.end - stretch.start) / 60_000,
      })
      const seats_left = slot.capacity - slot.seats_taken
      return found.map(({ start, end }) => ({
        provider_id: offer.provider_id,
        start,
        end,
        slot_id: slot.id,
        seats_left,
      }))
    })
}

/** Whether a published slot is open for what is asked; it may be full. */
export function isFor(slot: PublishedSlot, offer: Offer): boolean {
  const { start, end } = millisecondsOf(slot)
  const isOfService =
    slot.service_id === null || slot.service_id === offer.service_id || offer.service_id === null
  const isHere = slot.location_id === null || slot.location_id === offer.location_id
  const isLongEnough =
    offer.service_id === null || slot.service_id !== null || end - start >= offer.minutes * 60_000
  return isOfService && isHere && isLongEnough && !slot.is_blocked
}

function withBreaks(offer: Offer, slots: FreeSlot[], busy: Busy[]): FreeSlot[] {
  const rule = breakRule(offer.organization.rules)
  if (!rule) return slots
  // A room that is taken is no appointment of the provider's.
  const own = busy.filter(({ party_id }) => party_id === offer.provider_id)
  return keepBreaks(slots, own, rule, offer) as FreeSlot[]
}

function queryOf(offer: Offer, between: Stretch, now: Temporal.Instant) {
  const { notice_minutes, horizon_minutes } = offer.organization.rules
  return {
    from: between.start.epochMilliseconds,
    to: between.end.epochMilliseconds,
    buffer_before_minutes: offer.buffer_before_minutes,
    buffer_after_minutes: offer.buffer_after_minutes,
    now: now.epochMilliseconds,
    notice_minutes,
    horizon_minutes: horizon_minutes ?? undefined,
  }
}

export function millisecondsOf({
  starts_at,
  ends_at,
}: {
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
}) {
  return { start: starts_at.epochMilliseconds, end: ends_at.epochMilliseconds }
}
