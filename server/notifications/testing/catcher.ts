import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Caught {
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
  /** The fields of a form, or of a JSON object. */
  fields: Record<string, string>
}

/** A real HTTP server in the place of a provider of SMS, mail or push; it can refuse, hold what it got, and go away. */
export interface Catcher {
  url: string
  caught: Caught[]
  /** What it answers; 201 with an id unless said. */
  answer: (caught: Caught) => { status: number; body: string; headers?: Record<string, string> }
  /** Set: resolves when it may answer. */
  holds: Promise<void> | null
  /** What it takes without a word, and goes away. */
  hangsUp: (caught: Caught) => boolean
  /** SMS to a phone, whoever's words they are for them. */
  sentTo(phone: string): string[]
  stop(): Promise<void>
}

export async function startCatcher(port = 0): Promise<Catcher> {
  let count = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const { url: path = '', headers } = request
    const one = { path, headers, body, fields: fieldsOf(headers['content-type'], body) }
    catcher.caught.push(one)
    if (catcher.hangsUp(one)) return request.socket.destroy()
    const { status, body: said, headers: more } = catcher.answer(one)
    await catcher.holds
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end(said)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: bound } = server.address() as AddressInfo
  const catcher: Catcher = {
    url: `http://127.0.0.1:${bound}`,
    caught: [],
    answer: () => ({
      status: 201,
      body: JSON.stringify({ id: `m-${++count}`, sid: `SM${count}`, status: 'queued' }),
    }),
    holds: null,
    hangsUp: () => false,
    sentTo: (phone) =>
      catcher.caught
        .filter(({ fields }) => (fields.to ?? fields.To) === phone)
        .map(({ fields }) => fields.message ?? fields.Body ?? ''),
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return catcher
}

function fieldsOf(type: string | undefined, body: Buffer): Record<string, string> {
  if (type?.includes('json')) return JSON.parse(body.toString())
  if (type?.includes('form')) return Object.fromEntries(new URLSearchParams(body.toString()))
  return {}
}
