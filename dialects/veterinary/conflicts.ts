import type { FastifyRequest } from 'fastify'
import { checkConflicts, type SeenConflict } from '../../server/appointments/conflicts.ts'
import type { ShownAppointment } from '../../server/appointments/list.ts'
import { Refusal } from '../../server/refusal.ts'
import { type PublishedSlot, SlotFull } from '../../server/slots/published.ts'
import { TimeTaken } from '../../server/slots/reservations.ts'
import { minutesBetween } from './times.ts'
import { statusOf, typeOf } from './words.ts'

type Asking = Pick<FastifyRequest, 'db' | 'actor' | 'organization' | 'now'>

export interface TimeAsked {
  provider_id: string
  start: Temporal.Instant
  end: Temporal.Instant
  /** Whose other appointments are in the way as well. */
  client_id?: string
  /** An appointment that is to be moved: it is not in its own way. */
  but?: string
}

/** Says what stands in the way of a time, and when. */
export class InTheWay extends Refusal {
  readonly code = 'appointment_conflict'
  readonly status = 409
  override readonly facts: { conflicts: ReturnType<typeof viewConflict>[] }

  constructor(whose: string, conflicts: ReturnType<typeof viewConflict>[]) {
    const stretches = conflicts.map(({ scheduled_at, duration_minutes }) => {
      const end = Temporal.Instant.from(scheduled_at).add({ minutes: duration_minutes })
      return `from ${scheduled_at} to ${end}`
    })
    const when = stretches.length > 0 ? `: ${whose} is taken ${stretches.join(' and ')}` : ''
    super(`This time is not free any more${when}. Choose another.`)
    this.facts = { conflicts }
  }
}

/** What is in the way of a vet's time; of what is not their business whoever asks learns only when it is. */
export async function conflictsOf({ db, actor, now }: Asking, { start, end, but, ...who }: TimeAsked) {
  const wanted = { ...who, starts_at: start, ends_at: end, exclude_appointment_id: but }
  const found = await checkConflicts(db, actor, wanted, now)
  // Inside a transaction that has failed there still is the one that was not to be had.
  const isOwn = ({ appointment }: SeenConflict) =>
    db.isTransaction && appointment?.created_at.equals(now) === true && appointment.starts_at.equals(start)
  return found.filter((conflict) => !isOwn(conflict)).map(viewConflict)
}

/** Takes a time, or says what is in its way. */
export async function tellingConflicts<T>(
  request: Asking,
  { slot, ...asked }: TimeAsked & { slot?: PublishedSlot },
  take: () => Promise<T>,
): Promise<T> {
  try {
    return await take()
  } catch (refusal) {
    if (!(refusal instanceof TimeTaken || refusal instanceof SlotFull)) throw refusal
    // A seat of a slot is the slot's, whichever part of it is taken.
    const isFull = refusal instanceof SlotFull && slot
    const time = isFull ? { ...asked, start: slot.starts_at, end: slot.ends_at } : asked
    throw new InTheWay(whoseTime(refusal, request), await conflictsOf(request, time))
  }
}

function whoseTime(refusal: TimeTaken | SlotFull, { organization }: Asking): string {
  const { provider, client, location, resource } = organization.words
  const words = { provider, client, location, resource }
  const taken_by = refusal instanceof TimeTaken ? refusal.facts.taken_by : ['provider' as const]
  return taken_by.map((role) => `the ${words[role].one}`).join(' and ')
}

function viewConflict({ starts_at, ends_at, appointment }: SeenConflict) {
  return appointment ? viewKnown(appointment) : viewUnknown({ starts_at, ends_at })
}

function viewKnown({ id, starts_at, ends_at, ...appointment }: ShownAppointment) {
  return {
    id,
    scheduled_at: `${starts_at}`,
    duration_minutes: minutesBetween(starts_at, ends_at),
    appointment_type: typeOf(appointment.service_name),
    status: statusOf(appointment.state),
    pet_id: appointment.dependent_id,
    reason: (appointment.details.reason as string | undefined) ?? null,
  }
}

function viewUnknown({ starts_at, ends_at }: Pick<SeenConflict, 'starts_at' | 'ends_at'>) {
  return {
    id: null,
    scheduled_at: `${starts_at}`,
    duration_minutes: minutesBetween(starts_at, ends_at),
    appointment_type: null,
    status: null,
    pet_id: null,
    reason: null,
  }
}
