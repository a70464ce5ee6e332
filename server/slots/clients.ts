import type { Transaction } from '../database/transactions.ts'
import { type Actor, may } from '../permissions.ts'
import { InvalidInput, NotAllowed, NotFound, type Refusal } from '../refusal.ts'
import type { Occasion } from './occasion.ts'

export class ClientBlocked extends NotAllowed {
  override readonly code = 'client_blocked'

  constructor() {
    super('No further appointments can be booked: too many were missed. Please call us.')
  }
}

/** Requires somebody who may be the client here: not the provider, not blocked. Whoever books for themself becomes one. */
export async function requireClient(
  trx: Transaction,
  actor: Actor,
  occasion: Occasion,
  now: Temporal.Instant,
): Promise<void> {
  const [refusal] = clientRefusal(actor, occasion)
  if (refusal) throw refusal
  const { organization, client } = occasion
  if (client!.is_client) return
  await trx
    .insertInto('clients')
    .values({ organization_id: organization.id, id: client!.id, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** What speaks against somebody as the client here, or nothing. */
export function clientRefusal(actor: Actor, { organization, provider_id, client }: Occasion): Refusal[] {
  const { one } = organization.words.client
  if (!client) return [new NotFound(one)]
  if (client.id === provider_id) {
    return [new InvalidInput([{ field: 'client_id', message: 'must not be the provider' }])]
  }
  if (client.is_blocked && !may(actor, 'policies:override')) return [new ClientBlocked()]
  return client.is_client || client.id === actor.person_id ? [] : [new NotFound(one)]
}
