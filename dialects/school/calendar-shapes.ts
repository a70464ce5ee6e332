import { Type } from 'typebox'
import { Id, nullable, ref, shape } from '../../server/shapes.ts'
import { Day, SchoolSlot } from './shapes.ts'

const Text = Type.String()
const Count = Type.Integer()
const slotCounts = { total_slots: Count, available_slots: Count, booked_slots: Count }

const Planned = Type.Object({
  id: Id,
  start_time: Text,
  end_time: Text,
  status: Text,
  parent_name: Text,
  student_name: nullable(Text),
  notes: nullable(Text),
})
const Suggested = Type.Object({
  start_time: Type.String({ description: '02:30 PM' }),
  end_time: Text,
  start_time_24h: Type.String({ description: '14:30' }),
  end_time_24h: Text,
  duration_minutes: Count,
})
const onDay = { date: Text, day_name: Text, day_of_week: Count }
const plans = { slots: Type.Array(ref(SchoolSlot)), appointments: Type.Array(Planned) }

export const DailyCalendar = shape(
  'SchoolDailyCalendar',
  Type.Object({ ...onDay, ...plans, ...slotCounts, suggested_times: Type.Array(Suggested) }),
)
export const MonthlyCalendar = shape(
  'SchoolMonthlyCalendar',
  Type.Object({
    year: Count,
    month: Count,
    month_name: Text,
    weeks: Type.Array(
      Type.Object({
        week_start: Text,
        days: Type.Array(
          Type.Object({
            ...onDay,
            is_current_month: Type.Boolean(),
            slots_count: Count,
            appointments_count: Count,
            available_slots: Count,
            ...plans,
          }),
        ),
      }),
    ),
    total_slots: Count,
    total_appointments: Count,
    teacher_id: nullable(Id),
  }),
)
export const WeeklyCalendar = shape(
  'SchoolWeeklyCalendar',
  Type.Object({
    teacher_id: Id,
    teacher_name: Text,
    week_start_date: Text,
    week_end_date: Text,
    days: Type.Array(Type.Object({ ...onDay, ...plans, ...slotCounts, total_appointments: Count })),
    summary: Type.Object({
      ...slotCounts,
      total_appointments: Count,
      utilization_rate: Type.Number({ description: 'Booked of all slots, in per cent' }),
    }),
    time_range: Type.Object({
      earliest_time: nullable(Text),
      latest_time: nullable(Text),
      earliest_time_24h: nullable(Text),
      latest_time_24h: nullable(Text),
    }),
  }),
)
export const Suggestions = shape(
  'SchoolSuggestions',
  Type.Object({
    date: Text,
    suggestions: Type.Array(Suggested),
    existing_slots_count: Count,
    conflicts_checked: Type.Boolean(),
  }),
)

export const OfTeacherQuery = Type.Object({ teacher_id: Type.Optional(Id) })
export const WeekQuery = Type.Object({ week_start: Day })
export const SuggestionsQuery = Type.Object({
  teacher_id: Id,
  duration_minutes: Type.Integer({ minimum: 15, maximum: 180, default: 30 }),
})
export const ExportQuery = Type.Object({
  teacher_id: Type.Optional(Id),
  start_date: Type.Optional(Day),
  end_date: Type.Optional(Day),
})
export const byDate = Type.Object({ date: Text })
export const byMonth = Type.Object({ year: Text, month: Text })
