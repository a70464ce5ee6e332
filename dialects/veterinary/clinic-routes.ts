import { Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import { inTransaction } from '../../server/database/transactions.ts'
import type { App } from '../../server/http/routes.ts'
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
import { Refusal } from '../../server/refusal.ts'
import { FreeText, Id, nullable, ref, shape } from '../../server/shapes.ts'
import { maybe } from '../maybe.ts'
import { phoneIn } from '../phones.ts'
import { enveloped, type Say } from './envelope.ts'
import {
  byId,
  countedFrom,
  Line,
  Named,
  pageNumbers,
  pageOf,
  pageQuery,
  Removed,
  Text,
  times,
} from './shapes.ts'

export class ClinicInUse extends Refusal {
  readonly code = 'clinic_in_use'
  readonly status = 409

  constructor(members: number) {
    super(`${members === 1 ? 'Somebody still works' : `${members} people still work`} at this clinic.`)
  }
}

const Clinic = shape(
  'VeterinaryClinic',
  Type.Object({
    id: Id,
    name: Text,
    type: nullable(Text),
    address: nullable(Text),
    phone: nullable(Text),
    description: nullable(Text),
    is_active: Type.Boolean(),
    ...times,
  }),
)
const content = {
  type: maybe(Line(100)),
  address: maybe(FreeText(500)),
  phone: maybe(Line(30)),
  description: maybe(FreeText(1000)),
  is_active: maybe(Type.Boolean()),
}
const ClinicBody = shape('VeterinaryNewClinic', Type.Object({ name: Named, ...content }))
const ClinicChangeBody = shape('VeterinaryClinicChange', Type.Object({ name: maybe(Named), ...content }))

/** /clinics: anybody who has logged in sees them, administrators change them. */
export function clinicRoutes(app: App, say: Say): void {
  const read = { config: { may: 'locations:read', needs_log_in: true } } as const
  const change = { config: { may: 'locations:change' } } as const
  const answer = enveloped(ref(Clinic))

  app.get(
    '/clinics',
    {
      ...read,
      schema: {
        summary: 'The clinics, by name',
        querystring: Type.Object(pageQuery),
        response: { 200: enveloped(pageOf('clinics', ref(Clinic))) },
      },
    },
    async ({ db, organization, query }) => {
      const all = await listLocations(db, organization.id)
      const { skip, limit } = countedFrom(query)
      const clinics = all.slice(skip, skip + limit).map(viewClinic)
      return say({ clinics, ...pageNumbers(all.length, query) })
    },
  )

  app.post(
    '/clinics',
    {
      config: { may: 'locations:change', creates: true },
      schema: { summary: 'Add a clinic', body: ref(ClinicBody), response: { 201: answer } },
    },
    async ({ db, actor, body, now }) => {
      const { name, ...wanted } = body
      const added = await addLocation(db, actor, { name, ...contentOf(wanted) }, now)
      return say(viewClinic(added), 'The clinic is added.')
    },
  )

  app.get(
    '/clinics/:id',
    { ...read, schema: { summary: 'One clinic', params: byId, response: { 200: answer } } },
    async ({ db, organization, params }) =>
      say(viewClinic(await findLocation(db, organization.id, params.id))),
  )

  app.put(
    '/clinics/:id',
    {
      ...change,
      schema: {
        summary: 'Change a clinic',
        params: byId,
        body: ref(ClinicChangeBody),
        response: { 200: answer },
      },
    },
    async ({ db, actor, params, body, now }) => {
      const { name, ...wanted } = body
      const content = { name: name ?? undefined, ...contentOf(wanted) }
      return say(viewClinic(await changeLocation(db, actor, params.id, content, now)))
    },
  )

  app.delete(
    '/clinics/:id',
    {
      ...change,
      schema: { summary: 'Remove a clinic', params: byId, response: { 200: enveloped(ref(Removed)) } },
    },
    async (request) => {
      const { id } = request.params
      await remove(request, id)
      return say({ id, message: 'The clinic is removed. What happened there is kept.' })
    },
  )
}

interface Content {
  type?: string | null
  address?: string | null
  phone?: string | null
  description?: string | null
  is_active?: boolean | null
}

function contentOf({ phone, is_active, ...same }: Content) {
  return { ...same, phone: phoneIn('phone', phone), is_active: is_active ?? undefined }
}

/** A clinic goes once nobody works there any more and nothing is to come. */
async function remove({ db, actor, organization, now }: FastifyRequest, id: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    await lockParties(trx, organization.id, [id])
    await findLocation(trx, organization.id, id)
    const members = await listMemberships(trx, organization.id, { location_id: id })
    if (members.length > 0) throw new ClinicInUse(members.length)
    await requireNothingToCome(trx, organization.id, { location_id: id }, now)
    await removeLocation(trx, actor, id, now)
  })
}

function viewClinic({ id, name, type, address, phone, description, is_active, ...at }: Location) {
  const moments = { created_at: `${at.created_at}`, updated_at: `${at.updated_at}` }
  return { id, name, type, address, phone, description, is_active, ...moments }
}
