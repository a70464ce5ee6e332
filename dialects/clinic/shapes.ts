import { Type } from 'typebox'
import { Email, FreeText, Id, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { LocalDateTime, LocalTime } from '../local-times.ts'
import { maybe } from '../maybe.ts'

export const roles = ['admin', 'doctor', 'patient'] as const
export const statuses = ['scheduled', 'confirmed', 'completed', 'cancelled', 'no_show'] as const
export const genders = ['male', 'female', 'other'] as const

const Text = Type.String()
const Moment = Type.String({ description: 'UTC, with Z' })
const Line = (maxLength: number) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
    description: `One line, not empty, up to ${maxLength} characters`,
  })
const Weekday = Type.Integer({ minimum: 0, maximum: 6, description: 'Monday = 0' })

export const ClinicFailure = shape(
  'ClinicFailure',
  Type.Object({ detail: Type.String({ description: 'What is wrong, and what would be right' }) }),
)

export const DoctorProfile = shape(
  'ClinicDoctorProfile',
  Type.Object({
    specialization: Text,
    slotDurationMin: Type.Integer(),
    weeklySchedule: Type.Array(Type.Object({ weekday: Weekday, start: Text, end: Text })),
    explicitSlots: Type.Array(Moment, { description: 'Single times besides the schedule, from now on' }),
  }),
)

export const PatientProfile = shape(
  'ClinicPatientProfile',
  Type.Object({
    age: nullable(Type.Number()),
    gender: nullable(oneOf(genders)),
    notes: nullable(Text),
  }),
)

const photoUrl = nullable(Type.String({ description: 'Where the photo is served: a path' }))

export const ClinicUser = shape(
  'ClinicUser',
  Type.Object({
    _id: Id,
    role: oneOf(roles),
    name: Text,
    email: Text,
    phone: nullable(Text),
    photoUrl,
    createdAt: Moment,
    doctorProfile: Type.Optional(ref(DoctorProfile)),
    patientProfile: Type.Optional(ref(PatientProfile)),
  }),
)

/** What everybody may know of a doctor. */
export const ClinicDoctor = shape(
  'ClinicDoctor',
  Type.Object({ _id: Id, role: oneOf(roles), name: Text, photoUrl, doctorProfile: ref(DoctorProfile) }),
)

const tokens = { access_token: Text, refresh_token: Text, token_type: Text }
export const ClinicTokens = shape('ClinicTokens', Type.Object(tokens))
export const LoggedInUser = shape('ClinicLoggedIn', Type.Object({ ...tokens, user: ref(ClinicUser) }))

export const PhotoKept = shape('ClinicPhoto', Type.Object({ message: Text, photoUrl }))

const TwilioLog = Type.Object({
  to: Text,
  from: Text,
  body: Text,
  status: Text,
  timestamp: Moment,
  direction: oneOf(['inbound', 'outbound']),
  twilioSid: nullable(Text),
  errorCode: nullable(Text),
  errorMessage: nullable(Text),
})

export const ClinicAppointment = shape(
  'ClinicAppointment',
  Type.Object({
    _id: Id,
    doctorId: Id,
    patientId: Id,
    start: Moment,
    end: Moment,
    status: oneOf(statuses),
    reason: Text,
    notes: nullable(Text),
    createdAt: Moment,
    createdBy: oneOf(['patient', 'system']),
    reminder3hSent: Type.Boolean(),
    reminderJobMeta: nullable(Type.Object({ job_id: Text, scheduled_at: Moment })),
    twilioLogs: Type.Array(TwilioLog),
    cancelledAt: nullable(Moment),
    cancelReason: nullable(Text),
  }),
)

export const ClinicSlot = shape(
  'ClinicSlot',
  Type.Object({
    start: Moment,
    end: Moment,
    available: Type.Boolean(),
    appointmentId: nullable(Id),
  }),
)

const count = Type.Integer()
export const DoctorStatistics = shape(
  'ClinicStatistics',
  Type.Object({
    doctorId: Id,
    totalAppointments: count,
    stats: Type.Array(
      Type.Object({
        period: Text,
        count,
        completed: count,
        cancelled: count,
        no_show: count,
        scheduled: count,
        confirmed: count,
      }),
    ),
  }),
)

export const ServerTime = shape('ClinicTime', Type.Object({ server_utc: Moment }))

const Password = Type.String({ minLength: 8, maxLength: 100 })
const patient = {
  age: maybe(Type.Integer({ minimum: 0, maximum: 150 })),
  gender: maybe(oneOf(genders)),
}
const Photo = Type.String({
  maxLength: 7_500_000,
  pattern: '^(data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/]+={0,2})?$',
  description: 'a picture as a data URL (data:image/png;base64,…); or send it to /users/me/photo afterwards',
})

export const SignUpBody = shape(
  'ClinicSignUp',
  Type.Object({
    name: Line(200),
    email: Email,
    phone: Line(30),
    password: Password,
    photo: maybe(Photo),
    ...patient,
  }),
)

export const LogInBody = shape(
  'ClinicLogIn',
  Type.Object({ email: FreeText(254), password: Type.String({ minLength: 1, maxLength: 128 }) }),
)

export const RefreshBody = shape('ClinicRefresh', Type.Object({ refresh_token: FreeText(2000) }))

const DoctorBody = Type.Object({
  specialization: Line(200),
  slotDurationMin: Type.Optional(Type.Integer({ minimum: 1, maximum: 480 })),
  weeklySchedule: Type.Optional(
    Type.Array(Type.Object({ weekday: Weekday, start: LocalTime, end: LocalTime }), { maxItems: 100 }),
  ),
  explicitSlots: Type.Optional(Type.Array(LocalDateTime, { maxItems: 500 })),
})

export const RegisterBody = shape(
  'ClinicRegister',
  Type.Object({
    name: Line(200),
    email: Email,
    phone: maybe(Line(30)),
    password: Password,
    role: Type.Optional(oneOf(roles, 'patient unless said; the others by an admin')),
    ...patient,
    doctorProfile: Type.Optional(DoctorBody),
  }),
)

export const ProfileChangeBody = shape(
  'ClinicProfileChange',
  Type.Object({ name: maybe(Line(200)), phone: maybe(Line(30)), ...patient, notes: maybe(FreeText(5000)) }),
)

export const PhotoBody = shape(
  'ClinicPhotoForm',
  Type.Object({
    file: Type.Unsafe<unknown>({
      contentMediaType: 'image/*',
      description: 'A JPEG, PNG or GIF of at most 5 MiB',
    }),
  }),
)

export const BookingBody = shape(
  'ClinicBooking',
  Type.Object({
    doctorId: Id,
    start: Type.String({
      ...LocalDateTime,
      description: '2027-02-04T10:00:00Z; UTC where no offset is said',
    }),
    reason: Type.String({ ...FreeText(500), minLength: 1 }),
  }),
)

const orNothing = <T extends object>(properties: T) => ({ type: ['object', 'null'], properties })
export const ReasonBody = Type.Unsafe<{ reason?: string | null } | null>(
  orNothing({ reason: maybe(FreeText(500)) }),
)
export const NotesBody = Type.Unsafe<{ notes?: string | null } | null>(
  orNothing({ notes: maybe(FreeText(2000)) }),
)

export const byId = Type.Object({ id: Id })
export const limit = Type.Integer({ minimum: 1, maximum: 100, default: 10 })
