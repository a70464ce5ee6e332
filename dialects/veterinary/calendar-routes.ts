import { ref } from '../../server/shapes.ts'
import type { App } from '../../server/http/routes.ts'
import { readCalendar } from './calendar.ts'
import {
  CalendarQuery,
  StatisticsQuery,
  VeterinaryCalendar,
  VeterinaryStatistics,
} from './calendar-shapes.ts'
import { enveloped, type Say } from './envelope.ts'
import { statisticsOf } from './statistics.ts'

/** /appointments/calendar and /appointments/statistics. */
export function calendarRoutes(app: App, say: Say): void {
  app.get(
    '/appointments/calendar',
    {
      config: { may: 'appointments:read' },
      schema: {
        summary: 'A day, a week or a month: what is booked and what is free',
        querystring: CalendarQuery,
        response: { 200: enveloped(ref(VeterinaryCalendar)) },
      },
    },
    async (request) => say(await readCalendar(request, request.query)),
  )

  app.get(
    '/appointments/statistics',
    {
      config: { may: 'statistics:read' },
      schema: {
        summary: 'Numbers, money and rates, for the staff',
        querystring: StatisticsQuery,
        response: { 200: enveloped(ref(VeterinaryStatistics)) },
      },
    },
    async (request) => say(await statisticsOf(request, request.query)),
  )
}
