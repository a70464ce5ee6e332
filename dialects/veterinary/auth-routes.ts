import { type Static, Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import { readUser, type User } from '../../server/accounts/accounts.ts'
import { logIn } from '../../server/accounts/log-in.ts'
import { takeNoBookings } from '../../server/accounts/roles.ts'
import type { Issuing } from '../../server/accounts/sessions.ts'
import { signUp } from '../../server/accounts/sign-up.ts'
import { createUser } from '../../server/accounts/users.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import type { App } from '../../server/http/routes.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { setMember } from '../../server/people/members.ts'
import { may } from '../../server/permissions.ts'
import { InvalidInput, NotAllowed } from '../../server/refusal.ts'
import { Email, FreeText, Id, nullable, oneOf, ref, shape } from '../../server/shapes.ts'
import { maybe } from '../maybe.ts'
import { phoneIn } from '../phones.ts'
import { enveloped, type Say } from './envelope.ts'
import { Count, Line, Text, times } from './shapes.ts'
import { roleNamed, roleOf, roles } from './words.ts'

export const VeterinaryUser = shape(
  'VeterinaryUser',
  Type.Object({
    id: Id,
    email: Text,
    full_name: Text,
    phone: nullable(Text),
    role: oneOf(roles),
    is_active: Type.Boolean(),
    ...times,
  }),
)
const Token = shape(
  'VeterinaryToken',
  Type.Object({ access_token: Text, token_type: Text, expires_in: Count, user: ref(VeterinaryUser) }),
)
const LogInBody = shape(
  'VeterinaryLogIn',
  Type.Object({
    email: Type.Optional(FreeText(254)),
    username: Type.Optional(FreeText(254)),
    password: Type.String({ minLength: 1, maxLength: 128 }),
  }),
)
const RegisterBody = shape(
  'VeterinaryRegister',
  Type.Object({
    email: Email,
    password: Type.String({ minLength: 8, maxLength: 128 }),
    full_name: maybe(Line(200)),
    phone: maybe(Line(30)),
    role: Type.Optional(
      oneOf(roles, 'pet_owner unless said; admin for the first one, all others by an administrator'),
    ),
    clinic_id: maybe(Type.String({ ...Id, description: 'Where a receptionist or a clinic manager works' })),
  }),
)

/** /auth */
export function authRoutes(app: App, say: Say, issuing: Issuing): void {
  const enter = { may: 'account:enter' } as const
  const user = enveloped(ref(VeterinaryUser))

  app.post(
    '/auth/register',
    {
      config: { ...enter, creates: true },
      schema: { summary: 'Make an account', body: ref(RegisterBody), response: { 201: user } },
    },
    async (request) => say(viewUser(await register(request, request.body)), 'The account is made.'),
  )

  app.post(
    '/auth/login',
    {
      config: enter,
      schema: { summary: 'Log in', body: ref(LogInBody), response: { 200: enveloped(ref(Token)) } },
    },
    async ({ db, organization, body, now }) => {
      const { email = body.username, password } = body
      if (email === undefined) throw new InvalidInput([{ field: 'email', message: 'is missing' }])
      const issued = await logIn(db, issuing, organization, { email, password }, now)
      const { access_token, token_type, expires_in, person_id } = issued
      const who = viewUser(await readUser(db, organization.id, person_id))
      return say({ access_token, token_type, expires_in, user: who }, 'You are logged in.')
    },
  )

  app.get(
    '/auth/me',
    {
      config: { may: 'account:own' },
      schema: { summary: 'Who is logged in', response: { 200: user } },
    },
    async ({ db, actor }) => say(viewUser(await readUser(db, actor.organization_id, actor.person_id))),
  )
}

/** Owners sign up by themselves, and administrators name any role. A vet is one once there is a profile. */
async function register(
  { db, organization, asking, now }: FastifyRequest,
  body: Static<typeof RegisterBody>,
): Promise<User> {
  const { email, password, full_name, clinic_id, role = 'pet_owner' } = body
  const name = full_name?.trim() || email.split('@')[0]!
  const wanted = { email, password, name, phone: phoneIn('phone', body.phone) ?? undefined }
  if (!asking || !may(asking, 'users:manage')) {
    if (clinic_id) throw new NotAllowed('An administrator says who works at a clinic.')
    return signUp(db, organization.id, { ...wanted, role: roleNamed[role] }, now)
  }
  return inTransaction(db, async (trx) => {
    if (clinic_id) await findLocation(trx, organization.id, clinic_id)
    const user = await createUser(trx, asking, { ...wanted, roles: [roleNamed[role]] }, now)
    if (role === 'veterinarian') await takeNoBookings(trx, organization.id, user.id)
    if (clinic_id) {
      const where = { location_id: clinic_id, person_id: user.id }
      await setMember(trx, asking, where, { position: role, is_primary: true }, now)
    }
    return user
  })
}

function viewUser(user: User) {
  const { id, email, name: full_name, phone, is_active, created_at, updated_at } = user
  const at = { created_at: `${created_at}`, updated_at: `${updated_at}` }
  return { id, email, full_name, phone, role: roleOf(user), is_active, ...at }
}
