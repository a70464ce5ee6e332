import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { type Actor, may } from '../permissions.ts'
import { NotAllowed, NotFound, Refusal } from '../refusal.ts'
import { type OfferWanted, partiesOf, readOccasion } from './offer.ts'
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
    const client_id = clientOf(actor, wanted)
    const offer = await readOccasion(trx, actor.organization_id, { ...wanted, client_id })
    const { organization } = offer
    if (!may(actor, 'appointments:book', { ...offer, client_id: client_id ?? actor.person_id }))
      throw new NotAllowed()
    const stretch = stretchOf(offer, wanted)

    await lockParties(trx, organization.id, [...partiesOf(offer), client_id])
    const held = await trx
      .insertInto('holds')
      .values({
        organization_id: organization.id,
        id: newId(),
        provider_id: offer.provider_id,
        client_id,
        service_id: offer.service_id,
        location_id: offer.location_id,
        starts_at: stretch.start,
        ends_at: stretch.end,
        buffer_before_minutes: offer.buffer_before_minutes,
        buffer_after_minutes: offer.buffer_after_minutes,
        held_by: actor.person_id,
        expires_at: now.add({ minutes: organization.rules.hold_minutes }),
        created_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await take(trx, offer, client_id, stretch, { hold_id: held.id, session_id: held.id }, now)
    await requireAllowedTime(trx, offer, stretch, now, { overridden: may(actor, 'policies:override') })
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
  await db
    .deleteFrom('holds')
    .where('organization_id', '=', held.organization_id)
    .where('id', '=', held.id)
    .execute()
}

/** For whom: who is named, else a client themself; who acts for others may decide later. */
function clientOf(actor: Actor, { client_id }: HoldWanted): string | null {
  if (client_id) return client_id
  return actor.roles.every((role) => role === 'client') ? actor.person_id : null
}
