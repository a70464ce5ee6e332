import { Type } from 'typebox'
import { Email, FreeText, Id, oneOf, ref, shape } from '../../server/shapes.ts'
import { maybe } from '../maybe.ts'
import { Text, Line, times, Name } from './shapes.ts'

export const roles = ['admin', 'host', 'secretary', 'reception', 'user'] as const

export const OfficeUser = shape(
  'OfficeUser',
  Type.Object({
    id: Id,
    first_name: Text,
    last_name: Text,
    email: Text,
    is_active: Type.Boolean(),
    is_verified: Type.Boolean(),
    is_system_user: Type.Boolean(),
    ...times,
    roles: Type.Array(oneOf(roles)),
    permissions: Type.Optional(Type.Array(Text)),
  }),
)

export const OfficeUsers = shape(
  'OfficeUsers',
  Type.Object({
    users: Type.Array(ref(OfficeUser)),
    total: Type.Integer(),
    limit: Type.Integer(),
    offset: Type.Integer(),
  }),
)

export const OfficeToken = shape(
  'OfficeToken',
  Type.Object({
    access_token: Text,
    token_type: Text,
    expires_in: Type.Integer({ description: 'Seconds' }),
  }),
)

const Password = Type.String({ minLength: 8, maxLength: 128 })

export const LogInBody = shape(
  'OfficeLogIn',
  Type.Object(
    {
      username: Type.Optional(FreeText(254)),
      email: Type.Optional(FreeText(254)),
      password: Type.String({ minLength: 1, maxLength: 128 }),
    },
    { description: 'A form, or JSON; `username` or `email` is needed' },
  ),
)

export const RegisterBody = shape(
  'OfficeRegister',
  Type.Object({
    first_name: Name,
    last_name: Name,
    email: Email,
    password: Password,
    role: Type.Optional(
      oneOf(roles, 'user unless said; admin for the first one, all others by an administrator'),
    ),
  }),
)

export const EmailBody = shape('OfficeEmail', Type.Object({ email: Email }))

export const TokenBody = shape('OfficeLink', Type.Object({ token: FreeText(2000) }))

export const NewPasswordBody = shape(
  'OfficeNewPassword',
  Type.Object({ token: FreeText(2000), new_password: Password }),
)

export const ChangePasswordBody = shape(
  'OfficePasswordChange',
  Type.Object({ current_password: FreeText(128), new_password: Password }),
)

export const NewUserBody = shape(
  'OfficeNewUser',
  Type.Object({
    first_name: Name,
    last_name: Name,
    email: Email,
    phone: maybe(Line(30)),
    password: Type.Optional(Password),
    roles: Type.Array(Text, { minItems: 1, maxItems: 5 }),
  }),
)

export const UserChangeBody = shape(
  'OfficeUserChange',
  Type.Object({
    first_name: maybe(Name),
    last_name: maybe(Name),
    phone: maybe(Line(30)),
    is_active: maybe(Type.Boolean()),
  }),
)

export const RoleBody = shape('OfficeRole', Type.Object({ role: Text }))
