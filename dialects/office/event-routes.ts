import { Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import { TICKET_SECONDS, type Tokens } from '../../server/accounts/tokens.ts'
import { readAppointments } from '../../server/appointments/list.ts'
import type { App } from '../../server/http/routes.ts'
import type { AppointmentChange, Changes, Happened } from '../../server/live/changes.ts'
import type { Live } from '../../server/live/live.ts'
import { answerWithEvents, type StreamEvent } from '../../server/live/streams.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { type Actor, may } from '../../server/permissions.ts'
import { NotAllowed } from '../../server/refusal.ts'
import { Id, ref, shape } from '../../server/shapes.ts'
import { viewAppointments } from './views.ts'

const EventsQuery = Type.Object({
  office_id: Id,
  ticket: Type.Optional(Type.String({ maxLength: 2000, description: 'In the place of the token' })),
})
const Ticket = shape('OfficeTicket', Type.Object({ ticket: Type.String(), expires_in: Type.Integer() }))

/** What this system calls what happens; everything else is an update. */
const names: Partial<Record<Happened, string>> = {
  booked: 'new_appointment',
  imported: 'new_appointment',
  confirmed: 'appointment_approved',
  declined: 'appointment_denied',
  cancelled: 'appointment_cancelled',
  completed: 'appointment_completed',
}

/** /appointments/events: what changes at an office, as it happens. */
export function eventRoutes(app: App, tokens: Tokens, live: Live): void {
  app.get(
    '/appointments/events',
    {
      config: { may: 'appointments:attend', takes_ticket: true },
      schema: { summary: 'What changes at an office, as server-sent events', querystring: EventsQuery },
    },
    async (request, reply) => {
      const { db, actor, organization, query } = request
      const { id: office_id } = await findLocation(db, organization.id, query.office_id)
      if (!worksFor(actor, office_id)) throw new NotAllowed()
      return answerWithEvents(request, reply, live, (changes, asNow) =>
        eventsAt(request, asNow, office_id, changes),
      )
    },
  )

  app.post(
    '/appointments/events/ticket',
    {
      config: { may: 'appointments:attend' },
      schema: {
        summary: 'A ticket for an EventSource, which sends no token: good for a minute, as ?ticket=',
        response: { 200: ref(Ticket) },
      },
    },
    ({ actor, now }) => {
      // A program with a key can send it; it has no log-in that a ticket could stand for.
      if (actor.api_key_id) throw new NotAllowed()
      return { ticket: tokens.issueTicket(actor, now), expires_in: TICKET_SECONDS }
    },
  )
}

function worksFor(actor: Actor, location_id: string): boolean {
  return may(actor, 'appointments:attend', { location_id }) || actor.location_ids.includes(location_id)
}

/** What of this concerns the office, as far as whoever listens may see it. */
async function eventsAt(
  { db, organization }: FastifyRequest,
  actor: Actor,
  office_id: string,
  { appointments, slots }: Changes,
): Promise<StreamEvent[]> {
  if (!worksFor(actor, office_id)) return []
  const here = appointments.filter(({ appointment }) => appointment.location_id === office_id)
  const times = slots.filter(({ location_id }) => location_id === office_id || location_id === null)
  return [
    ...(await viewChanges({ db, organization }, actor, here)),
    ...times.map(({ provider_id }) => ({
      event: 'time_slots_updated',
      data: { office_id, host_id: provider_id },
    })),
  ]
}

async function viewChanges(
  { db, organization }: Pick<FastifyRequest, 'db' | 'organization'>,
  actor: Actor,
  changes: AppointmentChange[],
): Promise<StreamEvent[]> {
  const ids = [...new Set(changes.map(({ appointment }) => appointment.id))]
  const found = await readAppointments(db, actor, ids)
  const shown = new Map((await viewAppointments(db, organization, found)).map((one) => [one.id, one]))
  return changes.flatMap(({ happened, appointment }) => {
    const data = shown.get(appointment.id)
    return data ? [{ event: names[happened] ?? 'appointment_updated', data }] : []
  })
}
