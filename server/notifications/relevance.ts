import type { Gathered, Notification } from './gathering.ts'
import { accountKinds } from './kinds.ts'
import { causeOfReminder } from './reminders.ts'

/** Why a message is not to be sent any more, as the world is now; null where it is. */
export function whyNotAnyMore(
  notification: Notification,
  gathered: Gathered,
  now: Temporal.Instant,
): string | null {
  const { kind } = notification
  if (accountKinds.some((known) => known === kind)) return null
  if (kind === 'reminder') return whyNoReminder(notification, gathered, now)
  if (kind === 'no_show' && gathered.appointment?.state !== 'no_show') return 'It was corrected since.'
  if (kind === 'summary' && !gathered.facts.appointments?.length) return 'Nothing is left of that day.'
  return null
}

/** Never after it has ended or begun, never for a time that it was moved from. */
function whyNoReminder(
  { cause, facts, asked_by }: Notification,
  { appointment, organization }: Gathered,
  now: Temporal.Instant,
): string | null {
  if (!appointment) return 'There is no appointment.'
  const { state, starts_at } = appointment
  const states: string[] = asked_by ? ['pending', 'confirmed'] : organization.rules.reminded_states
  if (!states.includes(state)) return `The appointment is ${state.replace('_', ' ')}.`
  if (Temporal.Instant.compare(starts_at, now) <= 0) return 'The appointment has begun.'
  const isForThisTime = asked_by || cause === causeOfReminder(starts_at, Number(facts.minutes_before))
  return isForThisTime ? null : 'The appointment was moved.'
}
