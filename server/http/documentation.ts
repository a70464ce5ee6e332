import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyContextConfig, FastifySchema } from 'fastify'
import type { TSchema } from 'typebox'
import { type Action, type Role, rolesThatMay } from '../permissions.ts'
import { ref } from '../shapes.ts'
import type { App } from './routes.ts'

/** What a documentation says of the API that it describes. */
export interface About {
  title: string
  description: string
  /** Where the paths begin. */
  base: string
  /** The shape in which every failure is answered. */
  failure: TSchema
  token: string
  /** What it calls the roles it has. */
  roles: Partial<Record<Role, string>>
  /** Whether it speaks of permissions by their names, which are also those of an API key's scopes. */
  has_scopes?: boolean
}

/** The OpenAPI document at `/openapi.json`, readable at `/docs`; it is made of the same shapes that are checked. */
export async function documentation(app: App, about: About): Promise<void> {
  const { title, description, token } = about
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version: '1', description },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: token } } },
      security: [{ token: [] }],
    },
    transform: ({ schema, url, route }) => ({ url, schema: described(schema, url, route.config, about) }),
    transformObject: (made) =>
      'openapiObject' in made ? withoutUnused(made.openapiObject) : made.swaggerObject,
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', indexPrefix: app.prefix })
  app.get('/openapi.json', { config: { may: 'everyone' }, schema: { hide: true } }, () => app.swagger())
}

/** What every operation has in common is not repeated by each: where it belongs, who may use it, how it fails. */
function described(
  schema: FastifySchema | undefined,
  url: string,
  { may, creates, needs_log_in = false }: FastifyContextConfig = {},
  about: About,
) {
  const { base, failure } = about
  const isOpen = may === undefined || may === 'everyone'
  const [, concept = ''] = url.startsWith(base) ? url.slice(base.length).split('/') : []
  const headers = {
    ...(!isOpen && {
      'X-Organization': text('The slug, where no token and no host name says it'),
    }),
    ...(creates && {
      'Idempotency-Key': text('Whoever repeats a request with its key gets the first answer'),
    }),
  }
  return {
    ...schema,
    tags: [concept || 'system'],
    description: isOpen ? 'For everybody.' : whoMay(may, about, needs_log_in),
    headers: { type: 'object', properties: headers },
    ...(isOpen && { security: [] }),
    // An empty requirement: a log-in may be sent and need not be.
    ...(!isOpen && !needs_log_in && isForVisitors(may) && { security: [{}, { token: [] }] }),
    response: { ...(schema?.response as object | undefined), default: ref(failure) },
  }
}

function isForVisitors(action: Action): boolean {
  return rolesThatMay(action).some(({ role }) => role === 'visitor')
}

const widths: Record<string, string> = { own: ' (their own)', location: ' (of their locations)' }

function whoMay(action: Action, { roles, has_scopes }: About, needs_log_in: boolean): string {
  const those = rolesThatMay(action).flatMap(({ role, width }) => {
    const name = role === 'visitor' ? undefined : roles[role]
    return name ? [`${name}${widths[width] ?? ''}`] : []
  })
  const everybody = needs_log_in ? 'For everybody who has logged in.' : 'For everybody.'
  const who = isForVisitors(action) ? everybody : `For ${those.join(', ')}.`
  return has_scopes ? `${who} Permission \`${action}\`` : who
}

interface OpenApi {
  components?: { schemas?: Record<string, unknown> }
}

/** Every API has the shapes of all at hand; its document shows those that are its own. */
function withoutUnused<T extends OpenApi>(document: T): T {
  const { schemas = {} } = document.components ?? {}
  const used = new Set<string>()
  const follow = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue
      used.add(name)
      follow(schemas[name] ?? null)
    }
  }
  follow({ ...document, components: {} })
  const shown = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)))
  return { ...document, components: { ...document.components, schemas: shown } }
}

const text = (description: string) => ({ type: 'string', description })
