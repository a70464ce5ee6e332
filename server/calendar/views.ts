import { dateAt } from '../../engine/wallclock.ts'
import { listAppointments, type ShownAppointment } from '../appointments/list.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import type { TimeOff } from '../hours/away.ts'
import { findLocation } from '../organizations/locations.ts'
import type { Organization } from '../organizations/organizations.ts'
import { type Actor, may, type Reach, reachOf } from '../permissions.ts'
import { NotAllowed, Refusal } from '../refusal.ts'
import { slotsOfOffers } from '../slots/free.ts'
import type { Offer } from '../slots/offer.ts'
import type { FreeSlot } from '../slots/offering.ts'
import { type Opening, readOffersWithin, readOpening } from '../slots/opening.ts'
import type { Stretch } from '../slots/reservations.ts'
import { datesOf, type Period, stretchOf } from './dates.ts'
import { type CalendarDay, daysOf, summaryOf, windowsOf } from './days.ts'

interface Filters {
  provider_id?: string
  location_id?: string
  service_id?: string
}

export interface CalendarAsked extends Period, Filters {
  /** false: free times are counted and not listed. */
  slots?: boolean
}

export interface Calendar {
  /** On whose wall clock the dates are: that of the location that is asked for, else of the organization. */
  time_zone: string
  days: CalendarDay[]
  /** The month that is looked at; its summary leaves out the days of its neighbours. */
  month: string | null
  summary: ReturnType<typeof summaryOf>
}

const MOST_APPOINTMENTS = 5_000
const MOST_SLOTS = 20_000
const EVERYBODY: Reach = { everything: true, location_ids: [], own: null }

export class CalendarTooFull extends Refusal {
  readonly code = 'calendar_too_full'
  readonly status = 422

  constructor(what: string) {
    super(`These are more than ${what}. Ask for one provider, for one location or for fewer days.`)
  }
}

/**
 * What is planned on some days, and what is free. The appointments are those that the actor may see; hours and free times
 * are those of whoever is asked for, else a provider's own, those of the desk's locations, and everybody's for a client.
 */
export async function readCalendar(
  db: Database | Transaction,
  actor: Actor,
  organization: Organization,
  wanted: CalendarAsked,
  now: Temporal.Instant,
): Promise<Calendar> {
  const { provider_id, location_id, service_id } = wanted
  const filters = { provider_id, location_id, service_id }
  const place = location_id ? await findLocation(db, organization.id, location_id) : null
  const time_zone = place?.time_zone ?? organization.time_zone
  const { dates, month } = datesOf(wanted, dateAt(time_zone, now.epochMilliseconds))
  const between = stretchOf(time_zone, dates)
  const offers = await readOffersWithin(db, organization, plansWithin(actor, provider_id), filters)
  const opening = await readOpening(db, organization.id, offers, between, now)
  const seen = { ...opening, off: opening.off.flatMap((off) => seenBy(actor, off)) }
  const slots = await readFree(db, actor, organization, offers, between, opening, now)
  if (wanted.slots !== false) requireFew(slots)
  const days = daysOf(time_zone, dates, {
    appointments: await readPlanned(db, actor, filters, between),
    windows: reachOf(actor, 'hours:read') ? windowsOf(offers, seen, dates) : [],
    slots,
    off: seen.off,
  })
  const ofMonth = days.filter(({ date }) => month === null || date.startsWith(month))
  return { time_zone, days, month, summary: summaryOf(ofMonth) }
}

/** Whoever has no plans of their own looks for somebody to choose. */
function plansWithin(actor: Actor, provider_id: string | undefined): Reach {
  const reach = reachOf(actor, 'appointments:read')
  if (!reach) throw new NotAllowed()
  const hasPlans = reach.location_ids.length > 0 || reach.own?.as.includes('provider')
  return hasPlans && !provider_id ? reach : EVERYBODY
}

/** That a place is closed is for all to see, that somebody is away for the staff, and why for those who may read it. */
function seenBy(actor: Actor, off: TimeOff): TimeOff[] {
  if (may(actor, 'time_off:read', off)) return [off]
  const isForStaff = off.provider_id !== null
  return isForStaff && !reachOf(actor, 'time_off:read') ? [] : [{ ...off, reason: null }]
}

function requireFew(slots: FreeSlot[]): void {
  if (slots.length > MOST_SLOTS) throw new CalendarTooFull(`${MOST_SLOTS} free times`)
}

async function readPlanned(
  db: Database | Transaction,
  actor: Actor,
  filters: Filters,
  { start, end }: Stretch,
): Promise<ShownAppointment[]> {
  const wanted = { ...filters, from: start, to: end, limit: MOST_APPOINTMENTS }
  const found = await listAppointments(db, actor, wanted)
  if (found.next_cursor) throw new CalendarTooFull(`${MOST_APPOINTMENTS} appointments`)
  return found.items
}

/** An API key that is not for free times shows none. */
async function readFree(
  db: Database | Transaction,
  actor: Actor,
  organization: Organization,
  offers: Offer[],
  between: Stretch,
  opening: Opening,
  now: Temporal.Instant,
) {
  if (!reachOf(actor, 'slots:read')) return []
  return slotsOfOffers(db, organization, offers, between, now, opening)
}
