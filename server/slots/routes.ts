import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { InvalidInput } from '../refusal.ts'
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
        from: momentOf('from', query.from, time_zone, 0),
        to: momentOf('to', query.to, time_zone, 1),
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

/** An instant as it is; a date as its first moment, or that of the day after it. */
function momentOf(field: string, text: string, time_zone: string, days_after: number): Temporal.Instant {
  try {
    if (text.length > 10) return Temporal.Instant.from(text)
    return Temporal.PlainDate.from(text).add({ days: days_after }).toZonedDateTime(time_zone).toInstant()
  } catch {
    const example = 'an instant such as 2027-03-01T09:00:00Z, or a date such as 2027-03-01'
    throw new InvalidInput([{ field, message: `must be ${example}` }])
  }
}
