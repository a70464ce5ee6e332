import type { App } from '../http/routes.ts'
import { Type } from 'typebox'
import { Id, ref, strict } from '../shapes.ts'
import { addClient, changeClient, findClient, listClients, unblockClient } from './clients.ts'
import { endMember, listMembers, setMember } from './members.ts'
import { addProvider, changeProvider, listProviders, readProvider } from './providers.ts'
import {
  ClientChangeBody,
  ClientPage,
  ClientShape,
  ClientsQuery,
  MemberBody,
  MemberList,
  MemberShape,
  NewClientBody,
  NewProviderBody,
  ProviderChangeBody,
  ProviderPage,
  ProviderShape,
  ProvidersQuery,
  viewClient,
  viewMember,
  viewProvider,
} from './shapes.ts'

const byId = strict({ id: Id })
const membership = strict({ id: Id, person_id: Id })

/** /providers, /clients, and who works at a location. */
export function peopleRoutes(app: App): void {
  app.get(
    '/providers',
    {
      config: { may: 'providers:read' },
      schema: { querystring: ProvidersQuery, response: { 200: ref(ProviderPage) } },
    },
    async (request) => {
      const { db, organization, query } = request
      const { items, next_cursor } = await listProviders(db, organization.id, query)
      return { items: items.map((provider) => viewProvider(provider, request)), next_cursor }
    },
  )

  app.get(
    '/providers/:id',
    { config: { may: 'providers:read' }, schema: { params: byId, response: { 200: ref(ProviderShape) } } },
    async (request) => {
      const { db, organization, params } = request
      return viewProvider(await readProvider(db, organization.id, params.id), request)
    },
  )

  app.post(
    '/providers',
    {
      config: { may: 'providers:create', creates: true },
      schema: { body: ref(NewProviderBody), response: { 201: ref(ProviderShape) } },
    },
    ({ db, actor, body, now }) => addProvider(db, actor, body, now),
  )

  app.patch(
    '/providers/:id',
    {
      config: { may: 'providers:change' },
      schema: { params: byId, body: ref(ProviderChangeBody), response: { 200: ref(ProviderShape) } },
    },
    ({ db, actor, params, body, now }) => changeProvider(db, actor, params.id, body, now),
  )

  app.get(
    '/clients',
    {
      config: { may: 'clients:read' },
      schema: { querystring: ClientsQuery, response: { 200: ref(ClientPage) } },
    },
    async (request) => {
      const { items, next_cursor } = await listClients(request.db, request.actor, request.query)
      return { items: items.map((client) => viewClient(client, request)), next_cursor }
    },
  )

  app.get(
    '/clients/:id',
    { config: { may: 'clients:read' }, schema: { params: byId, response: { 200: ref(ClientShape) } } },
    async (request) => viewClient(await findClient(request.db, request.actor, request.params.id), request),
  )

  app.post(
    '/clients',
    {
      config: { may: 'clients:create', creates: true },
      schema: { body: ref(NewClientBody), response: { 201: ref(ClientShape) } },
    },
    async (request) => {
      const { db, actor, body, now } = request
      return viewClient(await addClient(db, actor, body, now), request)
    },
  )

  app.patch(
    '/clients/:id',
    {
      config: { may: 'clients:change' },
      schema: { params: byId, body: ref(ClientChangeBody), response: { 200: ref(ClientShape) } },
    },
    async (request) => {
      const { db, actor, params, body, now } = request
      return viewClient(await changeClient(db, actor, params.id, body, now), request)
    },
  )

  app.post(
    '/clients/:id/unblock',
    { config: { may: 'clients:unblock' }, schema: { params: byId, response: { 200: ref(ClientShape) } } },
    async (request) => {
      const { db, actor, params, now } = request
      return viewClient(await unblockClient(db, actor, params.id, now), request)
    },
  )

  app.get(
    '/locations/:id/members',
    { config: { may: 'members:read' }, schema: { params: byId, response: { 200: ref(MemberList) } } },
    async ({ db, actor, params }) => {
      const members = await listMembers(db, actor, params.id)
      return { items: members.map(viewMember), next_cursor: null }
    },
  )

  app.put(
    '/locations/:id/members/:person_id',
    {
      config: { may: 'members:change' },
      schema: { params: membership, body: ref(MemberBody), response: { 200: ref(MemberShape) } },
    },
    async ({ db, actor, params, body, now }) => {
      const { id: location_id, person_id } = params
      return viewMember(await setMember(db, actor, { location_id, person_id }, body, now))
    },
  )

  app.delete(
    '/locations/:id/members/:person_id',
    { config: { may: 'members:change' }, schema: { params: membership, response: { 204: Type.Null() } } },
    async ({ db, actor, params, now }, reply) => {
      await endMember(db, actor, { location_id: params.id, person_id: params.person_id }, now)
      reply.status(204)
    },
  )
}
