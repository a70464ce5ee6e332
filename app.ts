import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from './server/clock.ts'
import type { Connection } from './server/database/connect.ts'
import { clinic } from './dialects/clinic/clinic.ts'
import { type Dialect, mountDialects } from './dialects/dialect.ts'
import { general } from './dialects/general/general.ts'
import { office } from './dialects/office/office.ts'
import { school } from './dialects/school/school.ts'
import { veterinary } from './dialects/veterinary/veterinary.ts'
import { apiKeyRoutes } from './server/accounts/api-key-routes.ts'
import { actorOfApiKey, isApiKey } from './server/accounts/api-key-use.ts'
import { authRoutes, userRoutes } from './server/accounts/routes.ts'
import { actorOf, actorOfSession } from './server/accounts/sessions.ts'
import { Tokens } from './server/accounts/tokens.ts'
import { appointmentRoutes } from './server/appointments/routes.ts'
import { seriesRoutes } from './server/appointments/series-routes.ts'
import { statisticsRoutes } from './server/appointments/statistics-routes.ts'
import { calendarRoutes } from './server/calendar/routes.ts'
import { calendarViewRoutes } from './server/calendar/view-routes.ts'
import { documentation } from './server/http/documentation.ts'
import { healthRoutes, timeRoutes } from './server/http/health.ts'
import { Problem } from './server/http/problems.ts'
import type { App, Operation } from './server/http/routes.ts'
import { createServer } from './server/http/server.ts'
import { hoursRoutes } from './server/hours/routes.ts'
import { timeOffRoutes } from './server/hours/time-off-routes.ts'
import { Live } from './server/live/live.ts'
import { newId } from './server/ids.ts'
import { jobPage } from './server/jobs/page.ts'
import { jobRoutes } from './server/jobs/routes.ts'
import { jobRunner } from './server/jobs/running.ts'
import { tick } from './server/jobs/tick.ts'
import { auditRoutes } from './server/organizations/audit-routes.ts'
import { KnownOrganizations } from './server/organizations/known.ts'
import { type Messages, openMessages } from './server/notifications/messages.ts'
import { inboundRoutes } from './server/notifications/inbound/routes.ts'
import { notificationRoutes, preferenceRoutes } from './server/notifications/routes.ts'
import { organizationRoutes } from './server/organizations/routes.ts'
import { photoRoutes } from './server/people/photo-routes.ts'
import { dependentRoutes } from './server/people/dependent-routes.ts'
import { peopleRoutes } from './server/people/routes.ts'
import { type Queue, startQueue } from './server/queue/queue.ts'
import type { Consumer } from './server/queue/relay.ts'
import { resourceRoutes, serviceRoutes } from './server/services/routes.ts'
import { templateRoutes } from './server/notifications/templates/routes.ts'
import { roles } from './server/permissions.ts'
import type { Settings } from './server/settings.ts'
import { publishedSlotRoutes } from './server/slots/published-routes.ts'
import { slotRoutes } from './server/slots/routes.ts'
import { slotTemplateRoutes } from './server/slots/template-routes.ts'
import packageJson from './package.json' with { type: 'json' }

export interface Punctual {
  app: App
  /** Every operation there is, for tests that walk them all. */
  operations: Operation[]
  tokens: Tokens
  /** Everybody who learns of what happened. */
  consumers: Consumer[]
  /** What speaks and listens to people outside. */
  messages: Messages
  /** What is happening now, to browsers. */
  live: Live
  /** Under which this process is known among the workers. */
  worker_id: string
  /** Plans what has come due, as is done each minute. */
  tick(): Promise<number>
  /** Begins to hand on what happened; the API answers without it. */
  startQueue(): Promise<Queue>
}

