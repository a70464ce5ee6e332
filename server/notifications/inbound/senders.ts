import { sql } from 'kysely'
import type { Row } from '../../database/tables.ts'
import type { Database, Transaction } from '../../database/transactions.ts'
import type { Organization } from '../../organizations/organizations.ts'
import { codeOf } from '../codes.ts'

export type OpenAppointment = Pick<
  Row<'appointments'>,
  'id' | 'client_id' | 'state' | 'starts_at' | 'location_id'
> & { name: string; locale: string | null; time_zone: string | null; place_time_zone: string | null }

/**
 * Whose SMS it is: the organization that was named; else the one that knows the phone, before all one in which it has an
 * appointment to come; else the oldest. Undefined where there is no organization.
 */
export async function organizationOf(
  db: Database,
  sender: string,
  { slug, trade }: { slug?: string; trade?: string },
  now: Temporal.Instant,
): Promise<Organization | undefined> {
  const isServed = sql<boolean>`(${trade ?? null}::text is null or organization.trade = ${trade ?? null})`
  return db
    .selectFrom('organizations as organization')
    .selectAll('organization')
    .where(isServed)
    .$if(slug !== undefined, (query) => query.where('organization.slug', '=', slug!))
    .orderBy(
      sql`exists (select from people person
        join appointments a on a.organization_id = person.organization_id and a.client_id = person.id
          and a.state in ('pending', 'confirmed') and a.starts_at > ${now}
        where person.organization_id = organization.id and person.phone = ${sender})`,
      'desc',
    )
    .orderBy(
      sql`exists (select from people person where person.organization_id = organization.id and person.phone = ${sender})`,
      'desc',
    )
    .orderBy('organization.created_at')
    .orderBy('organization.id')
    .limit(1)
    .executeTakeFirst()
}

/** So many are asked about at most. */
export const mostAskedAbout = 5

/** What is still to come for whoever has this phone, the next first. */
export async function openAppointments(
  trx: Transaction,
  organization_id: string,
  sender: string,
  now: Temporal.Instant,
): Promise<OpenAppointment[]> {
  return trx
    .selectFrom('people as person')
    .innerJoin('appointments as appointment', (join) =>
      join
        .onRef('appointment.organization_id', '=', 'person.organization_id')
        .onRef('appointment.client_id', '=', 'person.id'),
    )
    .leftJoin('locations as place', (join) =>
      join
        .onRef('place.organization_id', '=', 'appointment.organization_id')
        .onRef('place.id', '=', 'appointment.location_id'),
    )
    .select(['appointment.id', 'appointment.client_id', 'appointment.state', 'appointment.starts_at'])
    .select(['appointment.location_id', 'person.name', 'person.locale', 'person.time_zone'])
    .select('place.time_zone as place_time_zone')
    .where('person.organization_id', '=', organization_id)
    .where('person.phone', '=', sender)
    .where('appointment.state', 'in', ['pending', 'confirmed'])
    .where('appointment.starts_at', '>', now)
    .orderBy('appointment.starts_at')
    .limit(mostAskedAbout * 10)
    .execute()
}

/** Those that are meant by what was typed: a code of ours, or a whole id. */
export function namedBy(named: string, open: OpenAppointment[]): OpenAppointment[] {
  const typed = named.replaceAll('-', '')
  return open.filter(({ id }) => codeOf(id) === typed || id.replaceAll('-', '').toUpperCase() === typed)
}

/** The people who have this phone; more than one in a family. */
export async function peopleWith(
  trx: Transaction,
  organization_id: string,
  phone: string,
): Promise<{ id: string; locale: string | null }[]> {
  return trx
    .selectFrom('people')
    .select(['id', 'locale'])
    .where('organization_id', '=', organization_id)
    .where('phone', '=', phone)
    .orderBy('created_at')
    .limit(mostAskedAbout)
    .execute()
}
