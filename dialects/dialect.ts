import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Issuing } from '../server/accounts/sessions.ts'
import { documentation } from '../server/http/documentation.ts'
import { asRefusal } from '../server/http/problems.ts'
import type { App, Organization } from '../server/http/routes.ts'
import type { Live } from '../server/live/live.ts'
import type { Receiving } from '../server/notifications/inbound/routes.ts'
import { tolerantCompiler } from '../server/http/validation.ts'
import type { Role } from '../server/permissions.ts'
import type { Refusal } from '../server/refusal.ts'
import { redoc } from './redoc.ts'

/** The API of an existing system: its paths and shapes over the verbs of the core. It translates and decides nothing. */
export interface Dialect {
  /** Whose organizations it serves, and by which name it is mounted: /general. */
  trade: string
  title: string
  description: string
  /** What it calls the roles that it has. */
  roles: Partial<Record<Role, string>>
  /** The shape of a failure. */
  failure: TSchema
  /** Whether its documentation can be read in production; it can unless said. */
  isDocumentedInProduction?: boolean
  /** How that system says that something failed: its status and its body. */
  fail(
    refusal: Failure,
    organization: Organization | undefined,
    asked: Asked,
  ): { status: number; body: object }
  /** Which versions of its API are mounted, each over the same operations; v1 unless said. */
  versions?: string[]
  routes(app: App, issuing: Issuing, mounted: Mounted): void
}

export interface Mounted {
  version: string
  /** For those whose pages are told what changes. */
  live: Live
  /** For those that hear what people answer by SMS. */
  receiving: Receiving
}

/** Which request failed, and when. */
export interface Asked {
  id: string
  at: Temporal.Instant
}

export type Failure = Pick<Refusal, 'status' | 'code' | 'message' | 'fields' | 'facts'>

export interface Mounting {
  issuing: Issuing
  /** For those whose pages are told what changes. */
  live: Live
  /** For those that hear what people answer by SMS. */
  receiving: Receiving
  /** Adds the routes that say how the program is: /general/health, as those systems have it. */
  health(app: App): void
  /** Where the paths begin, behind the name of the dialect. */
  path: string
  /** In the place of the dialects' own titles. */
  title?: string
  isProduction: boolean
}

/**
 * Mounts dialects, each closed in itself: /general/api/v1 with its documentation at /general/docs. What is said of a
 * route here (checks, failures, which organizations) holds inside it and nowhere else.
 */
export async function mountDialects(root: App, dialects: Dialect[], mounting: Mounting): Promise<void> {
  const compile = tolerantCompiler()
  for (const dialect of dialects) {
    const prefix = `/${dialect.trade}`
    await root.register(
      async (app: App) => {
        app.trade = dialect.trade
        app.setValidatorCompiler(compile)
        failLike(app, dialect)
        await welcome(app, dialect, mounting)
        for (const version of dialect.versions ?? [FIRST]) {
          const { live, receiving } = mounting
          const mounted = { version, live, receiving }
          await app.register(async (api: App) => dialect.routes(api, mounting.issuing, mounted), {
            prefix: pathOf(mounting, version),
          })
        }
      },
      { prefix },
    )
  }
}

const FIRST = 'v1'

/** Where a version is mounted: the first one at the path that is set, another one beside it. */
function pathOf({ path }: Mounting, version: string): string {
  if (version === FIRST) return path
  return path.endsWith(`/${FIRST}`) ? path.slice(0, -FIRST.length) + version : `${path}/${version}`
}

/** What there is besides the API itself: a word of welcome, the documentation, and how the program is. */
async function welcome(app: App, dialect: Dialect, mounting: Mounting): Promise<void> {
  const title = mounting.title ?? dialect.title
  const isDocumented = !mounting.isProduction || dialect.isDocumentedInProduction !== false
  if (isDocumented) await document(app, dialect, { title, base: `/${dialect.trade}${mounting.path}` })
  mounting.health(app)
  const where = isDocumented ? ` Its documentation is at /${dialect.trade}/docs.` : ''
  const message = `Welcome to the ${title}.${where}`
  app.get('/', { config: { may: 'everyone' }, schema: { hide: true } }, () => ({ message }))
}

async function document(app: App, dialect: Dialect, at: { title: string; base: string }): Promise<void> {
  const { description, failure, roles } = dialect
  const token = 'The access_token of a log-in'
  await documentation(app, { ...at, description, failure, roles, token })
  await redoc(app, at.title)
}

/** The one door through which the failures of a dialect leave. */
function failLike(app: App, { fail }: Dialect): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, refusal: Failure) => {
    const { status, body } = fail(refusal, request.organization, { id: request.id, at: request.now })
    if (status === 401) reply.header('www-authenticate', 'Bearer')
    if (status === 503) reply.header('retry-after', '1')
    return reply
      .status(status)
      .type('application/json; charset=utf-8')
      .serializer((payload: unknown) => JSON.stringify(payload))
      .send(body)
  }
  app.setErrorHandler((error, request: FastifyRequest, reply) => {
    const refusal = asRefusal(error)
    if (!refusal) request.log.error({ err: error }, 'unexpected failure')
    return answer(request, reply, refusal ?? unexpected)
  })
  app.setNotFoundHandler((request, reply) => answer(request, reply, noSuchAddress))
}

const unexpected: Failure = {
  status: 500,
  code: 'unexpected',
  message: 'This should not have happened. It has been logged.',
}
const noSuchAddress: Failure = { status: 404, code: 'no_such_address', message: 'Not Found' }
