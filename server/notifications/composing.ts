import { hoursGood, linkTokenFor } from '../accounts/credentials.ts'
import type { LinkPurpose, Tokens } from '../accounts/tokens.ts'
import type { Log } from '../database/connect.ts'
import type { Database } from '../database/transactions.ts'
import type { Outgoing } from './channels/channel.ts'
import type { Gathered, Notification } from './gathering.ts'
import { invitationFor } from './invitations.ts'
import type { AccountKind } from './kinds.ts'
import { renderMessage } from './templates/own-texts.ts'
import type { Facts } from './templates/facts.ts'
import type { TemplateName } from './templates/text.ts'

export interface Composer {
  db: Database
  tokens: Tokens
  log: Log
  /** Where people reach the program: the beginning of every link. */
  address: string
  /** In whose name invitations stand. */
  from: string
}

const links: Record<Exclude<AccountKind, 'known_address'>, { purpose: LinkPurpose; page: string }> = {
  verification: { purpose: 'verify_email', page: 'verify-email' },
  password_reset: { purpose: 'reset_password', page: 'reset-password' },
  invitation: { purpose: 'invitation', page: 'accept-invitation' },
}

/** Puts a message into words; or says why there is nothing to say. */
export async function compose(
  composer: Composer,
  notification: Notification,
  gathered: Gathered,
  address: string,
  now: Temporal.Instant,
): Promise<Outgoing | { reason: string }> {
  const { organization, recipient } = gathered
  const { id, kind, audience, channel } = notification
  const account = audience === 'account' ? await aboutAccount(composer, notification, now) : {}
  if ('reason' in account) return account
  const facts = { ...gathered.facts, channel, ...account.facts }
  const name = `${kind}.${audience}` as TemplateName
  const rendered = await renderMessage(composer, organization.id, name, recipient.language, facts)
  return {
    ...rendered,
    id,
    audience,
    to: { name: recipient.name, address: account.email ?? address },
    from_name: organization.name,
    browsers: recipient.browsers,
    ...(channel === 'email' && invitationFor(notification, gathered, composer.from)),
  }
}

/** The link is made here and now: no token ever lies in a table or in the queue. */
async function aboutAccount(
  { db, tokens, address }: Composer,
  { organization_id, recipient_id, kind }: Notification,
  now: Temporal.Instant,
): Promise<{ reason: string } | { email?: string; facts?: Partial<Facts> }> {
  const account = await db
    .selectFrom('accounts')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', recipient_id)
    .executeTakeFirst()
  if (!account) return { reason: 'There is no account any more.' }
  if (kind === 'known_address') return { email: account.email }
  const { purpose, page } = links[kind as keyof typeof links]
  if (purpose === 'verify_email' && account.email_verified_at) return { reason: 'The address is verified.' }
  const link = `${address}/${page}#token=${linkTokenFor(tokens, purpose, account, now)}`
  return { email: account.email, facts: { link, link_hours: hoursGood[purpose] } }
}
