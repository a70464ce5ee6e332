import { Type } from 'typebox'
import { FreeText, Id, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { LocalTime } from '../local-times.ts'
import { maybe } from '../maybe.ts'
import { Line, Minutes, pageQuery, Text } from './shapes.ts'
import { weekdays } from './words.ts'

export const Availability = shape(
  'VeterinarianAvailability',
  Type.Object({
    day_of_week: oneOf(weekdays),
    start_time: Text,
    end_time: Text,
    break_start: nullable(Text),
    break_end: nullable(Text),
  }),
)

export const Veterinarian = shape(
  'Veterinarian',
  Type.Object({
    id: Id,
    user_id: Id,
    clinic_id: nullable(Id),
    full_name: Text,
    licence_number: nullable(Text),
    specialties: Type.Array(Text),
    bio: nullable(Text),
    default_duration: nullable(Type.Integer()),
    availability: Type.Array(ref(Availability)),
    is_active: Type.Boolean(),
  }),
)

export const AvailabilityBody = Type.Object({
  day_of_week: Type.String({
    pattern: '^(?:[Mm]on|[Tt]ues|[Ww]ednes|[Tt]hurs|[Ff]ri|[Ss]atur|[Ss]un)day$',
    description: 'monday to sunday',
  }),
  start_time: LocalTime,
  end_time: LocalTime,
  break_start: maybe(LocalTime),
  break_end: maybe(LocalTime),
})

const content = {
  specialties: maybe(Type.Array(Line(100, 1), { maxItems: 20 })),
  bio: maybe(FreeText(2000)),
  default_duration: maybe(Minutes),
  availability: maybe(Type.Array(AvailabilityBody, { maxItems: 21 })),
}

export const VeterinarianBody = shape(
  'NewVeterinarian',
  Type.Object({ user_id: Id, clinic_id: Id, licence_number: Line(100, 1), ...content }),
)

export const VeterinarianChangeBody = shape(
  'VeterinarianChange',
  Type.Object({ clinic_id: maybe(Id), licence_number: maybe(Line(100, 1)), ...content }),
)

export const VeterinariansQuery = Type.Object({
  ...pageQuery,
  clinic_id: Type.Optional(Id),
  specialty: Type.Optional(FreeText(100)),
})
