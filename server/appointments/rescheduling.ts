import type { RowChange } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type Actor, may } from '../permissions.ts'
import { InvalidInput, NotAllowed } from '../refusal.ts'
import { type Offer, partiesOf, readOccasion } from '../slots/offer.ts'
import { lockParties } from '../people/parties.ts'
import { release, type Stretch } from '../slots/reservations.ts'
import { requireAllowedTime } from '../slots/rules.ts'
import { stretchOf, take } from '../slots/taking.ts'
import { type Appointment, lockAppointment } from './appointments.ts'
import { requireNotice, takeStep } from './steps.ts'

export interface Move {
  starts_at: Temporal.Instant
  /** Only where the organization lets whoever books say how long it takes; else it takes as long as before. */
  ends_at?: Temporal.Instant
  provider_id?: string
  location_id?: string
  reason?: string
}

/**
 * Moves an appointment to another time, provider or location: the new time is taken and the old one given back, or
 * nothing changes. The notice that the rules ask for counts to the old start.
 */
export async function reschedule(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  move: Move,
  now: Temporal.Instant,
): Promise<Appointment> {
  return inTransaction(db, async (trx) => {
    // Before its parties, so that of two moves the second goes on from where the first one ended.
    const known = await lockAppointment(trx, actor, id, 'appointments:change')
    const offer = await readNewOffer(trx, actor, known, move)
    // The old provider need not be locked: giving time back hurts nobody.
    await lockParties(trx, known.organization_id, [...partiesOf(offer), known.client_id])
    return takeStep(trx, actor, id, 'reschedule', now, async ({ organization, appointment }) => {
      requireNotice(actor, organization.rules, appointment, now)
      const stretch = newStretch(offer, appointment, move)
      await release(trx, organization.id, id)
      const holder = { appointment_id: id, session_id: appointment.session_id }
      await take(trx, offer, appointment.client_id, stretch, holder, now)
      await requireAllowedTime(trx, offer, stretch, now, { overridden: may(actor, 'policies:override') })
      return changeOf(appointment, offer, stretch, move)
    })
  })
}

async function readNewOffer(trx: Transaction, actor: Actor, known: Appointment, move: Move): Promise<Offer> {
  const { service_id, client_id } = known
  const provider_id = move.provider_id ?? known.provider_id
  const isElsewhere = provider_id !== known.provider_id && move.location_id === undefined
  const location_id = move.location_id ?? (isElsewhere ? null : known.location_id)
  if (provider_id === client_id)
    throw new InvalidInput([{ field: 'provider_id', message: 'must not be the client' }])
  const wanted = { provider_id, service_id, location_id, client_id }
  const offer = await readOccasion(trx, known.organization_id, wanted)
  const isTheirs = { ...offer, client_id }
  if (!may(actor, 'appointments:change', isTheirs)) throw new NotAllowed()
  return offer
}

/** As long as before, unless another length is asked for. */
function newStretch(offer: Offer, { starts_at, ends_at }: Appointment, move: Move): Stretch {
  if (move.ends_at) return stretchOf(offer, move)
  return { start: move.starts_at, end: move.starts_at.add(starts_at.until(ends_at)) }
}

function changeOf(
  appointment: Appointment,
  offer: Offer,
  { start, end }: Stretch,
  { reason }: Move,
): RowChange<'appointments'> {
  const { provider_id, location_id, buffer_before_minutes, buffer_after_minutes } = offer
  return {
    provider_id,
    location_id,
    buffer_before_minutes,
    buffer_after_minutes,
    starts_at: start,
    ends_at: end,
    state_reason: reason ?? null,
    sequence: appointment.sequence + 1,
  }
}
