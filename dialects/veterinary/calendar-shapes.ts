import { Type } from 'typebox'
import { Id, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { Count, DayOrTime, Minutes, Text } from './shapes.ts'
import { priorities, statuses, types } from './words.ts'

export const views = ['day', 'week', 'month'] as const

export const VeterinarySlot = shape(
  'VeterinarySlot',
  Type.Object({
    id: Id,
    veterinarian_id: Id,
    clinic_id: nullable(Id),
    start_time: Text,
    end_time: Text,
    duration_minutes: Count,
    is_available: Type.Boolean(),
    is_blocked: Type.Boolean(),
    block_reason: nullable(Text),
    slot_type: Text,
    max_bookings: Count,
    current_bookings: Count,
    remaining_capacity: Count,
  }),
)

export const AvailabilityQuery = Type.Object({
  veterinarian_id: Id,
  clinic_id: Id,
  start_date: DayOrTime,
  end_date: Type.Optional(DayOrTime),
  duration_minutes: Type.Integer({ ...Minutes, default: 30 }),
})

export const FreeSlots = shape(
  'VeterinaryFreeSlots',
  Type.Object({
    available_slots: Type.Array(ref(VeterinarySlot)),
    veterinarian_id: Id,
    clinic_id: Id,
    start_date: Text,
    end_date: Text,
    duration_minutes: Count,
    total_slots: Count,
  }),
)

export const CalendarQuery = Type.Object({
  veterinarian_id: Type.Optional(Id),
  clinic_id: Type.Optional(Id),
  start_date: DayOrTime,
  end_date: Type.Optional(DayOrTime),
  view_type: Type.Unsafe<(typeof views)[number]>({ ...oneOf(views), default: 'week' }),
})

const Theirs = 'null where it is not the business of whoever asks'
const Entry = shape(
  'VeterinaryCalendarEntry',
  Type.Object({
    id: nullable(Type.String({ ...Id, description: Theirs })),
    title: Text,
    start_time: Text,
    end_time: Text,
    duration_minutes: Count,
    status: nullable(oneOf(statuses)),
    appointment_type: nullable(oneOf(types)),
    priority: nullable(oneOf(priorities)),
    pet_id: nullable(Id),
    pet_name: nullable(Text),
    pet_owner_id: nullable(Id),
    pet_owner_name: nullable(Text),
    veterinarian_id: Id,
    veterinarian_name: nullable(Text),
    clinic_id: nullable(Id),
    clinic_name: nullable(Text),
    estimated_cost: nullable(Type.Number()),
    actual_cost: nullable(Type.Number()),
    can_be_cancelled: Type.Boolean(),
    can_be_rescheduled: Type.Boolean(),
  }),
)

const Counts = Type.Record(Text, Count)

export const VeterinaryCalendar = shape(
  'VeterinaryCalendar',
  Type.Object({
    view_type: oneOf(views),
    start_date: Text,
    end_date: Text,
    appointments: Type.Array(ref(Entry)),
    available_slots: Type.Array(ref(VeterinarySlot)),
    summary: Type.Object({
      total_appointments: Count,
      appointments_by_status: Counts,
      total_available_slots: Count,
      utilization_rate: Type.Number({ description: 'In per cent: booked time, of that and what is free' }),
    }),
    filters: Type.Object({ veterinarian_id: nullable(Id), clinic_id: nullable(Id) }),
  }),
)

export const StatisticsQuery = Type.Object({
  veterinarian_id: Type.Optional(Id),
  clinic_id: Type.Optional(Id),
  start_date: Type.Optional(DayOrTime),
  end_date: Type.Optional(DayOrTime),
})

const Amount = Type.Number()
export const VeterinaryStatistics = shape(
  'VeterinaryStatistics',
  Type.Object({
    period: Type.Object({ start_date: Text, end_date: Text }),
    filters: Type.Object({ veterinarian_id: nullable(Id), clinic_id: nullable(Id) }),
    totals: Type.Object({
      total_appointments: Count,
      completed_appointments: Count,
      total_estimated_revenue: Amount,
      total_actual_revenue: Amount,
      average_appointment_cost: Amount,
    }),
    counts_by_status: Counts,
    counts_by_type: Counts,
    counts_by_priority: Counts,
    rates: Type.Object({ completion_rate: Amount, no_show_rate: Amount, cancellation_rate: Amount }),
  }),
)
