import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { calendarOfAll, type CalendarStyle } from '../../server/calendar/calendars.ts'
import { ICalendar } from '../../server/calendar/shapes.ts'
import type { App } from '../../server/http/routes.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { ExportQuery } from './calendar-shapes.ts'
import { teacherLookedAt } from './calendars.ts'
import { statusOf } from './views.ts'
import { between, dateIn } from './weeks.ts'

/** /calendar/export: meetings for the calendars of people. */
export function exportRoutes(app: App): void {
  app.get(
    '/calendar/export/ical',
    {
      config: { may: 'appointments:read' },
      schema: { summary: 'Meetings as a calendar', querystring: ExportQuery, response: { 200: ICalendar } },
    },
    async (request, reply) => {
      const { db, actor, organization } = request
      const provider_id = await teacherLookedAt(request, request.query.teacher_id)
      const { first, last } = rangeIn(request, request.query)
      const within = between(first, first.until(last).days + 1, organization.time_zone)
      const style = { seen_by: null, describe }
      const calendar = await calendarOfAll(db, actor, style, { provider_id, ...within })
      const [from, to] = [first, last].map((date) => date.toString().replaceAll('-', ''))
      return reply
        .type('text/calendar; charset=utf-8')
        .header('content-disposition', `attachment; filename="calendar_${from}_${to}.ics"`)
        .send(calendar)
    },
  )
}

/** From a date to a date; the current month unless said. */
function rangeIn(
  { now, organization }: Pick<FastifyRequest, 'now' | 'organization'>,
  { start_date, end_date }: Static<typeof ExportQuery>,
) {
  const today = now.toZonedDateTimeISO(organization.time_zone).toPlainDate()
  const first = start_date ? dateIn('start_date', start_date) : today.with({ day: 1 })
  const last = end_date ? dateIn('end_date', end_date) : first.with({ day: first.daysInMonth })
  if (Temporal.PlainDate.compare(first, last) > 0) {
    throw new InvalidInput([{ field: 'end_date', message: 'must not be before start_date' }])
  }
  return { first, last }
}

function describe({ dependent_name, state, notes }: Parameters<NonNullable<CalendarStyle['describe']>>[0]) {
  const lines = [dependent_name && `Student: ${dependent_name}`, `Status: ${statusOf[state]}`, notes]
  return lines.filter(Boolean).join('\n')
}
