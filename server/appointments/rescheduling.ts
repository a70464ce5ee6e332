import type { RowChange } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type Actor, may } from '../permissions.ts'
import { InvalidInput, NotAllowed } from '../refusal.ts'
import { type Occasion, readOccasion } from '../slots/occasion.ts'
import { partiesToLock } from '../slots/offer.ts'
import { requireSeat } from '../slots/published.ts'
import { lockParties } from '../people/parties.ts'
import { release, type Stretch } from '../slots/reservations.ts'
import { requireAllowedTime } from '../slots/rules.ts'
import { stretchOf, take } from '../slots/taking.ts'
import { type Appointment, lockAppointment } from './appointments.ts'
import { firstState, steps } from './states.ts'
import { requireNotice, takeStep } from './steps.ts'

export interface Move {
  /** Said by the published slot where one is named. */
  starts_at?: Temporal.Instant
  /** Only where the organization lets whoever books say how long it takes; else it takes as long as before. */
  ends_at?: Temporal.Instant
  provider_id?: string
  location_id?: string
  slot_id?: string
  reason?: string
  /** What is written about it from now on; as before unless said. */
  notes?: string | null
}

/**
 * Moves an appointment to another time, provider or location: the new time is taken and the old one given back, or
 * nothing changes. The notice that the rules ask for counts to the old start.
 */
export function reschedule(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  wanted: Move,
  now: Temporal.Instant,
): Promise<Appointment> {
  return move(db, actor, id, 'reschedule', wanted, now)
}

/**
 * Moves what was agreed to a time that those who attend propose: it waits again for being confirmed. The old time is
 * given back at once.
 */
export function postpone(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  wanted: Move,
  now: Temporal.Instant,
): Promise<Appointment> {
  return move(db, actor, id, 'postpone', wanted, now)
}

async function move(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  step: 'reschedule' | 'postpone',
  wanted: Move,
  now: Temporal.Instant,
): Promise<Appointment> {
  return inTransaction(db, async (trx) => {
    // Before its parties, so that of two moves the second goes on from where the first one ended.
    const known = await lockAppointment(trx, actor, id, steps[step].may)
    const occasion = await readNewOccasion(trx, actor, known, wanted)
    // The old provider need not be locked: giving time back hurts nobody.
    await lockParties(trx, known.organization_id, [...partiesToLock(occasion), known.client_id])
    return takeStep(trx, actor, id, step, now, async ({ organization, appointment }) => {
      requireNotice(actor, organization.rules, appointment, now)
      const stretch = newStretch(occasion, appointment, wanted)
      await requireSeat(trx, occasion, now, { appointment_id: id })
      await release(trx, organization.id, id)
      const taker = { appointment_id: id, session_id: occasion.slot?.id ?? id }
      await take(trx, occasion, appointment.client_id, stretch, taker, now)
      const overridden = may(actor, 'policies:override')
      await requireAllowedTime(trx, occasion, stretch, now, { overridden, own_id: id })
      const change = changeOf(appointment, occasion, stretch, wanted)
      if (step === 'postpone') return { ...change, pending_reason: 'moved_by_provider' }
      const { rules } = organization
      return rules.moving_asks_again ? { ...change, state: firstState(rules), pending_reason: null } : change
    })
  })
}

async function readNewOccasion(
  trx: Transaction,
  actor: Actor,
  known: Appointment,
  move: Move,
): Promise<Occasion> {
  const { service_id, client_id, dependent_id } = known
  const { slot_id } = move
  const provider_id = move.provider_id ?? (slot_id ? undefined : known.provider_id)
  const isElsewhere = slot_id || (provider_id !== known.provider_id && move.location_id === undefined)
  const location_id = move.location_id ?? (isElsewhere ? null : known.location_id)
  if (provider_id === client_id)
    throw new InvalidInput([{ field: 'provider_id', message: 'must not be the client' }])
  const wanted = { provider_id, service_id, location_id, client_id, slot_id }
  const occasion = await readOccasion(trx, known.organization_id, wanted)
  if (!may(actor, 'appointments:change', { ...occasion, client_id })) throw new NotAllowed()
  // For whom it is was decided with the booking, whoever may be a guardian now.
  return { ...occasion, dependent: dependent_id ? { id: dependent_id, name: '' } : null }
}

/** As long as before, unless another length is asked for. */
function newStretch(occasion: Occasion, { starts_at, ends_at }: Appointment, move: Move): Stretch {
  if (move.ends_at || occasion.slot) return stretchOf(occasion, move)
  if (!move.starts_at)
    throw new InvalidInput([{ field: 'starts_at', message: 'is missing (or give a slot_id)' }])
  return { start: move.starts_at, end: move.starts_at.add(starts_at.until(ends_at)) }
}

function changeOf(
  appointment: Appointment,
  { slot, ...offer }: Occasion,
  { start, end }: Stretch,
  { reason, notes }: Move,
): RowChange<'appointments'> {
  const { provider_id, service_id, location_id, buffer_before_minutes, buffer_after_minutes } = offer
  return {
    provider_id,
    service_id,
    location_id,
    slot_id: slot?.id ?? null,
    session_id: slot?.id ?? appointment.id,
    buffer_before_minutes,
    buffer_after_minutes,
    starts_at: start,
    ends_at: end,
    state_reason: reason ?? null,
    notes,
    sequence: appointment.sequence + 1,
  }
}
