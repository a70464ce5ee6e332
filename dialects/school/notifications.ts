import type { NotificationState } from '../../server/database/tables.ts'
import type { NotificationsWanted, ShownNotification } from '../../server/notifications/list.ts'
import type { Organization } from '../../server/http/routes.ts'
import { kinds } from '../../server/notifications/kinds.ts'
import type { KindByHand } from '../../server/notifications/by-hand.ts'
import { localOf } from '../local-times.ts'

export const statuses = ['pending', 'sent', 'failed'] as const
export const notificationTypes = [
  'appointment_confirmation',
  'appointment_cancellation',
  'appointment_reminder',
  'teacher_notification',
] as const
type NotificationType = (typeof notificationTypes)[number]

/** What the original calls what has become of a message. */
export const coreStates: Record<(typeof statuses)[number], NotificationState[]> = {
  pending: ['planned', 'sending'],
  sent: ['sent'],
  failed: ['failed', 'skipped', 'uncertain'],
}

/** What may be sent by hand. */
export const sendTypes: Record<string, KindByHand> = {
  confirmation: 'booked',
  cancellation: 'cancelled',
  reminder: 'reminder',
}

/** A teacher's messages are notices to the teacher, whatever they say; a parent's are called after what they say. */
function typeOf({ kind, audience }: Pick<ShownNotification, 'kind' | 'audience'>): NotificationType {
  if (kind === 'reminder') return 'appointment_reminder'
  if (kind === 'cancelled' || kind === 'declined') return 'appointment_cancellation'
  return audience === 'provider' ? 'teacher_notification' : 'appointment_confirmation'
}

/** Which messages of ours are of a type. */
export function coreKinds(
  type: NotificationType | undefined,
): Pick<NotificationsWanted, 'kinds' | 'audience'> {
  if (!type) return {}
  const audience = type === 'teacher_notification' ? 'provider' : 'client'
  const found = kinds.filter((kind) => typeOf({ kind, audience }) === type)
  return {
    kinds: found,
    ...((type === 'teacher_notification' || type === 'appointment_confirmation') && { audience }),
  }
}

export function viewMessage(message: ShownNotification, { time_zone }: Organization) {
  const { id, recipient_name, recipient_email, address, state, subject, content, reason } = message
  const { appointment_id, sent_at, created_at, updated_at } = message
  const status = statuses.find((name) => coreStates[name].includes(state))!
  return {
    id,
    recipient_email: address ?? recipient_email,
    recipient_name,
    notification_type: typeOf(message),
    status,
    subject,
    content,
    appointment_id,
    sent_at: sent_at && localOf(sent_at, time_zone),
    error_message: status === 'sent' ? null : reason,
    created_at: localOf(created_at, time_zone),
    updated_at: localOf(updated_at, time_zone),
  }
}
