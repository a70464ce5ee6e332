import type { FastifyRequest } from 'fastify'
import { readUser, type User } from '../../server/accounts/accounts.ts'
import { EmailNotVerified, logIn } from '../../server/accounts/log-in.ts'
import {
  beginSession,
  type IssuedTokens,
  type Issuing,
  refreshSession,
  RefreshTokenInvalid,
} from '../../server/accounts/sessions.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import type { App } from '../../server/http/routes.ts'
import { isId } from '../../server/ids.ts'
import { readOrganization } from '../../server/organizations/organizations.ts'
import { toPicture } from '../../server/people/images.ts'
import { setOwnPhoto } from '../../server/people/photos.ts'
import { ref } from '../../server/shapes.ts'
import { viewUser } from './people.ts'
import { register, signUpPatient } from './registering.ts'
import {
  ClinicTokens,
  ClinicUser,
  LoggedInUser,
  LogInBody,
  RefreshBody,
  RegisterBody,
  SignUpBody,
} from './shapes.ts'

/** /auth: patients sign up, doctors are made by an administrator, and everybody has a door of their own. */
export function authRoutes(app: App, issuing: Issuing): void {
  const enter = { may: 'account:enter' } as const

  app.post(
    '/auth/patient/signup',
    {
      // Its answer holds tokens, and would be kept beside an Idempotency-Key: who repeats it is told of the conflict.
      config: enter,
      schema: {
        summary: 'Sign up as a patient',
        body: ref(SignUpBody),
        response: { 201: ref(LoggedInUser) },
      },
    },
    async (request, reply) => {
      const { db, organization, body, now } = request
      const photo = body.photo ? Buffer.from(body.photo.split(',')[1]!, 'base64') : undefined
      // Before there is an account: one whose photo is refused is not made.
      if (photo) await toPicture(photo)
      const { id } = await signUpPatient(request, body)
      const who = { organization_id: organization.id, person_id: id }
      if (photo) await setOwnPhoto(db, { ...who, session_id: '', roles: [], location_ids: [] }, photo, now)
      if (organization.rules.log_in_needs_verified_email) throw new EmailNotVerified()
      reply.status(201)
      const issued = await inTransaction(db, (trx) => beginSession(trx, issuing, who, now))
      return loggedIn(request, issued, await readUser(db, organization.id, id))
    },
  )

  for (const [path, role, summary] of [
    ['/auth/patient/login', 'client', 'Log in as a patient'],
    ['/auth/doctor/login', 'provider', 'Log in as a doctor'],
    ['/auth/login', undefined, 'Log in as whoever one is'],
  ] as const) {
    app.post(
      path,
      { config: enter, schema: { summary, body: ref(LogInBody), response: { 200: ref(LoggedInUser) } } },
      async (request) => {
        const { db, organization, body, now } = request
        const { email, password } = body
        const issued = await logIn(db, issuing, organization, { email, password, role }, now)
        return loggedIn(request, issued, await readUser(db, organization.id, issued.person_id))
      },
    )
  }

  app.post(
    '/auth/refresh',
    {
      // The token names the organization.
      config: { may: 'everyone' },
      schema: {
        summary: 'New tokens for a refresh token, which is good once',
        body: ref(RefreshBody),
        response: { 200: ref(ClinicTokens) },
      },
    },
    async ({ db, body, now }) => {
      const [organization_id = ''] = body.refresh_token.split('.')
      if (!isId(organization_id)) throw new RefreshTokenInvalid()
      const { trade } = await readOrganization(db, organization_id).catch(() => ({ trade: '' }))
      if (trade !== app.trade) throw new RefreshTokenInvalid()
      return tokensOf(await refreshSession(db, issuing, body.refresh_token, now))
    },
  )

  app.post(
    '/auth/register',
    {
      config: { ...enter, creates: true },
      schema: {
        summary: 'Make an account: a patient’s; with the token of an administrator, anybody’s',
        body: ref(RegisterBody),
        response: { 201: ref(ClinicUser) },
      },
    },
    async (request) => {
      const { id } = await register(request, request.body)
      return viewUser(request, await readUser(request.db, request.organization.id, id))
    },
  )
}

function tokensOf({ access_token, refresh_token, token_type }: IssuedTokens) {
  return { access_token, refresh_token, token_type }
}

async function loggedIn(request: FastifyRequest, issued: IssuedTokens, user: User) {
  return { ...tokensOf(issued), user: await viewUser(request, user) }
}
