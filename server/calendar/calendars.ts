import { sql } from 'kysely'
import { findAppointment } from '../appointments/appointments.ts'
import { listAppointments, readAppointment, type ShownAppointment } from '../appointments/list.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { readOrganization } from '../organizations/organizations.ts'
import type { Actor } from '../permissions.ts'
import { InvalidInput, Refusal } from '../refusal.ts'
import { type Attending, type Entry, toICalendar } from './ical.ts'

const HOURS_BACK = 30 * 24
const HOURS_AHEAD = 365 * 24
const MOST = 10_000

export interface CalendarWanted {
  from?: Temporal.Instant
  to?: Temporal.Instant
  provider_id?: string
  location_id?: string
}

/** For whom a calendar is written, and whether it names those concerned with their addresses. */
export interface CalendarStyle {
  /** Who is told of the other one; null: of both. */
  seen_by: string | null
  with_people?: boolean
  /** What stands below the title; the notes unless said. */
  describe?: (appointment: ShownAppointment) => string
}

export class CalendarTooLong extends Refusal {
  readonly code = 'calendar_too_long'
  readonly status = 422

  constructor() {
    super(`These are more than ${MOST} appointments. Ask for a shorter time, with from and to.`)
  }
}

/** A calendar of one's own appointments; of those that one may see, where a provider or a location is named. */
export async function calendarOf(
  db: Database | Transaction,
  actor: Actor,
  wanted: CalendarWanted,
  now: Temporal.Instant,
): Promise<string> {
  const from = wanted.from ?? now.subtract({ hours: HOURS_BACK })
  const to = wanted.to ?? now.add({ hours: HOURS_AHEAD })
  if (Temporal.Instant.compare(from, to) >= 0) {
    throw new InvalidInput([{ field: 'to', message: 'must be after from' }])
  }
  const { provider_id, location_id } = wanted
  const asking = provider_id || location_id ? actor : asThemself(actor)
  const found = await listAppointments(db, asking, { from, to, provider_id, location_id, limit: MOST })
  if (found.next_cursor) throw new CalendarTooLong()
  return writeCalendar(db, actor.organization_id, found.items, { seen_by: actor.person_id })
}

/** One appointment, for a calendar to take in. */
export async function calendarOfOne(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  style: CalendarStyle = { seen_by: actor.person_id },
): Promise<string> {
  const { organization_id } = await findAppointment(db, actor, id)
  return writeCalendar(db, organization_id, [await readAppointment(db, organization_id, id)], style)
}

/** A calendar of everything that the actor may see. Throws CalendarTooLong for more than a calendar should hold. */
export async function calendarOfAll(
  db: Database | Transaction,
  actor: Actor,
  style: CalendarStyle,
  wanted: Pick<CalendarWanted, 'from' | 'to' | 'provider_id'> = {},
): Promise<string> {
  const found = await listAppointments(db, actor, { ...wanted, limit: MOST })
  if (found.next_cursor) throw new CalendarTooLong()
  return writeCalendar(db, actor.organization_id, found.items, style)
}

/** The same person without what they may as the desk or an administrator: what is left is their own. */
export function asThemself(actor: Actor): Actor {
  const roles = actor.roles.filter((role) => role === 'provider' || role === 'client')
  return { ...actor, roles, location_ids: [] }
}

async function writeCalendar(
  db: Database | Transaction,
  organization_id: string,
  appointments: ShownAppointment[],
  { seen_by, with_people, describe }: CalendarStyle,
): Promise<string> {
  const organization = await readOrganization(db, organization_id)
  const locations = await locationsOf(db, organization_id, appointments)
  const people = with_people ? await peopleOf(db, organization_id, appointments) : undefined
  const entries = appointments.map((appointment): Entry => {
    const { location_id, provider_id, client_id } = appointment
    const concerned = people && { provider: people.get(provider_id), client: people.get(client_id) }
    const location = locations.get(location_id) ?? null
    return { appointment, location, description: describe?.(appointment), people: concerned }
  })
  return toICalendar(entries, organization, seen_by)
}

/** Those concerned who have an address. */
async function peopleOf(
  db: Database | Transaction,
  organization_id: string,
  appointments: ShownAppointment[],
): Promise<Map<string, Attending>> {
  const ids = [...new Set(appointments.flatMap(({ provider_id, client_id }) => [provider_id, client_id]))]
  const people = await db
    .selectFrom('people')
    .select(['id', 'name', 'email'])
    .where('organization_id', '=', organization_id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute()
  return new Map(people.flatMap(({ id, name, email }) => (email ? [[id, { name, email }]] : [])))
}

async function locationsOf(
  db: Database | Transaction,
  organization_id: string,
  appointments: ShownAppointment[],
) {
  const ids = [...new Set(appointments.map(({ location_id }) => location_id))].filter((id) => id !== null)
  if (ids.length === 0) return new Map<string | null, never>()
  const locations = await db
    .selectFrom('locations')
    .select(['id', 'name', 'address'])
    .where('organization_id', '=', organization_id)
    .where('id', 'in', ids)
    .execute()
  return new Map(locations.map((location) => [location.id as string | null, location]))
}
