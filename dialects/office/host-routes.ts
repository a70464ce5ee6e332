import { Type } from 'typebox'
import type { Static } from 'typebox'
import { readUser, selectUsers } from '../../server/accounts/accounts.ts'
import { sql } from 'kysely'
import { inTransaction } from '../../server/database/transactions.ts'
import type { App } from '../../server/http/routes.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { endMember, listMemberships, type MembershipRow } from '../../server/people/members.ts'
import { lockParties } from '../../server/people/parties.ts'
import { requireNothingToCome } from '../../server/people/retiring.ts'
import { NotFound, Refusal } from '../../server/refusal.ts'
import { Id, ref } from '../../server/shapes.ts'
import { addMember, type Asking, changeMember, type Member } from './member-routes.ts'
import { viewHost, viewMembership } from './members.ts'
import { viewUser } from './people.ts'
import { byHost, Host, HostBody, HostChangeBody, HostsBody, HostStatus, Membership } from './office-shapes.ts'
import { byId } from './shapes.ts'
import { OfficeUser } from './user-shapes.ts'

export class NoHost extends Refusal {
  readonly code = 'no_host'
  readonly status = 400

  constructor() {
    super('This user has not the role of a host. Give it first.')
  }
}

export class OnlyPrimaryHost extends Refusal {
  readonly code = 'only_primary_host'
  readonly status = 400

  constructor() {
    super('This is the only primary host of the office. Make another one primary first.')
  }
}

const HostsQuery = Type.Object({ office_id: Type.Optional(Id), host_id: Type.Optional(Id) })
const byUser = Type.Object({ user_id: Id })

