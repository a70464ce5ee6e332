import type { Database, Transaction } from '../database/transactions.ts'
import type { Occasion } from './occasion.ts'
import { partiesToLock } from './offer.ts'
import {
  type Busy,
  busyStretches,
  type Reservation,
  type Stretch,
  type TakenBy,
  withBuffers,
} from './reservations.ts'
import { reservationsFor, roleOf } from './taking.ts'

/** What stands in the way of a time: whose time, taken from when to when, and by which appointment if by one. */
export interface Conflict extends Busy {
  role: TakenBy
}

/**
 * What is in the way of taking a time: of the provider, the location and the client, and of a kind of resource only where
 * none is left. Stretches that touch are in nobody's way; buffers count. Whoever goes on to book has the parties locked.
 */
export async function findConflicts(
  db: Database | Transaction,
  occasion: Occasion,
  stretch: Stretch,
  now: Temporal.Instant,
  { but }: { but?: string },
): Promise<Conflict[]> {
  const { organization, client, slot } = occasion
  const needed = reservationsFor(occasion, client?.id ?? null, stretch, [])
  const parties = [...partiesToLock(occasion), ...needed.map(({ party_id }) => party_id)]
  const around = around24(stretch)
  const busy = await busyStretches(db, organization.id, [...new Set(parties)], around, now)
  const isInTheWay = ({ session_id, appointment_id }: Busy) =>
    session_id !== slot?.id && (but === undefined || appointment_id !== but)
  const meeting = ({ party_id, start, end }: Reservation) =>
    (busy.get(party_id) ?? [])
      .filter(isInTheWay)
      .filter((other) => other.start < end.epochMilliseconds && start.epochMilliseconds < other.end)
      .map((other) => ({ ...other, role: roleOf(party_id, occasion) }))
  const ofResources = occasion.resources.flatMap(({ candidate_ids }) => {
    const each = candidate_ids.map((party_id) => meeting({ party_id, ...withBuffers(occasion, stretch) }))
    return each.every((conflicts) => conflicts.length > 0)
      ? each.length > 0
        ? each.flat()
        : [none(stretch)]
      : []
  })
  return [...needed.flatMap(meeting), ...ofResources]
}

/** A kind of which there is nothing at all. */
function none({ start, end }: Stretch): Conflict {
  const stretch = { start: start.epochMilliseconds, end: end.epochMilliseconds }
  return { ...stretch, role: 'resource', party_id: '', session_id: '', appointment_id: null }
}

/** Buffers and walking gaps reach beyond the appointment, a day at most. */
function around24({ start, end }: Stretch): Stretch {
  return { start: start.subtract({ hours: 24 }), end: end.add({ hours: 24 }) }
}
