import { Type } from 'typebox'
import { actions, scopes } from '../permissions.ts'
import { Id, Instant, Name, nullable, oneOf, pageOf, pageQuery, shape, strict } from '../shapes.ts'
import type { ApiKey } from './api-keys.ts'

export const ApiKeyShape = shape(
  'ApiKey',
  strict({
    id: Id,
    name: Type.String(),
    scopes: Type.Array(oneOf(actions)),
    created_by: Id,
    created_at: Instant,
    expires_at: nullable(Instant),
    last_used_at: nullable(Type.String({ format: 'date-time', description: 'To the minute' })),
    revoked_at: nullable(Instant),
  }),
)
export const ApiKeyPage = pageOf('ApiKeyPage', ApiKeyShape)
export const MadeApiKey = shape(
  'MadeApiKey',
  strict({
    ...ApiKeyShape.properties,
    key: Type.String({ description: 'Told this once: send it as Authorization: Bearer pk_…' }),
  }),
)
export const NewApiKeyBody = shape(
  'NewApiKey',
  strict({
    name: Name,
    scopes: Type.Array(oneOf(scopes), { minItems: 1, uniqueItems: true }),
    expires_at: Type.Optional(Instant),
  }),
)
export const ApiKeysQuery = strict(pageQuery)

export function viewApiKey<K extends ApiKey>(key: K) {
  return {
    ...key,
    created_at: key.created_at.toString(),
    expires_at: key.expires_at?.toString() ?? null,
    last_used_at: key.last_used_at?.toString() ?? null,
    revoked_at: key.revoked_at?.toString() ?? null,
  }
}
