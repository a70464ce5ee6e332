import { readUser } from '../../server/accounts/accounts.ts'
import { logIn } from '../../server/accounts/log-in.ts'
import type { Issuing } from '../../server/accounts/sessions.ts'
import { signUp } from '../../server/accounts/sign-up.ts'
import { createUser, listUsers } from '../../server/accounts/users.ts'
import type { App } from '../../server/http/routes.ts'
import { unblockClient } from '../../server/people/clients.ts'
import { may } from '../../server/permissions.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { ref } from '../../server/shapes.ts'
import {
  byId,
  GeneralToken,
  GeneralUser,
  GeneralUsers,
  LogInBody,
  RegisterBody,
  UsersQuery,
} from './shapes.ts'
import { roleNamed, viewUser } from './views.ts'

/** /auth: who they are, and what an administrator may see of them. */
export function authRoutes(app: App, issuing: Issuing): void {
  const manage = { config: { may: 'users:manage' } } as const

  app.post(
    '/auth/register',
    {
      config: { may: 'account:enter', creates: true },
      schema: { summary: 'Make an account', body: ref(RegisterBody), response: { 201: ref(GeneralUser) } },
    },
    async ({ db, organization, asking, body, now }) => {
      const { email, password, full_name } = body
      // Everybody has a name; who does not say it is called as their address begins.
      const wanted = { email, password, name: full_name?.trim() || email.split('@')[0]! }
      const role = roleNamed[body.role ?? 'client']
      const user = may(asking, 'users:manage')
        ? await createUser(db, asking!, { ...wanted, roles: [role] }, now)
        : await signUp(db, organization.id, { ...wanted, role }, now)
      return viewUser(user)
    },
  )

  app.post(
    '/auth/login',
    {
      config: { may: 'account:enter' },
      schema: {
        summary: 'Log in, by a form or JSON',
        consumes: ['application/x-www-form-urlencoded', 'application/json'],
        body: ref(LogInBody),
        response: { 200: ref(GeneralToken) },
      },
    },
    async ({ db, organization, body, now }) => {
      const email = body.username ?? body.email
      if (email === undefined) throw new InvalidInput([{ field: 'username', message: 'is missing' }])
      const { password } = body
      const { access_token, token_type } = await logIn(db, issuing, organization, { email, password }, now)
      return { access_token, token_type }
    },
  )

  app.get(
    '/auth/me',
    {
      config: { may: 'account:own' },
      schema: { summary: 'Who is logged in', response: { 200: ref(GeneralUser) } },
    },
    async ({ db, actor }) => viewUser(await readUser(db, actor.organization_id, actor.person_id)),
  )

  app.get(
    '/auth/users',
    {
      ...manage,
      schema: {
        summary: 'All users, for administrators',
        querystring: UsersQuery,
        response: { 200: GeneralUsers },
      },
    },
    async ({ db, organization, query }) => {
      const { role, ...page } = query
      const { items } = await listUsers(db, organization.id, { ...page, role: role && roleNamed[role] })
      return items.map(viewUser)
    },
  )

  app.post(
    '/auth/users/:id/unblock',
    {
      config: { may: 'clients:unblock' },
      schema: {
        summary: 'Let a client book again who missed too many appointments',
        params: byId,
        response: { 200: ref(GeneralUser) },
      },
    },
    async ({ db, actor, params, now }) => {
      await unblockClient(db, actor, params.id, now)
      return viewUser(await readUser(db, actor.organization_id, params.id))
    },
  )
}
