import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { isKnownVersion } from '../http/versions.ts'
import { Id, ref, strict } from '../shapes.ts'
import { calendarOf, calendarOfOne } from './calendars.ts'
import { calendarOfFeed, endFeed, findFeed, makeFeed } from './feeds.ts'
import { CalendarQuery, FeedShape, ICalendar, MadeFeed, viewFeed, viewMadeFeed } from './shapes.ts'

const byId = strict({ id: Id })
const byToken = strict({ token: Type.String() })
const calendar = { 200: ICalendar }

/** Appointments for the calendars that people have elsewhere. */
export function calendarRoutes(app: App): void {
  const own = { config: { may: 'account:own' } } as const

  app.get(
    '/appointments/:id.ics',
    { config: { may: 'appointments:read' }, schema: { params: byId, response: calendar } },
    async (request, reply) => {
      const { db, actor, params } = request
      return send(request, reply, await calendarOfOne(db, actor, params.id), `appointment-${params.id}.ics`)
    },
  )

  app.get(
    '/calendar.ics',
    { config: { may: 'appointments:read' }, schema: { querystring: CalendarQuery, response: calendar } },
    async (request, reply) => {
      const { db, actor, query, now } = request
      const { from, to, ...filters } = query
      const wanted = { ...filters, from: instant(from), to: instant(to) }
      return send(request, reply, await calendarOf(db, actor, wanted, now))
    },
  )

  app.get(
    '/calendar/feeds/:token.ics',
    { config: { may: 'everyone' }, schema: { params: byToken, response: calendar } },
    async (request, reply) => {
      const { db, params, now } = request
      return send(request, reply, await calendarOfFeed(db, params.token, now))
    },
  )

  app.get(
    '/calendar/feed',
    { ...own, schema: { response: { 200: ref(FeedShape) } } },
    async ({ db, actor }) => viewFeed(await findFeed(db, actor)),
  )

  // Not marked as creating: the answer that is kept for a retry would be the secret.
  app.post(
    '/calendar/feed',
    { ...own, schema: { response: { 201: ref(MadeFeed) } } },
    async ({ db, actor, now }, reply) => {
      reply.status(201)
      return viewMadeFeed(await makeFeed(db, actor, now))
    },
  )

  app.delete(
    '/calendar/feed',
    { ...own, schema: { response: { 204: Type.Null() } } },
    async ({ db, actor }, reply) => {
      await endFeed(db, actor)
      reply.status(204)
    },
  )
}

function send(request: FastifyRequest, reply: FastifyReply, content: string, name = 'calendar.ics') {
  const version = createHash('sha256').update(content).digest()
  if (isKnownVersion(request, reply, { version })) return reply.send()
  return reply
    .type('text/calendar; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(content)
}

function instant(text: string | undefined): Temporal.Instant | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text)
}
