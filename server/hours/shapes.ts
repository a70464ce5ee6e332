import { Type } from 'typebox'
import { Id, LocalDate, nullable, ref, shape, strict, TimeOfDay } from '../shapes.ts'
import type { HoursRow } from './timetable.ts'

const Weekday = Type.Integer({ minimum: 1, maximum: 7, description: 'Monday = 1' })
const owner = {
  provider_id: Type.Optional(nullable(Id)),
  location_id: Type.Optional(nullable(Id)),
}
const WindowShape = strict({ opens: TimeOfDay, closes: TimeOfDay })

export const HoursShape = shape(
  'Hours',
  strict({
    id: Id,
    provider_id: nullable(Id),
    location_id: nullable(Id),
    weekday: nullable(Weekday),
    date: nullable(LocalDate),
    opens: nullable(TimeOfDay),
    closes: nullable(Type.String({ description: 'Before it opens: on the next day' })),
  }),
)
export const HoursList = shape(
  'HoursList',
  strict({
    time_zone: Type.String({ description: 'On whose wall clock the times are read' }),
    items: Type.Array(ref(HoursShape)),
    next_cursor: Type.Null(),
  }),
)

export const NewHoursBody = shape(
  'NewHours',
  strict(
    {
      ...owner,
      weekday: Type.Optional(Weekday),
      date: Type.Optional(LocalDate),
      opens: Type.Optional(TimeOfDay),
      closes: Type.Optional(TimeOfDay),
    },
    'A provider, a location or both; a weekday or a date. A date without times is closed.',
  ),
)
export const HoursChangeBody = shape(
  'HoursChange',
  strict({
    weekday: Type.Optional(Weekday),
    date: Type.Optional(LocalDate),
    opens: Type.Optional(TimeOfDay),
    closes: Type.Optional(TimeOfDay),
  }),
)
export const WeekBody = shape(
  'Week',
  strict({
    ...owner,
    windows: Type.Array(strict({ weekday: Weekday, ...WindowShape.properties }), { maxItems: 200 }),
  }),
)
export const DateBody = shape(
  'DateHours',
  strict({ ...owner, date: LocalDate, windows: Type.Array(WindowShape, { maxItems: 50 }) }),
)
export const HoursQuery = strict({ provider_id: Type.Optional(Id), location_id: Type.Optional(Id) })

export function viewHours({ id, provider_id, location_id, weekday, date, opens, closes }: HoursRow) {
  return { id, provider_id, location_id, weekday, date, opens, closes }
}
