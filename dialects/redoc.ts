import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { App } from '../server/http/routes.ts'

const script = 'redoc/redoc.standalone.js'
/** ReDoc would fetch a picture from its makers: who reads our documentation is not their business. */
const onlyFromHere =
  "default-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'; worker-src 'self' blob:; script-src 'self'"

/** The documentation once more, for reading, at /redoc: all of it comes from here, nothing from elsewhere. */
export async function redoc(app: App, title: string): Promise<void> {
  const everyone = { config: { may: 'everyone' }, schema: { hide: true } } as const
  const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escaped(title)}</title>
    <style>body { margin: 0 }</style>
  </head>
  <body>
    <redoc spec-url="${app.prefix}/openapi.json"></redoc>
    <script src="${app.prefix}/${script}"></script>
  </body>
</html>
`
  const file = fileURLToPath(import.meta.resolve('redoc/bundles/redoc.standalone.js'))
  app.get('/redoc', everyone, (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', onlyFromHere).send(page),
  )
  app.get(`/${script}`, everyone, async (_request, reply) => {
    return reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=86400')
      .send(await readFile(file))
  })
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
