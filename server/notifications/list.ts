import { type RawBuilder, sql } from 'kysely'
import type { NotificationState, Row } from '../database/tables.ts'
import { containing } from '../database/searching.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { type PageQuery, positionOf, rowsToRead, toPage, total } from '../http/paging.ts'
import { within } from '../appointments/list.ts'
import { type Actor, reachOf } from '../permissions.ts'
import { NotAllowed, NotFound } from '../refusal.ts'
import type { Channel } from './kinds.ts'

/** A message with the name of whoever gets it. */
export type ShownNotification = Row<'notifications'> & {
  recipient_name: string
  recipient_email: string | null
}

export interface NotificationsWanted extends PageQuery {
  states?: NotificationState[]
  kind?: string
  /** In any of these. */
  kinds?: string[]
  audience?: string
  channel?: string
  appointment_id?: string
  recipient_id?: string
  /** Part of the recipient's name, or of the address. */
  search?: string
  from?: Temporal.Instant
  to?: Temporal.Instant
}

/** The messages that the actor may see, newest first; all filters combine inside that. */
export async function listNotifications(
  db: Database | Transaction,
  actor: Actor,
  wanted: NotificationsWanted,
) {
  const after = positionOf(wanted, ['instant', 'uuid'])
  const { states, kinds, search, from, to } = wanted
  const filters = ['kind', 'audience', 'channel', 'appointment_id', 'recipient_id'] as const
  const pattern = search === undefined ? '' : containing(search)
  const rows = await selectNotifications(db, actor.organization_id)
    .where(seenBy(actor))
    .where((where) =>
      where.and(
        filters.flatMap((name) =>
          wanted[name] === undefined ? [] : [sql<boolean>`${sql.ref(`message.${name}`)} = ${wanted[name]}`],
        ),
      ),
    )
    .$if(states !== undefined, (query) => query.where('message.state', 'in', states!))
    .$if(kinds !== undefined, (query) => query.where('message.kind', 'in', kinds!))
    .$if(from !== undefined, (query) => query.where('message.created_at', '>=', from!))
    .$if(to !== undefined, (query) => query.where('message.created_at', '<', to!))
    .$if(search !== undefined, (query) =>
      query.where(
        sql<boolean>`(person.name ilike ${pattern} or person.email ilike ${pattern} or message.address ilike ${pattern})`,
      ),
    )
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(message.created_at, message.id) < (${after![0]}::timestamptz, ${after![1]}::uuid)`,
      ),
    )
    .$if(wanted.counted === true, (query) => query.select(total.as('total')))
    .orderBy('message.created_at', 'desc')
    .orderBy('message.id', 'desc')
    .limit(rowsToRead(wanted))
    .offset(wanted.skip ?? 0)
    .execute()
  return toPage(
    rows,
    wanted,
    (row): ShownNotification => row,
    (row) => [row.created_at.toString(), row.id],
  )
}

export async function readNotification(
  db: Database | Transaction,
  actor: Actor,
  id: string,
): Promise<ShownNotification> {
  const row = await selectNotifications(db, actor.organization_id)
    .where(seenBy(actor))
    .where('message.id', '=', id)
    .executeTakeFirst()
  if (!row) throw new NotFound('notification')
  return row
}

/** What was said of these appointments, oldest first. */
export async function messagesAbout(
  db: Database | Transaction,
  organization_id: string,
  appointment_ids: string[],
): Promise<ShownNotification[]> {
  if (appointment_ids.length === 0) return []
  return selectNotifications(db, organization_id)
    .where(sql<boolean>`message.appointment_id = any(${appointment_ids}::uuid[])`)
    .orderBy('message.created_at')
    .orderBy('message.id')
    .limit(5000)
    .execute()
}

export interface ReminderSent {
  minutes_before: number
  sent_at: Temporal.Instant
}

/** Which reminders of these appointments were sent for the time that they have now, by appointment. */
export async function remindersSent(
  db: Database | Transaction,
  organization_id: string,
  appointment_ids: string[],
): Promise<Map<string, ReminderSent[]>> {
  const { rows } = await sql<ReminderSent & { appointment_id: string }>`
    select n.appointment_id, (n.facts ->> 'minutes_before')::integer as minutes_before, min(n.sent_at) as sent_at
    from notifications n
    join appointments a on a.organization_id = n.organization_id and a.id = n.appointment_id
    where n.organization_id = ${organization_id} and n.appointment_id = any(${appointment_ids}::uuid[])
      and n.kind = 'reminder' and n.state = 'sent' and n.facts ? 'minutes_before'
      and n.cause = floor(extract(epoch from a.starts_at))::bigint || ' -' || (n.facts ->> 'minutes_before')
    group by 1, 2 order by 2 desc`.execute(db)
  return Map.groupBy(rows, (row) => row.appointment_id)
}

/** How many of the messages that the actor may see there are in each state, and on each channel. */
export async function countNotifications(
  db: Database | Transaction,
  actor: Actor,
  since?: Temporal.Instant,
): Promise<{ state: NotificationState; channel: Channel; count: number }[]> {
  return db
    .selectFrom('notifications as message')
    .leftJoin('appointments as appointment', (join) =>
      join
        .onRef('appointment.organization_id', '=', 'message.organization_id')
        .onRef('appointment.id', '=', 'message.appointment_id'),
    )
    .select(['message.state', 'message.channel', sql<number>`count(*)::integer`.as('count')])
    .where('message.organization_id', '=', actor.organization_id)
    .where(seenBy(actor))
    .$if(since !== undefined, (query) => query.where('message.created_at', '>=', since!))
    .groupBy(['message.state', 'message.channel'])
    .orderBy('message.state')
    .orderBy('message.channel')
    .execute()
}

/** Those about appointments that the actor reaches; what is said of accounts is the administrators' to see. */
function seenBy(actor: Actor): RawBuilder<boolean> {
  const reach = reachOf(actor, 'notifications:read')
  if (!reach) throw new NotAllowed()
  return within(reach)
}

function selectNotifications(db: Database | Transaction, organization_id: string) {
  return db
    .selectFrom('notifications as message')
    .innerJoin('people as person', (join) =>
      join
        .onRef('person.organization_id', '=', 'message.organization_id')
        .onRef('person.id', '=', 'message.recipient_id'),
    )
    .leftJoin('appointments as appointment', (join) =>
      join
        .onRef('appointment.organization_id', '=', 'message.organization_id')
        .onRef('appointment.id', '=', 'message.appointment_id'),
    )
    .selectAll('message')
    .select(['person.name as recipient_name', 'person.email as recipient_email'])
    .where('message.organization_id', '=', organization_id)
}
