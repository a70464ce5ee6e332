import type { App } from '../http/routes.ts'
import { Id, ref, strict } from '../shapes.ts'
import { changeOrganization } from './changes.ts'
import type { KnownOrganizations } from './known.ts'
import { addLocation, changeLocation, findLocation, listLocations } from './locations.ts'
import {
  LocationChangeBody,
  LocationList,
  LocationShape,
  NewLocationBody,
  OrganizationChangeBody,
  OrganizationShape,
  viewLocation,
  viewOrganization,
} from './shapes.ts'
import { timeZone } from './organizations.ts'

const byId = strict({ id: Id })

/** /organization and /locations. */
export function organizationRoutes(app: App, known: KnownOrganizations): void {
  const read = { config: { may: 'organization:read' } } as const

  app.get(
    '/organization',
    { ...read, schema: { response: { 200: ref(OrganizationShape) } } },
    async ({ organization }) => viewOrganization(organization),
  )

  app.patch(
    '/organization',
    {
      config: { may: 'organization:change' },
      schema: { body: ref(OrganizationChangeBody), response: { 200: ref(OrganizationShape) } },
    },
    async ({ db, actor, body, now }) => {
      const changed = await changeOrganization(db, actor, body, now)
      known.forget()
      return viewOrganization(changed)
    },
  )

  app.get(
    '/locations',
    { config: { may: 'locations:read' }, schema: { response: { 200: ref(LocationList) } } },
    async ({ db, organization }) => {
      const locations = await listLocations(db, organization.id)
      return { items: locations.map((location) => viewLocation(location, organization)), next_cursor: null }
    },
  )

  app.get(
    '/locations/:id',
    { config: { may: 'locations:read' }, schema: { params: byId, response: { 200: ref(LocationShape) } } },
    async ({ db, organization, params }) =>
      viewLocation(await findLocation(db, organization.id, params.id), organization),
  )

  app.post(
    '/locations',
    {
      config: { may: 'locations:change', creates: true },
      schema: { body: ref(NewLocationBody), response: { 201: ref(LocationShape) } },
    },
    async ({ db, actor, organization, body, now }) => {
      const content = { ...body, time_zone: body.time_zone && timeZone('time_zone', body.time_zone) }
      return viewLocation(await addLocation(db, actor, content, now), organization)
    },
  )

  app.patch(
    '/locations/:id',
    {
      config: { may: 'locations:change' },
      schema: { params: byId, body: ref(LocationChangeBody), response: { 200: ref(LocationShape) } },
    },
    async ({ db, actor, organization, params, body, now }) => {
      const change = { ...body, time_zone: body.time_zone && timeZone('time_zone', body.time_zone) }
      return viewLocation(await changeLocation(db, actor, params.id, change, now), organization)
    },
  )
}
