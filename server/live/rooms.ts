import { type Actor, reachOf } from '../permissions.ts'
import type { AppointmentChange, SlotsChange } from './changes.ts'

/**
 * The rooms in which somebody hears of what happens: exactly as wide as what they may read, whatever a browser asks for.
 */
export function roomsOf(actor: Actor): string[] {
  const { organization_id } = actor
  const room = (...names: string[]) => [organization_id, ...names].join(':')
  const rooms = reachOf(actor, 'slots:read') ? [room('slots')] : []
  const reach = reachOf(actor, 'appointments:read')
  if (!reach) return rooms
  if (reach.everything) return [...rooms, room('everything')]
  for (const id of reach.location_ids) rooms.push(room('location', id))
  for (const capacity of reach.own?.as ?? []) rooms.push(room(capacity, actor.person_id))
  return rooms
}

/** The rooms of those who may read an appointment now. */
export function roomsFor({ organization_id, appointment }: AppointmentChange): string[] {
  const { provider_id, client_id, location_id } = appointment
  return [
    `${organization_id}:everything`,
    `${organization_id}:client:${client_id}`,
    ...roomsAt(organization_id, { provider_id, location_id }),
  ]
}

/** The rooms of those who could read it before it moved to somebody else or elsewhere. */
export function roomsLeft({ organization_id, left }: AppointmentChange): string[] {
  return left ? roomsAt(organization_id, left) : []
}

export function roomForSlots({ organization_id }: SlotsChange): string {
  return `${organization_id}:slots`
}

function roomsAt(
  organization_id: string,
  { provider_id, location_id }: { provider_id: string | null; location_id: string | null },
): string[] {
  return [
    ...(provider_id ? [`${organization_id}:provider:${provider_id}`] : []),
    ...(location_id ? [`${organization_id}:location:${location_id}`] : []),
  ]
}
