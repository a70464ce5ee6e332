import type { App } from '../http/routes.ts'
import { Id, ref, strict } from '../shapes.ts'
import { addService, changeService, listServices, readService } from './services.ts'
import {
  NewServiceBody,
  ServiceChangeBody,
  ServicePage,
  ServiceShape,
  ServicesQuery,
  viewService,
} from './shapes.ts'

const byId = strict({ id: Id })

/** /services */
export function serviceRoutes(app: App): void {
  app.get(
    '/services',
    {
      config: { may: 'services:read' },
      schema: { querystring: ServicesQuery, response: { 200: ref(ServicePage) } },
    },
    async ({ db, organization, query }) => {
      const { items, next_cursor } = await listServices(db, organization.id, query)
      return { items: items.map(viewService), next_cursor }
    },
  )

  app.get(
    '/services/:id',
    { config: { may: 'services:read' }, schema: { params: byId, response: { 200: ref(ServiceShape) } } },
    async ({ db, organization, params }) => viewService(await readService(db, organization.id, params.id)),
  )

  app.post(
    '/services',
    {
      config: { may: 'services:change', creates: true },
      schema: { body: ref(NewServiceBody), response: { 201: ref(ServiceShape) } },
    },
    async ({ db, organization, body, now }) => viewService(await addService(db, organization.id, body, now)),
  )

  app.patch(
    '/services/:id',
    {
      config: { may: 'services:change' },
      schema: { params: byId, body: ref(ServiceChangeBody), response: { 200: ref(ServiceShape) } },
    },
    async ({ db, organization, params, body, now }) =>
      viewService(await changeService(db, organization.id, params.id, body, now)),
  )
}
