import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed, NotFound, Refusal } from '../refusal.ts'
import { requireClient } from './clients.ts'
import { type Occasion, type OfferWanted, partiesOf, readOccasion } from './offer.ts'
import { lockParties } from '../people/parties.ts'
import { requireAllowedTime } from './rules.ts'
import { stretchOf, take } from './taking.ts'

export type Hold = Row<'holds'>

export interface HoldWanted extends OfferWanted {
  client_id?: string
  starts_at: Temporal.Instant
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
    const occasion = await readOccasion(trx, actor.organization_id, { ...wanted, ...forWhom })
    const client_id = clientOf(actor, wanted, occasion)
    if (!may(actor, 'appointments:book', { ...occasion, client_id })) throw new NotAllowed()
    const stretch = stretchOf(occasion, wanted)

    await lockParties(trx, actor.organization_id, [...partiesOf(occasion), client_id])
    if (client_id) await requireClient(trx, actor, occasion, now)
    const held = await trx
      .insertInto('holds')
      .values({
        organization_id: actor.organization_id,
        id: newId(),
        provider_id: occasion.provider_id,
        client_id,
        service_id: occasion.service_id,
        location_id: occasion.location_id,
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
    await take(trx, occasion, client_id, stretch, { hold_id: held.id, session_id: held.id }, now)
    await requireAllowedTime(trx, occasion, stretch, now, { overridden: may(actor, 'policies:override') })
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
function clientOf(actor: Actor, { client_id }: HoldWanted, { provider_id, location_id }: Occasion) {
  if (client_id) return client_id
  return may(actor, 'appointments:book', { provider_id, location_id }) ? null : actor.person_id
}
