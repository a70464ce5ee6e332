import type { AppointmentState } from '../../server/database/tables.ts'
import type { Role } from '../../server/permissions.ts'

export const roles = ['pet_owner', 'veterinarian', 'receptionist', 'clinic_manager', 'admin'] as const

export const roleNamed: Record<(typeof roles)[number], Role> = {
  pet_owner: 'client',
  veterinarian: 'provider',
  receptionist: 'reception',
  clinic_manager: 'secretary',
  admin: 'admin',
}

/** Of several roles the one that reaches furthest. */
export function roleOf({ roles: own }: { roles: Role[] }): (typeof roles)[number] {
  return roles.toReversed().find((name) => own.includes(roleNamed[name])) ?? 'pet_owner'
}

export const statuses = [
  'scheduled',
  'confirmed',
  'in_progress',
  'completed',
  'cancelled',
  'no_show',
  'rescheduled',
] as const
export type Status = (typeof statuses)[number]

const statusNames: Record<AppointmentState, Status> = {
  pending: 'scheduled',
  confirmed: 'confirmed',
  arrived: 'confirmed',
  in_progress: 'in_progress',
  completed: 'completed',
  cancelled: 'cancelled',
  declined: 'cancelled',
  no_show: 'no_show',
}

export function statusOf(state: AppointmentState): Status {
  return statusNames[state]
}

/** The states that this system calls by one name; what was moved is scheduled again, so none is `rescheduled`. */
export function statesOf(status: Status): AppointmentState[] {
  const all = Object.entries(statusNames) as [AppointmentState, Status][]
  return all.filter(([, own]) => own === status).map(([state]) => state)
}

export const types = [
  'routine_checkup',
  'vaccination',
  'surgery',
  'emergency',
  'consultation',
  'follow_up',
  'dental',
  'grooming',
  'diagnostic',
  'treatment',
  'other',
] as const
export type AppointmentType = (typeof types)[number]

/** The service of the practice that each type is. */
const serviceNames: Record<AppointmentType, string> = {
  routine_checkup: 'routine check-up',
  vaccination: 'vaccination',
  surgery: 'surgery',
  emergency: 'emergency',
  consultation: 'consultation',
  follow_up: 'follow-up',
  dental: 'dental care',
  grooming: 'grooming',
  diagnostic: 'diagnostics',
  treatment: 'treatment',
  other: 'other',
}

export function serviceName(type: AppointmentType): string {
  return serviceNames[type]
}

/** What a service is called here: one of the practice's own making is something else. */
export function typeOf(service_name: string | null): AppointmentType {
  const name = service_name?.toLowerCase()
  return types.find((type) => serviceNames[type] === name) ?? 'other'
}

export const priorities = ['low', 'normal', 'high', 'urgent', 'emergency'] as const
export type Priority = (typeof priorities)[number]
export const slotTypes = ['regular', 'emergency', 'walk-in'] as const
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const
