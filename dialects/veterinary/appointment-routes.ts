import type { Static } from 'typebox'
import type { FastifyRequest } from 'fastify'
import { findAppointment } from '../../server/appointments/appointments.ts'
import { cancel } from '../../server/appointments/cancellation.ts'
import { listAppointments } from '../../server/appointments/list.ts'
import type { AppointmentState } from '../../server/database/tables.ts'
import type { App } from '../../server/http/routes.ts'
import { ref } from '../../server/shapes.ts'
import { countedPage } from '../pages.ts'
import {
  AppointmentBody,
  AppointmentChangeBody,
  AppointmentsQuery,
  ConflictBody,
  Conflicts,
  VeterinaryAppointment,
} from './appointment-shapes.ts'
import { conflictsOf } from './conflicts.ts'
import { enveloped, type Say } from './envelope.ts'
import { byId, countedFrom, pageNumbers, pageOf, Removed } from './shapes.ts'
import { fromWhen, momentOf, untilWhen } from './times.ts'
import { viewAppointments } from './views.ts'
import { bookVisit, changeVisit, serviceOf, shown } from './visits.ts'
import { statesOf } from './words.ts'

/** /appointments: booking them, and what is written about them. */
export function appointmentRoutes(app: App, say: Say): void {
  const answer = enveloped(ref(VeterinaryAppointment))

  app.post(
    '/appointments/check-conflicts',
    {
      config: { may: 'slots:read', needs_log_in: true },
      schema: {
        summary: 'What is in the way of a time',
        body: ref(ConflictBody),
        response: { 200: enveloped(ref(Conflicts)) },
      },
    },
    async (request) => say(await checkTime(request, request.body)),
  )

  app.get(
    '/appointments',
    {
      config: { may: 'appointments:read' },
      schema: {
        summary: 'Appointments, by time',
        querystring: AppointmentsQuery,
        response: { 200: enveloped(pageOf('appointments', ref(VeterinaryAppointment))) },
      },
    },
    async (request) => say(await listVisits(request, request.query)),
  )

  app.post(
    '/appointments',
    {
      config: { may: 'appointments:book', creates: true },
      schema: { summary: 'Book for a pet', body: ref(AppointmentBody), response: { 201: answer } },
    },
    async (request) => {
      const booked = await bookVisit(request, request.body)
      return say(await shown(request, booked), 'The appointment is booked.')
    },
  )

  app.get(
    '/appointments/:id',
    {
      config: { may: 'appointments:read' },
      schema: { summary: 'One appointment', params: byId, response: { 200: answer } },
    },
    async (request) => {
      const found = await findAppointment(request.db, request.actor, request.params.id)
      return say(await shown(request, found))
    },
  )

  app.put(
    '/appointments/:id',
    {
      config: { may: 'appointments:change' },
      schema: {
        summary: 'Change an appointment',
        params: byId,
        body: ref(AppointmentChangeBody),
        response: { 200: answer },
      },
    },
    async (request) => {
      const changed = await changeVisit(request, request.params.id, request.body)
      return say(await shown(request, changed), 'The appointment is changed.')
    },
  )

  app.delete(
    '/appointments/:id',
    {
      config: { may: 'appointments:correct' },
      schema: {
        summary: 'Cancel for good, for administrators; its history is kept',
        params: byId,
        response: { 200: enveloped(ref(Removed)) },
      },
    },
    async ({ db, actor, params: { id }, now }) => {
      await cancel(db, actor, id, {}, now)
      return say({ id, message: 'The appointment is cancelled. Its history is kept.' })
    },
  )
}

/** That something is in the way is an answer, and not a refusal. */
async function checkTime(request: FastifyRequest, body: Static<typeof ConflictBody>) {
  const { veterinarian_id, exclude_appointment_id, duration_minutes } = body
  const minutes = duration_minutes ?? 30
  const start = momentOf('scheduled_at', body.scheduled_at)
  const time = { provider_id: veterinarian_id, start, end: start.add({ minutes }) }
  const conflicts = await conflictsOf(request, { ...time, but: exclude_appointment_id ?? undefined })
  return {
    has_conflicts: conflicts.length > 0,
    conflicts,
    veterinarian_id,
    scheduled_at: `${start}`,
    duration_minutes: minutes,
    exclude_appointment_id: exclude_appointment_id ?? null,
  }
}

async function listVisits(request: FastifyRequest, query: Static<typeof AppointmentsQuery>) {
  const { db, actor, organization } = request
  const wanted = await filtersOf(request, query)
  const { items, total } =
    wanted.states?.length === 0
      ? { items: [], total: 0 }
      : await countedPage((page) => listAppointments(db, actor, { ...wanted, ...page }), countedFrom(query))
  const appointments = await viewAppointments(db, actor, organization, items)
  return { appointments, ...pageNumbers(total, query) }
}

const upcoming = [...statesOf('scheduled'), ...statesOf('confirmed')]

async function filtersOf({ db, organization, now }: FastifyRequest, query: Static<typeof AppointmentsQuery>) {
  const { appointment_type, status, priority, start_date, end_date, search } = query
  const today = now.toZonedDateTimeISO(organization.time_zone).toPlainDate().toString()
  const from = [
    start_date && fromWhen('start_date', start_date, organization),
    query.today_only && fromWhen('today_only', today, organization),
    query.upcoming_only && now,
  ]
  const to = [
    end_date && untilWhen('end_date', end_date, organization),
    query.today_only && untilWhen('today_only', today, organization),
  ]
  return {
    dependent_id: query.pet_id,
    client_id: query.pet_owner_id,
    provider_id: query.veterinarian_id,
    location_id: query.clinic_id,
    service_id: appointment_type && (await serviceOf(db, organization.id, appointment_type)),
    details: priority && { priority },
    states: statesBoth(status && statesOf(status), query.upcoming_only ? upcoming : undefined),
    from: sorted(from).at(-1),
    to: sorted(to)[0],
    search,
    search_fields: ['reason'],
  }
}

function statesBoth(
  one: AppointmentState[] | undefined,
  other: AppointmentState[] | undefined,
): AppointmentState[] | undefined {
  return one && other ? one.filter((state) => other.includes(state)) : (one ?? other)
}

function sorted(moments: (Temporal.Instant | '' | false | undefined)[]): Temporal.Instant[] {
  return moments.filter((at) => at instanceof Temporal.Instant).toSorted(Temporal.Instant.compare)
}
