import { readUser } from '../accounts/accounts.ts'
import { User, viewUser } from '../accounts/shapes.ts'
import type { App } from '../http/routes.ts'
import { Id, ref, strict } from '../shapes.ts'
import { fileIn, takePhotoForms } from './forms.ts'
import { setOwnPhoto, setProviderPhoto } from './photos.ts'
import { readProvider } from './providers.ts'
import { PhotoBody, ProviderShape } from './shapes.ts'

const byId = strict({ id: Id })

/** The only routes that take files; registered apart, so that no other one does. */
export async function uploads(app: App): Promise<void> {
  await takePhotoForms(app)
  const form = { consumes: ['multipart/form-data'], body: ref(PhotoBody) }

  app.post(
    '/users/me/photo',
    { config: { may: 'account:own' }, schema: { ...form, response: { 200: ref(User) } } },
    async ({ db, actor, body, now }) => {
      await setOwnPhoto(db, actor, fileIn(body), now)
      return viewUser(await readUser(db, actor.organization_id, actor.person_id))
    },
  )

  app.post(
    '/providers/:id/photo',
    {
      config: { may: 'providers:change' },
      schema: { ...form, params: byId, response: { 200: ref(ProviderShape) } },
    },
    async ({ db, actor, params, body, now }) => {
      await setProviderPhoto(db, actor, params.id, fileIn(body), now)
      return readProvider(db, actor.organization_id, params.id)
    },
  )
}
