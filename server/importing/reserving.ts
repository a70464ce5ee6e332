import { sql } from 'kysely'
import { findConflicts } from '../slots/conflicts.ts'
import { release, TimeTaken } from '../slots/reservations.ts'
import { reservationsFor, take } from '../slots/taking.ts'
import type { Agreement } from './agreed.ts'
import { clashesOf } from './clashes.ts'
import type { Place } from './problems.ts'
import type { Importing } from './progress.ts'
import { inPortions, insertInto } from './writing.ts'

/** An appointment that is still to come. */
export interface Coming extends Agreement {
  id: string
  row: Place
}

/**
 * Takes the time of all these appointments, under the promises under which a booking takes it; what cannot be had is a
 * problem that says who has it. First many at once; those that this refuses, or that need a room, one by one as a booking
 * does it.
 */
export async function reserveAll(importing: Importing, coming: Coming[]): Promise<void> {
  const refused = await reserveTogether(importing, coming)
  const places = new Map(coming.map(({ id, row }) => [id, row]))
  for (const one of coming) {
    if (refused.has(one.id) || one.occasion.resources.length > 0) await reserveOne(importing, one, places)
  }
}

/** The ids of those that could not have all that they need: of them nothing stays taken. */
async function reserveTogether({ trx, organization }: Importing, coming: Coming[]): Promise<Set<string>> {
  const missing = new Set<string>()
  const wanted = coming.filter(({ occasion }) => occasion.resources.length === 0).flatMap(rowsFor)
  for (const some of inPortions(wanted)) {
    const { rows } = await sql<{ appointment_id: string; party_id: string }>`
      ${insertInto('reservations', some)}
      on conflict on constraint one_place_at_a_time do nothing returning appointment_id, party_id`.execute(
      trx,
    )
    const got = new Set(rows.map(({ appointment_id, party_id }) => `${appointment_id} ${party_id}`))
    for (const { appointment_id, party_id } of some) {
      if (!got.has(`${appointment_id} ${party_id}`)) missing.add(appointment_id)
    }
  }
  for (const id of missing) await release(trx, organization.id, id)
  return missing
}

function rowsFor({ id, occasion, stretch }: Coming) {
  const { organization, client } = occasion
  return reservationsFor(occasion, client.id, stretch, []).map(({ party_id, start, end }) => ({
    organization_id: organization.id,
    party_id,
    during: `[${start},${end})`,
    session_id: id,
    appointment_id: id,
  }))
}

async function reserveOne(importing: Importing, one: Coming, places: Map<string, Place>): Promise<void> {
  const { trx, organization, problems, now } = importing
  const { id, row, occasion, stretch } = one
  try {
    await take(trx, occasion, occasion.client.id, stretch, { appointment_id: id, session_id: id }, now)
  } catch (error) {
    if (!(error instanceof TimeTaken)) throw error
    await release(trx, organization.id, id)
    const conflicts = await findConflicts(trx, occasion, stretch, now, { but: id })
    problems.add(row, 'starts_at', `is taken: ${await clashesOf(importing, conflicts, places)}`)
  }
}
