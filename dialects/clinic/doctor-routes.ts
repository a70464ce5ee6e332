import { Type } from 'typebox'
import type { App } from '../../server/http/routes.ts'
import { FreeText, ref } from '../../server/shapes.ts'
import { byId, ClinicSlot, DoctorStatistics, limit } from './shapes.ts'
import { slotsOn } from './slots.ts'
import { statisticsOf } from './statistics.ts'

const SlotsQuery = Type.Object({ date: FreeText(100, 'YYYY-MM-DD') })
const StatisticsQuery = Type.Object({
  groupBy: Type.String({ ...FreeText(100, 'month or day'), default: 'month' }),
  limit,
})

/** Of one doctor: what can be booked, and what came of it. */
export function doctorRoutes(app: App): void {
  // The second is where the original has it.
  for (const path of ['/doctors/:id/slots', '/appointments/slots/:id']) {
    app.get(
      path,
      {
        config: { may: 'slots:read' },
        schema: {
          summary: 'The slots of a day, free and taken',
          params: byId,
          querystring: SlotsQuery,
          response: { 200: Type.Array(ref(ClinicSlot)) },
        },
      },
      (request) => slotsOn(request, request.params.id, request.query.date),
    )
  }

  app.get(
    '/appointments/stats/doctor/:id',
    {
      config: { may: 'statistics:read' },
      schema: {
        summary: 'Numbers by month or day, for the doctor and administrators',
        params: byId,
        querystring: StatisticsQuery,
        response: { 200: ref(DoctorStatistics) },
      },
    },
    (request) => statisticsOf(request, request.params.id, request.query),
  )
}
