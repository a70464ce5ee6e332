import ical, {
  ICalCalendarMethod,
  type ICalAttendeeScheduleAgent,
  ICalAttendeeStatus,
  type ICalEventData,
  ICalEventStatus,
} from 'ical-generator'
import type { ShownAppointment } from '../appointments/list.ts'
import type { AppointmentState } from '../database/tables.ts'
import type { Organization } from '../organizations/organizations.ts'

/** An appointment and where it is. */
export interface Entry {
  appointment: ShownAppointment
  location: { name: string; address: string | null } | null
  /** In the place of the notes. */
  description?: string
  /** Where a calendar is to name them with their addresses; who has none is left out. */
  people?: { provider?: Attending; client?: Attending }
}

export interface Attending {
  name: string
  email: string
}

const statuses: Record<AppointmentState, ICalEventStatus> = {
  pending: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  arrived: ICalEventStatus.CONFIRMED,
  in_progress: ICalEventStatus.CONFIRMED,
  completed: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
  declined: ICalEventStatus.CANCELLED,
  no_show: ICalEventStatus.CANCELLED,
}

/**
 * Writes appointments as RFC 5545 has it, as one person sees them: `seen_by` is told of the other one; null, of both.
 * Instants stand in UTC, so no calendar needs to know our zones. Nothing of the moment of writing is in it: what has not
 * changed reads the same each time. ORGANIZER and ATTENDEE belong to invitations (§3.8.4.3) and are written only where
 * an entry brings people.
 */
export function toICalendar(
  entries: Entry[],
  organization: Organization,
  seen_by: string | null,
  method?: 'REQUEST' | 'CANCEL',
): string {
  const calendar = ical({
    ...(method && { method: ICalCalendarMethod[method] }),
    name: escaped(organization.name),
    prodId: { company: 'Punctual', product: 'Punctual', language: 'EN' },
  })
  for (const entry of entries) calendar.createEvent(eventOf(entry, organization, seen_by))
  return `${calendar.toString()}\r\n`
}

/** By this a calendar knows an appointment again, whatever has become of it since; it never changes (§3.8.4.7). */
export function uidOf({ id, organization_id }: { id: string; organization_id: string }): string {
  return `${id}@${organization_id}.punctual`
}

function eventOf(
  { appointment, location, people, description }: Entry,
  organization: Organization,
  seen_by: string | null,
): ICalEventData {
  const { starts_at, ends_at, updated_at, sequence, state, notes } = appointment
  return {
    id: uidOf(appointment),
    sequence,
    start: starts_at,
    end: ends_at,
    stamp: updated_at,
    lastModified: updated_at,
    status: statuses[state],
    summary: plain(titleOf(appointment, organization, seen_by)),
    ...(location && {
      location: {
        title: plain(location.name),
        ...(location.address && { address: plain(location.address) }),
      },
    }),
    ...((description ?? notes) && { description: plain(description ?? notes!) }),
    ...(people?.provider && { organizer: cleared(people.provider) }),
    ...(people?.client && { attendees: [attendeeOf(people.client)] }),
  }
}

/** Agreed already, and no calendar server is to send anything about it (RFC 6638 §7.1). */
function attendeeOf(client: Attending) {
  return {
    ...cleared(client),
    status: ICalAttendeeStatus.ACCEPTED,
    rsvp: false,
    // The library gives its word for it as a type only.
    scheduleAgent: 'NONE' as ICalAttendeeScheduleAgent,
  }
}

function cleared({ name, email }: Attending): Attending {
  return { name: plain(name), email: plain(email) }
}

/** What it is, for whom and with whom. Whoever is neither of the two, such as the desk, is told of both. */
function titleOf(appointment: ShownAppointment, { words }: Organization, seen_by: string | null): string {
  const { service_name, provider_id, provider_name, client_id, client_name, dependent_name } = appointment
  const what = service_name ?? words.appointment.one
  const whom = dependent_name ? `${dependent_name} (${client_name})` : client_name
  if (seen_by === client_id) return [`${what} – ${provider_name}`, dependent_name].filter(Boolean).join(', ')
  if (seen_by === provider_id) return `${what} – ${whom}`
  return `${what} – ${whom}, ${provider_name}`
}

/** Without control characters, which iCalendar cannot hold and of which some readers take many for the end of a line. */
function plain(text: string): string {
  return text.replaceAll(/(?![\t\r\n])[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
}

/** As a TEXT (§3.3.11), which the library does for events and leaves to us for the calendar's name. */
function escaped(text: string): string {
  return plain(text)
    .replaceAll(/[\\;,]/g, String.raw`\$&`)
    .replaceAll(/\r\n|\r|\n/g, String.raw`\n`)
}
