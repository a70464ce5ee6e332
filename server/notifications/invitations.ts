import { toICalendar } from '../calendar/ical.ts'
import { hasEnded } from '../appointments/states.ts'
import type { Outgoing } from './channels/channel.ts'
import type { Gathered, Notification } from './gathering.ts'

const invites = new Set(['booked', 'confirmed', 'rescheduled'])
const withdraws = new Set(['cancelled', 'declined'])

/**
 * What puts the appointment into the recipient's calendar, or takes it out again (RFC 5546 §3.2.2, §3.2.5). It says what
 * holds now: of what has ended since there is no invitation, for its withdrawal is on its way.
 */
export function invitationFor(
  { kind, facts }: Notification,
  { appointment, organization, recipient }: Gathered,
  from: string,
): Pick<Outgoing, 'calendar'> {
  if (!appointment || !recipient.email) return {}
  const isOver = hasEnded(appointment.state) || facts.given_away === true
  const method = invites.has(kind) && !isOver ? 'REQUEST' : withdraws.has(kind) && isOver ? 'CANCEL' : null
  if (!method) return {}
  const location = appointment.location_name ? { name: appointment.location_name, address: null } : null
  const people = {
    provider: { name: organization.name, email: from },
    client: { name: recipient.name, email: recipient.email },
  }
  const entry = { appointment, location, people }
  return { calendar: { method, content: toICalendar([entry], organization, recipient.id, method) } }
}
