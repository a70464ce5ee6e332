import { Type } from 'typebox'
import { weekdayOf } from '../../engine/wallclock.ts'
import { AppointmentShape, viewAppointment } from '../appointments/shapes.ts'
import { CountsByStateShape } from '../appointments/statistics-shapes.ts'
import { Moment } from '../moments.ts'
import type { Looking } from '../people/shapes.ts'
import { Id, Instant, LocalDate, nullable, oneOf, ref, shape, strict } from '../shapes.ts'
import { SlotShape, viewSlot } from '../slots/shapes.ts'
import type { CalendarDay } from './days.ts'
import type { Calendar } from './views.ts'

const Count = Type.Integer()
const totals = {
  appointments: Count,
  by_state: ref(CountsByStateShape),
  free_slots: Count,
  open_minutes: Type.Integer({ description: 'Of all hours, less time off' }),
  booked_minutes: Type.Integer({ description: 'All seats of a session once' }),
}

export const CalendarDayShape = shape(
  'CalendarDay',
  strict({
    date: LocalDate,
    weekday: Type.Integer({ minimum: 1, maximum: 7, description: 'Monday is 1' }),
    is_in_month: Type.Optional(Type.Boolean({ description: 'Of a month: false for days of its neighbours' })),
    hours: Type.Array(
      strict({ provider_id: Id, location_id: nullable(Id), starts_at: Instant, ends_at: Instant }),
      { description: 'What opens on this day, published slots too, whole where it runs past midnight' },
    ),
    appointments: Type.Array(ref(AppointmentShape)),
    slots: Type.Optional(Type.Array(ref(SlotShape))),
    time_off: Type.Array(
      strict({
        provider_id: nullable(Id),
        location_id: nullable(Id),
        starts_at: Instant,
        ends_at: Instant,
        reason: nullable(Type.String()),
      }),
      {
        description: 'What meets this day: that of providers is for the staff, the reasons for a few of them',
      },
    ),
    totals: strict(totals),
  }),
)
export const CalendarShape = shape(
  'Calendar',
  strict({
    view: oneOf(['day', 'week', 'month']),
    time_zone: Type.String({ description: "The location's where one is asked for, else the organization's" }),
    from: LocalDate,
    to: Type.String({ ...LocalDate, description: 'The last day; it is counted in' }),
    days: Type.Array(ref(CalendarDayShape)),
    summary: strict(
      {
        ...totals,
        utilisation: Type.Number({
          description:
            'How much of the open time is booked, in per cent with one decimal; 0 if nothing is open',
        }),
      },
      'Of a month without the days of its neighbours',
    ),
  }),
)

const filters = {
  provider_id: Type.Optional(Id),
  location_id: Type.Optional(Id),
  service_id: Type.Optional(Id),
  slots: Type.Optional(Type.Boolean({ description: 'false: free times are counted and not listed' })),
}
const date = Type.Optional(Type.String({ ...LocalDate, description: 'Any date of it; today unless said' }))
export const DayQuery = strict({
  date,
  days: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 62, description: 'So many from the date on; one unless said' }),
  ),
  ...filters,
})
export const WeekQuery = strict({ date, ...filters })
export const MonthQuery = strict({
  month: Type.Optional(
    Type.String({
      pattern: '^[12]\\d{3}-(0[1-9]|1[0-2])$',
      description: 'YYYY-MM; the current one unless said',
    }),
  ),
  ...filters,
})

export const SuggestionList = shape(
  'SuggestionList',
  strict({
    time_zone: Type.String({ description: "The organization's, for showing wall-clock times" }),
    items: Type.Array(
      strict({
        ...SlotShape.properties,
        fills: oneOf(
          ['gap', 'edge', 'open'],
          'How many of its two neighbours are taken or closed: both, one, none',
        ),
      }),
    ),
    next_cursor: Type.Null(),
  }),
)
export const SuggestionsQuery = strict({
  provider_id: Id,
  service_id: Type.Optional(Id),
  location_id: Type.Optional(Id),
  minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440 })),
  from: Moment,
  to: Moment,
  most: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 10 })),
  most_per_day: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
})

export function viewCalendar(
  view: 'day' | 'week' | 'month',
  { time_zone, days, month, summary }: Calendar,
  looking: Looking,
  { slots = true }: { slots?: boolean },
) {
  const shown = days.map((day) => ({
    ...viewDay(day, looking),
    ...(slots && { slots: day.slots.map(viewSlot) }),
    ...(month && { is_in_month: day.date.startsWith(month) }),
  }))
  return { view, time_zone, from: days[0]!.date, to: days.at(-1)!.date, days: shown, summary }
}

function viewDay({ date, windows, appointments, off, totals: ofDay }: CalendarDay, looking: Looking) {
  return {
    date,
    weekday: weekdayOf(date),
    hours: windows.map(({ open_minutes, location_id, ...window }) => ({ location_id, ...viewSlot(window) })),
    appointments: appointments.map((one) => viewAppointment(one, looking)),
    time_off: off.map(({ provider_id, location_id, starts_at, ends_at, reason }) => {
      return { provider_id, location_id, starts_at: `${starts_at}`, ends_at: `${ends_at}`, reason }
    }),
    totals: ofDay,
  }
}
