import { readUser } from '../../server/accounts/accounts.ts'
import { type Database, inTransaction, type Transaction } from '../../server/database/transactions.ts'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Organization } from '../../server/http/routes.ts'
import { changeClient, findClient } from '../../server/people/clients.ts'
import { addDependent, changeDependent } from '../../server/people/dependents.ts'
import { type Family, readFamilies } from '../../server/people/families.ts'
import { lockParties } from '../../server/people/parties.ts'
import type { Actor } from '../../server/permissions.ts'
import { InvalidInput, NotAllowed, NotFound } from '../../server/refusal.ts'
import { phoneIn } from '../phones.ts'
import { readEverybody, roleOf, viewParent } from './people.ts'
import type { ParentBody, ParentChangeBody } from './shapes.ts'
import { ProfileExists } from './teachers.ts'

/** A parent with a profile: a client who comes for a student. Other parents' profiles are none of a parent's business. */
export async function findParent(db: Database | Transaction, actor: Actor, id: string): Promise<Family> {
  const isParentOnly = actor.roles.every((role) => role === 'client')
  if (isParentOnly && id !== actor.person_id) throw new NotAllowed()
  const family = await findOwn(db, actor.organization_id, id)
  await findClient(db, actor, id)
  return family
}

/** One's own profile. Throws NotFound for a parent who has none yet. */
export async function findOwn(
  db: Database | Transaction,
  organization_id: string,
  id: string,
): Promise<Family> {
  const [family] = await readFamilies(db, organization_id, [id])
  if (!family) throw new NotFound('parent')
  return family
}

/** Gives a user with the role of a parent their profile. */
export async function addParent(
  { db, actor, now }: FastifyRequest,
  { user_id, student_name, student_class, ...content }: Static<typeof ParentBody>,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    // Of two who give it at once, the second sees that it is there.
    await lockParties(trx, actor.organization_id, [user_id])
    const user = await readUser(trx, actor.organization_id, user_id)
    if (roleOf(user) !== 'parent') {
      throw new InvalidInput([{ field: 'user_id', message: 'must be a user with the role of a parent' }])
    }
    const [family] = await readFamilies(trx, actor.organization_id, [user_id])
    if (family) throw new ProfileExists('parent')
    const student = { name: student_name, client_id: user_id, details: detailsOf({ class: student_class }) }
    await addDependent(trx, actor, student, now)
    await changeOwn(trx, actor, user_id, content, now)
  })
}

/** Changes what is said of it, and leaves the rest. */
export async function changeParent(
  { db, actor, now }: FastifyRequest,
  family: Family,
  { student_name, student_class, ...content }: Static<typeof ParentChangeBody>,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await changeOwn(trx, actor, family.id, content, now)
    const details = detailsOf({ class: student_class })
    const name = student_name ?? undefined
    await changeDependent(trx, actor, family.dependent_id, { name, details }, now)
  })
}

async function changeOwn(
  trx: Transaction,
  actor: Actor,
  id: string,
  { phone, notes }: { phone?: string | null; notes?: string | null },
  now: Temporal.Instant,
): Promise<void> {
  await changeClient(trx, actor, id, { phone: phoneIn('phone', phone), details: detailsOf({ notes }) }, now)
}

/** What is said; the rest stays as it is. */
function detailsOf(said: Record<string, string | null | undefined>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

export async function viewFamily(db: Database | Transaction, organization: Organization, family: Family) {
  return viewParent(family, await readEverybody(db, organization, [family.id]))
}
