import type { FastifyRequest } from 'fastify'
import { NotLoggedIn } from '../../server/http/asking.ts'
import type { App } from '../../server/http/routes.ts'
import { fileIn, takePhotoForms } from '../../server/people/forms.ts'
import { showPhoto } from '../../server/people/photo-routes.ts'
import {
  findClientPhoto,
  findProviderPhoto,
  findUserPhoto,
  type Photo,
  setOwnPhoto,
} from '../../server/people/photos.ts'
import { listProviders } from '../../server/people/providers.ts'
import { reachOf } from '../../server/permissions.ts'
import { ref } from '../../server/shapes.ts'
import { photoUrlOf } from './people.ts'
import { byId, PhotoBody, PhotoKept } from './shapes.ts'

const picture = { description: 'The photo', content: { 'image/webp': { schema: {} } } }

/** The photos of users: sent as a form, and served where it is said. */
export function photoRoutes(app: App): void {
  void app.register(async (forms: App) => {
    await takePhotoForms(forms)
    forms.post(
      '/users/me/photo',
      {
        config: { may: 'account:own' },
        schema: {
          summary: 'Keep a photo of oneself',
          consumes: ['multipart/form-data'],
          body: ref(PhotoBody),
          response: { 200: ref(PhotoKept) },
        },
      },
      async (request) => {
        const { db, actor, body, now } = request
        await setOwnPhoto(db, actor, fileIn(body), now)
        return { message: 'The photo is kept.', photoUrl: photoUrlOf(request, actor.person_id) }
      },
    )
  })

  app.get(
    '/users/:id/photo',
    {
      config: { may: 'providers:read' },
      schema: {
        summary: 'A photo: a doctor’s for everybody, a patient’s for themself and their doctors',
        params: byId,
        response: { 200: picture },
      },
    },
    async (request, reply) => {
      const { photo, isPublic } = await findPhoto(request, request.params.id)
      return showPhoto(request, reply, photo, { isPublic })
    },
  )
}

async function findPhoto(
  { db, asking, organization }: FastifyRequest,
  id: string,
): Promise<{ photo: Photo; isPublic: boolean }> {
  const { items } = await listProviders(db, organization.id, { ids: [id], include_inactive: true })
  if (items.length > 0) return { photo: await findProviderPhoto(db, organization.id, id), isPublic: true }
  if (!asking) throw new NotLoggedIn()
  const isTheirs = id === asking.person_id || reachOf(asking, 'users:manage') !== null
  const photo = isTheirs ? await findUserPhoto(db, asking, id) : await findClientPhoto(db, asking, id)
  return { photo, isPublic: false }
}
