import type { App } from '../http/routes.ts'
import { momentIn } from '../moments.ts'
import { ref } from '../shapes.ts'
import { StatisticsQuery, StatisticsShape, viewStatistics } from './statistics-shapes.ts'
import { readStatistics } from './statistics.ts'

/** /appointments/statistics */
export function statisticsRoutes(app: App): void {
  app.get(
    '/appointments/statistics',
    {
      config: { may: 'statistics:read' },
      schema: { querystring: StatisticsQuery, response: { 200: ref(StatisticsShape) } },
    },
    async ({ db, actor, organization, query, now }) => {
      const { time_zone } = organization
      const { from, to, ...filters } = query
      const wanted = {
        ...filters,
        ...(from !== undefined && { from: momentIn('from', from, time_zone, 0) }),
        ...(to !== undefined && { to: momentIn('to', to, time_zone, 1) }),
      }
      return viewStatistics(await readStatistics(db, actor, organization, wanted, now), organization)
    },
  )
}
