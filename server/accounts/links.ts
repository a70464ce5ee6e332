import type { Database } from '../database/transactions.ts'
import type { Log } from '../database/connect.ts'
import type { Consumer } from '../queue/relay.ts'
import { linkTokenFor } from './credentials.ts'
import type { LinkPurpose, Tokens } from './tokens.ts'

const links: Record<string, { purpose: LinkPurpose; page: string }> = {
  'account.signed_up': { purpose: 'verify_email', page: 'verify-email' },
  'account.verification_asked': { purpose: 'verify_email', page: 'verify-email' },
  'account.reset_asked': { purpose: 'reset_password', page: 'reset-password' },
  'account.invited': { purpose: 'invitation', page: 'accept-invitation' },
}

/**
 * Writes the links of verification, reset and invitation to the log, for as long as there is nothing that sends mail.
 * The link is made here and now: no token ever lies in the queue.
 */
export function linksToLog(parts: {
  db: Database
  tokens: Tokens
  now: () => Temporal.Instant
  address: string
  log: Log
}): Consumer {
  const { db, tokens, now, address, log } = parts
  return {
    name: 'account-links',
    kinds: [
      'account.signed_up',
      'account.verification_asked',
      'account.reset_asked',
      'account.invited',
      'account.sign_up_repeated',
    ],
    async handle({ organization_id, kind, data }) {
      const { person_id } = data as { person_id: string }
      const account = await db
        .selectFrom('accounts')
        .selectAll()
        .where('organization_id', '=', organization_id)
        .where('person_id', '=', person_id)
        .executeTakeFirst()
      if (!account) return
      const link = links[kind]
      if (!link)
        return log.info(
          { to: account.email },
          'somebody tried to sign up with an address that has an account',
        )
      if (link.purpose === 'verify_email' && account.email_verified_at) return
      const token = linkTokenFor(tokens, link.purpose, account, now())
      log.info({ to: account.email, link: `${address}/${link.page}#token=${token}` }, `link: ${link.purpose}`)
    },
  }
}
