import { Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { inTransaction } from '../../server/database/transactions.ts'
import { addHours, allProviders, listHours, removeHours, replaceDate } from '../../server/hours/hours.ts'
import type { HoursRow } from '../../server/hours/timetable.ts'
import type { App } from '../../server/http/routes.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { lockParties } from '../../server/people/parties.ts'
import { may } from '../../server/permissions.ts'
import { InvalidInput, NotAllowed } from '../../server/refusal.ts'
import { ref } from '../../server/shapes.ts'
import { dayOf, timeOfDay, viewTimeOfDay } from '../local-times.ts'
import { Availability, AvailabilityBody, OfficeSlot, weekdays } from './office-shapes.ts'
import { byId, Day } from './shapes.ts'
import { slotsOf } from './slots.ts'

const SlotsQuery = Type.Object({
  target_date: Day,
  include_booked: Type.Boolean({ default: false, description: 'Those that are booked, too' }),
})

/** /availability/hosts/{office}: when an office is open, and what is free. */
export function availabilityRoutes(app: App): void {
  app.post(
    '/availability/hosts/:id',
    {
      config: { may: 'hours:change', creates: true },
      schema: {
        summary: 'Set the hours of a day, in the place of those it had',
        params: byId,
        body: ref(AvailabilityBody),
        response: { 201: ref(Availability) },
      },
    },
    async (request) => {
      const { db, organization, params, body } = request
      await findLocation(db, organization.id, params.id)
      return viewAvailability(await replaceDay(request, params.id, body))
    },
  )

  app.get(
    '/availability/hosts/:id',
    {
      config: { may: 'appointments:attend' },
      schema: {
        summary: 'The hours of an office',
        params: byId,
        response: { 200: Type.Array(ref(Availability)) },
      },
    },
    async ({ db, actor, organization, params }) => {
      const { id: location_id } = await findLocation(db, organization.id, params.id)
      if (!may(actor, 'appointments:attend', { location_id })) throw new NotAllowed()
      const rows = await listHours(db, organization.id, { location_id, is_open: true })
      return rows.filter(({ provider_id }) => provider_id === null).map(viewAvailability)
    },
  )

  app.get(
    '/availability/hosts/:id/slots',
    {
      config: { may: 'slots:read', needs_log_in: true },
      schema: {
        summary: 'The slots of a date',
        params: byId,
        querystring: SlotsQuery,
        response: { 200: Type.Array(ref(OfficeSlot)) },
      },
    },
    async (request) => {
      const { db, organization, params, query } = request
      const office = await findLocation(db, organization.id, params.id)
      return slotsOf(request, office, query.target_date.slice(0, 10), query.include_booked)
    },
  )
}

/** One window takes the place of whatever a weekday, or a date, had. */
async function replaceDay(
  { db, actor, now }: FastifyRequest,
  location_id: string,
  body: Static<typeof AvailabilityBody>,
): Promise<HoursRow> {
  const window = { opens: timeOfDay(body.start_time), closes: timeOfDay(body.end_time) }
  if (window.closes <= window.opens) {
    throw new InvalidInput([{ field: 'end_time', message: 'must be after start_time' }])
  }
  const { weekday, date } = dayWanted(body)
  if (date) return (await replaceDate(db, actor, { location_id }, { date, windows: [window] }, now))[0]!
  return inTransaction(db, async (trx) => {
    const { organization_id } = actor
    // The lock that every change of these hours takes: of two at once, the second replaces the first.
    await lockParties(trx, organization_id, [...(await allProviders(trx, organization_id)), location_id])
    const rows = await listHours(trx, organization_id, { location_id })
    const earlier = rows.filter((row) => row.provider_id === null && row.weekday === weekday)
    for (const { id } of earlier) await removeHours(trx, actor, id, now)
    return addHours(trx, actor, { location_id, weekday, ...window }, now)
  })
}

function dayWanted({ daysofweek, specific_date, is_recurring }: Static<typeof AvailabilityBody>) {
  const field = 'daysofweek'
  if (daysofweek && specific_date) {
    throw new InvalidInput([{ field, message: 'or specific_date is needed, and not both' }])
  }
  if (specific_date) {
    const date = specific_date.slice(0, 10)
    // No calendar has the thirtieth of February.
    dayOf('specific_date', date, 'UTC')
    return { date }
  }
  if (!daysofweek) throw new InvalidInput([{ field, message: 'or specific_date is needed' }])
  const weekday = weekdays.findIndex((name) => name === daysofweek.toUpperCase()) + 1
  if (weekday === 0) throw new InvalidInput([{ field, message: `must be one of ${weekdays.join(', ')}` }])
  if (is_recurring === false) {
    const message = 'must be true for a day of the week; give a specific_date for one day'
    throw new InvalidInput([{ field: 'is_recurring', message }])
  }
  return { weekday }
}

function viewAvailability({ id, location_id, weekday, date, opens, closes }: HoursRow) {
  return {
    id,
    office_id: location_id!,
    daysofweek: weekday === null ? null : weekdays[weekday - 1]!,
    specific_date: date,
    start_time: viewTimeOfDay(opens!),
    end_time: viewTimeOfDay(closes!),
    is_recurring: weekday !== null,
  }
}
