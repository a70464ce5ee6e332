import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { Id, ref, strict } from '../shapes.ts'
import { ApiKeyPage, ApiKeysQuery, MadeApiKey, NewApiKeyBody, viewApiKey } from './api-key-shapes.ts'
import { listApiKeys, makeApiKey, revokeApiKey } from './api-keys.ts'

/** /api-keys: how other programs get in. */
export function apiKeyRoutes(app: App): void {
  // Not marked as creating: the answer that is kept for a retry would be the key.
  const manage = { config: { may: 'api_keys:manage' } } as const

  app.get(
    '/api-keys',
    { ...manage, schema: { querystring: ApiKeysQuery, response: { 200: ref(ApiKeyPage) } } },
    async ({ db, organization, query }) => {
      const { items, next_cursor } = await listApiKeys(db, organization.id, query)
      return { items: items.map(viewApiKey), next_cursor }
    },
  )

  app.post(
    '/api-keys',
    { ...manage, schema: { body: ref(NewApiKeyBody), response: { 201: ref(MadeApiKey) } } },
    async ({ db, actor, body, now }, reply) => {
      const { expires_at, ...wanted } = body
      const until = expires_at === undefined ? undefined : Temporal.Instant.from(expires_at)
      reply.status(201)
      return viewApiKey(await makeApiKey(db, actor, { ...wanted, expires_at: until }, now))
    },
  )

  app.delete(
    '/api-keys/:id',
    { ...manage, schema: { params: strict({ id: Id }), response: { 204: Type.Null() } } },
    async ({ db, actor, params, now }, reply) => {
      await revokeApiKey(db, actor, params.id, now)
      reply.status(204)
    },
  )
}
