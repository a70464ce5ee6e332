import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { Id, instantIn, ref, strict } from '../shapes.ts'
import {
  changeTimeOff,
  endTimeOff,
  listTimeOff,
  readTimeOffWithAppointments,
  takeTimeOff,
} from './time-off.ts'
import {
  NewTimeOffBody,
  TimeOffChangeBody,
  TimeOffPage,
  TimeOffQuery,
  TimeOffWithAppointmentsShape,
  viewTimeOff,
  viewTimeOffWithAppointments,
} from './time-off-shapes.ts'

const byId = strict({ id: Id })
const answer = { 200: ref(TimeOffWithAppointmentsShape) }

/** /time-off: stretches in which nobody takes appointments, and the appointments that stand in them. */
export function timeOffRoutes(app: App): void {
  app.get(
    '/time-off',
    {
      config: { may: 'time_off:read' },
      schema: { querystring: TimeOffQuery, response: { 200: ref(TimeOffPage) } },
    },
    async ({ db, actor, query }) => {
      const between = { from: instantIn(query.from), to: instantIn(query.to) }
      const { items, next_cursor } = await listTimeOff(db, actor, { ...query, ...between })
      return { items: items.map(viewTimeOff), next_cursor }
    },
  )

  app.get(
    '/time-off/:id',
    { config: { may: 'time_off:read' }, schema: { params: byId, response: answer } },
    async ({ db, actor, params }) =>
      viewTimeOffWithAppointments(await readTimeOffWithAppointments(db, actor, params.id)),
  )

  app.post(
    '/time-off',
    {
      config: { may: 'time_off:change', creates: true },
      schema: { body: ref(NewTimeOffBody), response: { 201: ref(TimeOffWithAppointmentsShape) } },
    },
    async ({ db, actor, body, now }) => {
      const stretch = { starts_at: instantIn(body.starts_at), ends_at: instantIn(body.ends_at) }
      return viewTimeOffWithAppointments(await takeTimeOff(db, actor, { ...body, ...stretch }, now))
    },
  )

  app.patch(
    '/time-off/:id',
    {
      config: { may: 'time_off:change' },
      schema: { params: byId, body: ref(TimeOffChangeBody), response: answer },
    },
    async ({ db, actor, params, body, now }) => {
      const { reason } = body
      const change = { reason, starts_at: instantIn(body.starts_at), ends_at: instantIn(body.ends_at) }
      const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      return viewTimeOffWithAppointments(await changeTimeOff(db, actor, params.id, said, now))
    },
  )

  app.delete(
    '/time-off/:id',
    { config: { may: 'time_off:change' }, schema: { params: byId, response: { 204: Type.Null() } } },
    async ({ db, actor, params, now }, reply) => {
      await endTimeOff(db, actor, params.id, now)
      reply.status(204)
    },
  )
}
