import type { Transaction } from '../database/transactions.ts'
import { type Actor, may } from '../permissions.ts'
import { InvalidInput, NotAllowed, NotFound } from '../refusal.ts'
import type { Occasion } from './offer.ts'

export class ClientBlocked extends NotAllowed {
  constructor() {
    super('No further appointments can be booked: too many were missed. Please call us.')
  }
}

/** Requires somebody who may be the client here: not the provider, not blocked. Whoever books for themself becomes one. */
export async function requireClient(
  trx: Transaction,
  actor: Actor,
  { organization, provider_id, client }: Occasion,
  now: Temporal.Instant,
): Promise<void> {
  if (!client) throw new NotFound(organization.words.client.one)
  if (client.id === provider_id) {
    throw new InvalidInput([{ field: 'client_id', message: 'must not be the provider' }])
  }
  if (client.is_blocked && !may(actor, 'policies:override')) throw new ClientBlocked()
  if (client.is_client) return
  if (client.id !== actor.person_id) throw new NotFound(organization.words.client.one)
  await trx
    .insertInto('clients')
    .values({ organization_id: organization.id, id: client.id, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
