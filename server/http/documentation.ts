import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyContextConfig, FastifySchema } from 'fastify'
import { ref } from '../shapes.ts'
import { Problem } from './problems.ts'
import type { App } from './routes.ts'

/** The OpenAPI document at `/openapi.json`, readable at `/docs`; it is made of the same shapes that are checked. */
export async function documentation(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Punctual',
        version: '1',
        description:
          'One appointment engine: book, hold, move and cancel. Instants are UTC; every failure is RFC 9457.',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'An access token, or an API key (pk_…)' },
        },
      },
      security: [{ token: [] }],
    },
    transform: ({ schema, url, route }) => ({ url, schema: described(schema, url, route.config) }),
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
  app.get('/openapi.json', { config: { may: 'everyone' }, schema: { hide: true } }, () => app.swagger())
}

/** What every operation has in common is not repeated by each: where it belongs, who may use it, how it fails. */
function described(
  schema: FastifySchema | undefined,
  url: string,
  { may, creates }: FastifyContextConfig = {},
) {
  const [, , , concept = 'system'] = url.split('/')
  const headers = {
    ...(may !== 'everyone' && {
      'X-Organization': text('The slug, where no token and no host name says it'),
    }),
    ...(creates && {
      'Idempotency-Key': text('Whoever repeats a request with its key gets the first answer'),
    }),
  }
  return {
    ...schema,
    tags: [concept],
    description: may === 'everyone' ? 'Open to everyone' : `Needs the permission \`${may}\``,
    headers: { type: 'object', properties: headers },
    ...(may === 'everyone' && { security: [] }),
    response: { ...(schema?.response as object | undefined), default: ref(Problem) },
  }
}

const text = (description: string) => ({ type: 'string', description })
