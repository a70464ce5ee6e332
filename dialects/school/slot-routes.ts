import { Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import type { App } from '../../server/http/routes.ts'
import { Id, ref } from '../../server/shapes.ts'
import { findSlotWithSeats, listPublished, type SlotWithSeats } from '../../server/slots/published.ts'
import { removeSlot } from '../../server/slots/publishing.ts'
import { countedPage, pageQuery } from '../pages.ts'
import {
  BulkBody,
  byId,
  Day,
  Message,
  SchoolSchedule,
  SchoolSlot,
  SchoolSlots,
  SlotArray,
  SlotBody,
  SlotChangeBody,
} from './shapes.ts'
import { addSlot, addSlots, countsOf, moveSlot, readSlotsOf } from './slots.ts'
import { findTeacher } from './teachers.ts'
import { viewSlots } from './views.ts'
import { between, mondayIn } from './weeks.ts'

const SlotsQuery = Type.Object({
  ...pageQuery(1000, 100),
  teacher_id: Type.Optional(Id),
  week_start: Type.Optional(Day),
  available_only: Type.Boolean({ default: false }),
})
const WeekQuery = Type.Object({ week_start: Day })

/** /slots: the times that teachers offer. */
export function slotRoutes(app: App): void {
  const read = { config: { may: 'slots:read', needs_log_in: true } } as const
  const publish = { may: 'slots:publish', creates: true } as const
  const answer = { 200: ref(SchoolSlot) }

  app.get(
    '/slots',
    { ...read, schema: { summary: 'Slots', querystring: SlotsQuery, response: { 200: ref(SchoolSlots) } } },
    async ({ db, organization, query, now }) => {
      const { teacher_id: provider_id, week_start, available_only: available, skip, limit } = query
      const week = week_start
        ? between(mondayIn('week_start', week_start), 7, organization.time_zone)
        : undefined
      const wanted = { provider_id, available, ...week }
      const { items, total } = await countedPage(
        (page) => listPublished(db, organization.id, { ...wanted, ...page }, now),
        query,
      )
      return { slots: await viewSlots(db, organization, items), total, skip, limit }
    },
  )

  app.post(
    '/slots',
    {
      config: publish,
      schema: { summary: 'Offer a slot', body: ref(SlotBody), response: { 201: ref(SchoolSlot) } },
    },
    async (request) => shown(request, await addSlot(request, request.body)),
  )

  app.post(
    '/slots/bulk',
    {
      config: publish,
      schema: { summary: 'Offer slots, all or none', body: ref(BulkBody), response: { 201: SlotArray } },
    },
    async (request) => viewSlots(request.db, request.organization, await addSlots(request, request.body)),
  )

  app.get(
    '/slots/teacher/:id/schedule',
    {
      ...read,
      schema: {
        summary: 'A teacher’s week',
        params: byId,
        querystring: WeekQuery,
        response: { 200: ref(SchoolSchedule) },
      },
    },
    async (request) => {
      const { db, organization, params, query } = request
      const monday = mondayIn('week_start', query.week_start)
      await findTeacher(db, organization.id, params.id)
      const found = await readSlotsOf(request, monday, 7, { provider_id: params.id })
      const slots = await viewSlots(db, organization, found)
      const days = [0, 1, 2, 3, 4, 5, 6]
      const slots_by_day = Object.fromEntries(
        days.map((day) => [`${day}`, slots.filter(({ day_of_week }) => day_of_week === day)]),
      )
      const week = { teacher_id: params.id, week_start_date: monday.toString() }
      return { ...week, slots_by_day, ...countsOf(slots) }
    },
  )

  app.get(
    '/slots/:id',
    { ...read, schema: { summary: 'One slot', params: byId, response: answer } },
    async (request) => {
      const { db, organization, params, now } = request
      return shown(request, await findSlotWithSeats(db, organization.id, params.id, now))
    },
  )

  app.put(
    '/slots/:id',
    {
      config: { may: 'slots:publish' },
      schema: { summary: 'Move a slot', params: byId, body: ref(SlotChangeBody), response: answer },
    },
    async (request) => shown(request, await moveSlot(request, request.params.id, request.body)),
  )

  app.delete(
    '/slots/:id',
    {
      config: { may: 'slots:publish' },
      schema: { summary: 'Take a slot back', params: byId, response: { 200: ref(Message) } },
    },
    async ({ db, actor, params, now }) => {
      await removeSlot(db, actor, params.id, now)
      return { message: 'The slot is taken back.' }
    },
  )
}

async function shown({ db, organization }: FastifyRequest, slot: SlotWithSeats) {
  return (await viewSlots(db, organization, [slot]))[0]!
}
