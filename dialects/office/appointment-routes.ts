import { Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { findAppointment } from '../../server/appointments/appointments.ts'
import { complete, markNoShow } from '../../server/appointments/attendance.ts'
import { cancel } from '../../server/appointments/cancellation.ts'
import { changeNotes } from '../../server/appointments/changing.ts'
import { listAppointments } from '../../server/appointments/list.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import type { App } from '../../server/http/routes.ts'
import { reachOf } from '../../server/permissions.ts'
import { NotAllowed } from '../../server/refusal.ts'
import { FreeText, Id, oneOf, ref } from '../../server/shapes.ts'
import { dayOf } from '../local-times.ts'
import { everyPage } from '../pages.ts'
import {
  BookedVisit,
  DecisionBody,
  NewTimeBody,
  NotesBody,
  OfficeAppointment,
  ReasonBody,
  SlotTime,
  statuses,
  VisitBody,
  VisitChangeBody,
} from './visit-shapes.ts'
import { byId, Day } from './shapes.ts'
import { open, statesOf, viewAppointments } from './views.ts'
import { bookVisit, changeVisit, decide, moveVisit, shown } from './visits.ts'

const AppointmentsQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  offset: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
  status: Type.Optional(oneOf(statuses)),
  by_decision: Type.Optional(oneOf(statuses)),
  by_date: Type.Optional(Day),
  by_time_slot: Type.Optional(SlotTime),
  office_id: Type.Optional(Id),
  search: Type.Optional(FreeText(200)),
  completed: Type.Optional(Type.Boolean()),
})
const GatesQuery = Type.Object({ search: FreeText(200), office_id: Type.Optional(Id) })

/** /appointments: visits of citizens, and what the office decides of them. */
export function appointmentRoutes(app: App): void {
  const read = { config: { may: 'appointments:read' } } as const
  const attend = { config: { may: 'appointments:attend' } } as const
  const decideOn = { config: { may: 'appointments:decline' } } as const
  const answer = { 200: ref(OfficeAppointment) }
  const list = { 200: Type.Array(ref(OfficeAppointment)) }

  app.get(
    '/appointments',
    { ...read, schema: { summary: 'Appointments', querystring: AppointmentsQuery, response: list } },
    (request) => listVisits(request, request.query),
  )

  app.post(
    '/appointments',
    {
      config: { may: 'appointments:book', creates: true },
      schema: { summary: 'Book a slot', body: ref(VisitBody), response: { 201: ref(BookedVisit) } },
    },
    async (request) => bookVisit(request, request.body),
  )

  app.get(
    '/appointments/gates/search',
    {
      ...attend,
      schema: { summary: 'Who is expected, at the door', querystring: GatesQuery, response: list },
    },
    (request) => {
      const { search, office_id } = request.query
      return listVisits(request, { search, office_id, status: 'approved', limit: 100, offset: 0 })
    },
  )

  app.get(
    '/appointments/:id',
    { ...read, schema: { summary: 'One appointment', params: byId, response: answer } },
    async (request) => shown(request, await findAppointment(request.db, request.actor, request.params.id)),
  )

  app.patch(
    '/appointments/:id',
    {
      ...attend,
      schema: {
        summary: 'Change the purpose or the slot',
        params: byId,
        body: ref(VisitChangeBody),
        response: answer,
      },
    },
    async (request) => shown(request, await changeVisit(request, request.params.id, request.body)),
  )

  const giveBack = {
    config: { may: 'appointments:cancel' },
    schema: { summary: 'Cancel', params: byId, body: ReasonBody, response: answer },
  } as const
  app.delete('/appointments/:id', giveBack, cancelVisit)
  app.post('/appointments/:id/cancel', giveBack, cancelVisit)

  for (const method of ['POST', 'PATCH'] as const) {
    app.route({
      method,
      url: '/appointments/:id/decision',
      ...decideOn,
      schema: { summary: 'Approve or deny', params: byId, body: ref(DecisionBody), response: answer },
      async handler(request) {
        const { params, body } = request
        return shown(request, await decide(request, params.id, body.decision, body.reason || undefined))
      },
    })
  }

  for (const how of ['reschedule', 'postpone'] as const) {
    app.post(
      `/appointments/:id/${how}`,
      {
        ...decideOn,
        schema: { summary: `${how} it`, params: byId, body: ref(NewTimeBody), response: answer },
      },
      async (request) => shown(request, await moveVisit(request, request.params.id, request.body, how)),
    )
  }

  app.post(
    '/appointments/:id/complete',
    { ...attend, schema: { summary: 'It has taken place', params: byId, body: NotesBody, response: answer } },
    async (request) => {
      const { db, actor, params, body, now } = request
      const completed = await inTransaction(db, async (trx) => {
        if (body?.notes) await changeNotes(trx, actor, params.id, { notes: body.notes }, now)
        return complete(trx, actor, params.id, {}, now)
      })
      return shown(request, completed)
    },
  )

  app.post(
    '/appointments/:id/no-show',
    { ...attend, schema: { summary: 'The citizen did not come', params: byId, response: answer } },
    async (request) => {
      const { db, actor, params, now } = request
      return shown(request, await markNoShow(db, actor, params.id, now))
    },
  )
}

async function cancelVisit(
  request: FastifyRequest<{ Params: { id: string }; Body: Static<typeof ReasonBody> }>,
) {
  const { db, actor, params, body, now } = request
  return shown(request, await cancel(db, actor, params.id, { reason: body?.reason || undefined }, now))
}

type Wanted = Pick<Static<typeof AppointmentsQuery>, 'limit' | 'offset'> &
  Partial<Static<typeof AppointmentsQuery>>

/** Those that are wanted, of the offices that whoever asks works for; a user's own. By date and time. */
async function listVisits(request: FastifyRequest, wanted: Wanted) {
  const { db, actor, organization } = request
  if (!reachOf(actor, 'appointments:read')) throw new NotAllowed()
  const { office_id: location_id, search, by_date, by_time_slot, completed } = wanted
  const status = wanted.status ?? wanted.by_decision
  const states = status ? statesOf(status) : completed ? statesOf('completed') : undefined
  const day = by_date ? dayOf('by_date', by_date.slice(0, 10), organization.time_zone) : undefined
  const filters = { location_id, search, states, from: day?.start, to: day?.end }
  const found = await everyPage((page) => listAppointments(db, actor, { ...filters, ...page }))
  const views = await viewAppointments(db, organization, found)
  const kept = views
    .filter((one) => !status || one.status === status)
    .filter((one) => completed !== false || open.includes(one.status))
    .filter((one) => !by_time_slot || one.time_slotted.startsWith(timeOf(by_time_slot)))
  return kept.slice(wanted.offset, wanted.offset + wanted.limit)
}

function timeOf(slot: string): string {
  return slot.split('-')[0]!.trim().slice(0, 5).padStart(5, '0')
}
