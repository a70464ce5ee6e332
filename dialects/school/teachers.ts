import { readUser } from '../../server/accounts/accounts.ts'
import { changeProfile } from '../../server/accounts/profile.ts'
import { changeUser } from '../../server/accounts/users.ts'
import { type Database, inTransaction, type Transaction } from '../../server/database/transactions.ts'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { lockParties } from '../../server/people/parties.ts'
import { changeProvider, type Provider, readProvider } from '../../server/people/providers.ts'
import { InvalidInput, NotFound, Refusal } from '../../server/refusal.ts'
import { phoneIn } from '../phones.ts'
import { roleOf } from './people.ts'
import type { TeacherBody, TeacherChangeBody } from './shapes.ts'

export class ProfileExists extends Refusal {
  readonly code = 'profile_exists'
  readonly status = 409

  constructor(whose: string) {
    super(`This user has a profile as a ${whose} already.`)
  }
}

/** A teacher with a profile: a provider who can be booked. Throws NotFound for everybody else. */
export async function findTeacher(
  db: Database | Transaction,
  organization_id: string,
  id: string,
): Promise<Provider> {
  const provider = await readProvider(db, organization_id, id).catch((error: unknown) => {
    throw error instanceof NotFound ? new NotFound('teacher') : error
  })
  if (!provider.is_active) throw new NotFound('teacher')
  return provider
}

/** Gives a user with the role of a teacher their profile. */
export async function addTeacher(
  { db, actor, now }: FastifyRequest,
  { user_id, ...content }: Static<typeof TeacherBody>,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    // Of two who give it at once, the second sees that it is there.
    await lockParties(trx, actor.organization_id, [user_id])
    const user = await readUser(trx, actor.organization_id, user_id)
    if (roleOf(user) !== 'teacher' || !user.roles.includes('provider')) {
      throw new InvalidInput([{ field: 'user_id', message: 'must be a user with the role of a teacher' }])
    }
    const { is_active } = await readProvider(trx, actor.organization_id, user_id)
    if (is_active) throw new ProfileExists('teacher')
    await changeTeacher({ db: trx, actor, now }, user_id, content, true)
  })
}

/** Changes what is said of it, and leaves the rest; null takes it away. */
export async function changeTeacher(
  { db, actor, now }: Pick<FastifyRequest, 'db' | 'actor' | 'now'>,
  id: string,
  { branch, subject, bio, phone }: Static<typeof TeacherChangeBody>,
  is_active?: boolean,
): Promise<void> {
  const details = { ...(branch !== undefined && { branch }), ...(subject !== undefined && { subject }) }
  const number = phoneIn('phone', phone)
  await inTransaction(db, async (trx) => {
    await changeProvider(trx, actor, id, { bio, details, is_active }, now)
    if (number === undefined) return
    if (id === actor.person_id) await changeProfile(trx, actor, { phone: number }, now)
    else await changeUser(trx, actor, id, { phone: number }, now)
  })
}
