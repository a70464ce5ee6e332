import { record } from '../events/events.ts'
import { requireWindow } from '../hours/windows.ts'
import { newId } from '../ids.ts'
import { findLocation, findNamed, type Importing } from './progress.ts'
import type { SourceFile } from './parsing.ts'
import { optional, readRows } from './reading.ts'
import * as values from './values.ts'

const columns = {
  provider: optional(values.email),
  location: optional(values.name),
  weekday: optional(values.weekday),
  date: optional(values.date),
  opens: optional(values.timeOfDay),
  closes: optional(values.timeOfDay),
}

interface Window {
  provider_id: string | null
  location_id: string | null
  weekday: number | null
  date: string | null
  opens: string | null
  closes: string | null
}

/** Windows in which providers, or whole locations, take appointments: in addition to those that are there. */
export async function takeHours(importing: Importing, file: SourceFile): Promise<number> {
  const { trx, organization, problems, rows, now } = importing
  const there = new Set((await readWindows(importing)).map(keyOf))
  const owners = new Map<string, Pick<Window, 'provider_id' | 'location_id'>>()
  const found = readRows(file, columns, [], problems)
  for (const row of found) {
    const before = problems.count
    const { weekday = null, date = null, opens = null, closes = null } = row.values
    const provider = findNamed(importing, row, 'provider', { as: 'provider', by: row.values.provider })
    const location = findLocation(importing, row, 'location', row.values.location)
    if (!row.is_sound || problems.count > before) continue
    const owner = { provider_id: provider?.id ?? null, location_id: location?.id ?? null }
    const window = { ...owner, weekday, date, opens, closes }
    try {
      requireWindow(window)
    } catch (error) {
      problems.addRefusal(row, error)
    }
    if (!provider && !location) problems.add(row, 'provider', 'is missing: name one, or a location, or both')
    if (there.has(keyOf(window))) problems.add(row, undefined, 'is there already: the same hours')
    there.add(keyOf(window))
    if (problems.count > before) continue
    owners.set(JSON.stringify(owner), owner)
    rows.hours.push({ organization_id: organization.id, id: newId(), ...window, created_at: now })
  }
  for (const owner of owners.values()) await record(trx, organization.id, 'hours.changed', owner, now)
  return found.length
}

function readWindows({ trx, organization }: Importing): Promise<Window[]> {
  return trx
    .selectFrom('hours')
    .select(['provider_id', 'location_id', 'weekday', 'date', 'opens', 'closes'])
    .where('organization_id', '=', organization.id)
    .execute()
}

function keyOf({ provider_id, location_id, weekday, date, opens, closes }: Window): string {
  return [provider_id, location_id, weekday, date, opens, closes].join()
}
