import { intersect, merge, type Interval } from '../../engine/intervals.ts'
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

/** When a kind that is needed has nothing left: only where all of its candidates are busy. */
export function withoutResources({ resources }: Offer, busy: Map<string, Busy[]>): Interval[] {
  return resources.flatMap(({ candidate_ids }) => {
    const each: Interval[][] = candidate_ids.map((id) => merge(busy.get(id) ?? []))
    return each.length === 0 ? [always] : each.reduce((all, one) => intersect(all, one))
  })
}

const always: Interval = { start: -Infinity, end: Infinity }
