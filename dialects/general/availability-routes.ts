import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { addHours, changeHours, findHours, listHours, removeHours } from '../../server/hours/hours.ts'
import type { HoursRow } from '../../server/hours/timetable.ts'
import type { App } from '../../server/http/routes.ts'
import { InvalidInput, NotFound } from '../../server/refusal.ts'
import { ref } from '../../server/shapes.ts'
import { findFreeSlots, requireSlotsVisible } from '../../server/slots/free.ts'
import { dayOf } from '../local-times.ts'
import { windowOf } from './availability.ts'
import {
  AvailabilityBody,
  AvailabilityChangeBody,
  AvailabilityQuery,
  byId,
  GeneralAvailability,
  GeneralSlots,
  SlotsQuery,
} from './shapes.ts'
import { isOpen, type OpenHours, viewAvailability, viewSlots } from './views.ts'

/** /availability: when staff take appointments, and what is still free. */
export function availabilityRoutes(app: App): void {
  const change = { config: { may: 'hours:change' } } as const
  const answer = { 200: ref(GeneralAvailability) }

  app.get(
    '/availability',
    {
      config: { may: 'hours:read' },
      schema: {
        summary: 'When staff take appointments',
        querystring: AvailabilityQuery,
        response: { 200: Type.Array(ref(GeneralAvailability)) },
      },
    },
    async ({ db, organization, query }) => {
      const { staff_id: provider_id, ...page } = query
      const wanted = { provider_id, of_providers: true, is_open: true, ...page }
      return (await listHours(db, organization.id, wanted)).filter(isOpen).map(viewAvailability)
    },
  )

  app.get(
    '/availability/slots',
    {
      config: { may: 'slots:read' },
      schema: {
        summary: 'Free times of a day',
        querystring: SlotsQuery,
        response: { 200: ref(GeneralSlots) },
      },
    },
    async ({ db, asking, organization, query, now }) => {
      requireSlotsVisible(asking, organization)
      const { staff_id, date, slot_duration: minutes } = query
      const { time_zone } = organization
      const { start: from, end: to } = dayOf('date', date, time_zone)
      const slots = await findFreeSlots(db, organization, { provider_id: staff_id, minutes, from, to }, now)
      return { date, staff_id, slots: viewSlots(slots, time_zone) }
    },
  )

  app.post(
    '/availability',
    {
      config: { may: 'hours:change', creates: true },
      schema: {
        summary: 'Add a weekly window, or one of a date',
        body: ref(AvailabilityBody),
        response: { 201: ref(GeneralAvailability) },
      },
    },
    async ({ db, actor, body, now }) => {
      const { staff_id: provider_id, ...wanted } = body
      try {
        return shown(await addHours(db, actor, { provider_id, ...windowOf(wanted) }, now))
      } catch (error) {
        if (!(error instanceof NotFound)) throw error
        throw new InvalidInput([{ field: 'staff_id', message: 'must be the id of somebody of the staff' }])
      }
    },
  )

  app.patch(
    '/availability/:id',
    {
      ...change,
      schema: {
        summary: 'Change a window',
        params: byId,
        body: ref(AvailabilityChangeBody),
        response: answer,
      },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      const { staff_id, ...wanted } = body
      const before = await findAvailability(request, params.id)
      if (staff_id && staff_id !== before.provider_id)
        throw new InvalidInput([{ field: 'staff_id', message: 'cannot be changed: add one for the other' }])
      return shown(await changeHours(db, actor, params.id, windowOf(wanted, viewAvailability(before)), now))
    },
  )

  app.delete(
    '/availability/:id',
    {
      ...change,
      schema: {
        summary: 'Take a window away',
        params: byId,
        response: { 200: Type.Object({ message: Type.String() }) },
      },
    },
    async (request) => {
      const { db, actor, params, now } = request
      await findAvailability(request, params.id)
      await removeHours(db, actor, params.id, now)
      return { message: 'The availability is removed. What is booked stays booked.' }
    },
  )
}

/** Of the windows that there are, those of somebody are availabilities. */
async function findAvailability({ db, actor }: FastifyRequest, id: string): Promise<OpenHours> {
  const found = await findHours(db, actor, id)
  if (found.provider_id === null || !isOpen(found)) throw new NotFound('availability')
  return found
}

function shown(row: HoursRow) {
  if (!isOpen(row)) throw new NotFound('availability')
  return viewAvailability(row)
}
