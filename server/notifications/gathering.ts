import type { Row } from '../database/tables.ts'
import type { Database } from '../database/transactions.ts'
import type { HistoryEntry } from '../appointments/history.ts'
import { listAppointments, readAppointment, type ShownAppointment } from '../appointments/list.ts'
import type { Organization } from '../organizations/organizations.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { codeOf } from './codes.ts'
import { dayOf } from './daily.ts'
import { readRecipient, type Recipient } from './recipients.ts'
import type { AppointmentFacts, Facts } from './templates/facts.ts'
import { type Wording, wordingFor } from './wording.ts'

export type Notification = Row<'notifications'>

/** Everything about a message, as the world is now. */
export interface Gathered {
  organization: Organization
  recipient: Recipient
  /** The zone of the place, where quiet hours and days are counted. */
  time_zone: string
  appointment?: ShownAppointment
  /** What was done to it, where the message says so. */
  entry?: HistoryEntry
  facts: Facts
}

type Place = Row<'locations'>

export async function gather(db: Database, notification: Notification): Promise<Gathered> {
  const { organization_id, recipient_id, appointment_id } = notification
  const organization = await readOrganization(db, organization_id)
  const recipient = await readRecipient(db, organization, recipient_id)
  const common = {
    organization: { name: organization.name },
    recipient: { name: recipient.name },
    words: wordsOf(organization),
  }
  const plain = { organization, recipient, time_zone: organization.time_zone, facts: common }
  if (notification.kind === 'summary') return { ...plain, facts: await summary(db, notification, plain) }
  if (!appointment_id) return plain

  const appointment = await readAppointment(db, organization_id, appointment_id)
  const entry = seenBy(notification, await entryOf(db, notification))
  const hadIt = notification.facts.given_away ? recipient.name : null
  const place = await placeOf(db, appointment)
  const time_zone = place?.time_zone ?? organization.time_zone
  const wording = wordingFor(recipient, time_zone)
  const about = { organization, place, wording, time_zone }
  return {
    ...plain,
    time_zone,
    appointment,
    entry,
    facts: {
      ...common,
      appointment: factsOf(entry ? asItWas(appointment, entry, hadIt) : appointment, about),
      ...(entry && (await changeOf(db, entry, notification, appointment, organization, wording))),
    },
  }
}

/** What is agreed for a day, as it is now. */
async function summary(
  db: Database,
  { organization_id, recipient_id, facts }: Notification,
  { organization, recipient, facts: common }: Pick<Gathered, 'organization' | 'recipient' | 'facts'>,
): Promise<Facts> {
  const { time_zone } = organization
  const date = Temporal.PlainDate.from(String(facts.date))
  const { start: from, end: to } = dayOf(date, time_zone)
  const actor = { organization_id, person_id: recipient_id, session_id: '', location_ids: [] }
  const wanted = { from, to, states: ['confirmed' as const], provider_id: recipient_id, limit: 200 }
  const { items } = await listAppointments(db, { ...actor, roles: ['provider'] }, wanted)
  const wording = wordingFor(recipient, time_zone)
  const about = { organization, place: undefined, wording, time_zone }
  const appointments = items.map((appointment) => factsOf(appointment, about))
  return { ...common, day: wording.day(date), appointments }
}

function wordsOf({ words }: Organization): Facts['words'] {
  const { appointment, provider, client, location } = words
  return {
    appointment: appointment.one,
    provider: provider.one,
    client: client.one,
    location: location.one,
  }
}

/** The entry of the history that is the cause; a reminder, or what is sent by hand, has none. */
async function entryOf(
  db: Database,
  { organization_id, appointment_id, facts, cause }: Notification,
): Promise<HistoryEntry | undefined> {
  const id = (facts.history_id as string | undefined) ?? cause
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined
  return db
    .selectFrom('appointment_events')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('appointment_id', '=', appointment_id)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Whoever had an appointment that was given to somebody else is told of how it was, not where it went. */
function seenBy({ facts }: Notification, entry: HistoryEntry | undefined): HistoryEntry | undefined {
  return entry?.before && facts.given_away ? { ...entry, after: entry.before, before: null } : entry
}

/** As it stood when that was done: what has become of it since is told by messages of its own. */
function asItWas(
  appointment: ShownAppointment,
  { after }: HistoryEntry,
  provider: string | null,
): ShownAppointment {
  const { starts_at, ends_at, state } = after as Record<'starts_at' | 'ends_at', string> &
    Pick<ShownAppointment, 'state'>
  const [start, end] = [Temporal.Instant.from(starts_at), Temporal.Instant.from(ends_at)]
  const provider_name = provider ?? appointment.provider_name
  return { ...appointment, state, starts_at: start, ends_at: end, provider_name }
}

async function placeOf(db: Database, { organization_id, location_id }: ShownAppointment) {
  if (!location_id) return undefined
  return db
    .selectFrom('locations')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('id', '=', location_id)
    .executeTakeFirst()
}

interface About {
  organization: Organization
  place: Place | undefined
  wording: Wording
  time_zone: string
}

export function factsOf(
  appointment: ShownAppointment,
  { organization, place, wording, time_zone }: About,
): AppointmentFacts {
  const { starts_at, ends_at, state, provider_name, client_name, details } = appointment
  const { dependent_name, service_name, location_name, notes } = appointment
  const { rules } = organization
  const shown = organization.fields.appointment.filter(({ visible_to }) => !visible_to)
  return {
    code: codeOf(appointment.id),
    date: wording.date(starts_at),
    time: wording.time(starts_at),
    ends: wording.time(ends_at),
    ...(wording.time_zone !== time_zone && { zone: wording.time_zone }),
    state,
    is_pending: state === 'pending',
    client_confirms: ['client', 'either'].includes(rules.confirm_by),
    provider: provider_name,
    client: client_name,
    ...(rules.come_early_minutes > 0 && { arrive_minutes_early: rules.come_early_minutes }),
    ...(dependent_name && { dependent: dependent_name }),
    ...(service_name && { service: service_name }),
    ...(location_name && { location: location_name }),
    ...(place?.address && { address: place.address }),
    ...(notes && { notes }),
    details: shown.flatMap(({ name, label }) => {
      const value = (details as Record<string, unknown>)[name]
      return value === undefined || value === null || value === '' ? [] : [{ label, value: saidOf(value) }]
    }),
  }
}

function saidOf(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value).replaceAll('_', ' ')
}

/** Who did it, why, and how it was before. */
async function changeOf(
  db: Database,
  { actor_id, reason, before }: HistoryEntry,
  { recipient_id }: Notification,
  appointment: ShownAppointment,
  organization: Organization,
  wording: Wording,
): Promise<Pick<Facts, 'by' | 'reason' | 'before'>> {
  const past = before as { starts_at: string; provider_id: string } | null
  const names = await namesOf(db, organization.id, [actor_id, past?.provider_id ?? null])
  const start = past && Temporal.Instant.from(past.starts_at)
  return {
    ...(actor_id && { by: { name: names.get(actor_id) ?? '', is_recipient: actor_id === recipient_id } }),
    ...(reason && { reason }),
    ...(start && {
      before: {
        date: wording.date(start),
        time: wording.time(start),
        provider: names.get(past.provider_id) ?? appointment.provider_name,
      },
    }),
  }
}

async function namesOf(db: Database, organization_id: string, ids: (string | null)[]) {
  const known = ids.filter((id) => id !== null)
  if (known.length === 0) return new Map<string, string>()
  const rows = await db
    .selectFrom('people')
    .select(['id', 'name'])
    .where('organization_id', '=', organization_id)
    .where('id', 'in', known)
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
