import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { App } from '../http/routes.ts'
import { InvalidInput } from '../refusal.ts'
import { Id, nullable, ref, strict } from '../shapes.ts'
import { type Appointment, findAppointment } from './appointments.ts'
import { arrive, complete, markNoShow, start } from './attendance.ts'
import { book } from './booking.ts'
import { cancel } from './cancellation.ts'
import { changeNotes } from './changing.ts'
import { bookHeld } from './confirming-holds.ts'
import { confirm, decline } from './deciding.ts'
import { readHistory } from './history.ts'
import { listAppointments, readAppointment } from './list.ts'
import { reschedule } from './rescheduling.ts'
import {
  AppointmentChangeBody,
  AppointmentPage,
  AppointmentShape,
  AppointmentsQuery,
  BookingBody,
  HistoryList,
  MoveBody,
  ReasonBody,
  viewAppointment,
  viewHistoryEntry,
} from './shapes.ts'

const byId = strict({ id: Id })
const answer = { 200: ref(AppointmentShape) }
const optionalReason = nullable(ref(ReasonBody))

/** /appointments */
export function appointmentRoutes(app: App): void {
  app.get(
    '/appointments',
    {
      config: { may: 'appointments:read' },
      schema: { querystring: AppointmentsQuery, response: { 200: ref(AppointmentPage) } },
    },
    async ({ db, actor, query }) => {
      const { from, to, ...filters } = query
      const { items, next_cursor } = await listAppointments(db, actor, {
        ...filters,
        from: instant(from),
        to: instant(to),
      })
      return { items: items.map(viewAppointment), next_cursor }
    },
  )

  app.post(
    '/appointments',
    {
      config: { may: 'appointments:book', creates: true },
      schema: { body: ref(BookingBody), response: { 201: ref(AppointmentShape) } },
    },
    async ({ db, actor, body, now }) => {
      const { hold_id, ...content } = body
      const booked = hold_id
        ? await bookHeld(db, actor, { ...requireNoTime(content), hold_id }, now)
        : await book(db, actor, requireTime(content), now)
      return viewAppointment(booked)
    },
  )

  app.get(
    '/appointments/:id',
    { config: { may: 'appointments:read' }, schema: { params: byId, response: answer } },
    async (request) => shown(request, await findAppointment(request.db, request.actor, request.params.id)),
  )

  app.patch(
    '/appointments/:id',
    {
      config: { may: 'appointments:change' },
      schema: { params: byId, body: ref(AppointmentChangeBody), response: answer },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      return shown(request, await changeNotes(db, actor, params.id, body, now))
    },
  )

  app.get(
    '/appointments/:id/history',
    { config: { may: 'appointments:read' }, schema: { params: byId, response: { 200: ref(HistoryList) } } },
    async ({ db, actor, params }) => {
      const { organization_id, id } = await findAppointment(db, actor, params.id)
      return { items: (await readHistory(db, organization_id, id)).map(viewHistoryEntry), next_cursor: null }
    },
  )

  app.post(
    '/appointments/:id/reschedule',
    {
      config: { may: 'appointments:change' },
      schema: { params: byId, body: ref(MoveBody), response: answer },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      const { starts_at, ends_at, ...rest } = body
      const move = { ...rest, starts_at: Temporal.Instant.from(starts_at), ends_at: instant(ends_at) }
      return shown(request, await reschedule(db, actor, params.id, move, now))
    },
  )

  app.post(
    '/appointments/:id/cancel',
    {
      config: { may: 'appointments:cancel' },
      schema: { params: byId, body: optionalReason, response: answer },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      return shown(request, await cancel(db, actor, params.id, body ?? {}, now))
    },
  )

  app.post(
    '/appointments/:id/confirm',
    { config: { may: 'appointments:confirm' }, schema: { params: byId, response: answer } },
    async (request) => {
      const { db, actor, params, now } = request
      return shown(request, await confirm(db, actor, params.id, now))
    },
  )

  app.post(
    '/appointments/:id/decline',
    {
      config: { may: 'appointments:decline' },
      schema: { params: byId, body: optionalReason, response: answer },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      return shown(request, await decline(db, actor, params.id, body ?? {}, now))
    },
  )

  for (const [path, attend] of Object.entries({ arrive, start, complete, 'no-show': markNoShow })) {
    app.post(
      `/appointments/:id/${path}`,
      { config: { may: 'appointments:attend' }, schema: { params: byId, response: answer } },
      async (request) => {
        const { db, actor, params, now } = request
        return shown(request, await attend(db, actor, params.id, now))
      },
    )
  }
}

/** The appointment as the verb left it, whatever has been done to it since, with the names that belong to it. */
async function shown({ db }: FastifyRequest, appointment: Appointment) {
  const named = await readAppointment(db, appointment.organization_id, appointment.id)
  return viewAppointment({ ...named, ...appointment })
}

type Content = Omit<Static<typeof BookingBody>, 'hold_id'>

function requireTime({ provider_id, starts_at, ends_at, ...content }: Content) {
  const missing = Object.entries({ provider_id, starts_at }).filter(([, value]) => value === undefined)
  if (provider_id === undefined || starts_at === undefined) {
    throw new InvalidInput(missing.map(([field]) => ({ field, message: 'is missing (or give a hold_id)' })))
  }
  return { ...content, provider_id, starts_at: Temporal.Instant.from(starts_at), ends_at: instant(ends_at) }
}

/** What is held says who, when and where; saying it again could only contradict it. */
function requireNoTime({ client_id, notes, details, ...about }: Content) {
  const said = Object.keys(about)
  if (said.length > 0)
    throw new InvalidInput(said.map((field) => ({ field, message: 'is said by the hold' })))
  return { client_id, notes, details }
}

function instant(text: string | undefined): Temporal.Instant | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text)
}
