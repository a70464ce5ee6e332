import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { Id, instantIn, ref, strict } from '../shapes.ts'
import { retry, sendByHand } from './by-hand.ts'
import { listInbound } from './inbound/list.ts'
import { InboundPage, InboundQuery, viewInbound } from './inbound/shapes.ts'
import { countNotifications, listNotifications, readNotification } from './list.ts'
import { changePreferences, readPreferences } from './preferences.ts'
import {
  NotificationPage,
  NotificationShape,
  NotificationsQuery,
  NotificationSummary,
  PreferencesBody,
  PreferencesShape,
  SendBody,
  SentByHand,
  SubscriptionBody,
  SubscriptionList,
  SubscriptionShape,
  viewNotification,
  viewSubscription,
} from './shapes.ts'
import { listSubscriptions, subscribe, unsubscribe } from './subscriptions.ts'

const byId = strict({ id: Id })

/** /notifications and /messages: what was said to whom, what came back, and what was answered. */
export function notificationRoutes(app: App): void {
  const read = { config: { may: 'notifications:read' } } as const
  const send = { config: { may: 'notifications:send' } } as const

  app.get(
    '/notifications',
    { ...read, schema: { querystring: NotificationsQuery, response: { 200: ref(NotificationPage) } } },
    async ({ db, actor, query }) => {
      const { state, from, to, ...wanted } = query
      const between = { from: instantIn(from), to: instantIn(to) }
      const states = state && [state]
      const { items, next_cursor } = await listNotifications(db, actor, { ...wanted, ...between, states })
      return { items: items.map(viewNotification), next_cursor }
    },
  )

  app.get(
    '/notifications/summary',
    { ...read, schema: { response: { 200: ref(NotificationSummary) } } },
    async ({ db, actor }) => {
      const counts = await countNotifications(db, actor)
      const { items } = await listNotifications(db, actor, { states: ['sent'], limit: 10 })
      return { ...summarized(counts), recent: items.map(viewNotification) }
    },
  )

  app.post(
    '/notifications/send',
    {
      config: { may: 'notifications:send', creates: true },
      schema: { body: ref(SendBody), response: { 201: ref(SentByHand) } },
    },
    async ({ db, actor, body, now }) => ({
      items: (await sendByHand(db, actor, body, now)).map(viewNotification),
    }),
  )

  app.get(
    '/messages/inbound',
    { ...read, schema: { querystring: InboundQuery, response: { 200: ref(InboundPage) } } },
    async ({ db, actor, query }) => {
      const { items, next_cursor } = await listInbound(db, actor, query)
      return { items: items.map(viewInbound), next_cursor }
    },
  )

  app.get(
    '/notifications/:id',
    { ...read, schema: { params: byId, response: { 200: ref(NotificationShape) } } },
    async ({ db, actor, params }) => viewNotification(await readNotification(db, actor, params.id)),
  )

  app.post(
    '/notifications/:id/retry',
    { ...send, schema: { params: byId, response: { 200: ref(NotificationShape) } } },
    async ({ db, actor, params, now }) => viewNotification(await retry(db, actor, params.id, now)),
  )
}

/** How somebody wants to be told: their preferences, and the browsers that may be called upon. */
export function preferenceRoutes(app: App, { public_key }: { public_key: string }): void {
  const own = { config: { may: 'account:own' } } as const

  app.get(
    '/users/me/preferences',
    { ...own, schema: { response: { 200: ref(PreferencesShape) } } },
    ({ db, actor }) => readPreferences(db, actor),
  )

  app.patch(
    '/users/me/preferences',
    { ...own, schema: { body: ref(PreferencesBody), response: { 200: ref(PreferencesShape) } } },
    ({ db, actor, body, now }) => changePreferences(db, actor, body, now),
  )

  app.get(
    '/users/me/push-subscriptions',
    { ...own, schema: { response: { 200: ref(SubscriptionList) } } },
    async ({ db, actor }) => ({
      items: (await listSubscriptions(db, actor)).map(viewSubscription),
      public_key,
    }),
  )

  app.post(
    '/users/me/push-subscriptions',
    {
      config: { may: 'account:own', creates: true },
      schema: { body: ref(SubscriptionBody), response: { 201: ref(SubscriptionShape) } },
    },
    async ({ db, actor, body, now }) => viewSubscription(await subscribe(db, actor, body, now)),
  )

  app.delete(
    '/users/me/push-subscriptions/:id',
    { ...own, schema: { params: byId, response: { 204: Type.Null() } } },
    async ({ db, actor, params }, reply) => {
      await unsubscribe(db, actor, params.id)
      reply.status(204)
    },
  )
}

function summarized(counts: { state: string; channel: string; count: number }[]) {
  const states: Record<string, number> = {}
  const channels: Record<string, Record<string, number>> = {}
  for (const { state, channel, count } of counts) {
    states[state] = (states[state] ?? 0) + count
    channels[channel] = { ...channels[channel], [state]: count }
  }
  return { total: counts.reduce((sum, { count }) => sum + count, 0), states, channels }
}
