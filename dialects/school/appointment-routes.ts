import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { findAppointment } from '../../server/appointments/appointments.ts'
import { cancel } from '../../server/appointments/cancellation.ts'
import { changeNotes } from '../../server/appointments/changing.ts'
import { listAppointments } from '../../server/appointments/list.ts'
import type { App, Organization } from '../../server/http/routes.ts'
import { may } from '../../server/permissions.ts'
import { NotAllowed } from '../../server/refusal.ts'
import { Id, oneOf, ref } from '../../server/shapes.ts'
import { dayOf } from '../local-times.ts'
import { countedPage, pageQuery } from '../pages.ts'
import { bookSlot, listAll, setStatus, shown } from './appointments.ts'
import { findOwn, findParent } from './parents.ts'
import {
  AppointmentChangeBody,
  AppointmentsOfParent,
  AppointmentsOfTeacher,
  BookingBody,
  byId,
  Day,
  Message,
  SchoolAppointment,
  SchoolAppointments,
  StatusBody,
  statuses,
} from './shapes.ts'
import { findTeacher } from './teachers.ts'
import { statesOf, summaryOf, viewAppointments } from './views.ts'

const dates = { start_date: Type.Optional(Day), end_date: Type.Optional(Day) }
const AppointmentsQuery = Type.Object({
  ...pageQuery(1000, 100),
  ...dates,
  status: Type.Optional(oneOf(statuses)),
  teacher_id: Type.Optional(Id),
  parent_id: Type.Optional(Id),
})

/** /appointments: meetings of parents and teachers. */
export function appointmentRoutes(app: App): void {
  const read = { config: { may: 'appointments:read' } } as const
  const answer = { 200: ref(SchoolAppointment) }

  app.get(
    '/appointments',
    {
      ...read,
      schema: {
        summary: 'One’s own meetings; all of them, for administrators',
        querystring: AppointmentsQuery,
        response: { 200: ref(SchoolAppointments) },
      },
    },
    async (request) => {
      const { db, actor, organization, query, now } = request
      await requireProfile(request)
      const { status, teacher_id: provider_id, parent_id: client_id, skip, limit } = query
      const states = status && statesOf(status)
      const wanted = { provider_id, client_id, states, ...instantsIn(query, organization) }
      const { items, total } = await countedPage(
        (page) => listAppointments(db, actor, { ...wanted, ...page }),
        query,
      )
      return { appointments: await viewAppointments(db, organization, items, now), total, skip, limit }
    },
  )

  app.post(
    '/appointments/book',
    {
      config: { may: 'appointments:book', creates: true },
      schema: { summary: 'Book a slot', body: ref(BookingBody), response: { 201: ref(SchoolAppointment) } },
    },
    async (request) => shown(request, await bookSlot(request, request.body)),
  )

  app.get(
    '/appointments/parent/:id/appointments',
    {
      ...read,
      schema: { summary: 'Meetings of a parent', params: byId, response: { 200: ref(AppointmentsOfParent) } },
    },
    async (request) => {
      const { db, actor, params } = request
      await findParent(db, actor, params.id)
      const appointments = await listAll(request, { client_id: params.id })
      return { parent_id: params.id, appointments, summary: summaryOf(appointments) }
    },
  )

  app.get(
    '/appointments/teacher/:id/appointments',
    {
      ...read,
      schema: {
        summary: 'Meetings of a teacher',
        params: byId,
        querystring: Type.Object(dates),
        response: { 200: ref(AppointmentsOfTeacher) },
      },
    },
    async (request) => {
      const { db, actor, organization, params, query } = request
      const { id } = params
      await findTeacher(db, organization.id, id)
      if (!may(actor, 'appointments:attend', { provider_id: id })) throw new NotAllowed()
      const wanted = { provider_id: id, ...instantsIn(query, organization) }
      const appointments = await listAll(request, wanted)
      const date_range = { start: query.start_date ?? null, end: query.end_date ?? null }
      return { teacher_id: id, date_range, appointments, summary: summaryOf(appointments) }
    },
  )

  app.get(
    '/appointments/:id',
    { ...read, schema: { summary: 'One meeting', params: byId, response: answer } },
    async (request) => shown(request, await findAppointment(request.db, request.actor, request.params.id)),
  )

  app.put(
    '/appointments/:id',
    {
      config: { may: 'appointments:change' },
      schema: {
        summary: 'Change how to meet, and the notes',
        params: byId,
        body: ref(AppointmentChangeBody),
        response: answer,
      },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      const { client_id } = await findAppointment(db, actor, params.id)
      const isTheirs = client_id === actor.person_id || actor.roles.includes('admin')
      if (!isTheirs) throw new NotAllowed('Only the parent and administrators change this.')
      const { meeting_mode, notes } = body
      const change = { notes, ...(meeting_mode && { details: { meeting_mode } }) }
      return shown(request, await changeNotes(db, actor, params.id, change, now))
    },
  )

  app.put(
    '/appointments/:id/status',
    {
      config: { may: 'appointments:attend' },
      schema: { summary: 'Confirm, complete, cancel', params: byId, body: ref(StatusBody), response: answer },
    },
    async (request) => {
      const { db, actor, params, body } = request
      await findAppointment(db, actor, params.id, 'appointments:attend')
      return shown(request, await setStatus(request, params.id, body.status))
    },
  )

  app.delete(
    '/appointments/:id',
    {
      config: { may: 'appointments:cancel' },
      schema: { summary: 'Cancel', params: byId, response: { 200: ref(Message) } },
    },
    async ({ db, actor, params, now }) => {
      await cancel(db, actor, params.id, {}, now)
      return { message: 'The meeting is cancelled, and its slot is free again.' }
    },
  )
}

/** Whoever has no profile yet has no meetings either, and is told so. */
async function requireProfile({ db, actor, organization }: FastifyRequest): Promise<void> {
  if (actor.roles.includes('admin')) return
  if (actor.roles.includes('provider')) await findTeacher(db, organization.id, actor.person_id)
  else if (actor.roles.includes('client')) await findOwn(db, organization.id, actor.person_id)
}

/** From the first moment of one date to the last of another: those of the meetings. */
function instantsIn(
  { start_date, end_date }: { start_date?: string; end_date?: string },
  { time_zone }: Organization,
) {
  return {
    ...(start_date && { from: dayOf('start_date', start_date.slice(0, 10), time_zone).start }),
    ...(end_date && { to: dayOf('end_date', end_date.slice(0, 10), time_zone).end }),
  }
}
