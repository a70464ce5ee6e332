import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Database } from '../../database/transactions.ts'
import type { App } from '../../http/routes.ts'
import type { MessageSettings } from '../../message-settings.ts'
import { hear } from './hearing.ts'
import { type Form, requireSignature } from './signature.ts'

export interface Receiving {
  db: Database
  settings: MessageSettings['inbound']
  /** Where people reach the program, where that was said; else the address that was called is taken. */
  public_url?: string
}

/**
 * Where an SMS provider hands in what people answer, as Twilio does: signed, and answered in TwiML. `path` is below the
 * API in which it is mounted; a dialect hears for the organizations of its trade.
 */
export function inboundRoutes(app: App, path: string, { db, settings, public_url }: Receiving): void {
  const { trade } = app
  app.post(
    path,
    {
      config: { may: 'everyone' },
      schema: {
        querystring: Type.Object({ organization: Type.Optional(Type.String({ maxLength: 63 })) }),
        description: 'Signed by Twilio: X-Twilio-Signature. Answers in TwiML, whatever was said.',
        consumes: ['application/x-www-form-urlencoded'],
        response: { 200: { description: 'TwiML', content: { 'text/xml': { schema: Type.String() } } } },
      },
      preValidation: async (request) => {
        const form = formOf(request)
        const signature = request.headers['x-twilio-signature']
        requireSignature(
          settings.auth_token,
          [signature].flat()[0],
          addressesOf(request, settings.url, public_url),
          form,
        )
      },
    },
    async (request, reply) => {
      const form = formOf(request)
      const heard = {
        from: textOf(form.From),
        to: textOf(form.To),
        text: textOf(form.Body),
        external_id: textOf(form.MessageSid) || textOf(form.SmsSid) || null,
      }
      const { reply: said } = await hear(db, heard, { slug: slugOf(request), trade }, request.now)
      return reply.type('text/xml; charset=utf-8').send(twiml(said))
    },
  )
}

function formOf({ body }: FastifyRequest): Form {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Form) : {}
}

function textOf(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value.trim() : ''
}

function slugOf({ query, headers }: FastifyRequest): string | undefined {
  const { organization } = query as { organization?: string }
  const named = organization ?? headers['x-organization']
  return typeof named === 'string' ? named : undefined
}

/** The addresses that may have been signed: as it was set, or as the program is reached. */
function addressesOf(
  { url, protocol, host }: FastifyRequest,
  set: string | undefined,
  public_url: string | undefined,
): string[] {
  const called = public_url ? `${public_url}${url}` : `${protocol}://${host}${url}`
  const search = url.includes('?') ? url.slice(url.indexOf('?')) : ''
  return [...(set ? [set, `${set}/`, set + search] : []), called]
}

function twiml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Message>${escaped}</Message></Response>\n`
}
