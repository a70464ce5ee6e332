import { findAppointment } from '../appointments/appointments.ts'
import { listAppointments, readAppointment, type ShownAppointment } from '../appointments/list.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { readOrganization } from '../organizations/organizations.ts'
import type { Actor } from '../permissions.ts'
import { InvalidInput, Refusal } from '../refusal.ts'
import { type Entry, toICalendar } from './ical.ts'

const HOURS_BACK = 30 * 24
const HOURS_AHEAD = 365 * 24
const MOST = 10_000

export interface CalendarWanted {
  from?: Temporal.Instant
  to?: Temporal.Instant
  provider_id?: string
  location_id?: string
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
  return write(db, actor, found.items)
}

/** One appointment, for a calendar to take in. */
export async function calendarOfOne(db: Database | Transaction, actor: Actor, id: string): Promise<string> {
  const { organization_id } = await findAppointment(db, actor, id)
  return write(db, actor, [await readAppointment(db, organization_id, id)])
}

/** The same person without what they may as the desk or an administrator: what is left is their own. */
export function asThemself(actor: Actor): Actor {
  const roles = actor.roles.filter((role) => role === 'provider' || role === 'client')
  return { ...actor, roles, location_ids: [] }
}

async function write(
  db: Database | Transaction,
  { organization_id, person_id }: Actor,
  appointments: ShownAppointment[],
): Promise<string> {
  const organization = await readOrganization(db, organization_id)
  const locations = await locationsOf(db, organization_id, appointments)
  const entries = appointments.map((appointment): Entry => {
    return { appointment, location: locations.get(appointment.location_id) ?? null }
  })
  return toICalendar(entries, organization, person_id)
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
