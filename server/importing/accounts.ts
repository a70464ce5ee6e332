import { requireAllowedDomain } from '../accounts/sign-up.ts'
import type { PersonRow } from './identity.ts'
import { findLocation, type Importing } from './progress.ts'
import type { Somebody } from './known.ts'

/**
 * Gives somebody a log-in with their address. With a password of the other system it is theirs as it was; without one
 * it waits until they are invited, or ask for a new password.
 */
export function takeAccount(importing: Importing, row: PersonRow, somebody: Somebody): void {
  const { problems, organization, rows, now } = importing
  const { email, password_hash = null } = row.values
  if (email === undefined) {
    if (password_hash) problems.add(row, 'password_hash', 'needs an email with it, to log in with')
    return
  }
  if (somebody.account) return takePassword(importing, row, somebody.account)
  try {
    requireAllowedDomain(email, organization.rules.email_domains)
  } catch (error) {
    problems.addRefusal(row, error)
  }
  somebody.has_account = true
  somebody.account = {
    organization_id: organization.id,
    person_id: somebody.id,
    email,
    password_hash,
    email_verified_at: password_hash === null ? null : now,
    is_active: true,
    credentials_changed_at: now,
    created_at: now,
  }
  rows.accounts.push(somebody.account)
}

/** Who stands in two files has one log-in. */
function takePassword(
  { problems, now }: Importing,
  row: PersonRow,
  account: NonNullable<Somebody['account']>,
): void {
  const { password_hash } = row.values
  if (password_hash === undefined || password_hash === account.password_hash) return
  if (account.password_hash) {
    problems.add(row, 'password_hash', 'is another than that of the same person in another file')
    return
  }
  Object.assign(account, { password_hash, email_verified_at: now })
}

/** Makes somebody a member of locations; the first is their main one. */
export function takeMemberships(
  importing: Importing,
  row: PersonRow,
  somebody: Somebody,
  names: string[] = [],
): void {
  const { organization, rows, now } = importing
  for (const name of names) {
    const location = findLocation(importing, row, 'locations', name)
    if (!location || somebody.location_ids.has(location.id)) continue
    const is_primary = somebody.location_ids.size === 0
    somebody.location_ids.add(location.id)
    const member = { organization_id: organization.id, location_id: location.id, person_id: somebody.id }
    rows.memberships.push({ ...member, is_primary, assigned_at: now, assigned_by: null })
  }
}
