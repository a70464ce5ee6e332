import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { createSigner, createVerifier } from 'fast-jwt'

/** What an access token says: who, in which log-in, of which organization. Everything else is read when it is used. */
export interface Claims {
  person_id: string
  session_id: string
  organization_id: string
}

export type LinkPurpose = 'verify_email' | 'reset_password' | 'invitation'

/** What a link in a message says. `of` is a fingerprint of what the link is about to change: changed, it is void. */
export interface LinkClaims {
  organization_id: string
  person_id: string
  of: string
}

/** Long enough to open a stream, on a slow line, too. */
export const TICKET_SECONDS = 60

interface Payload {
  sub: string
  org: string
  sid?: string
  of?: string
  iat: number
  exp: number
}

/**
 * Signs and checks tokens, on the program's clock. Each kind has a key of its own derived from the secret, so that a
 * link is no access token and a link for one purpose none for another.
 */
export class Tokens {
  #secret: string
  #kinds = new Map<string, { sign: (payload: object) => string; verify: (token: string) => Payload }>()

  constructor(secret: string) {
    this.#secret = secret
  }

  issueAccess(
    { person_id, session_id, organization_id }: Claims,
    now: Temporal.Instant,
    minutes: number,
  ): string {
    const iat = seconds(now)
    const payload = { sub: person_id, sid: session_id, org: organization_id, iat, exp: iat + minutes * 60 }
    return this.#kind('access').sign(payload)
  }

  /** The claims, or null if the token is not ours or its time is over. */
  readAccess(token: string, now: Temporal.Instant): Claims | null {
    return claimsOf(this.#read('access', token, now))
  }

  /**
   * A ticket for a minute, to stand in an address where a browser cannot send a header (EventSource). It lets its bearer
   * listen as this log-in and do nothing else; in a log or a history it is worth nothing soon.
   */
  issueTicket({ person_id, session_id, organization_id }: Claims, now: Temporal.Instant): string {
    const iat = seconds(now)
    const payload = { sub: person_id, sid: session_id, org: organization_id, iat, exp: iat + TICKET_SECONDS }
    return this.#kind('ticket').sign(payload)
  }

  readTicket(ticket: string, now: Temporal.Instant): Claims | null {
    return claimsOf(this.#read('ticket', ticket, now))
  }

  issueLink(purpose: LinkPurpose, claims: LinkClaims, now: Temporal.Instant, hours: number): string {
    const iat = seconds(now)
    const payload = {
      sub: claims.person_id,
      org: claims.organization_id,
      of: claims.of,
      iat,
      exp: iat + hours * 3600,
    }
    return this.#kind(purpose).sign(payload)
  }

  readLink(purpose: LinkPurpose, token: string, now: Temporal.Instant): LinkClaims | null {
    const payload = this.#read(purpose, token, now)
    if (!payload?.of) return null
    return { organization_id: payload.org, person_id: payload.sub, of: payload.of }
  }

  #read(kind: string, token: string, now: Temporal.Instant): Payload | null {
    try {
      const payload = this.#kind(kind).verify(token)
      return seconds(now) < payload.exp ? payload : null
    } catch {
      return null
    }
  }

  #kind(kind: string) {
    let made = this.#kinds.get(kind)
    if (!made) {
      const key = Buffer.from(hkdfSync('sha256', this.#secret, '', `punctual ${kind}`, 32))
      made = {
        sign: createSigner({ key, algorithm: 'HS256' }) as (payload: object) => string,
        // Expiry is judged above, on the program's clock instead of the machine's.
        verify: createVerifier({ key, algorithms: ['HS256'], ignoreExpiration: true }) as (
          token: string,
        ) => Payload,
      }
      this.#kinds.set(kind, made)
    }
    return made
  }
}

function claimsOf(payload: Payload | null): Claims | null {
  if (!payload?.sid) return null
  return { person_id: payload.sub, session_id: payload.sid, organization_id: payload.org }
}

/** A refresh token names its organization, so that it needs no header; only its hash is kept. */
export function newRefreshToken(organization_id: string): { token: string; token_hash: Buffer } {
  const token = `${organization_id}.${randomBytes(32).toString('base64url')}`
  return { token, token_hash: hashOfToken(token) }
}

export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function seconds(instant: Temporal.Instant): number {
  return Math.floor(instant.epochMilliseconds / 1000)
}
