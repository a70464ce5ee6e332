import { readUser, type User } from '../../server/accounts/accounts.ts'
import { logIn } from '../../server/accounts/log-in.ts'
import { takeNoBookings } from '../../server/accounts/roles.ts'
import type { Issuing } from '../../server/accounts/sessions.ts'
import { signUp } from '../../server/accounts/sign-up.ts'
import { createUser } from '../../server/accounts/users.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { App } from '../../server/http/routes.ts'
import { may, type Role } from '../../server/permissions.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { ref } from '../../server/shapes.ts'
import { roleOf, viewUser } from './people.ts'
import { LogInBody, RegisterBody, SchoolToken, SchoolUser, type roles } from './shapes.ts'

export const roleNamed: Record<(typeof roles)[number], Role> = {
  admin: 'admin',
  teacher: 'provider',
  parent: 'client',
}

/** /auth */
export function authRoutes(app: App, issuing: Issuing): void {
  const enter = { may: 'account:enter' } as const

  app.post(
    '/auth/register',
    {
      config: { ...enter, creates: true },
      schema: { summary: 'Make an account', body: ref(RegisterBody), response: { 201: ref(SchoolUser) } },
    },
    async (request) => viewUser(await register(request, request.body), request.organization),
  )

  app.post(
    '/auth/login',
    {
      config: enter,
      schema: { summary: 'Log in', body: ref(LogInBody), response: { 200: ref(SchoolToken) } },
    },
    async ({ db, organization, body, now }) => {
      const { email = body.username, password } = body
      if (email === undefined) throw new InvalidInput([{ field: 'email', message: 'is missing' }])
      const issued = await logIn(db, issuing, organization, { email, password }, now)
      const user = viewUser(await readUser(db, organization.id, issued.person_id), organization)
      return { access_token: issued.access_token, token_type: issued.token_type, user }
    },
  )

  app.get(
    '/auth/me',
    {
      config: { may: 'account:own' },
      schema: { summary: 'Who is logged in', response: { 200: ref(SchoolUser) } },
    },
    async ({ db, actor, organization }) =>
      viewUser(await readUser(db, actor.organization_id, actor.person_id), organization),
  )
}

/** Parents sign up by themselves, and administrators name any role. A teacher is one once there is a profile. */
export async function register(
  { db, organization, asking, now }: FastifyRequest,
  { email, password, full_name, role: name }: Static<typeof RegisterBody>,
): Promise<User> {
  const wanted = { email, password, name: full_name?.trim() || email.split('@')[0]! }
  const role = roleNamed[name]
  if (!asking || !may(asking, 'users:manage')) {
    return signUp(db, organization.id, { ...wanted, role }, now)
  }
  return inTransaction(db, async (trx) => {
    const user = await createUser(trx, asking, { ...wanted, roles: [role] }, now)
    if (roleOf(user) === 'teacher') await takeNoBookings(trx, organization.id, user.id)
    return user
  })
}
