import type { App } from '../http/routes.ts'
import { Id, ref, strict } from '../shapes.ts'
import { listOfferings, setOfferings } from './offering.ts'
import { addResource, changeResource, listResources, readResource } from './resources.ts'
import { addService, changeService, listServices, readService } from './services.ts'
import {
  NewResourceBody,
  NewServiceBody,
  OfferingList,
  OfferingsBody,
  ResourceChangeBody,
  ResourceList,
  ResourceShape,
  ResourcesQuery,
  ServiceChangeBody,
  ServicePage,
  ServiceShape,
  ServicesQuery,
  viewResource,
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
    async ({ db, actor, body, now }) => viewService(await addService(db, actor, body, now)),
  )

  app.patch(
    '/services/:id',
    {
      config: { may: 'services:change' },
      schema: { params: byId, body: ref(ServiceChangeBody), response: { 200: ref(ServiceShape) } },
    },
    async ({ db, actor, params, body, now }) =>
      viewService(await changeService(db, actor, params.id, body, now)),
  )

  app.get(
    '/services/:id/providers',
    { config: { may: 'services:read' }, schema: { params: byId, response: { 200: ref(OfferingList) } } },
    async ({ db, organization, params }) => {
      await readService(db, organization.id, params.id)
      return { items: await listOfferings(db, organization.id, params.id), next_cursor: null }
    },
  )

  app.put(
    '/services/:id/providers',
    {
      config: { may: 'services:change' },
      schema: { params: byId, body: ref(OfferingsBody), response: { 200: ref(OfferingList) } },
    },
    async ({ db, actor, params, body, now }) => ({
      items: await setOfferings(db, actor, params.id, body.providers, now),
      next_cursor: null,
    }),
  )
}

/** /resources: rooms and devices. */
export function resourceRoutes(app: App): void {
  const answer = { 200: ref(ResourceShape) }

  app.get(
    '/resources',
    {
      config: { may: 'resources:read' },
      schema: { querystring: ResourcesQuery, response: { 200: ref(ResourceList) } },
    },
    async ({ db, organization, query }) => {
      const resources = await listResources(db, organization.id, query)
      return { items: resources.map(viewResource), next_cursor: null }
    },
  )

  app.get(
    '/resources/:id',
    { config: { may: 'resources:read' }, schema: { params: byId, response: answer } },
    async ({ db, organization, params }) => viewResource(await readResource(db, organization.id, params.id)),
  )

  app.post(
    '/resources',
    {
      config: { may: 'resources:change', creates: true },
      schema: { body: ref(NewResourceBody), response: { 201: ref(ResourceShape) } },
    },
    async ({ db, actor, body, now }) => viewResource(await addResource(db, actor, body, now)),
  )

  app.patch(
    '/resources/:id',
    {
      config: { may: 'resources:change' },
      schema: { params: byId, body: ref(ResourceChangeBody), response: answer },
    },
    async ({ db, actor, params, body, now }) =>
      viewResource(await changeResource(db, actor, params.id, body, now)),
  )
}
