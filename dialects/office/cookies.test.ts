import assert from 'node:assert/strict'
import cookie from '@fastify/cookie'
import Fastify from 'fastify'
import { describe, it } from 'node:test'
import { setCookies } from './cookies.ts'

/** The cookies as a server sets them that believes the proxy in front of it, for a page that came in this way. */
async function cookiesOver(protocol: 'http' | 'https') {
  const server = Fastify({ trustProxy: true })
  await server.register(cookie)
  const tokens = { access_token: 'a', refresh_token: 'r', token_type: 'bearer', expires_in: 60 } as const
  server.get('/', (request, reply) => {
    setCookies(request, reply, tokens, 30)
    return {}
  })
  const { cookies } = await server.inject({ url: '/', headers: { 'x-forwarded-proto': protocol } })
  return cookies
}

describe('the cookies of a log-in', () => {
  it('travel over https alone once they came by it', async () => {
    const cookies = await cookiesOver('https')
    assert.deepEqual(
      cookies.map(({ name, secure }) => [name, secure]),
      [
        ['refresh_token', true],
        ['csrf_token', true],
      ],
    )
  })

  it('travel over plain http where there is nothing else', async () => {
    for (const { name, secure } of await cookiesOver('http')) assert.equal(secure, undefined, name)
  })

  it('last as long as the refresh token, and are not sent along by other sites', async () => {
    for (const { name, maxAge, sameSite } of await cookiesOver('https')) {
      assert.deepEqual([maxAge, sameSite], [30 * 86_400, 'Lax'], name)
    }
  })
})
