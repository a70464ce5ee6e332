import type { Database, Transaction } from '../database/transactions.ts'
import { findLocation } from '../organizations/locations.ts'
import type { Organization } from '../organizations/organizations.ts'
import { type Actor, type Reach, reachOf } from '../permissions.ts'
import { InvalidInput, NotAllowed } from '../refusal.ts'
import { minutesOf, readOffersWithin, readOpening, timeOpen } from '../slots/opening.ts'
import type { Stretch } from '../slots/reservations.ts'
import { count, type CountedRow, type CountsWanted } from './counting.ts'
import { percent, type Tally, tallyOf } from './tallies.ts'

export interface StatisticsWanted extends CountsWanted {
  /** Of the starts, the end left out; the current month unless said. */
  from?: Temporal.Instant
  to?: Temporal.Instant
}

export interface Statistics {
  from: Temporal.Instant
  to: Temporal.Instant
  totals: Tally
  /** Of those who can be booked; null over more than a year. */
  utilisation: { open_minutes: number; booked_minutes: number; rate: number } | null
  groups: ({ key: string | null; label: string | null } & Tally)[]
}

/** 366 days, in which clocks may go back once more than forward. */
const MOST_HOURS_OPEN = 366 * 24 + 1

/** Counts the appointments that the actor has the numbers of. Days and months are the organization's own. */
export async function readStatistics(
  db: Database | Transaction,
  actor: Actor,
  organization: Organization,
  wanted: StatisticsWanted,
  now: Temporal.Instant,
): Promise<Statistics> {
  const reach = reachOf(actor, 'statistics:read')
  if (!reach) throw new NotAllowed()
  if (wanted.location_id) await findLocation(db, organization.id, wanted.location_id)
  const between = rangeOf(wanted, organization, now)
  const rows = await count(db, organization, reach, wanted, between)
  const open_minutes = await readOpenMinutes(db, organization, reach, wanted, between, now)
  const { booked_minutes } = tallyOf(rows.filter(({ is_open }) => is_open))
  const rate = percent(booked_minutes, open_minutes ?? 0)
  return {
    from: between.start,
    to: between.end,
    totals: tallyOf(rows),
    utilisation: open_minutes === null ? null : { open_minutes, booked_minutes, rate },
    groups: wanted.group_by && wanted.group_by !== 'none' ? groupsOf(rows) : [],
  }
}

function rangeOf(
  { from, to }: StatisticsWanted,
  { time_zone }: Organization,
  now: Temporal.Instant,
): Stretch {
  const month = now.toZonedDateTimeISO(time_zone).toPlainDate().toPlainYearMonth()
  const start = from ?? startOf(month, time_zone)
  const end = to ?? startOf(month.add({ months: 1 }), time_zone)
  if (Temporal.Instant.compare(start, end) > 0) {
    throw new InvalidInput([{ field: 'to', message: 'must not be before from' }])
  }
  return { start, end }
}

function startOf(month: Temporal.PlainYearMonth, time_zone: string): Temporal.Instant {
  return month.toPlainDate({ day: 1 }).toZonedDateTime(time_zone).toInstant()
}

function groupsOf(rows: CountedRow[]): Statistics['groups'] {
  const groups = Map.groupBy(rows, ({ key }) => key)
  return [...groups].map(([key, ofGroup]) => ({ key, label: ofGroup[0]!.label, ...tallyOf(ofGroup) }))
}

/** How long those concerned take appointments, less their time off. */
async function readOpenMinutes(
  db: Database | Transaction,
  organization: Organization,
  reach: Reach,
  wanted: StatisticsWanted,
  between: Stretch,
  now: Temporal.Instant,
): Promise<number | null> {
  if (between.end.since(between.start).total('hours') > MOST_HOURS_OPEN) return null
  const offers = await readOffersWithin(db, organization, reach, wanted)
  const opening = await readOpening(db, organization.id, offers, between, now)
  const minutes = offers.map((offer) => minutesOf(timeOpen(offer, opening, between)))
  return Math.round(minutes.reduce((sum, one) => sum + one, 0))
}
