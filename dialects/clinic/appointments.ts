import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Appointment } from '../../server/appointments/appointments.ts'
import { complete } from '../../server/appointments/attendance.ts'
import { book } from '../../server/appointments/booking.ts'
import { changeNotes } from '../../server/appointments/changing.ts'
import { confirm } from '../../server/appointments/deciding.ts'
import { listAppointments } from '../../server/appointments/list.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import { NotAllowed } from '../../server/refusal.ts'
import { readPublished } from '../../server/slots/published.ts'
import { edgeIn, momentOf, monthIn } from './dates.ts'
import { MalformedQuery } from './failures.ts'
import type { BookingBody } from './shapes.ts'
import { statesOf, type Status, viewAppointments } from './views.ts'

/** Books a half hour, or one of the doctor's explicit slots. Nobody but patients books here. */
export async function bookVisit(
  { db, actor, now }: FastifyRequest,
  { doctorId: provider_id, start, reason }: Static<typeof BookingBody>,
): Promise<Appointment> {
  requirePatient(actor.roles)
  const starts_at = momentOf('start', start)
  return inTransaction(db, async (trx) => {
    const around = { start: starts_at, end: starts_at.add({ minutes: 1 }) }
    const published = await readPublished(trx, actor.organization_id, [provider_id], around, now)
    const slot = published.find((one) => one.starts_at.equals(starts_at))
    return book(trx, actor, { provider_id, slot_id: slot?.id, starts_at, details: { reason } }, now)
  })
}

/** Whoever is no patient has nothing to confirm: their word is not what is waited for. */
export function confirmVisit({ db, actor, now }: FastifyRequest, id: string): Promise<Appointment> {
  requirePatient(actor.roles)
  return confirm(db, actor, id, now)
}

function requirePatient(roles: string[]): void {
  if (!roles.includes('client')) throw new NotAllowed('This is for patients.')
}

export async function completeVisit(
  { db, actor, now }: FastifyRequest,
  id: string,
  notes: string | null | undefined,
): Promise<Appointment> {
  return inTransaction(db, async (trx) => {
    const completed = () => complete(trx, actor, id, {}, now)
    if (!notes) return completed()
    await changeNotes(trx, actor, id, { notes }, now)
    return completed()
  })
}

export interface ListWanted {
  role?: string
  status?: Status
  month?: string
  startDate?: string
  endDate?: string
  limit: number
}

/** One's own appointments, the newest first; in one of one's roles, where one is named. */
export async function listVisits(
  { db, actor, organization }: FastifyRequest,
  { role, status, month, startDate, endDate, limit }: ListWanted,
) {
  const { time_zone } = organization
  const ofMonth = month === undefined ? undefined : monthIn('month', month, time_zone)
  const from = startDate === undefined ? undefined : edgeIn('startDate', startDate, 'start', time_zone)
  const to = endDate === undefined ? undefined : edgeIn('endDate', endDate, 'end', time_zone)
  const { items } = await listAppointments(db, actor, {
    ...inRole(actor, role),
    states: status && statesOf(status),
    from: latest(ofMonth?.start, from),
    to: earliest(ofMonth?.end, to),
    order: 'desc',
    limit,
  })
  return viewAppointments(db, actor, items)
}

function inRole({ roles, person_id }: FastifyRequest['actor'], role: string | undefined) {
  if (role === undefined) return {}
  if (role === 'patient' && roles.includes('client')) return { client_id: person_id }
  if (role === 'doctor' && roles.includes('provider')) return { provider_id: person_id }
  if (role === 'admin' && roles.includes('admin')) return {}
  throw new MalformedQuery('role must be one’s own: patient or doctor.')
}

type Edge = Temporal.Instant | undefined

function latest(one: Edge, other: Edge): Edge {
  if (!one || !other) return one ?? other
  return Temporal.Instant.compare(one, other) > 0 ? one : other
}

function earliest(one: Edge, other: Edge): Edge {
  if (!one || !other) return one ?? other
  return Temporal.Instant.compare(one, other) < 0 ? one : other
}
