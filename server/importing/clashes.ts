import { sql } from 'kysely'
import type { Conflict } from '../slots/conflicts.ts'
import type { Place } from './problems.ts'
import type { Importing } from './progress.ts'

/** Says what stands in the way of an appointment: whose time, and what has it. */
export async function clashesOf(
  importing: Importing,
  conflicts: Conflict[],
  places: Map<string, Place>,
): Promise<string> {
  const { words } = importing.organization
  const told = new Set<string>()
  for (const { role, appointment_id, party_id } of conflicts) {
    if (party_id === '') told.add(`there is no ${words[role].one} for it`)
    else told.add(`the ${words[role].one} has ${await holderOf(importing, appointment_id, places)}`)
  }
  return [...told].join('; ')
}

async function holderOf(
  { trx, organization }: Importing,
  id: string | null,
  places: Map<string, Place>,
): Promise<string> {
  const place = id === null ? undefined : places.get(id)
  if (place) return `the appointment of line ${place.line} then`
  if (id === null) return 'a hold then, which somebody may yet book'
  const { rows } = await sql<{ provider: string; client: string; starts_at: Temporal.Instant }>`
    select provider.name as provider, client.name as client, a.starts_at from appointments a
    join people provider on provider.organization_id = a.organization_id and provider.id = a.provider_id
    join people client on client.organization_id = a.organization_id and client.id = a.client_id
    where a.organization_id = ${organization.id} and a.id = ${id}`.execute(trx)
  const { provider, client, starts_at } = rows[0]!
  const at = starts_at.toZonedDateTimeISO(organization.time_zone).toPlainDateTime()
  return `the appointment of ${client} with ${provider} at ${at.toString({ smallestUnit: 'minute' }).replace('T', ' ')}`
}
