import cors from '@fastify/cors'
import formbody from '@fastify/formbody'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import type { Connection } from '../database/connect.ts'
import type { Clock } from '../clock.ts'
import type { Settings } from '../settings.ts'
import { namedShapes } from '../shapes.ts'
import { type Authentication, identify, NotLoggedIn } from './asking.ts'
import { once } from './idempotency.ts'
import { answerUnknownAddress, answerWithProblem } from './problems.ts'
import type { App, Operation } from './routes.ts'
import { buildSerializerLater } from './serialization.ts'
import { strictCompiler } from './validation.ts'

const MEBIBYTE = 1024 * 1024

export interface HttpParts {
  connection: Connection
  now: Clock
  settings: Settings
  authentication: Authentication
  secret_key: string
  logger: FastifyBaseLogger
}

/** The empty server: routes' common ground. Returns it with the list of its operations, which fills as they are added. */
export function createServer(parts: HttpParts): { app: App; operations: Operation[] } {
  const { connection, now, settings, authentication, logger } = parts
  const app: App = Fastify({
    loggerInstance: logger,
    bodyLimit: 16 * MEBIBYTE,
    routerOptions: { ignoreTrailingSlash: true },
    logController: new LogController({ disableRequestLogging: true }),
    schemaController: { compilersFactory: { buildSerializer: buildSerializerLater } },
    forceCloseConnections: 'idle',
    // Nobody keeps a connection busy for ever by sending slowly.
    requestTimeout: 60_000,
    // What asks for another protocol (curl --http2) is answered in this one; only Socket.IO is there in two.
    http: { shouldUpgradeCallback: ({ url }) => url?.startsWith('/socket.io/') ?? false },
  })
  for (const schema of namedShapes()) app.addSchema(schema)
  app.setValidatorCompiler(strictCompiler())
  app.setErrorHandler(answerWithProblem)
  app.setNotFoundHandler(answerUnknownAddress)
  acceptBodies(app)
  const origin = settings.cors_origins
  if (origin.length > 0)
    void app.register(cors, { origin, methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] })

  app.decorateRequest('db')
  app.decorateRequest('now')
  app.decorateRequest('asking', null)
  app.decorateRequest('stands', null)
  app.decorateRequest('organization')
  app.decorateRequest('actor', {
    getter() {
      if (!this.asking) throw new NotLoggedIn()
      return this.asking
    },
  })
  app.addHook('onRequest', async (request) => {
    request.db = connection.db
    request.now = now()
    await identify(request, authentication)
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request
    const facts = {
      method,
      url: withoutSecrets(url),
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
    }
    request.log.info(facts, 'answered')
  })
  return { app, operations: collectOperations(app, parts.secret_key) }
}

/** An address as it may stand in a log: whatever in it is longer than an id is a secret, such as a calendar's token. */
function withoutSecrets(url: string): string {
  return url.split('?')[0]!.replaceAll(/[\w-]{37,}/g, '…')
}

/**
 * JSON, and forms as OAuth clients send them; plain text is neither. Who posts without content may still say that they
 * speak JSON.
 */
function acceptBodies(app: App): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, null)
    else void parse(request, body, done)
  })
  void app.register(formbody)
}

/** Every route says who may use it; one that does not is a mistake, found at start. */
function collectOperations(app: App, secret_key: string): Operation[] {
  const operations: Operation[] = []
  app.addHook('onRoute', function (route) {
    const { trade } = this
    route.config = { ...route.config, trade }
    if (route.method === 'HEAD' || route.method === 'OPTIONS') return
    const { may, creates = false } = route.config
    if (!may) {
      // Routes of libraries, which decide for themselves: the documentation's own pages, and Socket.IO.
      if (route.schema?.hide || /^(\/\w+)?\/docs\b/.test(route.url)) return
      throw new Error(`${String(route.method)} ${route.url} does not say who may use it`)
    }
    operations.push({ method: String(route.method), url: route.url, may, creates, ...(trade && { trade }) })
    if (!creates) return
    const { handler } = route
    route.handler = async function (request, reply) {
      reply.status(201)
      return once(request, secret_key, async () => handler.call(this, request, reply))
    }
  })
  return operations
}
