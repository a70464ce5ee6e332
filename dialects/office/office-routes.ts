import { Type } from 'typebox'
import { inTransaction } from '../../server/database/transactions.ts'
import type { FastifyRequest } from 'fastify'
import type { App, Organization } from '../../server/http/routes.ts'
import {
  addLocation,
  changeLocation,
  findLocation,
  listLocations,
  type Location,
  removeLocation,
} from '../../server/organizations/locations.ts'
import { listMemberships } from '../../server/people/members.ts'
import { lockParties } from '../../server/people/parties.ts'
import { requireNothingToCome } from '../../server/people/retiring.ts'
import { may } from '../../server/permissions.ts'
import { Refusal } from '../../server/refusal.ts'
import { oneOf, ref } from '../../server/shapes.ts'
import { localOf } from '../local-times.ts'
import { byId } from './shapes.ts'
import { Office, OfficeBody, OfficeChangeBody, OfficeStats } from './office-shapes.ts'
import { statisticsOf } from './statistics.ts'

export class OfficeInUse extends Refusal {
  readonly code = 'office_in_use'
  readonly status = 409

  constructor(members: number) {
    super(`The office has ${members === 1 ? 'a member' : `${members} members`}: end their memberships first.`)
  }
}

const OfficesQuery = Type.Object({ status_filter: Type.Optional(oneOf(['active', 'deactivated'])) })

/** /offices */
export function officeRoutes(app: App): void {
  const read = { config: { may: 'locations:read', needs_log_in: true } } as const
  const change = { config: { may: 'locations:change' } } as const
  const answer = { 200: ref(Office) }

  app.get(
    '/offices',
    {
      ...read,
      schema: {
        summary: 'The offices',
        querystring: OfficesQuery,
        response: { 200: Type.Array(ref(Office)) },
      },
    },
    async ({ db, actor, organization, query }) => {
      const seesAll = may(actor, 'locations:change') || actor.roles.includes('reception')
      const all = (await listLocations(db, organization.id)).map((one) => viewOffice(one, organization))
      const { status_filter: wanted } = query
      return all
        .filter(({ is_active }) => seesAll || is_active)
        .filter(({ status }) => wanted === undefined || status === wanted)
    },
  )

  app.post(
    '/offices',
    {
      config: { may: 'locations:change', creates: true },
      schema: { summary: 'Add an office', body: ref(OfficeBody), response: { 201: ref(Office) } },
    },
    async ({ db, actor, organization, body, now }) => {
      const { location: address, is_active, ...content } = body
      const wanted = { ...content, address, is_active: is_active ?? true }
      return viewOffice(await addLocation(db, actor, wanted, now), organization)
    },
  )

  app.get(
    '/offices/stats/all',
    {
      ...change,
      schema: { summary: 'Numbers of all offices', response: { 200: Type.Array(ref(OfficeStats)) } },
    },
    async ({ db, organization }) => statisticsOf(db, organization.id),
  )

  app.get(
    '/offices/:id/stats',
    {
      ...change,
      schema: { summary: 'Numbers of an office', params: byId, response: { 200: ref(OfficeStats) } },
    },
    async ({ db, organization, params }) => {
      await findLocation(db, organization.id, params.id)
      const [statistics] = await statisticsOf(db, organization.id, params.id)
      return statistics!
    },
  )

  app.get(
    '/offices/:id',
    { ...read, schema: { summary: 'One office', params: byId, response: answer } },
    async ({ db, organization, params }) =>
      viewOffice(await findLocation(db, organization.id, params.id), organization),
  )

  app.patch(
    '/offices/:id',
    {
      ...change,
      schema: { summary: 'Change an office', params: byId, body: ref(OfficeChangeBody), response: answer },
    },
    async ({ db, actor, organization, params, body, now }) => {
      const { location: address, name, is_active, description } = body
      const wanted = { description, address, name: name ?? undefined, is_active: is_active ?? undefined }
      return viewOffice(await changeLocation(db, actor, params.id, wanted, now), organization)
    },
  )

  app.delete(
    '/offices/:id',
    { ...change, schema: { summary: 'Remove an office', params: byId, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await remove(request, request.params.id)
      reply.status(204)
    },
  )

  for (const [word, is_active] of Object.entries({ activate: true, deactivate: false })) {
    app.post(
      `/offices/:id/${word}`,
      { ...change, schema: { summary: `${word} an office`, params: byId, response: answer } },
      async ({ db, actor, organization, params, now }) =>
        viewOffice(await changeLocation(db, actor, params.id, { is_active }, now), organization),
    )
  }
}

/** An office goes once nobody works there any more and nothing is to come. */
async function remove({ db, actor, organization, now }: FastifyRequest, id: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    await lockParties(trx, organization.id, [id])
    await findLocation(trx, organization.id, id)
    const members = await listMemberships(trx, organization.id, { location_id: id })
    if (members.length > 0) throw new OfficeInUse(members.length)
    await requireNothingToCome(trx, organization.id, { location_id: id }, now)
    await removeLocation(trx, actor, id, now)
  })
}

function viewOffice(location: Location, { time_zone }: Organization) {
  const { id, name, description, address, is_active, created_at, updated_at } = location
  return {
    id,
    name,
    description,
    location: address,
    is_active,
    status: is_active ? ('active' as const) : ('deactivated' as const),
    created_at: localOf(created_at, time_zone),
    updated_at: localOf(updated_at, time_zone),
  }
}
