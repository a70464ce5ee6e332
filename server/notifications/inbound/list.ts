import type { Row } from '../../database/tables.ts'
import type { Database, Transaction } from '../../database/transactions.ts'
import { type PageQuery, positionOf, rowsToRead, toPage } from '../../http/paging.ts'
import { within } from '../../appointments/list.ts'
import { type Actor, reachOf } from '../../permissions.ts'
import { NotAllowed } from '../../refusal.ts'

export type InboundMessage = Row<'inbound_messages'>

/** What people answered, newest first: all of it for who sees everything, else what is about appointments in reach. */
export async function listInbound(
  db: Database | Transaction,
  actor: Actor,
  wanted: PageQuery & { appointment_id?: string },
) {
  const reach = reachOf(actor, 'notifications:read')
  if (!reach) throw new NotAllowed()
  const after = positionOf(wanted, ['uuid'])
  const rows = await db
    .selectFrom('inbound_messages as message')
    .leftJoin('appointments as appointment', (join) =>
      join
        .onRef('appointment.organization_id', '=', 'message.organization_id')
        .onRef('appointment.id', '=', 'message.appointment_id'),
    )
    .selectAll('message')
    .where('message.organization_id', '=', actor.organization_id)
    .where(within(reach))
    .$if(wanted.appointment_id !== undefined, (query) =>
      query.where('message.appointment_id', '=', wanted.appointment_id!),
    )
    .$if(after !== undefined, (query) => query.where('message.id', '<', after![0]!))
    .orderBy('message.id', 'desc')
    .limit(rowsToRead(wanted))
    .execute()
  return toPage(
    rows,
    wanted,
    (row): InboundMessage => row,
    (row) => [row.id],
  )
}
