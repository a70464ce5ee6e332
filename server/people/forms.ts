import multipart from '@fastify/multipart'
import type { FastifyError, FastifyRequest } from 'fastify'
import type { App } from '../http/routes.ts'
import { InvalidInput, Refusal } from '../refusal.ts'
import { MOST_BYTES, PhotoTooLarge } from './images.ts'

/** What stands around the file in a form. */
const REST_OF_FORM = 64 * 1024

export class UnreadableForm extends Refusal {
  readonly code = 'malformed_request'
  readonly status = 400

  constructor() {
    super('This form cannot be read. Send multipart/form-data with the photo in the field file.')
  }
}

/** Lets the routes of an instance, and no others, take forms with a photo in them. */
export async function takePhotoForms(app: App): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(multipart, {
    attachFieldsToBody: 'keyValues',
    limits: { fileSize: MOST_BYTES, files: 1, fields: 10, fieldSize: 1000, fieldNameSize: 100 },
  })
  app.addHook('onRequest', refuseTooLong)
  // Thrown again, it is answered as failures are around this instance.
  app.setErrorHandler((error: FastifyError) => {
    throw asFailure(error)
  })
}

/** The file in the field of that name. */
export function fileIn({ file }: { file: unknown }): Buffer {
  if (Buffer.isBuffer(file)) return file
  throw new InvalidInput([{ field: 'file', message: 'must be a file' }])
}

/** A stream that does not say how long it is could be read for ever. */
async function refuseTooLong({ headers }: FastifyRequest): Promise<void> {
  if (!(Number(headers['content-length']) <= MOST_BYTES + REST_OF_FORM)) throw new PhotoTooLarge()
}

/** The reader of forms fails with bare errors for what a sender did wrong. */
function asFailure(error: FastifyError): Error {
  if (error.code === 'FST_REQ_FILE_TOO_LARGE') return new PhotoTooLarge()
  const isOfTheForm = /multipart|^Part terminated early/i.test(error.message) && !error.statusCode
  return isOfTheForm ? new UnreadableForm() : error
}
