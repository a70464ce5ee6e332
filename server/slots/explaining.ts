import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed, Refusal } from '../refusal.ts'
import { awayFrom, readTimeOff } from '../hours/away.ts'
import { clientRefusal } from './clients.ts'
import { findConflicts } from './conflicts.ts'
import { type Occasion, type OccasionWanted, readOccasion } from './occasion.ts'
import { requireSeat } from './published.ts'
import { type Stretch, TimeTaken, withBuffers } from './reservations.ts'
import { refusalsOf } from './rules.ts'
import { stretchOf } from './taking.ts'

export interface StartWanted extends Omit<OccasionWanted, 'client_id'> {
  client_id?: string
  starts_at?: Temporal.Instant
  ends_at?: Temporal.Instant
}

/** Why a time cannot be booked. */
export interface Explained {
  code: string
  message: string
}

/**
 * Says for a time everything that booking it would be refused for, without trying; an empty list means that it can be
 * booked. For whom: a client's own limits and appointments count too. Only the desk is told that somebody is off.
 */
export async function explain(
  db: Database | Transaction,
  actor: Actor,
  wanted: StartWanted,
  now: Temporal.Instant,
): Promise<Explained[]> {
  return inTransaction(db, async (trx) => {
    const asking = may(actor, 'clients:create') ? null : actor.person_id
    const forWhom = { client_id: wanted.client_id ?? asking }
    const read = await readOccasion(trx, actor.organization_id, { ...wanted, ...forWhom })
    // Providers who ask about their own time do not ask for themselves.
    const isOwnTime = !wanted.client_id && read.provider_id === actor.person_id
    const occasion = isOwnTime ? { ...read, client: null } : read
    const client_id = occasion.client?.id ?? null
    if (client_id && !may(actor, 'appointments:book', { ...occasion, client_id })) throw new NotAllowed()
    const refusals = await allRefusals(trx, actor, occasion, wanted, now)
    const reasons = refusals.map(({ code, message }) => ({ code, message }))
    const isDesk = may(actor, 'time_off:read', occasion)
    if (!isDesk || !(await isAway(trx, occasion, stretchOf(occasion, wanted)))) return reasons
    return [...reasons, { code: 'time_off', message: 'There is time off or a closure then.' }]
  })
}

/** In the order in which booking looks: what is taken comes before what the rules say. */
export async function allRefusals(
  trx: Transaction,
  actor: Actor,
  occasion: Occasion,
  wanted: { starts_at?: Temporal.Instant; ends_at?: Temporal.Instant },
  now: Temporal.Instant,
): Promise<Refusal[]> {
  const stretch = stretchOf(occasion, wanted)
  const refusals: Refusal[] = []
  if (occasion.client) refusals.push(...clientRefusal(actor, occasion))
  const seat = await requireSeat(trx, occasion, now).catch(asRefusal)
  if (seat) refusals.push(seat)
  const conflicts = await findConflicts(trx, occasion, stretch, now, {})
  const taken_by = [...new Set(conflicts.map(({ role }) => role))]
  if (taken_by.length > 0) refusals.push(new TimeTaken(taken_by))
  const overridden = may(actor, 'policies:override')
  return [...refusals, ...(await refusalsOf(trx, occasion, stretch, now, { overridden, own_id: null }))]
}

/** Whether there is time off or a closure in any of the time, buffers included. */
async function isAway(trx: Transaction, occasion: Occasion, stretch: Stretch): Promise<boolean> {
  const { organization, provider_id, location_id } = occasion
  const of = { provider_ids: [provider_id], location_ids: location_id ? [location_id] : [] }
  const around = withBuffers(occasion, stretch)
  return awayFrom(await readTimeOff(trx, organization.id, of, around), occasion).length > 0
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}
