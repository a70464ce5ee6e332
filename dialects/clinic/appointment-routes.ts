import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Appointment, findAppointment } from '../../server/appointments/appointments.ts'
import { cancel } from '../../server/appointments/cancellation.ts'
import type { App } from '../../server/http/routes.ts'
import { FreeText, oneOf, ref } from '../../server/shapes.ts'
import { bookVisit, completeVisit, confirmVisit, listVisits } from './appointments.ts'
import { BookingBody, byId, ClinicAppointment, limit, NotesBody, ReasonBody, statuses } from './shapes.ts'
import { viewAppointments } from './views.ts'

const AppointmentsQuery = Type.Object({
  role: Type.Optional(FreeText(100, 'One’s own: patient or doctor')),
  status: Type.Optional(oneOf(statuses)),
  month: Type.Optional(FreeText(100, 'YYYY-MM')),
  startDate: Type.Optional(FreeText(100, 'YYYY-MM-DD, or a date-time')),
  endDate: Type.Optional(FreeText(100, 'YYYY-MM-DD, the whole day; or a date-time')),
  limit,
})

/** /appointments */
export function appointmentRoutes(app: App): void {
  const read = { config: { may: 'appointments:read' } } as const
  const answer = { 200: ref(ClinicAppointment) }

  app.post(
    '/appointments',
    {
      config: { may: 'appointments:book', creates: true },
      schema: {
        summary: 'Book a half hour',
        body: ref(BookingBody),
        response: { 201: ref(ClinicAppointment) },
      },
    },
    async (request) => shown(request, await bookVisit(request, request.body)),
  )

  app.get(
    '/appointments',
    {
      ...read,
      schema: {
        summary: 'One’s own appointments, the newest first',
        querystring: AppointmentsQuery,
        response: { 200: Type.Array(ref(ClinicAppointment)) },
      },
    },
    (request) => listVisits(request, request.query),
  )

  app.get(
    '/appointments/:id',
    { ...read, schema: { summary: 'One appointment', params: byId, response: answer } },
    async (request) => {
      const { db, actor, params } = request
      return shown(request, await findAppointment(db, actor, params.id))
    },
  )

  app.patch(
    '/appointments/:id/confirm',
    {
      config: { may: 'appointments:confirm' },
      schema: { summary: 'Say that one will come', params: byId, response: answer },
    },
    async (request) => shown(request, await confirmVisit(request, request.params.id)),
  )

  app.patch(
    '/appointments/:id/cancel',
    {
      config: { may: 'appointments:cancel' },
      schema: { summary: 'Give it back', params: byId, body: ReasonBody, response: answer },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      return shown(request, await cancel(db, actor, params.id, { reason: body?.reason || undefined }, now))
    },
  )

  app.patch(
    '/appointments/:id/complete',
    {
      config: { may: 'appointments:attend' },
      schema: { summary: 'It has taken place', params: byId, body: NotesBody, response: answer },
    },
    async (request) => shown(request, await completeVisit(request, request.params.id, request.body?.notes)),
  )
}

async function shown({ db, actor }: FastifyRequest, appointment: Appointment) {
  return (await viewAppointments(db, actor, [appointment]))[0]!
}
