import { Type } from 'typebox'
import { FreeText, Id, Instant, nullable, pageOf, pageQuery, shape, strict } from '../shapes.ts'
import type { TimeOff } from './away.ts'
import type { AppointmentMet, TimeOffWithAppointments } from './time-off.ts'

const content = {
  id: Id,
  provider_id: nullable(Id),
  location_id: nullable(Id),
  starts_at: Instant,
  ends_at: Instant,
  reason: nullable(Type.String()),
}
export const TimeOffShape = shape(
  'TimeOff',
  strict(content, 'Of a provider, of a location (a closure), of a provider at a location, or of everybody'),
)
export const TimeOffPage = pageOf('TimeOffPage', TimeOffShape)

export const TimeOffWithAppointmentsShape = shape(
  'TimeOffWithAppointments',
  strict({
    ...content,
    appointments: Type.Array(
      strict({
        id: Id,
        state: Type.String(),
        starts_at: Instant,
        ends_at: Instant,
        provider_id: Id,
        provider_name: Type.String(),
        client_id: Id,
        client_name: Type.String(),
      }),
      { description: 'Those that it meets: they stay until somebody moves or cancels them' },
    ),
  }),
)

const Reason = Type.Optional(nullable(FreeText(500)))
export const NewTimeOffBody = shape(
  'NewTimeOff',
  strict({
    provider_id: Type.Optional(nullable(Id)),
    location_id: Type.Optional(nullable(Id)),
    starts_at: Instant,
    ends_at: Instant,
    reason: Reason,
  }),
)
export const TimeOffChangeBody = shape(
  'TimeOffChange',
  strict({ starts_at: Type.Optional(Instant), ends_at: Type.Optional(Instant), reason: Reason }),
)
export const TimeOffQuery = strict({
  ...pageQuery,
  provider_id: Type.Optional(Id),
  location_id: Type.Optional(Id),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
})

export function viewTimeOff({ id, provider_id, location_id, starts_at, ends_at, reason }: TimeOff) {
  return { id, provider_id, location_id, starts_at: `${starts_at}`, ends_at: `${ends_at}`, reason }
}

export function viewTimeOffWithAppointments(off: TimeOffWithAppointments) {
  return { ...viewTimeOff(off), appointments: off.appointments.map(viewMet) }
}

function viewMet({ starts_at, ends_at, ...met }: AppointmentMet) {
  return { ...met, starts_at: `${starts_at}`, ends_at: `${ends_at}` }
}
