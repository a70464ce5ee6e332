import { whatChanges } from '../server/appointments/history.ts'
import { steps } from '../server/appointments/states.ts'
import type { Row, Tables } from '../server/database/tables.ts'
import { newId } from '../server/ids.ts'
import { insertInto, type Written } from '../server/importing/writing.ts'
import type { Fate, Wish } from './living.ts'
import { fateOf, momentsBefore, whoCancels } from './living.ts'
import { planVisits, type Season, type Visit } from './planning.ts'
import type { Somebody, Stage } from './stage.ts'

const UNDECIDED = 0.35
const CONFIRMED = 0.6

/** What is to be written, by table. */
type Chronicle = { [T in 'appointments' | 'appointment_events' | 'events' | 'reservations']: Written<T>[] }

type Step = 'booked' | 'confirm' | 'cancel' | 'complete' | 'no_show'
interface Entry {
  action: Step
  by: string
  at: Temporal.Instant
  reason?: string
}

/**
 * Writes hundreds of appointments in a few statements, where `live` takes a while: just what the verbs would have
 * written, with the histories that led there. Months of a calendar come from here.
 */
export async function chronicle(
  stage: Stage,
  season: Season,
  wishOf: (visit: Visit) => Wish = () => ({}),
): Promise<void> {
  const rows: Chronicle = { appointments: [], appointment_events: [], events: [], reservations: [] }
  const missed = new Map<Somebody, number>()
  for (const visit of await planVisits(stage, season)) {
    tell(stage, rows, visit, entriesOf(stage, visit, fateOf(stage, visit, missed)), wishOf(visit))
  }
  for (const table of Object.keys(rows) as (keyof Chronicle)[]) await write(stage, table, rows[table])
  for (const [{ id }, count] of missed) {
    await stage.trx
      .updateTable('clients')
      .set(({ eb }) => ({ no_show_count: eb('no_show_count', '+', count) }))
      .where('organization_id', '=', stage.organization.id)
      .where('id', '=', id)
      .execute()
  }
}

async function write<T extends keyof Tables>({ trx }: Stage, table: T, rows: Written<T>[]): Promise<void> {
  if (rows.length > 0) await insertInto(table, rows).execute(trx)
}

/** The life of an appointment, up to now. */
function entriesOf(stage: Stage, visit: Visit, fate: Fate): Entry[] {
  const { random, now } = stage
  const { client, practice, start, end } = visit
  const { booked, settled } = momentsBefore(stage, visit)
  const entries: Entry[] = [{ action: 'booked', by: client.actor.person_id, at: booked }]
  if (fate === 'is cancelled') {
    const [by, reason] = whoCancels(random, visit)
    return [...entries, { action: 'cancel', by: by.person_id, at: settled, reason }]
  }
  const isAhead = Temporal.Instant.compare(now, start) < 0
  if (random.chance(isAhead ? 1 - UNDECIDED : CONFIRMED)) {
    entries.push({ action: 'confirm', by: client.actor.person_id, at: settled })
  }
  if (Temporal.Instant.compare(now, end) < 0) return entries
  const action = fate === 'is missed' ? ('no_show' as const) : ('complete' as const)
  return [...entries, { action, by: practice.provider.actor.person_id, at: end }]
}

/** Adds an appointment as its entries leave it, each entry, and the event of each, which counts as told. */
function tell(stage: Stage, rows: Chronicle, visit: Visit, entries: Entry[], wish: Wish): void {
  const { organization, now } = stage
  const organization_id = organization.id
  const [first, last] = [entries[0]!, entries.at(-1)!]
  const appointment = { ...asBooked(stage, visit, wish), updated_at: last.at }
  let before: typeof appointment | null = null
  for (const { action, by, at, reason = null } of entries) {
    if (action !== 'booked') appointment.state = steps[action].to
    if (action === 'cancel') Object.assign(appointment, { state_reason: reason, sequence: 1 })
    const [history_id, appointment_id] = [newId(), appointment.id]
    const entry = { organization_id, appointment_id, id: history_id, action, actor_id: by, reason }
    const told = action === 'booked' ? ('appointment.booked' as const) : steps[action].told
    const changes = { before: before && whatChanges(before), after: whatChanges(appointment) }
    rows.appointment_events.push({ ...entry, ...changes, happened_at: at })
    const event = { organization_id, id: newId(), kind: told, data: { appointment_id, history_id } }
    rows.events.push({ ...event, created_at: at, relayed_at: now })
    before = { ...appointment }
  }
  rows.appointments.push({ ...appointment, created_at: first.at })
  if (isToCome(appointment, now)) rows.reservations.push(...reservationsOf(appointment))
}

function asBooked({ organization, location }: Stage, visit: Visit, wish: Wish): Row<'appointments'> {
  const { practice, service, client, start, end } = visit
  const id = newId()
  return {
    organization_id: organization.id,
    id,
    provider_id: practice.provider.id,
    client_id: client.id,
    service_id: service.id,
    location_id: practice.location_id ?? location.id,
    dependent_id: wish.dependent_id ?? null,
    slot_id: null,
    series_id: null,
    session_id: id,
    starts_at: start,
    ends_at: end,
    buffer_before_minutes: service.buffer_before_minutes,
    buffer_after_minutes: service.buffer_after_minutes,
    state: 'pending',
    pending_reason: null,
    state_reason: null,
    notes: wish.notes ?? null,
    price: service.price,
    charged: null,
    details: wish.details ?? {},
    booked_by: client.actor.person_id,
    sequence: 0,
    created_at: start,
    updated_at: start,
  }
}

function isToCome({ state, ends_at }: Row<'appointments'>, now: Temporal.Instant): boolean {
  return ['pending', 'confirmed'].includes(state) && Temporal.Instant.compare(ends_at, now) > 0
}

/** The plan has seen to it that nobody is busy then; should it be wrong, the constraint says so. */
function reservationsOf(appointment: Row<'appointments'>): Written<'reservations'>[] {
  const { organization_id, id, provider_id, client_id, starts_at, ends_at } = appointment
  const around = {
    start: starts_at.subtract({ minutes: appointment.buffer_before_minutes }),
    end: ends_at.add({ minutes: appointment.buffer_after_minutes }),
  }
  const own = { organization_id, session_id: id, appointment_id: id }
  return [
    { ...own, party_id: provider_id, during: `[${around.start},${around.end})` },
    { ...own, party_id: client_id, during: `[${starts_at},${ends_at})` },
  ]
}
