import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { Id, ref, strict } from '../shapes.ts'
import { addHours, changeHours, listHours, removeHours, replaceDate, replaceWeek } from './hours.ts'
import {
  DateBody,
  HoursChangeBody,
  HoursList,
  HoursQuery,
  HoursShape,
  NewHoursBody,
  viewHours,
  WeekBody,
} from './shapes.ts'
import type { HoursRow } from './timetable.ts'

const byId = strict({ id: Id })

/** /hours: wall-clock windows in which providers and locations take appointments. */
export function hoursRoutes(app: App): void {
  const change = { config: { may: 'hours:change' } } as const

  app.get(
    '/hours',
    { config: { may: 'hours:read' }, schema: { querystring: HoursQuery, response: { 200: ref(HoursList) } } },
    async ({ db, organization, query }) => list(await listHours(db, organization.id, query), organization),
  )

  app.post(
    '/hours',
    {
      config: { may: 'hours:change', creates: true },
      schema: { body: ref(NewHoursBody), response: { 201: ref(HoursShape) } },
    },
    async ({ db, actor, body, now }) => viewHours(await addHours(db, actor, body, now)),
  )

  app.put(
    '/hours/week',
    { ...change, schema: { body: ref(WeekBody), response: { 200: ref(HoursList) } } },
    async ({ db, actor, organization, body, now }) =>
      list(await replaceWeek(db, actor, body, body.windows, now), organization),
  )

  app.put(
    '/hours/date',
    { ...change, schema: { body: ref(DateBody), response: { 200: ref(HoursList) } } },
    async ({ db, actor, organization, body, now }) =>
      list(await replaceDate(db, actor, body, body, now), organization),
  )

  app.patch(
    '/hours/:id',
    { ...change, schema: { params: byId, body: ref(HoursChangeBody), response: { 200: ref(HoursShape) } } },
    async ({ db, actor, params, body, now }) => viewHours(await changeHours(db, actor, params.id, body, now)),
  )

  app.delete(
    '/hours/:id',
    { ...change, schema: { params: byId, response: { 204: Type.Null() } } },
    async ({ db, actor, params, now }, reply) => {
      await removeHours(db, actor, params.id, now)
      reply.status(204)
    },
  )
}

function list(items: HoursRow[], { time_zone }: { time_zone: string }) {
  return { time_zone, items: items.map(viewHours), next_cursor: null }
}
