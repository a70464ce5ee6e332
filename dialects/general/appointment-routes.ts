import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Appointment } from '../../server/appointments/appointments.ts'
import { complete, markNoShow } from '../../server/appointments/attendance.ts'
import { book } from '../../server/appointments/booking.ts'
import { listAppointments } from '../../server/appointments/list.ts'
import { calendarOfAll, calendarOfOne } from '../../server/calendar/calendars.ts'
import { ICalendar } from '../../server/calendar/shapes.ts'
import type { App } from '../../server/http/routes.ts'
import { ref } from '../../server/shapes.ts'
import { dayOf, instantOf } from '../local-times.ts'
import { changeAppointment, move } from './changing.ts'
import {
  AppointmentChangeBody,
  AppointmentsQuery,
  BookingBody,
  byId,
  GeneralAppointment,
  RescheduleBody,
} from './shapes.ts'
import { statesOf, viewAppointment } from './views.ts'

const answer = { 200: ref(GeneralAppointment) }

/** /appointments */
export function appointmentRoutes(app: App): void {
  const read = { config: { may: 'appointments:read' } } as const
  const change = { config: { may: 'appointments:change' } } as const
  const attend = { config: { may: 'appointments:attend' } } as const

  app.post(
    '/appointments',
    {
      config: { may: 'appointments:book', creates: true },
      schema: {
        summary: 'Book, for oneself',
        body: ref(BookingBody),
        response: { 201: ref(GeneralAppointment) },
      },
    },
    async (request) => {
      const { db, actor, body, now } = request
      const { time_zone } = request.organization
      const wanted = {
        provider_id: body.staff_id,
        starts_at: instantOf('start_time', body.start_time, time_zone),
        ends_at: instantOf('end_time', body.end_time, time_zone),
        notes: body.notes ?? undefined,
      }
      return shown(request, await book(db, actor, wanted, now))
    },
  )

  app.get(
    '/appointments',
    {
      ...read,
      schema: {
        summary: 'One’s own appointments; all of them, for administrators',
        querystring: AppointmentsQuery,
        response: { 200: Type.Array(ref(GeneralAppointment)) },
      },
    },
    async (request) => {
      const { db, actor, query, organization } = request
      const { status, from_date, to_date, staff_id: provider_id, ...wanted } = query
      const { time_zone } = organization
      const { items } = await listAppointments(db, actor, {
        ...wanted,
        provider_id,
        states: status && statesOf(status),
        from: from_date === undefined ? undefined : dayOf('from_date', from_date, time_zone).start,
        to: to_date === undefined ? undefined : dayOf('to_date', to_date, time_zone).end,
      })
      return items.map((one) => shown(request, one))
    },
  )

  app.get(
    '/appointments/export-all.ics',
    { ...read, schema: { summary: 'The same as a calendar', response: { 200: ICalendar } } },
    async ({ db, actor }, reply) => send(reply, await calendarOfAll(db, actor, style), 'all_appointments'),
  )

  app.get(
    '/appointments/:id/export.ics',
    {
      ...read,
      schema: { summary: 'One appointment as a calendar', params: byId, response: { 200: ICalendar } },
    },
    async ({ db, actor, params: { id } }, reply) =>
      send(reply, await calendarOfOne(db, actor, id, style), `appointment_${id}`),
  )

  app.patch(
    '/appointments/:id',
    {
      ...change,
      schema: {
        summary: 'Change the notes or the time, or cancel',
        params: byId,
        body: ref(AppointmentChangeBody),
        response: answer,
      },
    },
    async (request) => shown(request, await changeAppointment(request, request.params.id, request.body)),
  )

  app.post(
    '/appointments/:id/reschedule',
    {
      ...change,
      schema: {
        summary: 'Move it to another time',
        params: byId,
        body: ref(RescheduleBody),
        response: answer,
      },
    },
    async (request) => shown(request, await move(request, request.params.id, request.body)),
  )

  app.post(
    '/appointments/:id/mark-completed',
    { ...attend, schema: { summary: 'It has taken place', params: byId, response: answer } },
    async (request) => {
      const { db, actor, params, now } = request
      return shown(request, await complete(db, actor, params.id, {}, now))
    },
  )

  app.post(
    '/appointments/:id/mark-no-show',
    { ...attend, schema: { summary: 'The client did not come', params: byId, response: answer } },
    async (request) => {
      const { db, actor, params, now } = request
      return shown(request, await markNoShow(db, actor, params.id, now))
    },
  )
}

/** Events name both, with the staff as the organizer and the client as the attendee, whoever looks. */
const style = { seen_by: null, with_people: true }

function shown({ organization }: FastifyRequest, appointment: Appointment) {
  return viewAppointment(appointment, organization.time_zone)
}

function send(reply: FastifyReply, calendar: string, name: string) {
  return reply
    .type('text/calendar; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.ics"`)
    .send(calendar)
}
