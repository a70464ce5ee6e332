import { createHash } from 'node:crypto'
import type { Row } from '../database/tables.ts'
import type { Database, Transaction } from '../database/transactions.ts'
import { readUser } from '../accounts/accounts.ts'
import { type Actor, may, reachOf } from '../permissions.ts'
import { NotAllowed, NotFound } from '../refusal.ts'
import { findClient } from './clients.ts'
import { toPicture } from './images.ts'
import { readProvider } from './providers.ts'

export type Photo = Row<'photos'>

/**
 * Keeps a photo of oneself, in the place of the one before. Photos lie in the database, not in a folder, so that every
 * process serves the same ones and a copy of the database is a copy of everything.
 */
export async function setOwnPhoto(
  db: Database | Transaction,
  actor: Actor,
  sent: Buffer,
  now: Temporal.Instant,
): Promise<void> {
  await keep(db, actor.organization_id, actor.person_id, sent, now)
}

export async function removeOwnPhoto(db: Database | Transaction, actor: Actor): Promise<void> {
  await remove(db, actor.organization_id, actor.person_id)
}

export async function setProviderPhoto(
  db: Database | Transaction,
  actor: Actor,
  id: string,
  sent: Buffer,
  now: Temporal.Instant,
): Promise<void> {
  await requireProviderToChange(db, actor, id)
  await keep(db, actor.organization_id, id, sent, now)
}

export async function removeProviderPhoto(
  db: Database | Transaction,
  actor: Actor,
  id: string,
): Promise<void> {
  await requireProviderToChange(db, actor, id)
  await remove(db, actor.organization_id, id)
}

/** The photo of a provider: for everybody, like the rest of their page. */
export async function findProviderPhoto(
  db: Database | Transaction,
  organization_id: string,
  id: string,
): Promise<Photo> {
  await readProvider(db, organization_id, id)
  return readPhoto(db, organization_id, id)
}

export async function findClientPhoto(db: Database | Transaction, actor: Actor, id: string): Promise<Photo> {
  await findClient(db, actor, id)
  return readPhoto(db, actor.organization_id, id)
}

/** The photo of a user: for themself, and for whoever keeps the accounts. */
export async function findUserPhoto(db: Database | Transaction, actor: Actor, id: string): Promise<Photo> {
  if (id !== actor.person_id && !reachOf(actor, 'users:manage')) throw new NotFound('photo')
  await readUser(db, actor.organization_id, id)
  return readPhoto(db, actor.organization_id, id)
}

async function requireProviderToChange(db: Database | Transaction, actor: Actor, id: string): Promise<void> {
  await readProvider(db, actor.organization_id, id)
  if (!may(actor, 'providers:change', { provider_id: id })) throw new NotAllowed()
}

async function keep(
  db: Database | Transaction,
  organization_id: string,
  person_id: string,
  sent: Buffer,
  now: Temporal.Instant,
): Promise<void> {
  const picture = await toPicture(sent)
  const sha256 = createHash('sha256').update(picture.content).digest()
  const photo = { ...picture, sha256, updated_at: now }
  await db
    .insertInto('photos')
    .values({ organization_id, person_id, ...photo })
    .onConflict((conflict) => conflict.columns(['organization_id', 'person_id']).doUpdateSet(photo))
    .execute()
}

async function remove(db: Database | Transaction, organization_id: string, person_id: string): Promise<void> {
  await db
    .deleteFrom('photos')
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .execute()
}

async function readPhoto(
  db: Database | Transaction,
  organization_id: string,
  person_id: string,
): Promise<Photo> {
  const photo = await db
    .selectFrom('photos')
    .selectAll()
    .where('organization_id', '=', organization_id)
    .where('person_id', '=', person_id)
    .executeTakeFirst()
  if (!photo) throw new NotFound('photo')
  return photo
}
