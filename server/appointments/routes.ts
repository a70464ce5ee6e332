import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { App } from '../http/routes.ts'
import { InvalidInput } from '../refusal.ts'
import { Id, instantIn, nullable, ref, strict } from '../shapes.ts'
import { type Appointment, findAppointment } from './appointments.ts'
import { arrive, complete, markNoShow, start } from './attendance.ts'
import { book } from './booking.ts'
import { cancel } from './cancellation.ts'
import { changeNotes } from './changing.ts'
import { bookHeld } from './confirming-holds.ts'
import { correct } from './correcting.ts'
import { confirm, decline } from './deciding.ts'
import { readHistory } from './history.ts'
import { listAppointments, readAppointment } from './list.ts'
import { postpone, reschedule } from './rescheduling.ts'
import {
  AppointmentChangeBody,
  AppointmentPage,
  AppointmentShape,
  AppointmentsQuery,
  BookingBody,
  CompletionBody,
  CorrectionBody,
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
    async (request) => {
      const { db, actor, query } = request
      const { from, to, state, ...wanted } = query
      const within = { from: instantIn(from), to: instantIn(to), states: state && [state] }
      const { items, next_cursor } = await listAppointments(db, actor, { ...wanted, ...within })
      return { items: items.map((one) => viewAppointment(one, request)), next_cursor }
    },
  )

  app.post(
    '/appointments',
    {
      config: { may: 'appointments:book', creates: true },
      schema: { body: ref(BookingBody), response: { 201: ref(AppointmentShape) } },
    },
    async (request) => {
      const { db, actor, body, now } = request
      const { hold_id, ...content } = body
      const booked = hold_id
        ? await bookHeld(db, actor, { ...requireNoTime(content), hold_id }, now)
        : await book(db, actor, withInstants(content), now)
      return viewAppointment(booked, request)
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
    async (request) => {
      const { db, actor, params } = request
      const appointment = await findAppointment(db, actor, params.id)
      const entries = await readHistory(db, appointment.organization_id, appointment.id)
      return {
        items: entries.map((entry) => viewHistoryEntry(entry, appointment, request)),
        next_cursor: null,
      }
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
      return shown(request, await reschedule(db, actor, params.id, withInstants(body), now))
    },
  )

  app.post(
    '/appointments/:id/postpone',
    {
      config: { may: 'appointments:decline' },
      schema: { params: byId, body: ref(MoveBody), response: answer },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      return shown(request, await postpone(db, actor, params.id, withInstants(body), now))
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

  app.post(
    '/appointments/:id/complete',
    {
      config: { may: 'appointments:attend' },
      schema: { params: byId, body: nullable(ref(CompletionBody)), response: answer },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      return shown(request, await complete(db, actor, params.id, body ?? {}, now))
    },
  )

  app.post(
    '/appointments/:id/correct',
    {
      config: { may: 'appointments:correct' },
      schema: { params: byId, body: ref(CorrectionBody), response: answer },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      return shown(request, await correct(db, actor, params.id, body, now))
    },
  )

  for (const [path, attend] of Object.entries({ arrive, start, 'no-show': markNoShow })) {
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
async function shown(request: FastifyRequest, appointment: Appointment) {
  const named = await readAppointment(request.db, appointment.organization_id, appointment.id)
  return viewAppointment({ ...named, ...appointment }, request)
}

function withInstants<T extends { starts_at?: string; ends_at?: string }>({
  starts_at,
  ends_at,
  ...rest
}: T) {
  return { ...rest, starts_at: instantIn(starts_at), ends_at: instantIn(ends_at) }
}

type Content = Omit<Static<typeof BookingBody>, 'hold_id'>

/** What is held says who, when and where; saying it again could only contradict it. */
function requireNoTime({ client_id, dependent_id, notes, details, ...about }: Content) {
  const said = Object.keys(about)
  if (said.length > 0)
    throw new InvalidInput(said.map((field) => ({ field, message: 'is said by the hold' })))
  return { client_id, dependent_id, notes, details }
}
