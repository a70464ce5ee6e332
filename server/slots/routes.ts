import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { momentIn } from '../moments.ts'
import { Id, instantIn, ref, strict } from '../shapes.ts'
import { explain } from './explaining.ts'
import { findFreeSlots, requireSlotsVisible } from './free.ts'
import { findHold, hold, letGo } from './holds.ts'
import {
  ExplainQuery,
  Explanation,
  HoldShape,
  NewHoldBody,
  SlotList,
  SlotsQuery,
  viewHold,
  viewSlot,
} from './shapes.ts'

const byId = strict({ id: Id })

/** /slots and /holds. */
export function slotRoutes(app: App): void {
  app.get(
    '/slots',
    { config: { may: 'slots:read' }, schema: { querystring: SlotsQuery, response: { 200: ref(SlotList) } } },
    async ({ db, asking, organization, query, now }) => {
      requireSlotsVisible(asking, organization)
      const { time_zone } = organization
      const wanted = {
        ...query,
        from: momentIn('from', query.from, time_zone, 0),
        to: momentIn('to', query.to, time_zone, 1),
      }
      const slots = await findFreeSlots(db, organization, wanted, now)
      return { time_zone, items: slots.map(viewSlot), next_cursor: null }
    },
  )

  app.get(
    '/slots/explain',
    {
      config: { may: 'appointments:book' },
      schema: { querystring: ExplainQuery, response: { 200: ref(Explanation) } },
    },
    async ({ db, actor, query, now }) => {
      const { starts_at, ends_at, ...wanted } = query
      const when = { starts_at: instantIn(starts_at), ends_at: instantIn(ends_at) }
      const reasons = await explain(db, actor, { ...wanted, ...when }, now)
      return { can_be_booked: reasons.length === 0, reasons }
    },
  )

  app.post(
    '/holds',
    {
      config: { may: 'appointments:book', creates: true },
      schema: { body: ref(NewHoldBody), response: { 201: ref(HoldShape) } },
    },
    async ({ db, actor, body, now }) => {
      const { starts_at, ends_at, ...wanted } = body
      const when = { starts_at: instantIn(starts_at), ends_at: instantIn(ends_at) }
      return viewHold(await hold(db, actor, { ...wanted, ...when }, now))
    },
  )

  app.get(
    '/holds/:id',
    { config: { may: 'appointments:book' }, schema: { params: byId, response: { 200: ref(HoldShape) } } },
    async ({ db, actor, params }) => viewHold(await findHold(db, actor, params.id)),
  )

  app.delete(
    '/holds/:id',
    { config: { may: 'appointments:book' }, schema: { params: byId, response: { 204: Type.Null() } } },
    async ({ db, actor, params }, reply) => {
      await letGo(db, actor, params.id)
      reply.status(204)
    },
  )
}
