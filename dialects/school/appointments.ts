import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Appointment } from '../../server/appointments/appointments.ts'
import { complete, markNoShow } from '../../server/appointments/attendance.ts'
import { book } from '../../server/appointments/booking.ts'
import { cancel } from '../../server/appointments/cancellation.ts'
import { confirm } from '../../server/appointments/deciding.ts'
import { type AppointmentsWanted, listAppointments, readAppointment } from '../../server/appointments/list.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import { NotAllowed, Refusal } from '../../server/refusal.ts'
import { everyPage } from '../pages.ts'
import { findOwn } from './parents.ts'
import type { BookingBody } from './shapes.ts'
import { type SchoolAppointment, type Status, viewAppointments } from './views.ts'

export class NoWayThere extends Refusal {
  readonly code = 'wrong_state'
  readonly status = 409

  constructor(status: Status) {
    super(`A meeting cannot be made ${status} again.`)
  }
}

/** Books a slot for the student whom the parent comes for. Nobody but parents books here. */
export async function bookSlot(
  { db, actor, organization, now }: FastifyRequest,
  { slot_id, meeting_mode, notes }: Static<typeof BookingBody>,
): Promise<Appointment> {
  if (!actor.roles.includes('client')) throw new NotAllowed('Only parents book meetings.')
  const { dependent_id } = await findOwn(db, organization.id, actor.person_id)
  const wanted = { slot_id, dependent_id, notes: notes ?? undefined, details: { meeting_mode } }
  return inTransaction(db, async (trx) => {
    const booked = await book(trx, actor, wanted, now)
    // Now that the parent is locked: whose profile was taken away in the same moment has booked nothing.
    await findOwn(trx, organization.id, actor.person_id)
    return booked
  })
}

/** Brings a meeting into a status, by the verb that leads there. */
export async function setStatus(
  { db, actor, now }: FastifyRequest,
  id: string,
  status: Status,
): Promise<Appointment> {
  const verbs: Record<Status, () => Promise<Appointment>> = {
    confirmed: () => confirm(db, actor, id, now),
    completed: () => complete(db, actor, id, {}, now),
    no_show: () => markNoShow(db, actor, id, now),
    cancelled: () => cancel(db, actor, id, {}, now),
    pending: () => Promise.reject(new NoWayThere('pending')),
  }
  return verbs[status]()
}

/** One meeting with everything around it, as a verb left it. */
export async function shown(
  { db, organization, now }: FastifyRequest,
  appointment: Appointment,
): Promise<SchoolAppointment> {
  const named = await readAppointment(db, organization.id, appointment.id)
  const [view] = await viewAppointments(db, organization, [{ ...named, ...appointment }], now)
  return view!
}

/** All meetings that are wanted, as far as the actor may see them. */
export async function listAll({ db, actor, organization, now }: FastifyRequest, wanted: AppointmentsWanted) {
  const all = await everyPage((page) => listAppointments(db, actor, { ...wanted, ...page }))
  return viewAppointments(db, organization, all, now)
}
