import type { Tokens } from '../accounts/tokens.ts'
import type { Log } from '../database/connect.ts'
import type { Database } from '../database/transactions.ts'
import type { Consumer } from '../queue/relay.ts'
import type { Settings } from '../settings.ts'
import { openChannels } from './channels/channels.ts'
import { vapidKeys } from './channels/push.ts'
import type { Receiving } from './inbound/routes.ts'
import { planning } from './planning.ts'
import { sending } from './sending.ts'

export interface Messages {
  /** Those who plan messages and send them. */
  consumers: Consumer[]
  receiving: Receiving
  /** By which browsers know that a push is ours. */
  public_key: string
  close(): void
}

/** Everything that speaks and listens to people outside. */
export function openMessages(parts: {
  db: Database
  tokens: Tokens
  now: () => Temporal.Instant
  settings: Settings
  secret_key: string
  worker_id: string
  log: Log
}): Messages {
  const { db, tokens, now, settings, log } = parts
  const { messages, public_url } = settings
  const keys = vapidKeys(parts.secret_key)
  const senders = openChannels(messages, keys, log)
  const address = public_url ?? `http://${settings.host}:${settings.port}`
  const from = 'from' in messages.email ? messages.email.from : `punctual@${new URL(address).hostname}`
  const composer = { db, tokens, log, address, from }
  const { retry_seconds, skips_test_numbers } = messages
  return {
    consumers: [
      planning({ db, now }),
      ...sending({ ...parts, senders, composer, retry_seconds, skips_test_numbers }),
    ],
    receiving: { db, settings: messages.inbound, public_url },
    public_key: keys.publicKey,
    close: () => Object.values(senders).forEach(({ close }) => close?.()),
  }
}
