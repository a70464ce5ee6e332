import type { Outgoing } from './channels/channel.ts'
import { type Composer, compose } from './composing.ts'
import type { Gathered, Notification } from './gathering.ts'
import { addressOf, quietUntil } from './recipients.ts'
import { whyNotAnyMore } from './relevance.ts'

export interface Deciding {
  composer: Composer
  /** Numbers that were made for trying things out get nothing. */
  skips_test_numbers: boolean
}

/** What is to be done with it: said, or later, or not at all. */
export async function decide(
  { composer, skips_test_numbers }: Deciding,
  notification: Notification,
  gathered: Gathered,
  now: Temporal.Instant,
): Promise<{ reason: string } | { until: Temporal.Instant } | { outgoing: Outgoing }> {
  const { time_zone, recipient } = gathered
  const { channel } = notification
  const reason = whyNotAnyMore(notification, gathered, now)
  if (reason !== null) return { reason }
  const address = addressOf(recipient, channel)
  if ('missing' in address) return { reason: address.missing }
  if (skips_test_numbers && channel === 'sms' && isTestNumber(address.address))
    return { reason: 'Numbers that begin with +1 555 get nothing (SMS_SKIP_TEST_NUMBERS).' }
  const until = waitsFor(notification, gathered, quietUntil(recipient, recipient.time_zone ?? time_zone, now))
  if (until) return { until }
  const outgoing = await compose(composer, notification, gathered, address.address, now)
  return 'reason' in outgoing ? outgoing : { outgoing }
}

/** Nobody has them: films and tests do. */
function isTestNumber(phone: string): boolean {
  return phone.replaceAll(/[^+\d]/g, '').startsWith('+1555')
}

/** Mail disturbs nobody. What would come too late, if it waited for the end of the quiet hours, does not wait. */
function waitsFor(
  { channel }: Notification,
  { appointment }: Gathered,
  quiet: Temporal.Instant | null,
): Temporal.Instant | null {
  if (!quiet || channel === 'email') return null
  return appointment && Temporal.Instant.compare(quiet, appointment.starts_at) >= 0 ? null : quiet
}
