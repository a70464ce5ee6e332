import { type Static, Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import type { App } from '../../server/http/routes.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { readProvider } from '../../server/people/providers.ts'
import { Id, oneOf, ref, shape } from '../../server/shapes.ts'
import { publishPattern } from '../../server/slots/pattern.ts'
import { LocalTime, timeOfDay } from '../local-times.ts'
import { maybe } from '../maybe.ts'
import { AvailabilityQuery, FreeSlots, VeterinarySlot } from './calendar-shapes.ts'
import { enveloped, type Say } from './envelope.ts'
import { Count, DayOrTime, Text } from './shapes.ts'
import { freeSlots, viewSlot } from './slots.ts'
import { dateOf, fromWhen, stretchOf, untilWhen } from './times.ts'
import { slotTypes } from './words.ts'

const SlotsBody = shape(
  'VeterinaryNewSlots',
  Type.Object({
    veterinarian_id: Id,
    clinic_id: Id,
    start_date: DayOrTime,
    end_date: DayOrTime,
    start_time: maybe(LocalTime),
    end_time: maybe(LocalTime),
    slot_duration: maybe(Type.Integer({ minimum: 5, maximum: 480 })),
    break_duration: maybe(Type.Integer({ minimum: 0, maximum: 480 })),
    exclude_weekends: maybe(Type.Boolean()),
    slot_type: maybe(oneOf(slotTypes)),
    max_bookings: maybe(Type.Integer({ minimum: 1, maximum: 1000 })),
  }),
)
const CreatedSlots = shape(
  'VeterinaryCreatedSlots',
  Type.Object({
    created_slots: Type.Array(ref(VeterinarySlot)),
    total_created: Count,
    period: Type.Object({ start_date: Text, end_date: Text }),
  }),
)

/** /appointments/availability and /appointments/slots: what vets offer. */
export function slotRoutes(app: App, say: Say): void {
  app.get(
    '/appointments/availability',
    {
      config: { may: 'slots:read', needs_log_in: true },
      schema: {
        summary: 'The free slots of a veterinarian at a clinic',
        querystring: AvailabilityQuery,
        response: { 200: enveloped(ref(FreeSlots)) },
      },
    },
    async (request) => say(await availability(request, request.query)),
  )

  app.post(
    '/appointments/slots/create',
    {
      config: { may: 'slots:publish', creates: true },
      schema: {
        summary: 'Make slots on the days of a period',
        body: ref(SlotsBody),
        response: { 201: enveloped(ref(CreatedSlots)) },
      },
    },
    async (request) => say(await createSlots(request, request.body), 'The slots are there.'),
  )
}

const WEEK = { days: 7 }

async function availability(request: FastifyRequest, query: Static<typeof AvailabilityQuery>) {
  const { db, organization } = request
  const { veterinarian_id, clinic_id, duration_minutes } = query
  await readProvider(db, organization.id, veterinarian_id)
  await findLocation(db, organization.id, clinic_id)
  const start = fromWhen('start_date', query.start_date, organization)
  const local = start.toZonedDateTimeISO(organization.time_zone)
  const end = query.end_date
    ? untilWhen('end_date', query.end_date, organization)
    : local.add(WEEK).toInstant()
  const wanted = { provider_id: veterinarian_id, location_id: clinic_id }
  const available_slots = await freeSlots(request, wanted, stretchOf(start, end), duration_minutes)
  const echo = { veterinarian_id, clinic_id, start_date: `${start}`, end_date: `${end}`, duration_minutes }
  return { available_slots, ...echo, total_slots: available_slots.length }
}

/** Dates and times of day are those of the clinic's wall clock. */
async function createSlots(request: FastifyRequest, body: Static<typeof SlotsBody>) {
  const { db, actor, organization, now } = request
  const { veterinarian_id: provider_id, clinic_id: location_id, slot_type, max_bookings } = body
  await readProvider(db, organization.id, provider_id)
  await findLocation(db, organization.id, location_id)
  const from = dateOf('start_date', body.start_date, organization).toString()
  const to = dateOf('end_date', body.end_date, organization).toString()
  const pattern = {
    provider_id,
    location_id,
    from,
    to,
    opens: timeOfDay(body.start_time ?? '09:00'),
    closes: timeOfDay(body.end_time ?? '17:00'),
    slot_minutes: body.slot_duration ?? 30,
    break_minutes: body.break_duration ?? 0,
    weekdays: (body.exclude_weekends ?? true) ? [1, 2, 3, 4, 5] : [1, 2, 3, 4, 5, 6, 7],
    kind: slot_type ?? undefined,
    capacity: max_bookings ?? undefined,
  }
  const created = (await publishPattern(db, actor, pattern, now)).map(viewSlot)
  return { created_slots: created, total_created: created.length, period: { start_date: from, end_date: to } }
}
