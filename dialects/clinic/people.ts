import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import type { User } from '../../server/accounts/accounts.ts'
import type { Database, Transaction } from '../../server/database/transactions.ts'
import { readHours } from '../../server/hours/timetable.ts'
import type { Organization } from '../../server/http/routes.ts'
import { listProviders, type Provider } from '../../server/people/providers.ts'
import { readPublished } from '../../server/slots/published.ts'
import type { genders, roles } from './shapes.ts'

type ClinicRole = (typeof roles)[number]

/** Explicit slots further ahead are shown once they are near. */
const AHEAD = Temporal.Duration.from({ hours: 366 * 24 })

export function roleOf({ roles }: Pick<User, 'roles'>): ClinicRole {
  if (roles.includes('admin')) return 'admin'
  return roles.some((role) => role !== 'client') ? 'doctor' : 'patient'
}

/** Where the photo of somebody is served, in this system's own address space. */
export function photoUrlOf({ server }: FastifyRequest, id: string): string {
  return `${server.prefix}/users/${id}/photo`
}

/** Somebody with the profile of what they are. */
export async function viewUser(request: FastifyRequest, user: User) {
  const { db, organization, now } = request
  const { id, name, email, phone, photo_url, created_at } = user
  const isDoctor = user.roles.includes('provider')
  const [doctor] = isDoctor
    ? await readDoctors(db, organization, { ids: [id], include_inactive: true }, now)
    : []
  const details = user.roles.includes('client') ? await readPatient(db, organization.id, id) : undefined
  return {
    _id: id,
    role: roleOf(user),
    name,
    email,
    phone,
    photoUrl: photo_url && photoUrlOf(request, id),
    createdAt: created_at.toString(),
    ...(doctor && { doctorProfile: doctor.profile }),
    ...(details && { patientProfile: details }),
  }
}

interface PatientProfile {
  age: number | null
  gender: (typeof genders)[number] | null
  notes: string | null
}

async function readPatient(
  db: Database | Transaction,
  organization_id: string,
  id: string,
): Promise<PatientProfile> {
  const { rows } = await sql<{ details: Partial<PatientProfile> }>`
    select details from clients where organization_id = ${organization_id} and id = ${id}`.execute(db)
  const { age = null, gender = null, notes = null } = rows[0]?.details ?? {}
  return { age, gender, notes }
}

/** Doctors by name, with when they can be booked. */
export async function readDoctors(
  db: Database | Transaction,
  organization: Organization,
  wanted: { ids?: string[]; include_inactive?: boolean },
  now: Temporal.Instant,
) {
  const { items: doctors } = await listProviders(db, organization.id, { ...wanted, limit: 1000 })
  const provider_ids = doctors.map(({ id }) => id)
  const ahead = { start: now, end: now.add(AHEAD) }
  const hours = await readHours(db, organization.id, { provider_ids, location_ids: [] }, ahead)
  const slots = await readPublished(db, organization.id, provider_ids, ahead, now)
  return doctors.map((doctor) => {
    const own = hours.filter((row) => row.provider_id === doctor.id)
    const explicit = slots.filter((slot) => slot.provider_id === doctor.id && !slot.is_blocked)
    return { doctor, profile: profileOf(doctor, organization, own, explicit) }
  })
}

function profileOf(
  { details }: Provider,
  { rules }: Organization,
  hours: Awaited<ReturnType<typeof readHours>>,
  explicit: { starts_at: Temporal.Instant }[],
) {
  const weekly = hours.flatMap(({ weekday, opens, closes }) =>
    weekday !== null && opens && closes ? [{ weekday: weekday - 1, start: opens, end: closes }] : [],
  )
  return {
    specialization: (details.specialization as string | undefined) ?? '',
    slotDurationMin: rules.slot_minutes,
    weeklySchedule: weekly.toSorted((one, other) =>
      one.weekday === other.weekday ? one.start.localeCompare(other.start) : one.weekday - other.weekday,
    ),
    explicitSlots: explicit.map(({ starts_at }) => starts_at.toString()),
  }
}
