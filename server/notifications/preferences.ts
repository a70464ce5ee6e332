import type { Database, Transaction } from '../database/transactions.ts'
import { InvalidInput } from '../refusal.ts'
import type { Actor } from '../permissions.ts'
import { type Channel, channels as allChannels } from './kinds.ts'

export interface Preferences {
  /** Those on which they want to hear of us. */
  channels: Channel[]
  quiet_from: string | null
  quiet_until: string | null
}

/** How somebody wants to be told; all channels and no quiet hours until they say otherwise. */
export async function readPreferences(
  db: Database | Transaction,
  { organization_id, person_id }: Actor,
): Promise<Preferences> {
  const row = await db
    .selectFrom('preferences')
    .select(['channels', 'quiet_from', 'quiet_until'])
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .executeTakeFirst()
  const channels = (row?.channels as Channel[] | null | undefined) ?? [...allChannels]
  return { channels, quiet_from: row?.quiet_from ?? null, quiet_until: row?.quiet_until ?? null }
}

export async function changePreferences(
  db: Database | Transaction,
  actor: Actor,
  change: Partial<Preferences>,
  now: Temporal.Instant,
): Promise<Preferences> {
  const wanted = { ...(await readPreferences(db, actor)), ...change }
  const { quiet_from, quiet_until } = wanted
  if ((quiet_from === null) !== (quiet_until === null)) {
    const missing = quiet_from === null ? 'quiet_from' : 'quiet_until'
    throw new InvalidInput([
      { field: missing, message: 'is missing: quiet hours have a beginning and an end' },
    ])
  }
  const isAll = allChannels.every((channel) => wanted.channels.includes(channel))
  const row = { quiet_from, quiet_until, channels: isAll ? null : wanted.channels, updated_at: now }
  const { organization_id, person_id } = actor
  await db
    .insertInto('preferences')
    .values({ organization_id, person_id, ...row })
    .onConflict((conflict) => conflict.columns(['organization_id', 'person_id']).doUpdateSet(row))
    .execute()
  return wanted
}
