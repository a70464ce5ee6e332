import { type RawBuilder, sql } from 'kysely'
import type { AppointmentState } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { type PageQuery, positionOf, rowsToRead, toPage } from '../http/paging.ts'
import { type Actor, type Reach, reachOf } from '../permissions.ts'
import { NotAllowed, NotFound } from '../refusal.ts'

/** An appointment with the names of those concerned, as it is shown. */
export type ShownAppointment = Awaited<ReturnType<typeof readAppointment>>

export interface AppointmentsWanted extends PageQuery {
  from?: Temporal.Instant
  to?: Temporal.Instant
  state?: AppointmentState
  provider_id?: string
  client_id?: string
  location_id?: string
  service_id?: string
}

/** The appointments that the actor may see, by start; all filters combine inside that. */
export async function listAppointments(db: Database | Transaction, actor: Actor, wanted: AppointmentsWanted) {
  const reach = reachOf(actor, 'appointments:read')
  if (!reach) throw new NotAllowed()
  const after = positionOf(wanted, ['instant', 'uuid'])
  const { from, to, state, provider_id, client_id, location_id, service_id } = wanted
  const rows = await selectAppointments(db, actor.organization_id)
    .where(within(reach))
    .$if(from !== undefined, (query) => query.where('appointment.starts_at', '>=', from!))
    .$if(to !== undefined, (query) => query.where('appointment.starts_at', '<', to!))
    .$if(state !== undefined, (query) => query.where('appointment.state', '=', state!))
    .$if(provider_id !== undefined, (query) => query.where('appointment.provider_id', '=', provider_id!))
    .$if(client_id !== undefined, (query) => query.where('appointment.client_id', '=', client_id!))
    .$if(location_id !== undefined, (query) => query.where('appointment.location_id', '=', location_id!))
    .$if(service_id !== undefined, (query) => query.where('appointment.service_id', '=', service_id!))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(appointment.starts_at, appointment.id) > (${after![0]}::timestamptz, ${after![1]}::uuid)`,
      ),
    )
    .orderBy('appointment.starts_at')
    .orderBy('appointment.id')
    .limit(rowsToRead(wanted))
    .execute()
  return toPage(
    rows,
    wanted,
    (row) => row,
    (row) => [row.starts_at.toString(), row.id],
  )
}

/** One appointment with names. Whether it may be shown has been decided before. */
export async function readAppointment(db: Database | Transaction, organization_id: string, id: string) {
  const appointment = await selectAppointments(db, organization_id)
    .where('appointment.id', '=', id)
    .executeTakeFirst()
  if (!appointment) throw new NotFound('appointment')
  return appointment
}

function selectAppointments(db: Database | Transaction, organization_id: string) {
  return db
    .selectFrom('appointments as appointment')
    .innerJoin('people as provider', (join) =>
      join
        .onRef('provider.organization_id', '=', 'appointment.organization_id')
        .onRef('provider.id', '=', 'appointment.provider_id'),
    )
    .innerJoin('people as client', (join) =>
      join
        .onRef('client.organization_id', '=', 'appointment.organization_id')
        .onRef('client.id', '=', 'appointment.client_id'),
    )
    .leftJoin('services as service', (join) =>
      join
        .onRef('service.organization_id', '=', 'appointment.organization_id')
        .onRef('service.id', '=', 'appointment.service_id'),
    )
    .selectAll('appointment')
    .select(['provider.name as provider_name', 'client.name as client_name', 'service.name as service_name'])
    .where('appointment.organization_id', '=', organization_id)
}

/** The part of the appointments that a reach covers. */
function within({ everything, location_ids, own }: Reach): RawBuilder<boolean> {
  if (everything) return sql`true`
  const provider_id = own?.as.includes('provider') ? own.person_id : null
  const client_id = own?.as.includes('client') ? own.person_id : null
  return sql`(appointment.location_id = any(${location_ids}::uuid[])
    or appointment.provider_id = ${provider_id}::uuid or appointment.client_id = ${client_id}::uuid)`
}
