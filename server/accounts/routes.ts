import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { InvalidInput } from '../refusal.ts'
import { Id, ref, strict } from '../shapes.ts'
import { readUser } from './accounts.ts'
import { askForLink, changePassword, resetPassword, verifyEmail } from './credentials.ts'
import { logIn } from './log-in.ts'
import { changeProfile } from './profile.ts'
import { endSession, type Issuing, refreshSession } from './sessions.ts'
import {
  ChangePasswordBody,
  EmailBody,
  LoggedIn,
  LogInBody,
  Message,
  NewUserBody,
  ProfileChangeBody,
  RefreshBody,
  ResetBody,
  SignedUp,
  SignUpBody,
  TokenPair,
  User,
  UserChangeBody,
  UserPage,
  UsersQuery,
  VerifyBody,
  viewUser,
} from './shapes.ts'
import { signUpQuietly } from './sign-up.ts'
import { changeUser, createUser, inviteAgain, listUsers, unlockUser } from './users.ts'

const byId = strict({ id: Id })
const nothing = Type.Null()

/** /auth: getting in and out, and one's own credentials. */
export function authRoutes(app: App, issuing: Issuing): void {
  const { tokens } = issuing
  const enter = { config: { may: 'account:enter' } } as const
  const own = { config: { may: 'account:own' } } as const

  app.post(
    '/auth/register',
    {
      config: { may: 'account:enter', creates: true },
      schema: { body: ref(SignUpBody), response: { 201: ref(SignedUp) } },
    },
    async ({ db, organization, body, now }) => ({
      ...(await signUpQuietly(db, organization.id, body, now)),
      message: 'If this address is new here, the account is made. A message was sent to it.',
    }),
  )

  app.post(
    '/auth/login',
    { ...enter, schema: { body: ref(LogInBody), response: { 200: ref(LoggedIn) } } },
    async ({ db, organization, body, now }) => {
      const email = body.email ?? body.username
      if (email === undefined) throw new InvalidInput([{ field: 'email', message: 'is missing' }])
      const { person_id, ...issued } = await logIn(db, issuing, organization, { ...body, email }, now)
      return { ...issued, user: viewUser(await readUser(db, organization.id, person_id)) }
    },
  )

  app.post(
    '/auth/refresh',
    { config: { may: 'everyone' }, schema: { body: RefreshBody, response: { 200: ref(TokenPair) } } },
    ({ db, body, now }) => refreshSession(db, issuing, body.refresh_token, now),
  )

  app.post(
    '/auth/logout',
    { ...own, schema: { response: { 204: nothing } } },
    async ({ db, actor, now }, reply) => {
      await endSession(db, actor.organization_id, actor.session_id, 'logged out', now)
      reply.status(204)
    },
  )

  app.get('/auth/me', { ...own, schema: { response: { 200: ref(User) } } }, async ({ db, actor }) =>
    viewUser(await readUser(db, actor.organization_id, actor.person_id)),
  )

  app.post(
    '/auth/change-password',
    { ...own, schema: { body: ChangePasswordBody, response: { 204: nothing } } },
    async ({ db, actor, body, now }, reply) => {
      await changePassword(db, actor, body, now)
      reply.status(204)
    },
  )

  app.post(
    '/auth/verify-email',
    { config: { may: 'everyone' }, schema: { body: VerifyBody, response: { 200: ref(Message) } } },
    async ({ db, body, now }) => {
      await verifyEmail(db, tokens, body.token, now)
      return { message: 'The address is verified.' }
    },
  )

  app.post(
    '/auth/resend-verification',
    { ...enter, schema: { body: EmailBody, response: { 202: ref(Message) } } },
    async ({ db, organization, body, now }, reply) => {
      await askForLink(db, organization.id, 'account.verification_asked', body.email, now)
      reply.status(202)
      return { message: 'If the address waits to be verified, a message with a link is on its way.' }
    },
  )

  app.post(
    '/auth/forgot-password',
    { ...enter, schema: { body: EmailBody, response: { 202: ref(Message) } } },
    async ({ db, organization, body, now }, reply) => {
      await askForLink(db, organization.id, 'account.reset_asked', body.email, now)
      reply.status(202)
      return { message: 'If there is an account with this address, a message with a link is on its way.' }
    },
  )

  app.post(
    '/auth/reset-password',
    { config: { may: 'everyone' }, schema: { body: ResetBody, response: { 200: ref(Message) } } },
    async ({ db, body, now }) => {
      await resetPassword(db, tokens, body, now)
      return { message: 'The password is set. Log in with it.' }
    },
  )
}

/** /users: one's own profile, and the accounts that administrators keep. */
export function userRoutes(app: App): void {
  const own = { config: { may: 'account:own' } } as const
  const manage = { config: { may: 'users:manage' } } as const

  app.get('/users/me', { ...own, schema: { response: { 200: ref(User) } } }, async ({ db, actor }) =>
    viewUser(await readUser(db, actor.organization_id, actor.person_id)),
  )

  app.patch(
    '/users/me',
    { ...own, schema: { body: ref(ProfileChangeBody), response: { 200: ref(User) } } },
    async ({ db, actor, body, now }) => viewUser(await changeProfile(db, actor, body, now)),
  )

  app.get(
    '/users',
    { ...manage, schema: { querystring: UsersQuery, response: { 200: ref(UserPage) } } },
    async ({ db, organization, query }) => {
      const { items, next_cursor } = await listUsers(db, organization.id, query)
      return { items: items.map(viewUser), next_cursor }
    },
  )

  app.post(
    '/users',
    {
      config: { may: 'users:manage', creates: true },
      schema: { body: ref(NewUserBody), response: { 201: ref(User) } },
    },
    async ({ db, actor, body, now }) => viewUser(await createUser(db, actor, body, now)),
  )

  app.get(
    '/users/:id',
    { ...manage, schema: { params: byId, response: { 200: ref(User) } } },
    async ({ db, organization, params }) => viewUser(await readUser(db, organization.id, params.id)),
  )

  app.patch(
    '/users/:id',
    { ...manage, schema: { params: byId, body: ref(UserChangeBody), response: { 200: ref(User) } } },
    async ({ db, actor, params, body, now }) => viewUser(await changeUser(db, actor, params.id, body, now)),
  )

  app.post(
    '/users/:id/unlock',
    { ...manage, schema: { params: byId, response: { 204: nothing } } },
    async ({ db, actor, params, now }, reply) => {
      await unlockUser(db, actor, params.id, now)
      reply.status(204)
    },
  )

  app.post(
    '/users/:id/invite',
    { ...manage, schema: { params: byId, response: { 202: ref(Message) } } },
    async ({ db, actor, params, now }, reply) => {
      await inviteAgain(db, actor, params.id, now)
      reply.status(202)
      return { message: 'An invitation is on its way.' }
    },
  )
}