/** /offices/hosts: who sees citizens where. */
export function hostRoutes(app: App): void {
  const change = { config: { may: 'members:change' } } as const
  const hosts = { 200: Type.Array(ref(Host)) }

  app.post(
    '/offices/hosts/assign',
    {
      config: { may: 'members:change', creates: true },
      schema: { summary: 'Assign a host to an office', body: ref(HostBody), response: { 201: ref(Host) } },
    },
    async (request) => {
      const { host_id, office_id, is_primary } = request.body
      return assign(request, host_id, office_id, is_primary ?? false)
    },
  )

  app.post(
    '/offices/hosts/bulk-assign',
    {
      config: { may: 'members:change', creates: true },
      schema: {
        summary: 'Assign several hosts, all or none',
        body: ref(HostsBody),
        response: { 201: hosts[200] },
      },
    },
    async (request) => {
      const { db, actor, organization, body, now } = request
      return inTransaction(db, async (trx) => {
        const assigned = []
        const within = { db: trx, actor, organization, now }
        for (const id of new Set(body.host_ids)) {
          assigned.push(await assign(within, id, body.office_id, false))
        }
        return assigned
      })
    },
  )

  app.get(
    '/offices/hosts',
    {
      ...change,
      schema: { summary: 'The hosts and their offices', querystring: HostsQuery, response: hosts },
    },
    async ({ db, organization, query }) => {
      const { office_id: location_id, host_id: person_id } = query
      const wanted = { location_id, person_id, of_providers: true }
      return (await listMemberships(db, organization.id, wanted)).map((row) => viewHost(row, organization))
    },
  )

  app.put(
    '/offices/hosts/:host_id/office/:office_id',
    {
      ...change,
      schema: {
        summary: 'Change an assignment',
        params: byHost,
        body: ref(HostChangeBody),
        response: { 200: ref(Host) },
      },
    },
    async (request) => {
      const { params, body, organization } = request
      const member = { location_id: params.office_id, person_id: params.host_id }
      return viewHost(await changeHost(request, member, body), organization)
    },
  )

  app.delete(
    '/offices/hosts/:host_id/office/:office_id',
    { ...change, schema: { summary: 'End an assignment', params: byHost, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { office_id: location_id, host_id: person_id } = request.params
      await release(request, { location_id, person_id })
      reply.status(204)
    },
  )

  app.get(
    '/offices/unassigned',
    {
      ...change,
      schema: { summary: 'Who works for no office yet', response: { 200: Type.Array(ref(OfficeUser)) } },
    },
    async ({ db, organization }) => {
      const users = await selectUsers(db, organization.id)
        .where(
          sql<boolean>`exists (select from roles r where r.organization_id = account.organization_id
            and r.person_id = account.person_id and r.role in ('provider', 'secretary', 'reception'))
          and not exists (select from memberships m where m.organization_id = account.organization_id
            and m.person_id = account.person_id and m.ended_at is null)`,
        )
        .orderBy('person.name')
        .limit(1000)
        .execute()
      return users.map((user) => viewUser(user, organization))
    },
  )

  app.get(
    '/offices/users/:user_id/offices',
    {
      ...change,
      schema: {
        summary: 'The offices of a user',
        params: byUser,
        response: { 200: Type.Array(ref(Membership)) },
      },
    },
    async ({ db, organization, params }) => {
      await readUser(db, organization.id, params.user_id)
      const rows = await listMemberships(db, organization.id, { person_id: params.user_id })
      return rows.map((row) => viewMembership(row, organization))
    },
  )

  app.get(
    '/offices/users/:user_id/host-status',
    {
      ...change,
      schema: {
        summary: 'Whether a user is a host, and where',
        params: byUser,
        response: { 200: ref(HostStatus) },
      },
    },
    async ({ db, organization, params }) => {
      const { roles } = await readUser(db, organization.id, params.user_id)
      const wanted = { person_id: params.user_id, of_providers: true }
      const rows = await listMemberships(db, organization.id, wanted)
      return {
        user_id: params.user_id,
        is_host: roles.includes('provider'),
        offices: rows.map((row) => viewHost(row, organization)),
      }
    },
  )

  app.get(
    '/offices/:id/hosts',
    {
      config: { may: 'locations:read', needs_log_in: true },
      schema: { summary: 'The hosts of an office', params: byId, response: hosts },
    },
    async ({ db, organization, params }) => {
      await findLocation(db, organization.id, params.id)
      const rows = await listMemberships(db, organization.id, { location_id: params.id, of_providers: true })
      return rows.map((row) => viewHost(row, organization))
    },
  )
}

async function assign(request: Asking, person_id: string, location_id: string, is_primary: boolean) {
  const { db, organization } = request
  await findLocation(db, organization.id, location_id)
  const { roles } = await readUser(db, organization.id, person_id)
  if (!roles.includes('provider')) throw new NoHost()
  const member = { location_id, person_id }
  return viewHost(await addMember(request, member, { position: 'Host', is_primary }), organization)
}

/** Says anew what is said of a host, also of one who had left; ended, the assignment ends as `release` ends it. */
async function changeHost(
  { db, actor, organization, now }: Asking,
  member: Member,
  { is_primary, is_active }: Static<typeof HostChangeBody>,
): Promise<MembershipRow> {
  return inTransaction(db, async (trx) => {
    const within = { db: trx, actor, organization, now }
    const find = () =>
      listMemberships(trx, organization.id, { ...member, of_providers: true, include_ended: true })
    if ((await find()).length === 0) throw new NotFound('host')
    if (is_active === false) {
      await release(within, member)
      return (await find())[0]!
    }
    const change = { is_primary: is_primary ?? undefined, ends: false, begins: is_active === true }
    return changeMember(within, member, change)
  })
}

/** A host leaves an office that has another primary one, with nothing to come there. */
async function release({ db, actor, organization, now }: Asking, member: Member): Promise<void> {
  const { location_id, person_id } = member
  await inTransaction(db, async (trx) => {
    await lockParties(trx, organization.id, [person_id, location_id])
    const there = await listMemberships(trx, organization.id, { location_id, of_providers: true })
    const own = there.find((row) => row.person_id === person_id)
    if (!own) throw new NotFound('host')
    const primaries = there.filter((row) => row.is_primary)
    if (own.is_primary && primaries.length === 1) throw new OnlyPrimaryHost()
    await requireNothingToCome(trx, organization.id, { provider_id: person_id, location_id }, now)
    await endMember(trx, actor, member, now)
  })
}
