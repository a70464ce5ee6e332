import { complete, start } from '../../server/appointments/attendance.ts'
import { cancel } from '../../server/appointments/cancellation.ts'
import { confirm } from '../../server/appointments/deciding.ts'
import type { App } from '../../server/http/routes.ts'
import { ref } from '../../server/shapes.ts'
import { CancelBody, CompleteBody, RescheduleBody, VeterinaryAppointment } from './appointment-shapes.ts'
import { enveloped, type Say } from './envelope.ts'
import { byId } from './shapes.ts'
import { momentOf } from './times.ts'
import { moveVisit, shown } from './visits.ts'

/** /appointments/{id}/…: what becomes of an appointment. */
export function stepRoutes(app: App, say: Say): void {
  const attend = { config: { may: 'appointments:attend' } } as const
  const response = { 200: enveloped(ref(VeterinaryAppointment)) }

  app.post(
    '/appointments/:id/cancel',
    {
      config: { may: 'appointments:cancel' },
      schema: { summary: 'Cancel', params: byId, body: CancelBody, response },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      const reason = body?.cancellation_reason || undefined
      const cancelled = await cancel(db, actor, params.id, { reason }, now)
      return say(await shown(request, cancelled), 'The appointment is cancelled.')
    },
  )

  app.post(
    '/appointments/:id/reschedule',
    {
      config: { may: 'appointments:change' },
      schema: { summary: 'Move to another time', params: byId, body: ref(RescheduleBody), response },
    },
    async (request) => {
      const { params, body } = request
      const to = momentOf('new_scheduled_at', body.new_scheduled_at)
      const moved = await moveVisit(request, params.id, { start: to, reason: body.reason || undefined })
      return say(await shown(request, moved), 'The appointment is moved, and waits to be confirmed.')
    },
  )

  app.post(
    '/appointments/:id/confirm',
    {
      config: { may: 'appointments:confirm' },
      schema: { summary: 'Confirm', params: byId, response },
    },
    async (request) => {
      const { db, actor, params, now } = request
      return say(
        await shown(request, await confirm(db, actor, params.id, now)),
        'The appointment is confirmed.',
      )
    },
  )

  app.post(
    '/appointments/:id/start',
    { ...attend, schema: { summary: 'It has begun', params: byId, response } },
    async (request) => {
      const { db, actor, params, now } = request
      return say(await shown(request, await start(db, actor, params.id, now)), 'The appointment has begun.')
    },
  )

  app.post(
    '/appointments/:id/complete',
    { ...attend, schema: { summary: 'It has taken place', params: byId, body: CompleteBody, response } },
    async (request) => {
      const { db, actor, params, body, now } = request
      const charged = body?.actual_cost ?? undefined
      const completed = await complete(db, actor, params.id, { charged }, now)
      return say(await shown(request, completed), 'The appointment is completed.')
    },
  )
}
