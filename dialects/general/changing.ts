import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { type Appointment, lockAppointment } from '../../server/appointments/appointments.ts'
import { cancel } from '../../server/appointments/cancellation.ts'
import { changeNotes } from '../../server/appointments/changing.ts'
import { reschedule } from '../../server/appointments/rescheduling.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import { InvalidInput, Refusal } from '../../server/refusal.ts'
import { instantOf, localOf } from '../local-times.ts'
import { type AppointmentChangeBody, MOST_NOTES, type RescheduleBody } from './shapes.ts'
import { viewAppointment } from './views.ts'

type Change = Static<typeof AppointmentChangeBody>

export class NotSetHere extends Refusal {
  readonly code = 'not_set_here'
  readonly status = 400

  constructor(status: string) {
    super(
      `An appointment cannot be made ${status} like this: only cancelled can be set here. Use mark-completed or mark-no-show.`,
    )
  }
}

/**
 * What one PATCH is in this system: other notes, another time, or the end. What is sent back as it was is no change, and
 * all of it happens or nothing.
 */
export async function changeAppointment(
  { db, actor, organization, now }: FastifyRequest,
  id: string,
  change: Change,
): Promise<Appointment> {
  return inTransaction(db, async (trx) => {
    const before = await lockAppointment(trx, actor, id, 'appointments:change')
    const { status } = viewAppointment(before, organization.time_zone)
    const times = timesIn(change, before, organization.time_zone)
    const notes = change.notes === before.notes ? undefined : change.notes
    const isCancelled = change.status === 'cancelled'
    if (change.status && !isCancelled && change.status !== status) throw new NotSetHere(change.status)
    if (isCancelled && times) {
      throw new InvalidInput([{ field: 'status', message: 'cannot be cancelled together with another time' }])
    }
    if (times) return reschedule(trx, actor, id, { ...times, notes }, now)
    const noted = notes === undefined ? before : await changeNotes(trx, actor, id, { notes }, now)
    return isCancelled ? cancel(trx, actor, id, {}, now) : noted
  })
}

/** Moves an appointment; the reason stands in its notes afterwards. */
export async function move(
  { db, actor, organization, now }: FastifyRequest,
  id: string,
  { new_start_time, new_end_time, reason }: Static<typeof RescheduleBody>,
): Promise<Appointment> {
  const { time_zone } = organization
  const starts_at = instantOf('new_start_time', new_start_time, time_zone)
  const ends_at = instantOf('new_end_time', new_end_time, time_zone)
  if (Temporal.Instant.compare(ends_at, starts_at) <= 0) {
    throw new InvalidInput([{ field: 'new_end_time', message: 'must be after new_start_time' }])
  }
  return inTransaction(db, async (trx) => {
    const { notes } = await lockAppointment(trx, actor, id, 'appointments:change')
    const said = reason ? { reason, notes: withReason(notes, reason) } : {}
    return reschedule(trx, actor, id, { starts_at, ends_at, ...said }, now)
  })
}

function withReason(notes: string | null, reason: string): string {
  const all = [notes, `Rescheduled: ${reason}`].filter(Boolean).join('\n')
  if (all.length <= MOST_NOTES) return all
  throw new InvalidInput([{ field: 'reason', message: 'has no room left in the notes; move it without one' }])
}

/**
 * The times that are wanted, where they are others than before; where one is not said, it is as long as it was. What was
 * shown of it and is sent back is what was: the wall clock cannot say every instant.
 */
function timesIn({ start_time, end_time }: Change, { starts_at, ends_at }: Appointment, time_zone: string) {
  const meant = (field: string, text: string, was: Temporal.Instant) =>
    text === localOf(was, time_zone) ? was : instantOf(field, text, time_zone)
  const start = start_time ? meant('start_time', start_time, starts_at) : starts_at
  const end = end_time ? meant('end_time', end_time, ends_at) : start.add(starts_at.until(ends_at))
  return start.equals(starts_at) && end.equals(ends_at) ? undefined : { starts_at: start, ends_at: end }
}
