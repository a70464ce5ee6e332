import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { App } from '../http/routes.ts'
import { isKnownVersion } from '../http/versions.ts'
import { Id, strict } from '../shapes.ts'
import {
  findClientPhoto,
  findProviderPhoto,
  findUserPhoto,
  type Photo,
  removeOwnPhoto,
  removeProviderPhoto,
} from './photos.ts'
import { uploads } from './uploads.ts'

const byId = strict({ id: Id })
const nothing = Type.Null()
const picture = { description: 'The photo', content: { 'image/webp': { schema: {} } } }

/** The photos of users, providers and clients. */
export function photoRoutes(app: App): void {
  void app.register(uploads)

  app.delete(
    '/users/me/photo',
    { config: { may: 'account:own' }, schema: { response: { 204: nothing } } },
    async ({ db, actor }, reply) => {
      await removeOwnPhoto(db, actor)
      reply.status(204)
    },
  )

  app.delete(
    '/providers/:id/photo',
    { config: { may: 'providers:change' }, schema: { params: byId, response: { 204: nothing } } },
    async ({ db, actor, params }, reply) => {
      await removeProviderPhoto(db, actor, params.id)
      reply.status(204)
    },
  )

  app.get(
    '/users/:id/photo',
    { config: { may: 'account:own' }, schema: { params: byId, response: { 200: picture } } },
    async (request, reply) => {
      const { db, actor, params } = request
      return showPhoto(request, reply, await findUserPhoto(db, actor, params.id))
    },
  )

  app.get(
    '/providers/:id/photo',
    { config: { may: 'providers:read' }, schema: { params: byId, response: { 200: picture } } },
    async (request, reply) => {
      const { db, organization, params } = request
      return showPhoto(request, reply, await findProviderPhoto(db, organization.id, params.id), {
        isPublic: true,
      })
    },
  )

  app.get(
    '/clients/:id/photo',
    { config: { may: 'clients:read' }, schema: { params: byId, response: { 200: picture } } },
    async (request, reply) => {
      const { db, actor, params } = request
      return showPhoto(request, reply, await findClientPhoto(db, actor, params.id))
    },
  )
}

export function showPhoto(
  request: FastifyRequest,
  reply: FastifyReply,
  photo: Photo,
  { isPublic = false } = {},
) {
  // Nothing in it is trusted to be a picture and nothing but a picture, even though it was drawn here.
  reply.header('x-content-type-options', 'nosniff').header('content-security-policy', "default-src 'none'")
  if (isKnownVersion(request, reply, { version: photo.sha256, isPublic })) return reply.send()
  return reply.type(photo.type).send(photo.content)
}
