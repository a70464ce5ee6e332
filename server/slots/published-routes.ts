import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { may } from '../permissions.ts'
import { Id, instantIn, ref, strict } from '../shapes.ts'
import { requireSlotsVisible } from './free.ts'
import { previewPattern, publishPattern } from './pattern.ts'
import { findSlotWithSeats, listPublished } from './published.ts'
import {
  BulkBody,
  NewSlotBody,
  PatternBody,
  PatternPreview,
  PublishedSlotList,
  PublishedSlotPage,
  PublishedSlotShape,
  PublishedSlotsQuery,
  SlotChangeBody,
  viewPlanned,
  viewPublished,
} from './published-shapes.ts'
import { changeSlot, publishSlot, publishSlots, removeSlot } from './publishing.ts'

const byId = strict({ id: Id })
const ours = { isPublisher: true }

/** /published-slots: times that are offered one by one, with one seat or many. */
export function publishedSlotRoutes(app: App): void {
  const publish = { may: 'slots:publish', creates: true } as const

  app.get(
    '/published-slots',
    {
      config: { may: 'slots:read' },
      schema: { querystring: PublishedSlotsQuery, response: { 200: ref(PublishedSlotPage) } },
    },
    async ({ db, asking, organization, query, now }) => {
      requireSlotsVisible(asking, organization)
      const between = { from: instantIn(query.from), to: instantIn(query.to) }
      const { items, next_cursor } = await listPublished(db, organization.id, { ...query, ...between }, now)
      const view = (slot: (typeof items)[number]) =>
        viewPublished(slot, { isPublisher: may(asking, 'slots:publish', slot) })
      return { items: items.map(view), next_cursor }
    },
  )

  app.get(
    '/published-slots/:id',
    { config: { may: 'slots:read' }, schema: { params: byId, response: { 200: ref(PublishedSlotShape) } } },
    async ({ db, asking, organization, params, now }) => {
      requireSlotsVisible(asking, organization)
      const slot = await findSlotWithSeats(db, organization.id, params.id, now)
      return viewPublished(slot, { isPublisher: may(asking, 'slots:publish', slot) })
    },
  )

  app.post(
    '/published-slots',
    { config: publish, schema: { body: ref(NewSlotBody), response: { 201: ref(PublishedSlotShape) } } },
    async ({ db, actor, body, now }) => {
      return viewPublished(await publishSlot(db, actor, body, timesOf(body), now), ours)
    },
  )

  app.post(
    '/published-slots/bulk',
    { config: publish, schema: { body: ref(BulkBody), response: { 201: ref(PublishedSlotList) } } },
    async ({ db, actor, body, now }) => {
      const slots = await publishSlots(db, actor, body, body.slots.map(timesOf), now)
      return { items: slots.map((slot) => viewPublished(slot, ours)), next_cursor: null }
    },
  )

  app.post(
    '/published-slots/pattern',
    { config: publish, schema: { body: ref(PatternBody), response: { 201: ref(PublishedSlotList) } } },
    async ({ db, actor, body, now }) => {
      const slots = await publishPattern(db, actor, body, now)
      return { items: slots.map((slot) => viewPublished(slot, ours)), next_cursor: null }
    },
  )

  app.post(
    '/published-slots/preview',
    {
      config: { may: 'slots:publish' },
      schema: { body: ref(PatternBody), response: { 200: ref(PatternPreview) } },
    },
    async ({ db, actor, body, now }) => ({
      items: (await previewPattern(db, actor, body, now)).map(viewPlanned),
      next_cursor: null,
    }),
  )

  app.patch(
    '/published-slots/:id',
    {
      config: { may: 'slots:publish' },
      schema: { params: byId, body: ref(SlotChangeBody), response: { 200: ref(PublishedSlotShape) } },
    },
    async ({ db, actor, params, body, now }) => {
      const { starts_at, ends_at, ...rest } = body
      const change = {
        ...rest,
        ...(starts_at && { starts_at: instantIn(starts_at) }),
        ...(ends_at && { ends_at: instantIn(ends_at) }),
      }
      return viewPublished(await changeSlot(db, actor, params.id, change, now), ours)
    },
  )

  app.delete(
    '/published-slots/:id',
    { config: { may: 'slots:publish' }, schema: { params: byId, response: { 204: Type.Null() } } },
    async ({ db, actor, params, now }, reply) => {
      await removeSlot(db, actor, params.id, now)
      reply.status(204)
    },
  )
}

function timesOf({ starts_at, ends_at, capacity, kind }: TimesIn) {
  return { starts_at: instantIn(starts_at), ends_at: instantIn(ends_at), capacity, kind }
}

interface TimesIn {
  starts_at: string
  ends_at: string
  capacity?: number
  kind?: string
}
