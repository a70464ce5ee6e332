import { Type } from 'typebox'
import { Id, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { notificationTypes, statuses } from './notifications.ts'

const Text = Type.String()

export const SchoolNotification = shape(
  'SchoolNotification',
  Type.Object({
    id: Id,
    recipient_email: nullable(Text),
    recipient_name: Text,
    notification_type: oneOf(notificationTypes),
    status: oneOf(statuses),
    subject: nullable(Text),
    content: nullable(Text),
    appointment_id: nullable(Id),
    sent_at: nullable(Text),
    error_message: nullable(Text),
    created_at: Text,
    updated_at: Text,
  }),
)
export const SchoolNotificationSummary = shape(
  'SchoolNotificationSummary',
  Type.Object({
    total_sent: Type.Integer(),
    total_failed: Type.Integer(),
    total_pending: Type.Integer(),
    recent_notifications: Type.Array(ref(SchoolNotification)),
  }),
)
