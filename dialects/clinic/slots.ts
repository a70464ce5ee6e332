import type { FastifyRequest } from 'fastify'
import { listAppointments } from '../../server/appointments/list.ts'
import { awayFrom } from '../../server/hours/away.ts'
import { timetableFor } from '../../server/hours/timetable.ts'
import { reachOf } from '../../server/permissions.ts'
import { readOffersOfLength, requireSlotsVisible, slotsOfOffers } from '../../server/slots/free.ts'
import type { Offer } from '../../server/slots/offer.ts'
import { type FreeSlot, slotsOf } from '../../server/slots/offering.ts'
import { type Opening, readOpening } from '../../server/slots/opening.ts'
import type { Stretch } from '../../server/slots/reservations.ts'
import { dayIn } from './dates.ts'

/** The slots of a doctor on a day, the taken ones too. Whose they are only those learn who may see the appointment. */
export async function slotsOn(request: FastifyRequest, provider_id: string, date: string) {
  const { db, asking, organization, now } = request
  requireSlotsVisible(asking, organization)
  const between = dayIn('date', date, organization.time_zone)
  const offers = await readOffersOfLength(db, organization, { provider_id })
  const opening = await readOpening(db, organization.id, offers, between, now)
  const free = await slotsOfOffers(db, organization, offers, between, now, opening)
  const isFree = new Set(free.map(({ start }) => start))
  const appointments = await appointmentsOn(request, provider_id, between)
  return offers
    .flatMap((offer) => allSlotsOf(offer, opening, between, now))
    .map(({ start, end }) => {
      const taken = appointments.find(
        ({ starts_at, ends_at }) => starts_at.epochMilliseconds < end && start < ends_at.epochMilliseconds,
      )
      const [starts, ends] = [start, end].map((at) => Temporal.Instant.fromEpochMilliseconds(at).toString())
      const available = isFree.has(start)
      return { start: starts!, end: ends!, available, appointmentId: (!available && taken?.id) || null }
    })
}

/** As if nothing were booked; the clock that is handed in still leaves out what has passed. */
function allSlotsOf(
  offer: Offer,
  { rows, off, published }: Opening,
  between: Stretch,
  now: Temporal.Instant,
) {
  const hours = timetableFor(rows, offer, offer.organization.rules)
  const unbooked = published.map((slot) => ({ ...slot, seats_taken: 0 }))
  const plans = { busy: [], away: awayFrom(off, offer), ofEverybody: new Map(), published: unbooked }
  const all: FreeSlot[] = slotsOf(offer, hours, plans, between, now)
  return all
}

async function appointmentsOn({ db, asking }: FastifyRequest, provider_id: string, { start, end }: Stretch) {
  if (!asking || !reachOf(asking, 'appointments:read')) return []
  const states = ['pending', 'confirmed', 'arrived', 'in_progress', 'completed'] as const
  // A day has fewer minutes than this.
  const wanted = { provider_id, from: start.subtract({ hours: 24 }), to: end, states, limit: 2000 }
  return (await listAppointments(db, asking, wanted)).items
}
