import { sql } from 'kysely'
import { openWindows } from '../../engine/windows.ts'
import type { Hours } from '../../engine/hours.ts'
import type { Rules } from '../../presets/preset.ts'
import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'

export type HoursRow = Row<'hours'>
const DAY = 86_400_000
/** That of the location's own hours. */
const LAST_RANK = 3

/**
 * The hours that count for a provider at a location, as the engine takes them. They belong to the provider at this
 * location, else to the provider, else to the location: weekly hours are those of the first that has any, and so are a
 * date's own. A date on which the location is closed is closed for all. Where the rules need no hours, whoever has no
 * week is open around the clock.
 */
export function timetableFor(
  rows: HoursRow[],
  who: { provider_id: string; location_id: string | null; time_zone: string },
  rules: Pick<Rules, 'dated_hours' | 'hours_needed'>,
): Hours {
  const ranked = rows
    .map((row) => ({ row, rank: rankOf(row, who) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((one, other) => one.rank - other.rank)
  const ofFirst = (among: typeof ranked) =>
    among.filter(({ rank }) => rank === among[0]!.rank).map(({ row }) => row)

  const weekly = ranked.filter(({ row }) => row.weekday !== null)
  const byDate = Map.groupBy(
    ranked.filter(({ row }) => row.date !== null),
    ({ row }) => row.date!,
  )
  const dated = [...byDate].map(([date, ofDate]) => {
    // Where the location is closed, nobody's own hours open it.
    if (ofDate.some(({ row, rank }) => rank === LAST_RANK && !hasTimes(row))) {
      return { date, windows: [], isClosed: true }
    }
    const windows = ofFirst(ofDate)
    return { date, windows: windows.filter(hasTimes), isClosed: windows.some((window) => !hasTimes(window)) }
  })
  const { time_zone } = who
  const isAlwaysOpen = weekly.length === 0 && !rules.hours_needed
  const week = isAlwaysOpen ? aroundTheClock : weekOf(weekly.length > 0 ? ofFirst(weekly) : [])
  const hours = { time_zone, weekly: week }
  if (rules.dated_hours === 'replace') return { ...hours, dated }

  // Hours that add to the weekly ones: a date is only taken out of the week where it is marked as closed.
  const added = dated.filter((day) => !day.isClosed)
  return {
    ...hours,
    dated: dated.filter((day) => day.isClosed),
    open: added.flatMap((day) => openOn(day, time_zone)),
  }
}

/** The rows that may matter between two instants for these providers, and for these locations. */
export async function readHours(
  db: Database | Transaction,
  organization_id: string,
  of: { provider_ids: string[]; location_ids: string[] },
  between: { start: Temporal.Instant; end: Temporal.Instant },
): Promise<HoursRow[]> {
  // Two days on either side: a window may open the day before, in any zone.
  const first = dateOf(between.start.epochMilliseconds - 2 * DAY)
  const last = dateOf(between.end.epochMilliseconds + 2 * DAY)
  return db
    .selectFrom('hours')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where(
      sql<boolean>`(provider_id = any(${of.provider_ids}::uuid[])
        or (provider_id is null and location_id = any(${of.location_ids}::uuid[])))`,
    )
    .where(sql<boolean>`(weekday is not null or date between ${first} and ${last})`)
    .execute()
}

function rankOf(
  row: HoursRow,
  { provider_id, location_id }: { provider_id: string; location_id: string | null },
) {
  const isProviders = row.provider_id === provider_id
  if (isProviders && row.location_id !== null) return row.location_id === location_id ? 1 : 0
  if (isProviders) return 2
  return row.provider_id === null && row.location_id === location_id ? LAST_RANK : 0
}

const aroundTheClock = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))

function weekOf(rows: HoursRow[]) {
  return rows.filter(hasTimes).map((row) => ({ ...row, weekday: row.weekday! }))
}

function hasTimes(row: HoursRow): row is HoursRow & { opens: string; closes: string } {
  return row.opens !== null
}

function openOn(
  { date, windows }: { date: string; windows: { opens: string; closes: string }[] },
  time_zone: string,
) {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  return openWindows(
    { time_zone, weekly: [], dated: [{ date, windows }] },
    midnight - 2 * DAY,
    midnight + 4 * DAY,
  )
}

function dateOf(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().slice(0, 10)
}
