import { type RawBuilder, sql } from 'kysely'

/** Where a person's photo is served, as part of a query that has that person; null for those who have none. */
export function photoUrl(
  as: 'users' | 'providers' | 'clients',
  person: { organization_id: string; id: string },
): RawBuilder<string | null> {
  return sql`(select ${sql.lit(`/api/v1/${as}/`)} || photo.person_id || '/photo' from photos photo
    where photo.organization_id = ${sql.ref(person.organization_id)} and photo.person_id = ${sql.ref(person.id)})`
}
