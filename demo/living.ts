import { arrive, complete, markNoShow, start } from '../server/appointments/attendance.ts'
import { book } from '../server/appointments/booking.ts'
import { cancel } from '../server/appointments/cancellation.ts'
import { confirm } from '../server/appointments/deciding.ts'
import { reschedule } from '../server/appointments/rescheduling.ts'
import type { Actor } from '../server/permissions.ts'
import { planVisits, type Season, type Visit } from './planning.ts'
import type { Random } from './random.ts'
import type { Somebody, Stage } from './stage.ts'

/** What somebody says when booking. */
export interface Wish {
  dependent_id?: string
  notes?: string
  details?: Record<string, unknown>
}

export type Fate = 'happens' | 'is cancelled' | 'is missed'

const CANCELLED = 0.1
const MISSED = 0.07
const MOST_MISSED = 2
const UNDECIDED = 0.35

/**
 * Fills a calendar around now. Every appointment is booked, moved, confirmed, cancelled and attended by the program's
 * own verbs, each called with the moment at which it is said to have happened: so their histories are true.
 */
export async function live(
  stage: Stage,
  season: Season,
  wishOf: (visit: Visit) => Wish = () => ({}),
): Promise<void> {
  const missed = new Map<Somebody, number>()
  for (const visit of await planVisits(stage, season)) {
    const fate = fateOf(stage, visit, missed)
    await liveThrough(stage, visit, fate, wishOf(visit))
  }
}

/** Nobody misses so many that they are blocked, and those with a log-in none: whoever tries it out begins at zero. */
export function fateOf({ random, now }: Stage, { client, end }: Visit, missed: Map<Somebody, number>): Fate {
  if (random.chance(CANCELLED)) return 'is cancelled'
  const count = missed.get(client) ?? 0
  const mayMiss = isBefore(end, now) && client.id !== client.actor.person_id && count < MOST_MISSED
  if (!random.chance(MISSED) || !mayMiss) return 'happens'
  missed.set(client, count + 1)
  return 'is missed'
}

async function liveThrough(stage: Stage, visit: Visit, fate: Fate, wish: Wish): Promise<void> {
  const { trx, organization, random, now } = stage
  const { provider } = visit.practice
  const { booked, moved, settled } = momentsBefore(stage, visit)
  const { id, state } = await bookFirst(stage, visit, wish, booked)
  if (visit.first_start) {
    const move = { starts_at: visit.start, reason: random.pick(whyMoved) }
    await reschedule(trx, visit.client.actor, id, move, moved)
  }
  if (fate === 'is cancelled') {
    const [by, reason] = whoCancels(random, visit)
    await cancel(trx, by, id, { reason }, settled)
    return
  }
  const isAhead = isBefore(now, visit.start)
  if (state === 'pending') {
    if (isAhead && random.chance(UNDECIDED)) return
    const by = organization.rules.confirm_by === 'client' ? visit.client : provider
    await confirm(trx, by.actor, id, settled)
  }
  if (isAhead) return
  if (fate === 'is missed') await markNoShow(trx, provider.actor, id, visit.end)
  else await attend(stage, visit, id)
}

/** The moments of a life up to three hours before it would begin, or up to now. */
export function momentsBefore({ random, now }: Stage, { start, first_start = start }: Visit) {
  const earliest = isBefore(first_start, start) ? first_start : start
  const lastChance = earliest.subtract({ hours: 3 })
  const latest = isBefore(lastChance, now) ? lastChance : now
  const minutes = random.integer(30, 10 * 24 * 60)
  const before = (share: number) => latest.subtract({ minutes: Math.ceil(minutes * share) }).round('minute')
  return { booked: before(1), moved: before(2 / 3), settled: before(1 / 3) }
}

function bookFirst({ trx }: Stage, visit: Visit, wish: Wish, at: Temporal.Instant) {
  const { practice, service, client, start, first_start = start } = visit
  const wanted = {
    provider_id: practice.provider.id,
    service_id: service.id,
    location_id: practice.location_id,
    client_id: client.id,
    starts_at: first_start,
    ...wish,
  }
  return book(trx, client.actor, wanted, at)
}

async function attend({ trx, organization, now }: Stage, visit: Visit, id: string): Promise<void> {
  const { actor } = visit.practice.provider
  const isOver = !isBefore(now, visit.end)
  // Most places close a visit in one step; some must have begun it before.
  if (!isOver || !organization.rules.completes_from.includes('confirmed')) {
    await arrive(trx, actor, id, visit.start.subtract({ minutes: 5 }))
    await start(trx, actor, id, visit.start)
  }
  if (isOver) await complete(trx, actor, id, {}, visit.end)
}

export function whoCancels(random: Random, { client, practice }: Visit): [Actor, string] {
  if (random.chance(0.75)) return [client.actor, random.pick(whyClientsCancel)]
  return [practice.provider.actor, random.pick(whyProvidersCancel)]
}

function isBefore(one: Temporal.Instant, other: Temporal.Instant): boolean {
  return Temporal.Instant.compare(one, other) < 0
}

const whyMoved = ['Another time suits me better', 'The train comes too late', 'My shift was changed']
const whyClientsCancel = [
  'I am ill',
  'I have to travel that week',
  'My child is ill',
  'Something came up at work',
  'It is not needed any more',
]
const whyProvidersCancel = ['I am at a training that day', 'The room is being repaired', 'I am ill']
