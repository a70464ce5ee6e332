import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { lockParties } from '../people/parties.ts'
import type { Actor } from '../permissions.ts'
import { readOccasion } from '../slots/occasion.ts'
import { partiesToLock } from '../slots/offer.ts'
import { release } from '../slots/reservations.ts'
import { take } from '../slots/taking.ts'
import { type Appointment, lockAppointment } from './appointments.ts'
import { steps } from './states.ts'
import { takeStep } from './steps.ts'

/**
 * Makes an appointment one for another service, at the same time: the rooms and buffers that it needs are taken anew, and
 * what that costs counts. Throws TimeTaken where they are not to be had.
 */
export async function changeServiceOf(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  service_id: string,
  now: Temporal.Instant,
): Promise<Appointment> {
  return inTransaction(db, async (trx) => {
    const known = await lockAppointment(trx, actor, id, steps.change.may)
    if (known.service_id === service_id) return known
    const { organization_id, provider_id, location_id, client_id, slot_id, session_id } = known
    const wanted = { provider_id, service_id, location_id, client_id, slot_id }
    const occasion = await readOccasion(trx, organization_id, wanted)
    await lockParties(trx, organization_id, [...partiesToLock(occasion), client_id])
    return takeStep(trx, actor, id, 'change', now, async ({ appointment }) => {
      const { buffer_before_minutes, buffer_after_minutes, price } = occasion
      const stretch = { start: appointment.starts_at, end: appointment.ends_at }
      await release(trx, organization_id, id)
      await take(trx, occasion, client_id, stretch, { appointment_id: id, session_id }, now)
      return { service_id, buffer_before_minutes, buffer_after_minutes, price: price ?? appointment.price }
    })
  })
}
