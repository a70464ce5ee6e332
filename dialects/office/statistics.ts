import { sql } from 'kysely'
import type { Database, Transaction } from '../../server/database/transactions.ts'

interface OfficeNumbers {
  office_id: string
  office_name: string
  total_members: number
  active_members: number
  total_hosts: number
  active_hosts: number
  total_appointments: number
  pending_appointments: number
  completed_appointments: number
}

/** How many work and have worked at each office, and what came of its appointments: counted, in one query. */
export async function statisticsOf(
  db: Database | Transaction,
  organization_id: string,
  id: string | null = null,
): Promise<OfficeNumbers[]> {
  const { rows } = await sql<OfficeNumbers>`
    select l.id as office_id, l.name as office_name,
      coalesce(m.total_members, 0) as total_members, coalesce(m.active_members, 0) as active_members,
      coalesce(m.total_hosts, 0) as total_hosts, coalesce(m.active_hosts, 0) as active_hosts,
      coalesce(a.total, 0) as total_appointments, coalesce(a.pending, 0) as pending_appointments,
      coalesce(a.completed, 0) as completed_appointments
    from locations l
    left join lateral (
      select count(*)::integer as total_members,
        count(*) filter (where m.ended_at is null)::integer as active_members,
        count(*) filter (where p.id is not null)::integer as total_hosts,
        count(*) filter (where p.id is not null and m.ended_at is null)::integer as active_hosts
      from memberships m
      left join providers p on p.organization_id = m.organization_id and p.id = m.person_id
      where m.organization_id = l.organization_id and m.location_id = l.id
    ) m on true
    left join lateral (
      select count(*)::integer as total, count(*) filter (where state = 'pending')::integer as pending,
        count(*) filter (where state = 'completed')::integer as completed
      from appointments a where a.organization_id = l.organization_id and a.location_id = l.id
    ) a on true
    where l.organization_id = ${organization_id} and l.removed_at is null
      and (${id}::uuid is null or l.id = ${id}::uuid)
    order by l.name`.execute(db)
  return rows
}
