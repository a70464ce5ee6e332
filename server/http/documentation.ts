import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
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
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ token: [] }],
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
  app.get('/openapi.json', { config: { may: 'everyone' }, schema: { hide: true } }, () => app.swagger())
}
