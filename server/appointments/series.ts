import { repeat, type Repetition } from '../../engine/repetition.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { checkDetails } from '../organizations/fields.ts'
import { lockParties } from '../people/parties.ts'
import { type Actor, may } from '../permissions.ts'
import { InvalidInput, NotAllowed, NotFound, Refusal } from '../refusal.ts'
import { requireClient } from '../slots/clients.ts'
import { allRefusals } from '../slots/explaining.ts'
import { type Occasion, readOccasion } from '../slots/occasion.ts'
import { partiesToLock } from '../slots/offer.ts'
import type { Stretch } from '../slots/reservations.ts'
import { stretchOf } from '../slots/taking.ts'
import type { Appointment } from './appointments.ts'
import { bookAt, type BookingWanted } from './booking.ts'
import { cancel } from './cancellation.ts'
import type { ShownAppointment } from './list.ts'
import { TooLateToChange } from './refusals.ts'
import { WrongState } from './states.ts'

const MOST = 60

/** A time of a series that cannot be had, and why. */
export interface Clash {
  starts_at: string
  code: string
  message: string
}

export class SeriesClashes extends Refusal {
  readonly code = 'series_clashes'
  readonly status = 409
  override readonly facts: { clashes: Clash[] }

  constructor(clashes: Clash[], all: number) {
    super(
      `${clashes.length} of ${all} times cannot be had; none was booked. skip_conflicts books the others.`,
    )
    this.facts = { clashes }
  }
}

export interface SeriesWanted extends Omit<BookingWanted, 'slot_id'> {
  starts_at: Temporal.Instant
  repetition: Repetition
  /** Take what can be had and leave out the rest, instead of all or nothing. */
  skip_conflicts?: boolean
}

export interface BookedSeries {
  id: string
  appointments: ShownAppointment[]
  clashes: Clash[]
}

/**
 * Books a time again and again, at the same time of its day whatever the clocks do in between. All or nothing, with the
 * clashes named, or those that can be had. Every one obeys every rule, the limits counting those booked before it.
 */
export async function bookSeries(
  db: Database | Transaction,
  actor: Actor,
  wanted: SeriesWanted,
  now: Temporal.Instant,
): Promise<BookedSeries> {
  return inTransaction(db, async (trx) => {
    const client_id = wanted.client_id ?? actor.person_id
    const occasion = await readOccasion(trx, actor.organization_id, { ...wanted, client_id })
    if (!may(actor, 'appointments:book', { ...occasion, client_id })) throw new NotAllowed()
    const attends = may(actor, 'appointments:attend', occasion)
    checkDetails(occasion.organization.fields.appointment, wanted.details ?? {}, attends)
    const stretches = stretchesOf(occasion, wanted)

    await lockParties(trx, actor.organization_id, [...partiesToLock(occasion), client_id])
    await requireClient(trx, actor, occasion, now)
    const id = await insertSeries(trx, actor, wanted.repetition, now)
    const appointments: ShownAppointment[] = []
    const clashes: Clash[] = []
    for (const stretch of stretches) {
      const times = { starts_at: stretch.start, ends_at: stretch.end }
      const [refusal] = await allRefusals(trx, actor, occasion, times, now)
      if (refusal)
        clashes.push({ starts_at: `${stretch.start}`, code: refusal.code, message: refusal.message })
      else {
        const content = { ...wanted, id: newId(), series_id: id }
        appointments.push(await bookAt(trx, actor, occasion, stretch, content, now))
      }
    }
    const isEnough = wanted.skip_conflicts ? appointments.length > 0 : clashes.length === 0
    if (!isEnough) throw new SeriesClashes(clashes, stretches.length)
    return { id, appointments, clashes }
  })
}

/**
 * Cancels what is still to come of a series, from a moment on. What may not be cancelled any more (it is too late, or it
 * has ended) stays; the answer is what was cancelled.
 */
export async function cancelSeries(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  { from, reason }: { from?: Temporal.Instant; reason?: string },
  now: Temporal.Instant,
): Promise<Appointment[]> {
  return inTransaction(db, async (trx) => {
    const all = await trx
      .selectFrom('appointments')
      .select(['id', 'starts_at', 'provider_id', 'client_id', 'location_id'])
      .where('organization_id', '=', actor.organization_id)
      .where('series_id', '=', id)
      .orderBy('id')
      .execute()
    const known = all.filter((appointment) => may(actor, 'appointments:read', appointment))
    if (known.length === 0) throw new NotFound('series')
    const cancelled: Appointment[] = []
    for (const { id: appointment_id, starts_at } of known) {
      if (Temporal.Instant.compare(starts_at, from ?? now) < 0) continue
      try {
        cancelled.push(await cancel(trx, actor, appointment_id, { reason }, now))
      } catch (error) {
        if (!(error instanceof TooLateToChange || error instanceof WrongState)) throw error
      }
    }
    return cancelled
  })
}

function stretchesOf(occasion: Occasion, wanted: SeriesWanted): Stretch[] {
  const first = stretchOf(occasion, wanted)
  const minutes = (first.end.epochMilliseconds - first.start.epochMilliseconds) / 60_000
  try {
    const all = repeat(occasion.time_zone, first.start.epochMilliseconds, minutes, wanted.repetition, MOST)
    return all.map(({ start, end }) => ({ start: instant(start), end: instant(end) }))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // The engine names the field and says what would be right.
    const [field = '', ...message] = error.message.split(': ')
    throw new InvalidInput([{ field: `repetition.${field}`, message: message.join(': ') }])
  }
}

async function insertSeries(
  trx: Transaction,
  { organization_id, person_id: created_by }: Actor,
  repetition: Repetition,
  now: Temporal.Instant,
): Promise<string> {
  const id = newId()
  await trx
    .insertInto('series')
    .values({ organization_id, id, repetition: JSON.stringify(repetition), created_by, created_at: now })
    .execute()
  return id
}

const instant = (milliseconds: number) => Temporal.Instant.fromEpochMilliseconds(milliseconds)
