import multipart from '@fastify/multipart'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { readUser } from '../accounts/accounts.ts'
import { User, viewUser } from '../accounts/shapes.ts'
import { answerWithProblem } from '../http/problems.ts'
import type { App } from '../http/routes.ts'
import { InvalidInput, Refusal } from '../refusal.ts'
import { Id, ref, strict } from '../shapes.ts'
import { MOST_BYTES, PhotoTooLarge } from './images.ts'
import { setOwnPhoto, setProviderPhoto } from './photos.ts'
import { readProvider } from './providers.ts'
import { PhotoBody, ProviderShape } from './shapes.ts'

/** What stands around the file in a form. */
const REST_OF_FORM = 64 * 1024

const byId = strict({ id: Id })

export class UnreadableForm extends Refusal {
  readonly code = 'malformed_request'
  readonly status = 400

  constructor() {
    super('This form cannot be read. Send multipart/form-data with the photo in the field file.')
  }
}

/** The only routes that take files; registered apart, so that no other one does. */
export async function uploads(app: App): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(multipart, {
    attachFieldsToBody: 'keyValues',
    limits: { fileSize: MOST_BYTES, files: 1, fields: 10, fieldSize: 1000, fieldNameSize: 100 },
  })
  app.addHook('onRequest', refuseTooLong)
  app.setErrorHandler(answerWithFormProblem)
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

/** A stream that does not say how long it is could be read for ever. */
async function refuseTooLong({ headers }: FastifyRequest): Promise<void> {
  if (!(Number(headers['content-length']) <= MOST_BYTES + REST_OF_FORM)) throw new PhotoTooLarge()
}

function fileIn({ file }: { file: unknown }): Buffer {
  if (Buffer.isBuffer(file)) return file
  throw new InvalidInput([{ field: 'file', message: 'must be a file' }])
}

/** The reader of forms fails with bare errors for what a sender did wrong. */
function answerWithFormProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  if (error.code === 'FST_REQ_FILE_TOO_LARGE') return answerWithProblem(new PhotoTooLarge(), request, reply)
  const isOfTheForm = /multipart|^Part terminated early/i.test(error.message) && !error.statusCode
  return answerWithProblem(isOfTheForm ? new UnreadableForm() : error, request, reply)
}
