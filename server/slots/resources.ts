import type { Interval } from '../../engine/intervals.ts'
import { countBefore } from '../../engine/search.ts'
import type { Transaction } from '../database/transactions.ts'
import type { Offer } from './offer.ts'
import { type Busy, busyStretches, type Stretch, TimeTaken } from './reservations.ts'

/**
 * One free resource of each kind that is needed; a session that has one already stays with it. All candidates are
 * locked, so what is free now stays so. Throws TimeTaken where a kind has none left.
 */
export async function chooseResources(
  trx: Transaction,
  { organization, resources }: Offer,
  around: Stretch,
  session_id: string,
  now: Temporal.Instant,
): Promise<string[]> {
  if (resources.length === 0) return []
  const candidates = resources.flatMap(({ candidate_ids }) => candidate_ids)
  const busy = await busyStretches(trx, organization.id, candidates, around, now)
  const sessionsOf = (id: string) => (busy.get(id) ?? []).map((stretch) => stretch.session_id)
  return resources.map(({ candidate_ids }) => {
    const free = candidate_ids.filter((id) => sessionsOf(id).every((session) => session === session_id))
    const chosen = free.find((id) => sessionsOf(id).length > 0) ?? free[0]
    if (!chosen) throw new TimeTaken(['resource'])
    return chosen
  })
}

/**
 * Answers whether one of each kind that is needed is free for all of a stretch: of two rooms, one that is taken first and
 * one that is taken then are none. What a session has taken itself is there for its other seats.
 */
export function resourcesFor(
  { resources }: Offer,
  busy: Map<string, Busy[]>,
): (stretch: Interval, own_session?: string) => boolean {
  const kinds = resources.map(({ candidate_ids }) => candidate_ids.map((id) => sessionsOf(busy.get(id))))
  return (stretch, own_session) =>
    kinds.every((sessions) => sessions.some((one) => isFree(one, stretch, own_session)))
}

type Session = Interval & { id: string }

/** What one resource is busy with, by start; no two of them overlap. */
function sessionsOf(busy: Busy[] = []): Session[] {
  return [...Map.groupBy(busy, ({ session_id }) => session_id)].map(([id, seats]) => ({
    id,
    start: Math.min(...seats.map(({ start }) => start)),
    end: Math.max(...seats.map(({ end }) => end)),
  }))
}

function isFree(sessions: Session[], { start, end }: Interval, own_session?: string): boolean {
  const first = countBefore(sessions, (session) => session.end <= start)
  const after = countBefore(sessions, (session) => session.start < end)
  return sessions.slice(first, after).every(({ id }) => id === own_session)
}