/** Puts the whole program together, in the order in which a person would tell it. */
export async function buildPunctual(parts: {
  connection: Connection
  now: Clock
  settings: Settings
  secret_key: string
  logger: FastifyBaseLogger
  /** The APIs of other systems that are mounted; all unless said. */
  dialects?: Dialect[]
}): Promise<Punctual> {
  const { connection, now, settings, secret_key, logger, dialects = allDialects } = parts
  const { db } = connection
  const tokens = new Tokens(secret_key)
  const known = new KnownOrganizations(db)
  const authentication = {
    ...known,
    authenticate: (token: string, at: Temporal.Instant) =>
      isApiKey(token) ? actorOfApiKey(db, token, at) : actorOf(db, tokens, token, at),
    standingOfTicket(ticket: string, at: Temporal.Instant) {
      const claims = tokens.readTicket(ticket, at)
      return claims && (() => actorOfSession(db, claims))
    },
  }
  const about = { environment: settings.environment, version: packageJson.version }
  const health = (where: App) => healthRoutes(where, connection, about)
  const { access_token_minutes, refresh_token_days } = settings
  const issuing = { tokens, access_token_minutes, refresh_token_days }
  const worker_id = newId()
  const messages = openMessages({ db, tokens, now, settings, secret_key, worker_id, log: logger })
  const { app, operations } = createServer({ connection, now, settings, authentication, secret_key, logger })
  const { cors_origins, redis_url } = settings
  const { authenticate } = authentication
  const live = new Live({ db, authenticate, now, cors_origins, redis_url, log: logger })

  await app.register(async (core: App) => {
    await documentation(core, aboutTheCore)
    await core.register(
      async (api: App) => {
        authRoutes(api, issuing)
        userRoutes(api)
        apiKeyRoutes(api)
        organizationRoutes(api, known)
        auditRoutes(api)
        peopleRoutes(api)
        dependentRoutes(api)
        photoRoutes(api)
        serviceRoutes(api)
        resourceRoutes(api)
        hoursRoutes(api)
        timeOffRoutes(api)
        slotRoutes(api)
        publishedSlotRoutes(api)
        slotTemplateRoutes(api)
        appointmentRoutes(api)
        seriesRoutes(api)
        statisticsRoutes(api)
        calendarViewRoutes(api)
        calendarRoutes(api)
        notificationRoutes(api)
        preferenceRoutes(api, messages)
        inboundRoutes(api, '/messages/inbound', messages.receiving)
        templateRoutes(api)
        jobRoutes(api)
        health(api)
        timeRoutes(api)
      },
      { prefix: '/api/v1' },
    )
  })
  await app.register(async (root: App) => {
    health(root)
    timeRoutes(root)
    jobPage(root)
  })
  const { dialect_path: path, dialect_title: title } = settings
  const isProduction = settings.environment === 'production'
  const { receiving } = messages
  await mountDialects(app, dialects, { issuing, live, receiving, health, path, title, isProduction })
  live.mount(app)

  const consumers = [...messages.consumers, jobRunner({ db, now, worker_id, log: logger })]
  const look = () => tick(db, now())
  const worker = { id: worker_id, isAlone: connection.kind === 'embedded' }
  const working = { consumers, worker, tick: look, role: settings.role }
  return {
    app,
    operations,
    tokens,
    consumers,
    messages,
    live,
    worker_id,
    tick: look,
    async startQueue() {
      const listeners = [live.listener]
      const queue = await startQueue({ pool: connection.pool, db, listeners, now, log: logger, ...working })
      // What it has in hand is sent first.
      return { ...queue, stop: () => queue.stop().finally(messages.close) }
    },
  }
}

const allDialects = [general, school, office, clinic, veterinary]

const aboutTheCore = {
  title: 'Punctual',
  description:
    'One appointment engine: book, hold, move and cancel. Instants are UTC; every failure is RFC 9457.',
  base: '/api/v1',
  failure: Problem,
  token: 'An access token, or an API key (pk_…)',
  roles: Object.fromEntries(roles.map((role) => [role, role])),
  has_scopes: true,
}
