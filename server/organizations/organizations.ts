import type { Preset } from '../../presets/preset.ts'
import type { Row } from '../database/tables.ts'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { newId } from '../ids.ts'
import { InvalidInput, Refusal } from '../refusal.ts'
import { addLocation } from './locations.ts'

export type Organization = Row<'organizations'>

export class SlugTaken extends Refusal {
  readonly code = 'slug_taken'
  readonly status = 409

  constructor(slug: string) {
    super(`There is already an organization with the slug "${slug}". Choose another.`)
  }
}

export interface NewOrganization {
  name: string
  slug: string
  /** IANA name. */
  time_zone: string
  locale?: string
}

/** Makes an organization from a preset, which it copies: from then on its rules are its own. It has one location. */
export async function createOrganization(
  db: Database | Transaction,
  preset: Preset,
  wanted: NewOrganization,
  now: Temporal.Instant,
): Promise<Organization> {
  const time_zone = timeZone('time_zone', wanted.time_zone)
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(wanted.slug)) {
    throw new InvalidInput([
      { field: 'slug', message: 'must be of small letters, digits and hyphens, such as corner-studio' },
    ])
  }
  return inTransaction(db, async (trx) => {
    const organization = await trx
      .insertInto('organizations')
      .values({
        id: newId(),
        slug: wanted.slug,
        name: wanted.name,
        trade: preset.trade,
        time_zone,
        locale: wanted.locale ?? 'en',
        rules: JSON.stringify(preset.rules),
        fields: JSON.stringify(preset.fields),
        words: JSON.stringify(preset.words),
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .returningAll()
      .executeTakeFirst()
    if (!organization) throw new SlugTaken(wanted.slug)

    const nobody = { organization_id: organization.id, person_id: null }
    await addLocation(trx, nobody, { name: wanted.name }, now)
    await addPresetServices(trx, organization.id, preset, now)
    return organization
  })
}

async function addPresetServices(
  trx: Transaction,
  organization_id: string,
  preset: Preset,
  now: Temporal.Instant,
) {
  if (preset.services.length === 0) return
  const rows = preset.services.map(({ rules, ...service }) => ({
    ...service,
    ...(rules && { rules: JSON.stringify(rules) }),
    organization_id,
    id: newId(),
    created_at: now,
    updated_at: now,
  }))
  await trx.insertInto('services').values(rows).execute()
}

/** The zone by the name that is asked for. Throws InvalidInput where there is none of that name. */
export function timeZone(field: string, name: string): string {
  try {
    // A bare offset is a zone for Temporal, but knows nothing of summer time.
    if (!/^[+-]/.test(name))
      return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    // Told below.
  }
  throw new InvalidInput([
    { field, message: `"${name}" is not a time zone; an IANA name is needed, such as Europe/London` },
  ])
}

/** Reads an organization inside a verb, where its rules must be those of this moment. */
export async function readOrganization(db: Database | Transaction, id: string): Promise<Organization> {
  return db.selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}
