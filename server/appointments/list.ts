import { type RawBuilder, sql } from 'kysely'
import type { AppointmentState } from '../database/tables.ts'
import { containing } from '../database/searching.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { type PageQuery, positionOf, rowsToRead, toPage, total } from '../http/paging.ts'
import { type Actor, type Reach, reachOf } from '../permissions.ts'
import { NotAllowed, NotFound } from '../refusal.ts'

/** A room or a device that an appointment has. */
export interface NamedResource {
  id: string
  kind: string
  name: string
}

/** An appointment with the names of those concerned, as it is shown. */
export type ShownAppointment = Awaited<ReturnType<typeof readAppointment>>

export interface AppointmentsWanted extends PageQuery {
  from?: Temporal.Instant
  to?: Temporal.Instant
  /** In any of these. */
  states?: readonly AppointmentState[]
  provider_id?: string
  client_id?: string
  location_id?: string
  service_id?: string
  dependent_id?: string
  slot_id?: string
  series_id?: string
  /** Part of the client's or the dependent's name, of the client's address or phone, or of the notes. */
  search?: string
  /** Fields of the trade in which the text that is searched may stand as well. */
  search_fields?: string[]
  /** Values that fields of the trade must have. */
  details?: Record<string, string>
  order?: 'asc' | 'desc'
}

/** The appointments that the actor may see, by start; all filters combine inside that. */
export async function listAppointments(db: Database | Transaction, actor: Actor, wanted: AppointmentsWanted) {
  const reach = reachOf(actor, 'appointments:read')
  if (!reach) throw new NotAllowed()
  const after = positionOf(wanted, ['instant', 'uuid'])
  const { from, to, states, search, order = 'asc' } = wanted
  const filters = [
    'provider_id',
    'client_id',
    'location_id',
    'service_id',
    'dependent_id',
    'slot_id',
    'series_id',
  ] as const
  const rows = await selectAppointments(db, actor.organization_id)
    .where(within(reach))
    .$if(from !== undefined, (query) => query.where('appointment.starts_at', '>=', from!))
    .$if(to !== undefined, (query) => query.where('appointment.starts_at', '<', to!))
    .$if(states !== undefined, (query) => query.where('appointment.state', 'in', states!))
    .where((where) =>
      where.and(
        filters.flatMap((name) => (wanted[name] ? [where(`appointment.${name}`, '=', wanted[name])] : [])),
      ),
    )
    .$if(search !== undefined, (query) => query.where(mentions(search!, wanted.search_fields)))
    .$if(wanted.details !== undefined, (query) =>
      query.where(sql<boolean>`appointment.details @> ${JSON.stringify(wanted.details)}::jsonb`),
    )
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(appointment.starts_at, appointment.id) ${sql.raw(order === 'asc' ? '>' : '<')}
          (${after![0]}::timestamptz, ${after![1]}::uuid)`,
      ),
    )
    .$if(wanted.counted === true, (query) => query.select(total.as('total')))
    .orderBy('appointment.starts_at', order)
    .orderBy('appointment.id', order)
    .limit(rowsToRead(wanted))
    .offset(wanted.skip ?? 0)
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

/** Several at once, as far as the actor may see them. */
export async function readAppointments(
  db: Database | Transaction,
  actor: Actor,
  ids: string[],
): Promise<ShownAppointment[]> {
  const reach = reachOf(actor, 'appointments:read')
  if (!reach || ids.length === 0) return []
  return selectAppointments(db, actor.organization_id)
    .where(sql<boolean>`appointment.id = any(${ids}::uuid[])`)
    .where(within(reach))
    .execute()
}

function mentions(search: string, fields: string[] = []): RawBuilder<boolean> {
  const pattern = containing(search)
  return sql`(client.name ilike ${pattern} or client.email ilike ${pattern} or client.phone ilike ${pattern}
    or dependent.name ilike ${pattern} or appointment.notes ilike ${pattern}
    or exists (select from unnest(${fields}::text[]) field where appointment.details ->> field ilike ${pattern}))`
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
    .leftJoin('locations as location', (join) =>
      join
        .onRef('location.organization_id', '=', 'appointment.organization_id')
        .onRef('location.id', '=', 'appointment.location_id'),
    )
    .leftJoin('dependents as dependent', (join) =>
      join
        .onRef('dependent.organization_id', '=', 'appointment.organization_id')
        .onRef('dependent.id', '=', 'appointment.dependent_id'),
    )
    .selectAll('appointment')
    .select(['provider.name as provider_name', 'client.name as client_name', 'service.name as service_name'])
    .select(['location.name as location_name', 'dependent.name as dependent_name'])
    .select(
      sql<NamedResource[]>`(
        select coalesce(json_agg(json_build_object('id', r.id, 'kind', r.kind, 'name', r.name) order by r.kind, r.name), '[]')
        from appointment_resources taken
        join resources r on r.organization_id = taken.organization_id and r.id = taken.resource_id
        where taken.organization_id = appointment.organization_id and taken.appointment_id = appointment.id
      )`.as('resources'),
    )
    .where('appointment.organization_id', '=', organization_id)
}

/** The part of the appointments that a reach covers. */
export function within({ everything, location_ids, own }: Reach): RawBuilder<boolean> {
  if (everything) return sql`true`
  const provider_id = own?.as.includes('provider') ? own.person_id : null
  const client_id = own?.as.includes('client') ? own.person_id : null
  return sql`(appointment.location_id = any(${location_ids}::uuid[])
    or appointment.provider_id = ${provider_id}::uuid or appointment.client_id = ${client_id}::uuid)`
}
