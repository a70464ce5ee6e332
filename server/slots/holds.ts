import { sql } from 'kysely'
import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed, NotFound, Refusal } from '../refusal.ts'
import { requireClient } from './clients.ts'
import { type Occasion, type OccasionWanted, readOccasion } from './occasion.ts'
import { partiesToLock } from './offer.ts'
import { lockParties } from '../people/parties.ts'
import { requireSeat } from './published.ts'
import { LimitReached } from './refusals.ts'
import { requireAllowedTime } from './rules.ts'
import { stretchOf, take } from './taking.ts'

export type Hold = Row<'holds'>

export interface HoldWanted extends Omit<OccasionWanted, 'client_id'> {
  client_id?: string
  /** Said by the published slot where one is named. */
  starts_at?: Temporal.Instant
  ends_at?: Temporal.Instant
}

export class HoldExpired extends Refusal {
  readonly code = 'hold_expired'
  readonly status = 409

  constructor() {
    super('This hold has expired. Choose a time again.')
  }
}

/** Keeps a time for a few minutes while somebody decides. Book it by its id, under which the appointment then stands. */
export async function hold(
  db: Database | Transaction,
  actor: Actor,
  wanted: HoldWanted,
  now: Temporal.Instant,
): Promise<Hold> {
  return inTransaction(db, async (trx) => {
    const forWhom = { client_id: wanted.client_id ?? actor.person_id }
    const read = await readOccasion(trx, actor.organization_id, { ...wanted, ...forWhom })
    const client_id = clientOf(actor, wanted, read)
    const occasion = client_id ? read : { ...read, client: null }
    if (!may(actor, 'appointments:book', { ...occasion, client_id })) throw new NotAllowed()
    const stretch = stretchOf(occasion, wanted)

    await lockParties(trx, actor.organization_id, [...partiesToLock(occasion), client_id])
    if (client_id) await requireClient(trx, actor, occasion, now)
    await requireSeat(trx, occasion, now)
    await requireFewHolds(trx, actor, occasion, now)
    const held = await trx
      .insertInto('holds')
      .values({
        organization_id: actor.organization_id,
        id: newId(),
        provider_id: occasion.provider_id,
        client_id,
        service_id: occasion.service_id,
        location_id: occasion.location_id,
        dependent_id: occasion.dependent?.id ?? null,
        slot_id: occasion.slot?.id ?? null,
        starts_at: stretch.start,
        ends_at: stretch.end,
        buffer_before_minutes: occasion.buffer_before_minutes,
        buffer_after_minutes: occasion.buffer_after_minutes,
        held_by: actor.person_id,
        expires_at: now.add({ minutes: occasion.organization.rules.hold_minutes }),
        created_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    const taker = { hold_id: held.id, session_id: held.slot_id ?? held.id }
    await take(trx, occasion, client_id, stretch, taker, now)
    const overridden = may(actor, 'policies:override')
    await requireAllowedTime(trx, occasion, stretch, now, { overridden, own_id: held.id })
    return held
  })
}

/** Finds a hold of one's own; anybody else's is not found, save for those who run the place. */
export async function findHold(db: Database | Transaction, actor: Actor, id: string): Promise<Hold> {
  const held = await db
    .selectFrom('holds')
    .selectAll()
    .where('organization_id', '=', actor.organization_id)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!held || (held.held_by !== actor.person_id && !may(actor, 'policies:override')))
    throw new NotFound('hold')
  return held
}

/** Gives a held time back before it expires. */
export async function letGo(db: Database | Transaction, actor: Actor, id: string): Promise<void> {
  const held = await findHold(db, actor, id)
  const { numDeletedRows } = await db
    .deleteFrom('holds')
    .where('organization_id', '=', held.organization_id)
    .where('id', '=', held.id)
    .executeTakeFirst()
  // It was booked in this moment: then it is not given back.
  if (numDeletedRows === 0n) throw new NotFound('hold')
}

/** For whom: who is named, else oneself; but whoever may book this for others can decide later. */
function clientOf(actor: Actor, { client_id }: HoldWanted, occasion: Occasion) {
  if (client_id) return client_id
  return isDesk(actor, occasion) ? null : actor.person_id
}

/** Nobody keeps all the times there are: whoever books for themself holds a few at once. */
async function requireFewHolds(
  trx: Transaction,
  actor: Actor,
  occasion: Occasion,
  now: Temporal.Instant,
): Promise<void> {
  if (isDesk(actor, occasion)) return
  const { rules, words } = occasion.organization
  // Counted one after the other: a client's own party is locked.
  const { rows } = await sql<{ held: number }>`
    select count(*)::integer as held from holds
    where organization_id = ${actor.organization_id} and held_by = ${actor.person_id} and expires_at > ${now}
    `.execute(trx)
  if (rows[0]!.held < rules.most_holds) return
  throw new LimitReached('most_holds', rules.most_holds, `${words.appointment.many} can be held at once`)
}

function isDesk(actor: Actor, { provider_id, location_id }: Occasion): boolean {
  return may(actor, 'appointments:book', { provider_id, location_id })
}
