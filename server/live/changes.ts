import { sql } from 'kysely'
import type { AppointmentState } from '../database/tables.ts'
import type { Database } from '../database/transactions.ts'
import type { EventData, EventKind, PunctualEvent } from '../events/events.ts'

type AppointmentKind = Extract<EventKind, `appointment.${string}`>

/** What was done to an appointment: booked, confirmed, cancelled, … */
export type Happened = AppointmentKind extends `appointment.${infer Word}` ? Word : never

/** Ids and times, and no word about anybody: who wants to know more asks the API, with the rights they have there. */
export interface LiveAppointment {
  id: string
  state: AppointmentState
  starts_at: string
  ends_at: string
  provider_id: string
  client_id: string
  location_id: string | null
}

interface Whereabouts {
  provider_id: string | null
  location_id: string | null
}

export interface AppointmentChange {
  organization_id: string
  happened: Happened
  /** As it is now, which may be later than what happened. */
  appointment: LiveAppointment
  /** Where it was, if it has moved to another provider or location. */
  left: Whereabouts | null
}

/** Times of a provider, or of all of a location, became free or were taken; null where any may be concerned. */
export type SlotsChange = Whereabouts & { organization_id: string }

/** What is told of one batch of events; it goes through Redis as it is. */
export interface Changes {
  appointments: AppointmentChange[]
  slots: SlotsChange[]
}

const takesOrFrees = new Set<Happened>([
  'booked',
  'imported',
  'declined',
  'rescheduled',
  'cancelled',
  'corrected',
])

/** What there is to tell of events, looked up once for everybody who is told. */
export async function changesOf(db: Database, events: PunctualEvent[]): Promise<Changes> {
  const appointments = await readChanges(db, events.filter(isOfAppointment))
  const slots = [
    ...appointments.filter(({ happened }) => takesOrFrees.has(happened)).flatMap(timesOf),
    ...events.flatMap(changedHours),
  ]
  // A series takes many times of one provider: that they are others now needs to be said once.
  const distinct = new Map(slots.map((one) => [Object.values(one).join(), one]))
  return { appointments, slots: [...distinct.values()] }
}

function isOfAppointment(event: PunctualEvent): event is PunctualEvent<AppointmentKind> {
  return event.kind.startsWith('appointment.')
}

interface Found extends Omit<LiveAppointment, 'starts_at' | 'ends_at'> {
  organization_id: string
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  history_id: string
  before: Whereabouts | null
}

async function readChanges(
  db: Database,
  events: PunctualEvent<AppointmentKind>[],
): Promise<AppointmentChange[]> {
  if (events.length === 0) return []
  const named = JSON.stringify(events.map(({ organization_id, data }) => ({ organization_id, ...data })))
  const { rows } = await sql<Found>`
    select a.organization_id, a.id, a.state, a.starts_at, a.ends_at, a.provider_id, a.client_id, a.location_id,
      named.history_id, h.before
    from jsonb_to_recordset(${named}::jsonb) as named (organization_id uuid, appointment_id uuid, history_id uuid)
    join appointments a on a.organization_id = named.organization_id and a.id = named.appointment_id
    left join appointment_events h on h.organization_id = named.organization_id
      and h.appointment_id = named.appointment_id and h.id = named.history_id`.execute(db)
  const found = new Map(rows.map((row) => [row.history_id, row]))
  return events.flatMap(({ kind, data }) => {
    const row = found.get(data.history_id)
    return row ? [changeOf(row, kind.slice('appointment.'.length) as Happened)] : []
  })
}

function changeOf(
  { organization_id, history_id: _, before, ...row }: Found,
  happened: Happened,
): AppointmentChange {
  const appointment = { ...row, starts_at: `${row.starts_at}`, ends_at: `${row.ends_at}` }
  const hasLeft = before && (before.provider_id !== row.provider_id || before.location_id !== row.location_id)
  const left = hasLeft ? { provider_id: before.provider_id, location_id: before.location_id } : null
  return { organization_id, happened, appointment, left }
}

function timesOf({ organization_id, appointment, left }: AppointmentChange): SlotsChange[] {
  const { provider_id, location_id } = appointment
  return [{ provider_id, location_id }, ...(left ? [left] : [])].map((where) => ({
    organization_id,
    ...where,
  }))
}

function changedHours({ organization_id, kind, data }: PunctualEvent): SlotsChange[] {
  if (kind === 'slots.changed') {
    const { provider_id } = data as EventData['slots.changed']
    return [{ organization_id, provider_id, location_id: null }]
  }
  if (kind !== 'hours.changed' && kind !== 'time_off.changed') return []
  const { provider_id, location_id } = data as EventData['hours.changed']
  return [{ organization_id, provider_id, location_id }]
}
