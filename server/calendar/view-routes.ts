import type { App } from '../http/routes.ts'
import { momentIn } from '../moments.ts'
import { ref } from '../shapes.ts'
import { requireSlotsVisible } from '../slots/free.ts'
import { viewSlot } from '../slots/shapes.ts'
import { suggestTimes } from './suggestions.ts'
import {
  CalendarShape,
  DayQuery,
  MonthQuery,
  SuggestionList,
  SuggestionsQuery,
  viewCalendar,
  WeekQuery,
} from './view-shapes.ts'
import { readCalendar } from './views.ts'

/** The calendar as people look at it: by day, week and month; and what would fit into it well. */
export function calendarViewRoutes(app: App): void {
  const config = { may: 'appointments:read' } as const
  const response = { 200: ref(CalendarShape) }

  app.get('/calendar/day', { config, schema: { querystring: DayQuery, response } }, async (request) => {
    const { db, actor, organization, query, now } = request
    const found = await readCalendar(db, actor, organization, { view: 'day', ...query }, now)
    return viewCalendar('day', found, request, query)
  })

  app.get('/calendar/week', { config, schema: { querystring: WeekQuery, response } }, async (request) => {
    const { db, actor, organization, query, now } = request
    const found = await readCalendar(db, actor, organization, { view: 'week', ...query }, now)
    return viewCalendar('week', found, request, query)
  })

  app.get('/calendar/month', { config, schema: { querystring: MonthQuery, response } }, async (request) => {
    const { db, actor, organization, query, now } = request
    const found = await readCalendar(db, actor, organization, { view: 'month', ...query }, now)
    return viewCalendar('month', found, request, query)
  })

  app.get(
    '/calendar/suggestions',
    {
      config: { may: 'slots:read' },
      schema: { querystring: SuggestionsQuery, response: { 200: ref(SuggestionList) } },
    },
    async ({ db, asking, organization, query, now }) => {
      requireSlotsVisible(asking, organization)
      const { time_zone } = organization
      const wanted = {
        most: 10,
        ...query,
        from: momentIn('from', query.from, time_zone, 0),
        to: momentIn('to', query.to, time_zone, 1),
      }
      const suggestions = await suggestTimes(db, organization, wanted, now)
      const items = suggestions.map(({ fills, ...slot }) => ({ ...viewSlot(slot), fills }))
      return { time_zone, items, next_cursor: null }
    },
  )
}
