import cookie from '@fastify/cookie'
import { readUser } from '../../server/accounts/accounts.ts'
import { logIn } from '../../server/accounts/log-in.ts'
import {
  endSession,
  type IssuedTokens,
  type Issuing,
  refreshSession,
  RefreshTokenInvalid,
} from '../../server/accounts/sessions.ts'
import { signUp } from '../../server/accounts/sign-up.ts'
import { createUser } from '../../server/accounts/users.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../server/http/routes.ts'
import { may } from '../../server/permissions.ts'
import { InvalidInput } from '../../server/refusal.ts'
import { ref } from '../../server/shapes.ts'
import { clearCookies, refreshTokenOf, setCookies } from './cookies.ts'
import { nameOf } from './names.ts'
import { permissionsOf, roleNamed, viewUser } from './people.ts'
import { LogInBody, OfficeToken, OfficeUser, RegisterBody } from './user-shapes.ts'
import { Message } from './shapes.ts'

/** /auth: getting in and out. */
export function authRoutes(app: App, issuing: Issuing): void {
  void app.register(cookie)
  const enter = { may: 'account:enter' } as const
  const own = { config: { may: 'account:own' } } as const
  const issued = (request: FastifyRequest, reply: FastifyReply, tokens: IssuedTokens) => {
    setCookies(
      request,
      reply,
      tokens,
      issuing.refresh_token_days ?? request.organization.rules.refresh_token_days,
    )
    const { access_token, token_type, expires_in } = tokens
    return { access_token, token_type, expires_in }
  }

  app.post(
    '/auth/login',
    {
      config: enter,
      schema: {
        summary: 'Log in, by a form or JSON',
        consumes: ['application/x-www-form-urlencoded', 'application/json'],
        body: ref(LogInBody),
        response: { 200: ref(OfficeToken) },
      },
    },
    async (request, reply) => {
      const { db, organization, body, now } = request
      const email = body.username ?? body.email
      if (email === undefined) throw new InvalidInput([{ field: 'username', message: 'is missing' }])
      const { password } = body
      return issued(request, reply, await logIn(db, issuing, organization, { email, password }, now))
    },
  )

  app.post(
    '/auth/register',
    {
      config: { ...enter, creates: true },
      schema: { summary: 'Make an account', body: ref(RegisterBody), response: { 201: ref(OfficeUser) } },
    },
    async ({ db, organization, asking, body, now }) => {
      const { first_name, last_name, email, password } = body
      const wanted = { ...nameOf({ first: first_name, last: last_name }), email, password }
      const role = roleNamed(body.role ?? 'user')!
      const made = may(asking, 'users:manage')
        ? await createUser(db, asking!, { ...wanted, roles: [role] }, now)
        : await signUp(db, organization.id, { ...wanted, role }, now)
      return viewUser(made, organization)
    },
  )

  app.get(
    '/auth/me',
    { ...own, schema: { summary: 'Who is logged in', response: { 200: ref(OfficeUser) } } },
    async ({ db, actor, organization }) => {
      const user = await readUser(db, actor.organization_id, actor.person_id)
      return { ...viewUser(user, organization), permissions: permissionsOf(actor) }
    },
  )

  app.post(
    '/auth/refresh',
    { config: enter, schema: { summary: 'A new token', response: { 200: ref(OfficeToken) } } },
    async (request, reply) => {
      const { db, organization, now } = request
      const token = refreshTokenOf(request)
      // A refresh token begins with the organization that it is of.
      if (!token?.startsWith(`${organization.id}.`)) throw new RefreshTokenInvalid()
      return issued(request, reply, await refreshSession(db, issuing, token, now))
    },
  )

  app.post(
    '/auth/logout',
    { ...own, schema: { summary: 'Log out', response: { 200: ref(Message) } } },
    async ({ db, actor, now }, reply) => {
      await endSession(db, actor.organization_id, actor.session_id, 'logged out', now)
      clearCookies(reply)
      return { message: 'You are logged out.' }
    },
  )
}
