import type { FastifyRequest } from 'fastify'
import { type Actor, reachOf } from '../permissions.ts'
import { NotAllowed, Refusal } from '../refusal.ts'
import type { Organization } from './routes.ts'

export class NotLoggedIn extends Refusal {
  readonly code: string = 'not_logged_in'
  readonly status = 401

  constructor(message = 'Log in first: send an access token as Authorization: Bearer …') {
    super(message)
  }
}

export class TokenInvalid extends NotLoggedIn {
  override readonly code = 'token_invalid'

  constructor(message = 'This access token is not valid any more. Log in, or refresh it.') {
    super(message)
  }
}

export class OrganizationUnclear extends Refusal {
  readonly code = 'organization_unclear'
  readonly status = 400

  constructor(
    message = 'It is not clear which organization this concerns: name its slug in the header X-Organization.',
  ) {
    super(message)
  }
}

/** Whom what was shown with a request stands for, at whatever moment one asks again: null once it has ended. */
export type Standing = (now: Temporal.Instant) => Promise<Actor | null>

/** What the common ground must be given to know who is asking. */
export interface Authentication {
  /** Whom a token names, or null if it is not one of ours or has ended. */
  authenticate(token: string, now: Temporal.Instant): Promise<Actor | null>
  /** Whom a ticket names that stands in an address, or null if it is not one of ours or its minute is over. */
  standingOfTicket(ticket: string, now: Temporal.Instant): Standing | null
  organizationById(id: string): Promise<Organization | undefined>
  organizationBySlug(slug: string): Promise<Organization | undefined>
  /** The only organization there is. */
  onlyOrganization(): Promise<Organization | undefined>
  oldestOrganization(trade: string): Promise<Organization | undefined>
}

/** Finds out who asks, of which organization, and whether they may: before anything of the body is read. */
export async function identify(request: FastifyRequest, by: Authentication): Promise<void> {
  const { may, trade, needs_log_in } = request.routeOptions.config
  if (may === undefined || may === 'everyone') return

  const stands = standingOf(request, by)
  request.stands = stands
  request.asking = stands && (await stands(request.now))
  if (stands && !request.asking) throw new TokenInvalid()
  if (!request.asking && (needs_log_in || !reachOf(null, may))) throw new NotLoggedIn()
  request.organization = await findOrganization(request, by, trade)
  if (!reachOf(request.asking, may)) throw new NotAllowed()
}

function standingOf(request: FastifyRequest, by: Authentication): Standing | null {
  const token = bearerToken(request)
  if (token !== undefined) return (now) => by.authenticate(token, now)
  const { ticket } = request.query as { ticket?: unknown }
  if (!request.routeOptions.config.takes_ticket || typeof ticket !== 'string') return null
  const standing = by.standingOfTicket(ticket, request.now)
  if (!standing) throw new TokenInvalid('This ticket is not valid any more. Ask for another one.')
  return standing
}

function bearerToken(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers
  if (authorization === undefined) return undefined
  const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? []
  if (!token) throw new TokenInvalid('The header Authorization must read: Bearer <access token>.')
  return token
}

/**
 * The token's; else the one the header names; else the one the host is called after; else the only one there is. In a
 * dialect those of other trades do not exist, and in the place of the only one stands the oldest.
 */
async function findOrganization(
  request: FastifyRequest,
  by: Authentication,
  trade: string | undefined,
): Promise<Organization> {
  const served = (found?: Organization) => (trade && found?.trade !== trade ? undefined : found)
  const slug = request.headers['x-organization']
  const named = typeof slug === 'string' ? served(await by.organizationBySlug(slug)) : undefined
  if (slug !== undefined && !named)
    throw new OrganizationUnclear(`There is no organization "${String(slug)}"${trade ? ' here' : ''}.`)

  if (request.asking) {
    const own = served(await by.organizationById(request.asking.organization_id))
    if (!own) throw new TokenInvalid()
    if (named && named.id !== own.id) {
      throw new OrganizationUnclear(
        'The access token and the header X-Organization name two different organizations.',
      )
    }
    return own
  }
  const [label = ''] = request.hostname.split('.')
  const found = named ?? served(await by.organizationBySlug(label)) ?? (await theOnly(by, trade))
  if (!found) throw new OrganizationUnclear()
  return found
}

function theOnly(by: Authentication, trade: string | undefined): Promise<Organization | undefined> {
  return trade ? by.oldestOrganization(trade) : by.onlyOrganization()
}
