import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '../http/routes.ts'

const files = [
  { path: '/jobs', file: 'jobs.html', type: 'text/html; charset=utf-8' },
  { path: '/jobs/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
  { path: '/jobs/page.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
]

/** Nothing runs on the page but its own script, which speaks with nobody but us. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The page /jobs: what runs, what waits, what failed. It is empty until somebody logs in, and asks the API like anybody. */
export function jobPage(app: App): void {
  for (const { path, file, type } of files) {
    const content = readFileSync(join(import.meta.dirname, 'page', file), 'utf8')
    app.get(path, { schema: { hide: true } }, (_, reply) =>
      reply
        .header('content-security-policy', policy)
        .header('cache-control', 'no-cache')
        .type(type)
        .send(content),
    )
  }
}
