import type { App } from '../http/routes.ts'
import { Id, instantIn, ref, strict } from '../shapes.ts'
import { checkConflicts } from './conflicts.ts'
import { bookSeries, cancelSeries } from './series.ts'
import {
  ConflictsBody,
  ConflictsShape,
  SeriesBody,
  SeriesCancelBody,
  SeriesCancelled,
  SeriesShape,
  viewConflicts,
  viewSeries,
} from './series-shapes.ts'

const byId = strict({ id: Id })

/** /appointments/series, and what is in the way of a time before it is booked. */
export function seriesRoutes(app: App): void {
  app.post(
    '/appointments/series',
    {
      config: { may: 'appointments:book', creates: true },
      schema: { body: ref(SeriesBody), response: { 201: ref(SeriesShape) } },
    },
    async (request) => {
      const { db, actor, body, now } = request
      const times = { starts_at: instantIn(body.starts_at), ends_at: instantIn(body.ends_at) }
      return viewSeries(await bookSeries(db, actor, { ...body, ...times }, now), request)
    },
  )

  app.post(
    '/appointments/series/:id/cancel',
    {
      config: { may: 'appointments:cancel' },
      schema: { params: byId, body: ref(SeriesCancelBody), response: { 200: ref(SeriesCancelled) } },
    },
    async ({ db, actor, params, body, now }) => {
      const wanted = { ...body, from: instantIn(body.from) }
      const cancelled = await cancelSeries(db, actor, params.id, wanted, now)
      return { cancelled: cancelled.map(({ id }) => id) }
    },
  )

  app.post(
    '/appointments/check-conflicts',
    {
      config: { may: 'appointments:book' },
      schema: { body: ref(ConflictsBody), response: { 200: ref(ConflictsShape) } },
    },
    async (request) => {
      const { db, actor, body, now } = request
      const times = { starts_at: instantIn(body.starts_at), ends_at: instantIn(body.ends_at) }
      return viewConflicts(await checkConflicts(db, actor, { ...body, ...times }, now), request)
    },
  )
}
