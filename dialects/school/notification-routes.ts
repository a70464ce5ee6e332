import { Type } from 'typebox'
import type { App } from '../../server/http/routes.ts'
import { retry, sendByHand } from '../../server/notifications/by-hand.ts'
import {
  countNotifications,
  listNotifications,
  messagesAbout,
  readNotification,
} from '../../server/notifications/list.ts'
import { findAppointment } from '../../server/appointments/appointments.ts'
import { isStaff } from '../../server/permissions.ts'
import { Refusal } from '../../server/refusal.ts'
import { FreeText, Id, oneOf, ref, strict } from '../../server/shapes.ts'
import { SchoolNotification, SchoolNotificationSummary } from './notification-shapes.ts'
import {
  coreKinds,
  coreStates,
  notificationTypes,
  sendTypes,
  statuses,
  viewMessage,
} from './notifications.ts'
import { pageQuery } from '../pages.ts'

const List = Type.Array(ref(SchoolNotification))
const ListQuery = Type.Object({
  ...pageQuery(1000, 100),
  status: Type.Optional(oneOf(statuses)),
  notification_type: Type.Optional(oneOf(notificationTypes)),
  email: Type.Optional(FreeText(254)),
  appointment_id: Type.Optional(Id),
})
const byId = strict({ id: Id })
const Queued = strict({ message: Type.String(), appointment_id: Id })

/** The original takes it for a malformed request. */
class UnknownType extends Refusal {
  readonly code = 'unknown_type'
  readonly status = 400

  constructor() {
    super(`notification_type must be one of ${Object.keys(sendTypes).join(', ')}.`)
  }
}

class OfNoAppointment extends Refusal {
  readonly code = 'of_no_appointment'
  readonly status = 400

  constructor() {
    super('This message is about no appointment: whoever needs it asks for it anew.')
  }
}

/** /notifications: what parents and teachers were sent. */
export function notificationRoutes(app: App): void {
  const read = { config: { may: 'notifications:read' } } as const
  const send = { config: { may: 'notifications:send' } } as const

  app.get(
    '/notifications',
    { ...read, schema: { querystring: ListQuery, response: { 200: List } } },
    async ({ db, actor, organization, query }) => {
      const { skip, limit, status, notification_type, email, appointment_id } = query
      const wanted = { skip, limit, appointment_id, search: email, states: status && coreStates[status] }
      const { items } = await listNotifications(db, actor, { ...wanted, ...coreKinds(notification_type) })
      return items.map((message) => viewMessage(message, organization))
    },
  )

  app.get(
    '/notifications/summary',
    { ...read, schema: { response: { 200: ref(SchoolNotificationSummary) } } },
    async ({ db, actor, organization }) => {
      const counts = await countNotifications(db, actor)
      const totalOf = (states: readonly string[]) =>
        counts.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + count, 0)
      const { items } = await listNotifications(db, actor, { states: ['sent'], limit: 10 })
      return {
        total_sent: totalOf(coreStates.sent),
        total_failed: totalOf(coreStates.failed),
        total_pending: totalOf(coreStates.pending),
        recent_notifications: items.map((message) => viewMessage(message, organization)),
      }
    },
  )

  app.get(
    '/notifications/failed',
    { ...read, schema: { querystring: Type.Object(pageQuery(1000, 100)), response: { 200: List } } },
    async ({ db, actor, organization, query }) => {
      const wanted = { skip: query.skip, limit: query.limit, states: coreStates.failed }
      return (await listNotifications(db, actor, wanted)).items.map((message) =>
        viewMessage(message, organization),
      )
    },
  )

  app.get(
    '/notifications/appointment/:id',
    { config: { may: 'appointments:read' }, schema: { params: byId, response: { 200: List } } },
    async ({ db, actor, organization, params }) => {
      await findAppointment(db, actor, params.id)
      const messages = await messagesAbout(db, organization.id, [params.id])
      // What the other side was sent is theirs: a parent sees what came to the parent.
      const seen = isStaff(actor)
        ? messages
        : messages.filter(({ recipient_id }) => recipient_id === actor.person_id)
      return seen.toReversed().map((message) => viewMessage(message, organization))
    },
  )

  app.post(
    '/notifications/send',
    {
      ...send,
      schema: {
        body: strict({ appointment_id: Id, notification_type: Type.String() }),
        response: { 200: Queued },
      },
    },
    async ({ db, actor, body, now }) => {
      const { appointment_id, notification_type } = body
      const kind = Object.entries(sendTypes).find(([name]) => name === notification_type)?.[1]
      if (!kind) throw new UnknownType()
      await sendByHand(db, actor, { appointment_id, kind }, now)
      return { message: `The ${notification_type} is on its way.`, appointment_id }
    },
  )

  app.post(
    '/notifications/send-reminder/:id',
    { ...send, schema: { params: byId, response: { 200: Queued } } },
    async ({ db, actor, params, now }) => {
      await sendByHand(db, actor, { appointment_id: params.id, kind: 'reminder' }, now)
      return { message: 'The reminder is on its way.', appointment_id: params.id }
    },
  )

  app.post(
    '/notifications/retry/:id',
    {
      ...send,
      schema: { params: byId, response: { 200: strict({ message: Type.String(), notification_id: Id }) } },
    },
    async ({ db, actor, params, now }) => {
      const { appointment_id } = await readNotification(db, actor, params.id)
      if (!appointment_id) throw new OfNoAppointment()
      await retry(db, actor, params.id, now)
      return { message: 'The message is tried again.', notification_id: params.id }
    },
  )
}
