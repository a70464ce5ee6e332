import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Names the version of what is about to be answered, and says whether the asker has it already: then 304 without
 * content is the answer (RFC 9110 §13.1.2). It may be kept, but is asked for again before it is shown again.
 */
export function isKnownVersion(
  request: FastifyRequest,
  reply: FastifyReply,
  { version, isPublic = false }: { version: Buffer; isPublic?: boolean },
): boolean {
  const tag = `"${version.toString('base64url')}"`
  reply.header('etag', tag).header('cache-control', `${isPublic ? 'public' : 'private'}, no-cache`)
  const known = request.headers['if-none-match']?.split(',').map((entry) => entry.trim().replace(/^W\//, ''))
  if (!known?.some((entry) => entry === tag || entry === '*')) return false
  reply.status(304)
  return true
}
