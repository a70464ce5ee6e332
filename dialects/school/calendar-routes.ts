import type { FastifyRequest } from 'fastify'
import { percent } from '../../server/appointments/tallies.ts'
import type { App } from '../../server/http/routes.ts'
import { may } from '../../server/permissions.ts'
import { InvalidInput, NotAllowed, Refusal } from '../../server/refusal.ts'
import { ref } from '../../server/shapes.ts'
import {
  byDate,
  byMonth,
  DailyCalendar,
  MonthlyCalendar,
  OfTeacherQuery,
  Suggestions,
  SuggestionsQuery,
  WeeklyCalendar,
  WeekQuery,
} from './calendar-shapes.ts'
import { type Day, onDay, readDays, suggestTimes, teacherLookedAt, viewDay } from './calendars.ts'
import { clock12, clock24, monthName } from './formats.ts'
import { readTeachers } from './people.ts'
import { byId, PatternBody, SlotArray } from './shapes.ts'
import { addPattern, countsOf } from './slots.ts'
import { findTeacher } from './teachers.ts'
import { viewSlots } from './views.ts'
import { dateIn, mondayIn } from './weeks.ts'

export class NoSuchTime extends Refusal {
  readonly code = 'no_such_time'
  readonly status = 400
}

/** /calendar: days, weeks and months of teachers. */
export function calendarRoutes(app: App): void {
  const read = { config: { may: 'appointments:read' } } as const

  app.get(
    '/calendar/daily/:date',
    {
      ...read,
      schema: {
        summary: 'A day',
        params: byDate,
        querystring: OfTeacherQuery,
        response: { 200: ref(DailyCalendar) },
      },
    },
    async (request) => {
      const date = dateIn('date', request.params.date)
      const teacher_id = await teacherLookedAt(request, request.query.teacher_id)
      const [day] = await readDays(request, date, 1, teacher_id)
      const isTheirs = teacher_id && may(request.actor, 'slots:publish', { provider_id: teacher_id })
      const wanted = { teacher_id: teacher_id!, duration_minutes: 30 }
      const suggested_times = isTheirs ? (await suggestTimes(request, date, wanted)).suggestions : []
      return { ...viewDay(day!), suggested_times }
    },
  )

  app.get(
    '/calendar/monthly/:year/:month',
    {
      ...read,
      schema: {
        summary: 'A month, in whole weeks',
        params: byMonth,
        querystring: OfTeacherQuery,
        response: { 200: ref(MonthlyCalendar) },
      },
    },
    async (request) => {
      const first = monthIn(request.params)
      const teacher_id = await teacherLookedAt(request, request.query.teacher_id)
      const monday = first.subtract({ days: first.dayOfWeek - 1 })
      const count = Math.ceil((first.dayOfWeek - 1 + first.daysInMonth) / 7) * 7
      const days = await readDays(request, monday, count, teacher_id)
      const ofMonth = days.filter(({ date }) => date.month === first.month)
      const weeks = Array.from({ length: count / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7))
      return {
        year: first.year,
        month: first.month,
        month_name: monthName(first),
        weeks: weeks.map((week) => ({
          week_start: week[0]!.date.toString(),
          days: week.map((day) => dayOfMonth(day, first.month)),
        })),
        total_slots: ofMonth.reduce((sum, { slots }) => sum + slots.length, 0),
        total_appointments: ofMonth.reduce((sum, { appointments }) => sum + appointments.length, 0),
        teacher_id: teacher_id ?? null,
      }
    },
  )

  app.get(
    '/calendar/enhanced-weekly/:id',
    {
      config: { may: 'appointments:attend' },
      schema: {
        summary: 'A teacher’s week, with numbers',
        params: byId,
        querystring: WeekQuery,
        response: { 200: ref(WeeklyCalendar) },
      },
    },
    async (request) => {
      const { db, organization, params, query } = request
      await requireOwnTeacher(request, params.id)
      const monday = weekIn(query.week_start)
      const days = await readDays(request, monday, 7, params.id)
      const slots = days.flatMap((day) => day.slots)
      const total_appointments = days.reduce((sum, { appointments }) => sum + appointments.length, 0)
      const teacher = (await readTeachers(db, organization, [params.id])).get(params.id)!
      const counts = countsOf(slots)
      return {
        teacher_id: params.id,
        teacher_name: teacher.user.full_name,
        week_start_date: monday.toString(),
        week_end_date: monday.add({ days: 6 }).toString(),
        days: days.map((day) => ({ ...viewDay(day), total_appointments: day.appointments.length })),
        summary: {
          ...counts,
          total_appointments,
          utilization_rate: percent(counts.booked_slots, counts.total_slots),
        },
        time_range: rangeOf(slots),
      }
    },
  )

  app.get(
    '/calendar/suggestions/:date',
    {
      config: { may: 'slots:publish' },
      schema: {
        summary: 'Times for further slots',
        params: byDate,
        querystring: SuggestionsQuery,
        response: { 200: ref(Suggestions) },
      },
    },
    async (request) => {
      const date = dateIn('date', request.params.date)
      await requireOwnTeacher(request, request.query.teacher_id)
      const suggested = await suggestTimes(request, date, request.query)
      return { date: date.toString(), ...suggested, conflicts_checked: true }
    },
  )

  app.post(
    '/calendar/bulk-advanced',
    {
      config: { may: 'slots:publish', creates: true },
      schema: { summary: 'Offer slots by a pattern', body: ref(PatternBody), response: { 201: SlotArray } },
    },
    async (request) => viewSlots(request.db, request.organization, await addPattern(request, request.body)),
  )
}

async function requireOwnTeacher({ db, actor, organization }: FastifyRequest, id: string): Promise<void> {
  await findTeacher(db, organization.id, id)
  if (!may(actor, 'slots:publish', { provider_id: id })) throw new NotAllowed()
}

/** The first day of a month. Throws NoSuchTime for a month that there is not. */
function monthIn({ year, month }: { year: string; month: string }): Temporal.PlainDate {
  const [y, m] = [year, month].map(Number) as [number, number]
  const isThere = /^[12]\d{3}$/.test(year) && /^\d{1,2}$/.test(month) && m >= 1 && m <= 12
  if (!isThere) throw new NoSuchTime('A month is a year from 1000 to 2999 and a number from 1 to 12.')
  return new Temporal.PlainDate(y, m, 1)
}

/** Here a week that does not begin on Monday is a wrong request, not a wrong field. */
function weekIn(text: string): Temporal.PlainDate {
  try {
    return mondayIn('week_start', text)
  } catch (error) {
    throw error instanceof InvalidInput ? new NoSuchTime(error.message) : error
  }
}

function dayOfMonth({ date, slots, appointments }: Day, month: number) {
  return {
    ...onDay(date),
    is_current_month: date.month === month,
    slots_count: slots.length,
    appointments_count: appointments.length,
    available_slots: countsOf(slots).available_slots,
    slots: slots.slice(0, 3),
    appointments: appointments.slice(0, 3),
  }
}

function rangeOf(slots: { start_time: string; end_time: string }[]) {
  const earliest = slots.map(({ start_time }) => start_time).toSorted()[0]
  const latest = slots
    .map(({ end_time }) => end_time)
    .toSorted()
    .at(-1)
  const [first, last] = [earliest, latest].map((time) => (time ? Temporal.PlainTime.from(time) : null))
  return {
    earliest_time: first ? clock12(first) : null,
    latest_time: last ? clock12(last) : null,
    earliest_time_24h: first ? clock24(first) : null,
    latest_time_24h: last ? clock24(last) : null,
  }
}
