import { Type } from 'typebox'
import { readUser } from '../../server/accounts/accounts.ts'
import { listUnassigned } from '../../server/accounts/users.ts'
import { inTransaction } from '../../server/database/transactions.ts'
import type { App } from '../../server/http/routes.ts'
import { findLocation } from '../../server/organizations/locations.ts'
import { listMemberships } from '../../server/people/members.ts'
import { Id, ref } from '../../server/shapes.ts'
import { assign, changeHost, release } from './hosts.ts'
import { viewHost, viewMembership } from './members.ts'
import { byHost, Host, HostBody, HostChangeBody, HostsBody, HostStatus, Membership } from './office-shapes.ts'
import { viewUser } from './people.ts'
import { byId } from './shapes.ts'
import { OfficeUser } from './user-shapes.ts'

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
      const users = await listUnassigned(db, organization.id)
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
