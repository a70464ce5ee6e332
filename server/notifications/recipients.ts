import type { Database, Transaction } from '../database/transactions.ts'
import type { Organization } from '../organizations/organizations.ts'
import type { Browser } from './channels/channel.ts'
import { type Channel, type Language, languageOf } from './kinds.ts'

/** Who is to be told, where, and how they want it. */
export interface Recipient {
  id: string
  name: string
  email: string | null
  phone: string | null
  /** Full, for dates: "de-AT"; and the nearest that we have texts in. */
  locale: string
  language: Language
  /** Theirs, where they have said one. */
  time_zone: string | null
  /** Null: all. */
  channels: string[] | null
  quiet: { from: string; until: string } | null
  has_stopped: boolean
  browsers: Browser[]
}

export async function readRecipient(
  db: Database | Transaction,
  organization: Organization,
  person_id: string,
): Promise<Recipient> {
  const row = await db
    .selectFrom('people as person')
    .leftJoin('accounts as account', (join) =>
      join
        .onRef('account.organization_id', '=', 'person.organization_id')
        .onRef('account.person_id', '=', 'person.id'),
    )
    .leftJoin('preferences as preference', (join) =>
      join
        .onRef('preference.organization_id', '=', 'person.organization_id')
        .onRef('preference.person_id', '=', 'person.id'),
    )
    .leftJoin('stopped_phones as stop', (join) =>
      join
        .onRef('stop.organization_id', '=', 'person.organization_id')
        .onRef('stop.phone', '=', 'person.phone'),
    )
    .select(['person.name', 'person.email', 'person.phone', 'person.locale', 'person.time_zone'])
    .select(['account.email as account_email', 'preference.channels', 'stop.stopped_at'])
    .select(['preference.quiet_from', 'preference.quiet_until'])
    .where('person.organization_id', '=', organization.id)
    .where('person.id', '=', person_id)
    .executeTakeFirstOrThrow()
  const locale = row.locale ?? organization.locale
  return {
    id: person_id,
    name: row.name,
    email: row.email ?? row.account_email,
    phone: row.phone,
    locale,
    language: languageOf(locale),
    time_zone: row.time_zone,
    channels: row.channels,
    quiet: row.quiet_from ? { from: row.quiet_from, until: row.quiet_until! } : null,
    has_stopped: row.stopped_at !== null,
    browsers: await readBrowsers(db, organization.id, person_id),
  }
}

function readBrowsers(
  db: Database | Transaction,
  organization_id: string,
  person_id: string,
): Promise<Browser[]> {
  return db
    .selectFrom('push_subscriptions')
    .select(['id', 'endpoint', 'p256dh', 'auth'])
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .execute()
}

/** Where a message to them goes, or why there is none. */
export function addressOf(recipient: Recipient, channel: Channel): { address: string } | { missing: string } {
  const { email, phone, browsers, channels, has_stopped } = recipient
  if (channels && !channels.includes(channel))
    return { missing: 'They do not want messages on this channel.' }
  if (channel === 'push') {
    return browsers.length > 0
      ? { address: `${browsers.length} browsers` }
      : { missing: 'No browser of theirs is known.' }
  }
  if (channel === 'sms' && has_stopped) return { missing: 'They answered STOP.' }
  const address = channel === 'email' ? email : phone
  return address
    ? { address }
    : { missing: `No ${channel === 'email' ? 'e-mail address' : 'phone'} of theirs is known.` }
}

/**
 * The end of somebody's quiet hours, where they have them now; null where they do not. A stretch that ends before it
 * begins runs past midnight.
 */
export function quietUntil(
  { quiet }: Pick<Recipient, 'quiet'>,
  time_zone: string,
  now: Temporal.Instant,
): Temporal.Instant | null {
  if (!quiet || quiet.from === quiet.until) return null
  const local = now.toZonedDateTimeISO(time_zone)
  const time = local.toPlainTime()
  const [from, until] = [Temporal.PlainTime.from(quiet.from), Temporal.PlainTime.from(quiet.until)]
  const [isAfterStart, isBeforeEnd] = [
    Temporal.PlainTime.compare(time, from) >= 0,
    Temporal.PlainTime.compare(time, until) < 0,
  ]
  const overMidnight = Temporal.PlainTime.compare(from, until) > 0
  const isQuiet = overMidnight ? isAfterStart || isBeforeEnd : isAfterStart && isBeforeEnd
  if (!isQuiet) return null
  const day = local.toPlainDate().add({ days: overMidnight && isAfterStart ? 1 : 0 })
  // Of an hour that comes twice the second is meant: the first may have passed.
  return day.toPlainDateTime(until).toZonedDateTime(time_zone, { disambiguation: 'later' }).toInstant()
}
