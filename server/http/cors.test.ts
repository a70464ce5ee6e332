import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'

const HOME = 'https://book.example.org'
const app = await startApp({ env: { CORS_ORIGINS: `["${HOME}", "https://desk.example.org"]` } })
after(() => app.stop())

function preflight(origin: string, method = 'PATCH') {
  const headers = {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': 'authorization,content-type,idempotency-key,x-organization',
  }
  return app.request('OPTIONS', '/users/me', { headers })
}

describe('pages of another origin', () => {
  it('may ask where the settings name them, by every method and with our headers', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, headers } = await preflight(HOME, method)
      assert.equal(status, 204)
      assert.equal(headers.get('access-control-allow-origin'), HOME)
      assert.ok(headers.get('access-control-allow-methods')!.includes(method), method)
      assert.match(
        headers.get('access-control-allow-headers')!,
        /authorization.*idempotency-key.*x-organization/,
      )
    }
  })

  it('may not where they do not', async () => {
    for (const origin of ['https://evil.example', 'https://book.example.org.evil.example', 'null']) {
      const { headers } = await preflight(origin)
      assert.notEqual(headers.get('access-control-allow-origin'), origin)
      assert.notEqual(headers.get('access-control-allow-origin'), '*')
    }
  })

  it('can read a refusal, too, so that they know when to log in again', async () => {
    for (const path of ['/users/me', '/nothing-here', '/services/7']) {
      const { status, headers } = await app.get(path, { headers: { origin: HOME } })
      assert.ok(status >= 400)
      assert.equal(headers.get('access-control-allow-origin'), HOME, `${path} ${status}`)
    }
  })

  it('may ask from everywhere where the settings say so', async () => {
    const open = await startApp({ env: { ALLOWED_ORIGINS: '["*"]' } })
    try {
      const { status, headers } = await open.get('/health', { headers: { origin: 'https://any.example' } })
      assert.equal(status, 200)
      assert.equal(headers.get('access-control-allow-origin'), '*')
    } finally {
      await open.stop()
    }
  })

  it('may not ask at all where the settings name none', async () => {
    const closed = await startApp()
    try {
      const { headers } = await closed.get('/health', { headers: { origin: HOME } })
      assert.equal(headers.get('access-control-allow-origin'), null)
    } finally {
      await closed.stop()
    }
  })
})
