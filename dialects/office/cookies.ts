import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IssuedTokens } from '../../server/accounts/sessions.ts'
import { NotAllowed } from '../../server/refusal.ts'

const REFRESH = 'refresh_token'
const CSRF = 'csrf_token'
/** The secret is for pages to read, and a page reads only cookies of paths above its own. */
const paths = { [REFRESH]: '/office', [CSRF]: '/' }

export class CsrfMissing extends NotAllowed {
  override readonly code = 'csrf_missing'

  constructor() {
    super('Send the value of the cookie csrf_token in the header X-CSRF-Token.')
  }
}

/** Puts the refresh token where no script reads it, and beside it the secret by which a page shows that it is ours. */
export function setCookies(
  request: FastifyRequest,
  reply: FastifyReply,
  { refresh_token }: IssuedTokens,
  days: number,
): void {
  const cookie = {
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge: days * 86_400,
  } as const
  reply.setCookie(REFRESH, refresh_token, { ...cookie, path: paths[REFRESH], httpOnly: true })
  reply.setCookie(CSRF, randomBytes(24).toString('base64url'), { ...cookie, path: paths[CSRF] })
}

export function clearCookies(reply: FastifyReply): void {
  for (const [name, path] of Object.entries(paths)) reply.clearCookie(name, { path })
}

/** The refresh token of a request that comes from a page of ours. Throws CsrfMissing for one that another site made. */
export function refreshTokenOf(request: FastifyRequest): string | undefined {
  const { [REFRESH]: token, [CSRF]: csrf } = request.cookies
  if (token === undefined) return undefined
  const said = request.headers['x-csrf-token']
  if (!csrf || typeof said !== 'string' || !isSame(csrf, said)) throw new CsrfMissing()
  return token
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
