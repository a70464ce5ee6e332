import { Type } from 'typebox'
import { Details, FreeText, Id, Instant, LocalDate, nullable, oneOf, ref, shape, strict } from '../shapes.ts'
import type { Looking } from '../people/shapes.ts'
import type { SeenConflict } from './conflicts.ts'
import type { BookedSeries } from './series.ts'
import { AppointmentShape, viewAppointment } from './shapes.ts'

const Repetition = strict(
  {
    every: oneOf(['day', 'week', 'month']),
    interval: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    weekdays: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, uniqueItems: true }),
    ),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    until: Type.Optional(LocalDate),
  },
  'The first is starts_at; `count` or `until` says when it ends. Always the same time of the day.',
)
export const SeriesBody = shape(
  'NewSeries',
  strict({
    provider_id: Id,
    service_id: Type.Optional(Id),
    location_id: Type.Optional(Id),
    client_id: Type.Optional(Id),
    dependent_id: Type.Optional(Id),
    starts_at: Instant,
    ends_at: Type.Optional(Instant),
    repetition: Repetition,
    skip_conflicts: Type.Optional(
      Type.Boolean({ description: 'Book what can be had instead of all or nothing' }),
    ),
    notes: Type.Optional(FreeText(2000)),
    details: Type.Optional(Details),
  }),
)
export const SeriesShape = shape(
  'Series',
  strict({
    id: Id,
    appointments: Type.Array(ref(AppointmentShape)),
    clashes: Type.Array(strict({ starts_at: Instant, code: Type.String(), message: Type.String() })),
  }),
)
export const SeriesCancelBody = shape(
  'SeriesCancellation',
  strict({ from: Type.Optional(Instant), reason: Type.Optional(FreeText(500)) }),
)
export const SeriesCancelled = shape(
  'SeriesCancelled',
  strict({ cancelled: Type.Array(Id, { description: 'What was too late or had ended is not among them' }) }),
)

export const ConflictsBody = shape(
  'ConflictCheck',
  strict({
    provider_id: Type.Optional(Id),
    slot_id: Type.Optional(Id),
    service_id: Type.Optional(Id),
    location_id: Type.Optional(Id),
    client_id: Type.Optional(Id),
    starts_at: Type.Optional(Instant),
    ends_at: Type.Optional(Instant),
    exclude_appointment_id: Type.Optional(Id),
  }),
)
export const ConflictsShape = shape(
  'Conflicts',
  strict({
    has_conflicts: Type.Boolean(),
    conflicts: Type.Array(
      strict({
        taken_by: Type.String({ description: 'Whose time it is: provider, client, location or resource' }),
        starts_at: Instant,
        ends_at: Instant,
        appointment: nullable(ref(AppointmentShape)),
      }),
    ),
  }),
)

export function viewSeries({ id, appointments, clashes }: BookedSeries, looking: Looking) {
  return { id, appointments: appointments.map((one) => viewAppointment(one, looking)), clashes }
}

/** An appointment is named to those who may see it; to all others the time is only taken. */
export function viewConflicts(conflicts: SeenConflict[], looking: Looking) {
  return {
    has_conflicts: conflicts.length > 0,
    conflicts: conflicts.map(({ taken_by, starts_at, ends_at, appointment }) => ({
      taken_by,
      starts_at: `${starts_at}`,
      ends_at: `${ends_at}`,
      appointment: appointment && viewAppointment(appointment, looking),
    })),
  }
}
