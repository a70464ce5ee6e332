import type { FastifyRequest } from 'fastify'
import { readUser, type User } from '../../server/accounts/accounts.ts'
import { takeNoBookings } from '../../server/accounts/roles.ts'
import { changeUser, listUsers } from '../../server/accounts/users.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import { type Static, Type } from 'typebox'
import type { App } from '../../server/http/routes.ts'
import { oneOf, ref } from '../../server/shapes.ts'
import { countedPage, pageQuery } from '../pages.ts'
import { register, roleNamed } from './auth-routes.ts'
import { roleOf, viewUser } from './people.ts'
import { byId, Message, RegisterBody, roles, SchoolUser, SchoolUsers, UserChangeBody } from './shapes.ts'

const UsersQuery = Type.Object({ ...pageQuery(1000, 100), role: Type.Optional(oneOf(roles)) })

/** /admin/users: the accounts of the school. */
export function adminRoutes(app: App): void {
  const manage = { config: { may: 'users:manage' } } as const
  const answer = { 200: ref(SchoolUser) }

  app.get(
    '/admin/users',
    {
      ...manage,
      schema: { summary: 'All users', querystring: UsersQuery, response: { 200: ref(SchoolUsers) } },
    },
    async ({ db, organization, query }) => {
      const { role, skip, limit } = query
      const wanted = { role: role && roleNamed[role] }
      const { items, total } = await countedPage(
        (page) => listUsers(db, organization.id, { ...wanted, ...page }),
        query,
      )
      return { users: items.map((user) => viewUser(user, organization)), total, skip, limit }
    },
  )

  app.post(
    '/admin/users',
    {
      config: { may: 'users:manage', creates: true },
      schema: { summary: 'Make an account', body: ref(RegisterBody), response: { 201: ref(SchoolUser) } },
    },
    async (request) => viewUser(await register(request, request.body), request.organization),
  )

  app.get(
    '/admin/users/:id',
    { ...manage, schema: { summary: 'One user', params: byId, response: answer } },
    async ({ db, organization, params }) =>
      viewUser(await readUser(db, organization.id, params.id), organization),
  )

  app.put(
    '/admin/users/:id',
    {
      ...manage,
      schema: { summary: 'Change a user', params: byId, body: ref(UserChangeBody), response: answer },
    },
    async (request) => {
      const { organization, params, body } = request
      return viewUser(await changeAccount(request, params.id, body), organization)
    },
  )

  app.delete(
    '/admin/users/:id',
    {
      ...manage,
      schema: { summary: 'Switch an account off', params: byId, response: { 200: ref(Message) } },
    },
    async ({ db, actor, params, now }) => {
      await changeUser(db, actor, params.id, { is_active: false }, now)
      return { message: 'The account is switched off. What they did is kept.' }
    },
  )
}

/** Changes what is said of an account. A new teacher is one once there is a profile, as when they are registered. */
async function changeAccount(
  { db, actor, organization, now }: FastifyRequest,
  id: string,
  { full_name, role, is_active }: Static<typeof UserChangeBody>,
): Promise<User> {
  const name = full_name?.trim()
  const change = {
    ...(name && { name }),
    ...(role && { roles: [roleNamed[role]] }),
    ...(typeof is_active === 'boolean' && { is_active }),
  }
  return inTransaction(db, async (trx) => {
    const before = await readUser(trx, organization.id, id)
    const after = await changeUser(trx, actor, id, change, now)
    if (role === 'teacher' && roleOf(before) !== 'teacher') await takeNoBookings(trx, organization.id, id)
    return after
  })
}
