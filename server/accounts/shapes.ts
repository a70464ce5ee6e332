import { Type } from 'typebox'
import { roles } from '../permissions.ts'
import {
  Email,
  FreeText,
  Id,
  Instant,
  Locale,
  Name,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Phone,
  shape,
  strict,
  TimeZone,
} from '../shapes.ts'
import type { User as UserRow } from './accounts.ts'

const Password = Type.String({ minLength: 8, maxLength: 128 })
const Token = Type.String({ minLength: 1, maxLength: 2000 })
const RoleName = oneOf(roles)

export const User = shape(
  'User',
  strict({
    id: Id,
    email: Email,
    name: Type.String(),
    phone: nullable(Type.String()),
    locale: nullable(Type.String()),
    time_zone: nullable(Type.String()),
    roles: Type.Array(RoleName),
    is_active: Type.Boolean(),
    is_verified: Type.Boolean({ description: 'Whether the e-mail address is known to be theirs' }),
    has_password: Type.Boolean({ description: 'False while an invitation waits' }),
    last_login_at: nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
    no_show_count: Type.Integer({ description: 'Appointments missed as a client' }),
    is_blocked: Type.Boolean({ description: 'Missed so many that they cannot book' }),
    photo_url: nullable(Type.String({ description: 'Where the photo is: a path' })),
  }),
)
export const UserPage = pageOf('UserPage', User)

export const SignUpBody = shape(
  'SignUp',
  strict({
    email: Email,
    password: Password,
    name: Name,
    phone: Type.Optional(Phone),
    locale: Type.Optional(Locale),
    role: Type.Optional(RoleName),
  }),
)
export const SignedUp = shape(
  'SignedUp',
  strict({ email: Email, name: Type.String(), message: Type.String() }),
)

export const LogInBody = shape(
  'LogIn',
  strict(
    {
      email: Type.Optional(FreeText(254)),
      username: Type.Optional(FreeText(254, 'As forms of OAuth say it')),
      password: Type.String({ minLength: 1, maxLength: 128 }),
      grant_type: Type.Optional(oneOf(['password'])),
    },
    'JSON or a form; `email` or `username` is needed',
  ),
)
export const TokenPair = shape(
  'Tokens',
  strict({
    access_token: Type.String(),
    refresh_token: Type.String(),
    token_type: Type.String(),
    expires_in: Type.Integer({ description: 'Seconds' }),
  }),
)
export const LoggedIn = shape('LoggedIn', strict({ ...TokenPair.properties, user: Type.Ref('User#') }))

export const RefreshBody = strict({ refresh_token: Token })
export const ChangePasswordBody = strict({
  current_password: Type.String({ maxLength: 128 }),
  new_password: Password,
})
export const EmailBody = strict({ email: Email })
export const VerifyBody = strict({ token: Token })
export const ResetBody = strict({ token: Token, new_password: Password })
export const Message = shape('Message', strict({ message: Type.String() }))

export const NewUserBody = shape(
  'NewUser',
  strict({
    email: Email,
    name: Name,
    phone: Type.Optional(Phone),
    roles: Type.Array(RoleName, { minItems: 1, uniqueItems: true }),
    password: Type.Optional(Password),
  }),
)
export const UserChangeBody = shape(
  'UserChange',
  strict({
    name: Type.Optional(Name),
    phone: Type.Optional(nullable(Phone)),
    roles: Type.Optional(Type.Array(RoleName, { uniqueItems: true })),
    is_active: Type.Optional(Type.Boolean()),
  }),
)
export const ProfileChangeBody = shape(
  'ProfileChange',
  strict({
    name: Type.Optional(Name),
    phone: Type.Optional(nullable(Phone)),
    locale: Type.Optional(nullable(Locale)),
    time_zone: Type.Optional(nullable(TimeZone)),
  }),
)
export const UsersQuery = strict({
  ...pageQuery,
  role: Type.Optional(RoleName),
  search: Type.Optional(FreeText(200, 'Part of the name or the address')),
})

export function viewUser({ family_name, ...user }: UserRow) {
  return {
    ...user,
    last_login_at: user.last_login_at?.toString() ?? null,
    created_at: user.created_at.toString(),
    updated_at: user.updated_at.toString(),
  }
}
