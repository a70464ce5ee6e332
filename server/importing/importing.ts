import { sql } from 'kysely'
import { type Database, inTransaction, type Transaction } from '../database/transactions.ts'
import { audit } from '../organizations/audit.ts'
import type { Organization } from '../organizations/organizations.ts'
import { InvalidInput } from '../refusal.ts'
import { takeAppointments } from './appointments.ts'
import { takeDependents } from './dependents.ts'
import { takeHours } from './hours.ts'
import { Known } from './known.ts'
import { takeClients, takeProviders, takeStaff } from './people.ts'
import { ImportRefused, Problems } from './problems.ts'
import type { Importing } from './progress.ts'
import type { SourceFile } from './parsing.ts'
import { noRows, writeAll } from './writing.ts'

/** What can be imported, in the order in which one refers to another. */
const takers = {
  staff: takeStaff,
  providers: takeProviders,
  clients: takeClients,
  dependents: takeDependents,
  hours: takeHours,
  appointments: takeAppointments,
}
export type ImportKind = keyof typeof takers
export const importKinds = Object.keys(takers) as ImportKind[]

export interface ImportWanted {
  /** The slug of the organization. */
  organization: string
  files: Partial<Record<ImportKind, SourceFile>>
  /** Finds out all that an import would, and writes nothing. */
  check?: boolean
}

export interface Imported {
  organization: Organization
  counts: Partial<Record<ImportKind, number>>
  /** How many of the appointments are still to come. */
  coming: number
  is_check: boolean
}

/**
 * Brings people, hours and appointments of another system, all or nothing. Every row is tried, so that all that is wrong
 * is told at once (ImportRefused). Nobody is sent a message, and what was agreed before is not asked of the rules again;
 * but nobody is in two places at a time. Until it ends, nothing else of the organization's time is taken.
 */
export async function importRecords(
  db: Database,
  wanted: ImportWanted,
  now: Temporal.Instant,
): Promise<Imported> {
  let imported: Imported
  try {
    await inTransaction(db, async (trx) => {
      imported = await importInto(trx, wanted, now)
      if (wanted.check) throw new CheckedOnly()
    })
  } catch (error) {
    if (!(error instanceof CheckedOnly)) throw error
  }
  return imported!
}

/** Undoes what was tried. */
class CheckedOnly extends Error {}

async function importInto(
  trx: Transaction,
  { organization: slug, files, check = false }: ImportWanted,
  now: Temporal.Instant,
): Promise<Imported> {
  const organization = await lockOrganization(trx, slug)
  const names = importKinds.flatMap((kind) => files[kind]?.name ?? [])
  const importing: Importing = {
    trx,
    organization,
    now,
    problems: new Problems(names),
    known: await Known.read(trx, organization),
    rows: noRows(),
    coming: 0,
  }
  const counts: Imported['counts'] = {}
  for (const kind of importKinds) {
    const file = files[kind]
    if (file) counts[kind] = await takers[kind](importing, file)
  }
  await writeAll(trx, importing.rows)
  if (importing.problems.count > 0) throw new ImportRefused(importing.problems.inOrder())
  const by = { organization_id: organization.id, person_id: null }
  const entry = { action: 'organization.imported', subject_id: organization.id, after: counts }
  await audit(trx, by, entry, now)
  return { organization, counts, coming: importing.coming, is_check: check }
}

/**
 * The organization, with all its parties locked, as whoever takes time locks them: at once, so that nobody who locks
 * some of them waits for the import while it waits for them. Who signs up waits, too.
 */
async function lockOrganization(trx: Transaction, slug: string): Promise<Organization> {
  const organization = await trx
    .selectFrom('organizations')
    .selectAll()
    .where('slug', '=', slug)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!organization) {
    const others = await trx.selectFrom('organizations').select('slug').orderBy('slug').limit(20).execute()
    const there = others.map((one) => one.slug).join(', ') || 'none yet: make one with setup'
    throw new InvalidInput([
      { field: 'organization', message: `"${slug}" is not the slug of one here; there are ${there}` },
    ])
  }
  await sql`select id from parties where organization_id = ${organization.id} order by id for no key update`.execute(
    trx,
  )
  return organization
}
