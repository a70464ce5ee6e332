import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { hashOfToken } from '../accounts/tokens.ts'
import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { digitsOf, idOf } from '../ids.ts'
import type { Actor, Role } from '../permissions.ts'
import { NotFound } from '../refusal.ts'
import { asThemself, calendarOf } from './calendars.ts'

export type Feed = Pick<Row<'calendar_feeds'>, 'made_at'>

/**
 * Makes the secret address of one's calendar, for programs that cannot log in. There is one each: the address that was
 * there before ends, which is what somebody wants who gave it away by mistake. The token is told this once.
 */
export async function makeFeed(
  db: Database | Transaction,
  { organization_id, person_id }: Actor,
  now: Temporal.Instant,
): Promise<Feed & { token: string }> {
  const token = `${digitsOf(organization_id)}_${randomBytes(32).toString('base64url')}`
  const made = { token_hash: hashOfToken(token), made_at: now }
  await db
    .insertInto('calendar_feeds')
    .values({ organization_id, person_id, ...made })
    .onConflict((conflict) => conflict.columns(['organization_id', 'person_id']).doUpdateSet(made))
    .execute()
  return { token, made_at: now }
}

/** Whether one's calendar has a secret address. */
export async function findFeed(
  db: Database | Transaction,
  { organization_id, person_id }: Actor,
): Promise<Feed | undefined> {
  return db
    .selectFrom('calendar_feeds')
    .select('made_at')
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .executeTakeFirst()
}

export async function endFeed(
  db: Database | Transaction,
  { organization_id, person_id }: Actor,
): Promise<void> {
  await db
    .deleteFrom('calendar_feeds')
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .execute()
}

/** The calendar at a secret address: its person's own appointments, whatever else they may. Throws NotFound. */
export async function calendarOfFeed(
  db: Database | Transaction,
  token: string,
  now: Temporal.Instant,
): Promise<string> {
  const [, organization] = /^([0-9a-f]{32})_[\w-]{43}$/.exec(token) ?? []
  if (!organization) throw new NotFound('calendar')
  const organization_id = idOf(organization)
  // Found by its hash, so that the time it takes tells nothing of the tokens that there are.
  const { rows } = await sql<{ person_id: string; roles: Role[] }>`
    select f.person_id,
      array(select role from roles where organization_id = f.organization_id and person_id = f.person_id) as roles
    from calendar_feeds f
    join accounts a on a.organization_id = f.organization_id and a.person_id = f.person_id
    where f.organization_id = ${organization_id} and f.token_hash = ${hashOfToken(token)} and a.is_active`.execute(
    db,
  )
  const [found] = rows
  if (!found) throw new NotFound('calendar')
  return calendarOf(db, asThemself({ organization_id, session_id: '', location_ids: [], ...found }), {}, now)
}
