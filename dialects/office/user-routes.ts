import { Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import { readUser, type User } from '../../server/accounts/accounts.ts'
import {
  changeUser,
  createUser,
  inviteAgain,
  listUsers,
  type UserChange,
} from '../../server/accounts/users.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import type { App } from '../../server/http/routes.ts'
import { lockParties } from '../../server/people/parties.ts'
import { changeProvider } from '../../server/people/providers.ts'
import type { Role } from '../../server/permissions.ts'
import { Refusal } from '../../server/refusal.ts'
import { FreeText, ref } from '../../server/shapes.ts'
import { countedPage } from '../pages.ts'
import { phoneIn } from '../phones.ts'
import { nameOf, partsOf } from './names.ts'
import { roleNamed, viewUser } from './people.ts'
import { byId, Message } from './shapes.ts'
import { NewUserBody, OfficeUser, OfficeUsers, RoleBody, roles, UserChangeBody } from './user-shapes.ts'

export class UnknownRole extends Refusal {
  readonly code = 'unknown_role'
  readonly status = 400

  constructor(names: string[]) {
    super(`There is no role ${names.join(', ')}: the roles are ${roles.join(', ')}.`)
  }
}

const UsersQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  offset: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
  role: Type.Optional(Type.String()),
  search: Type.Optional(FreeText(200)),
})
const byRole = Type.Object({ id: byId.properties.id, role: Type.String() })

/** /admin/users: the accounts, their roles, and invitations. */
export function userRoutes(app: App): void {
  const manage = { config: { may: 'users:manage' } } as const
  const answer = { 200: ref(OfficeUser) }

  app.get(
    '/admin/users',
    {
      ...manage,
      schema: { summary: 'All users', querystring: UsersQuery, response: { 200: ref(OfficeUsers) } },
    },
    async ({ db, organization, query }) => {
      const { limit, offset, search } = query
      const role = query.role === undefined ? undefined : rolesNamed([query.role])[0]
      const { items, total } = await countedPage(
        (page) => listUsers(db, organization.id, { role, search, ...page }),
        { skip: offset, limit },
      )
      return { users: items.map((user) => viewUser(user, organization)), total, limit, offset }
    },
  )

  app.post(
    '/admin/users',
    {
      config: { may: 'users:manage', creates: true },
      schema: { summary: 'Invite somebody', body: ref(NewUserBody), response: { 201: ref(OfficeUser) } },
    },
    async ({ db, actor, organization, body, now }) => {
      const { first_name, last_name, email, password } = body
      const phone = phoneIn('phone', body.phone) ?? undefined
      const name = nameOf({ first: first_name, last: last_name })
      const wanted = { ...name, email, password, phone, roles: rolesNamed(body.roles) }
      return viewUser(await createUser(db, actor, wanted, now), organization)
    },
  )

  app.get(
    '/admin/users/:id',
    { ...manage, schema: { summary: 'One user', params: byId, response: answer } },
    async ({ db, organization, params }) =>
      viewUser(await readUser(db, organization.id, params.id), organization),
  )

  for (const method of ['PATCH', 'PUT'] as const) {
    app.route({
      method,
      url: '/admin/users/:id',
      ...manage,
      schema: { summary: 'Change a user', params: byId, body: ref(UserChangeBody), response: answer },
      handler(request) {
        const { first_name, last_name, phone, is_active } = request.body
        return changeAccount(request, request.params.id, (before) => {
          const { first, last } = partsOf(before)
          const name = nameOf({ first: first_name ?? first, last: last_name ?? last })
          return {
            ...((first_name ?? last_name) && name),
            phone: phoneIn('phone', phone),
            is_active: is_active ?? undefined,
          }
        })
      },
    })
  }

  app.delete(
    '/admin/users/:id',
    { ...manage, schema: { summary: 'Switch an account off', params: byId, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await switchTo(request, request.params.id, false)
      reply.status(204)
    },
  )

  app.post(
    '/admin/users/:id/resend-invite',
    { ...manage, schema: { summary: 'Invite again', params: byId, response: { 200: ref(Message) } } },
    async ({ db, actor, params, now }) => {
      await inviteAgain(db, actor, params.id, now)
      return { message: 'An invitation is on its way.' }
    },
  )

  for (const [word, is_active] of Object.entries({ activate: true, deactivate: false, suspend: false })) {
    app.post(
      `/admin/users/:id/${word}`,
      { ...manage, schema: { summary: `${word} an account`, params: byId, response: answer } },
      (request) => switchTo(request, request.params.id, is_active),
    )
  }

  app.post(
    '/admin/users/:id/roles',
    { ...manage, schema: { summary: 'Give a role', params: byId, body: ref(RoleBody), response: answer } },
    (request) => {
      const [role] = rolesNamed([request.body.role])
      return setRoles(request, request.params.id, (had) => [...new Set([...had, role!])])
    },
  )

  app.delete(
    '/admin/users/:id/roles/:role',
    { ...manage, schema: { summary: 'Take a role away', params: byRole, response: answer } },
    (request) => {
      const [gone] = rolesNamed([request.params.role])
      return setRoles(request, request.params.id, (had) => had.filter((role) => role !== gone))
    },
  )
}

function rolesNamed(names: string[]): Role[] {
  const unknown = names.filter((name) => !roleNamed(name))
  if (unknown.length > 0) throw new UnknownRole(unknown)
  return [...new Set(names.map((name) => roleNamed(name)!))]
}

function switchTo(request: FastifyRequest, id: string, is_active: boolean) {
  return changeAccount(request, id, () => ({ is_active }))
}

function setRoles(request: FastifyRequest, id: string, change: (had: Role[]) => Role[]) {
  return changeAccount(request, id, ({ roles }) => ({ roles: change(roles) }))
}

/** Changes an account; whoever is a host again by that can be booked again. */
async function changeAccount(
  { db, actor, organization, now }: FastifyRequest,
  id: string,
  change: (before: User) => UserChange,
) {
  // Of two who give different roles at once, both have their way.
  const changed = await inTransaction(db, async (trx) => {
    await lockParties(trx, organization.id, [id])
    const before = await readUser(trx, organization.id, id)
    const after = await changeUser(trx, actor, id, change(before), now)
    if (isHost(before) || !isHost(after)) return after
    await changeProvider(trx, actor, id, { is_active: true }, now)
    return readUser(trx, organization.id, id)
  })
  return viewUser(changed, organization)
}

function isHost({ is_active, roles }: User): boolean {
  return is_active && roles.includes('provider')
}
