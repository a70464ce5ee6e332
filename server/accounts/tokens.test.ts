import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import {
  logIn,
  newOrganization,
  newPerson,
  newPersonWithPassword,
  PASSWORD,
  visiting,
} from '../../test/cast.ts'
import { Tokens } from './tokens.ts'

const app = await startApp()
after(() => app.stop())

const me = (token: string, headers = {}) => app.get('/auth/me', { token, headers })

describe('an access token', () => {
  it('is good for as long as the rules say, on the clock of the program', async () => {
    const { organization } = await newOrganization(app, { rules: { access_token_minutes: 20 } })
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    const { access_token } = (await logIn(app, organization, email)).body

    app.pass({ minutes: 19, seconds: 59 })
    assert.equal((await me(access_token)).status, 200)
    app.pass({ seconds: 1 })
    const { status, body, headers } = await me(access_token)
    assert.equal(status, 401)
    assert.equal(body.code, 'token_invalid')
    assert.equal(headers.get('www-authenticate'), 'Bearer')
  })

  it('is nothing once a letter of it was changed', async () => {
    const { admin } = await newOrganization(app)
    const [header, payload, signature] = admin.token.split('.') as [string, string, string]
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const write = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
    const longer = write({ ...claims, exp: claims.exp + 1 })
    const unsigned = `${write({ alg: 'none', typ: 'JWT' })}.${payload}.`
    const signedByAnother = createHmac('sha256', 'another secret').update(`${header}.${payload}`)
    const tokens = [
      `${header}.${longer}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -2)}xx`,
      `${header}.${payload}.${signedByAnother.digest('base64url')}`,
      unsigned,
      'not-a-token',
    ]
    for (const token of tokens) assert.equal((await me(token)).status, 401, token)
    assert.equal((await me(admin.token)).status, 200)
  })

  it('is nothing when it was made with the secret of another installation', async () => {
    const { organization, admin } = await newOrganization(app)
    const claims = { person_id: admin.id, session_id: admin.id, organization_id: organization.id }
    const token = new Tokens('the secret of another installation').issueAccess(claims, app.now(), 60)
    assert.equal((await me(token)).status, 401)
  })

  it('is refused without the word Bearer before it', async () => {
    const { admin } = await newOrganization(app)
    for (const authorization of [admin.token, `Basic ${admin.token}`, 'Bearer', 'Bearer a b']) {
      const { status, body } = await app.get('/auth/me', { headers: { authorization } })
      assert.equal(status, 401)
      assert.equal(body.code, 'token_invalid')
    }
  })

  it('shows the things of its own organization, and is refused where another is named', async () => {
    const here = await newOrganization(app)
    const there = await newOrganization(app)
    const own = await app.get('/organization', { token: here.admin.token })
    assert.equal(own.body.id, here.organization.id)
    const { status, body } = await app.get('/organization', {
      token: here.admin.token,
      headers: visiting(there.organization),
    })
    assert.equal(status, 400)
    assert.equal(body.code, 'organization_unclear')
  })

  it('ends with logging out, at once, and takes no other log-in with it', async () => {
    const { organization } = await newOrganization(app)
    const { email, token } = await newPersonWithPassword(app, organization, ['client'])
    const { access_token, refresh_token } = (await logIn(app, organization, email)).body
    assert.equal((await app.post('/auth/logout', { token: access_token })).status, 204)

    assert.equal((await me(access_token)).status, 401)
    assert.equal((await app.post('/auth/refresh', { body: { refresh_token } })).status, 401)
    assert.equal((await me(token)).status, 200)
  })

  it('of an account that was disabled a moment ago lets nobody in', async () => {
    const { organization, admin } = await newOrganization(app)
    const client = await newPerson(app, organization, ['client'])
    assert.equal((await me(client.token)).status, 200)
    await app.request('PATCH', `/users/${client.id}`, { token: admin.token, body: { is_active: false } })
    assert.equal((await me(client.token)).status, 401)
    await app.request('PATCH', `/users/${client.id}`, { token: admin.token, body: { is_active: true } })
    assert.equal((await me(client.token)).status, 401, 'what has ended does not begin again')
  })

  it('knows of a role that was taken away, or given, at once', async () => {
    const { organization, admin } = await newOrganization(app)
    const { id, token } = await newPerson(app, organization, ['admin'])
    const give = (roles: string[]) =>
      app.request('PATCH', `/users/${id}`, { token: admin.token, body: { roles } })
    assert.equal((await app.get('/users', { token })).status, 200)
    await give(['reception'])
    assert.equal((await app.get('/users', { token })).status, 403)
    assert.equal((await app.get('/clients', { token })).status, 200)
    await give(['admin'])
    assert.equal((await app.get('/users', { token })).status, 200)
  })
})

describe('the log', () => {
  it('has neither passwords nor tokens, whether a request is granted or refused', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    const { access_token, refresh_token } = (await logIn(app, organization, email)).body
    await logIn(app, organization, email, 'Wrong-Horse-9')
    await me(access_token)
    await me(`${access_token}x`)
    await app.get(`/users?search=${access_token}`, { token: access_token })
    await app.post(`/auth/refresh?token=${refresh_token}`, { body: { refresh_token } })
    await app.post('/auth/refresh', { body: { refresh_token: `${refresh_token}x` } })
    const logged = JSON.stringify(app.logged)
    assert.match(logged, /auth\/refresh/)
    for (const secret of [PASSWORD, 'Wrong-Horse-9', access_token, refresh_token]) {
      assert.ok(!logged.includes(secret), secret)
    }
  })
})

describe('a setting of how long tokens are good', () => {
  it('holds whatever the rules say', async () => {
    const other = await startApp({
      env: { ACCESS_TOKEN_EXPIRE_MINUTES: '5', REFRESH_TOKEN_EXPIRE_DAYS: '1' },
    })
    try {
      const { organization } = await newOrganization(other, { rules: { access_token_minutes: 20 } })
      const { email } = await newPersonWithPassword(other, organization, ['client'])
      const { access_token, expires_in } = (await logIn(other, organization, email)).body
      assert.equal(expires_in, 300)
      other.pass({ minutes: 5 })
      assert.equal((await other.get('/auth/me', { token: access_token })).status, 401)

      const { refresh_token } = (await logIn(other, organization, email)).body
      const refresh = (token: string) => other.post('/auth/refresh', { body: { refresh_token: token } })
      other.pass({ hours: 23 })
      const next = await refresh(refresh_token)
      assert.equal(next.status, 200)
      other.pass({ hours: 24 })
      assert.equal((await refresh(next.body.refresh_token)).status, 401)
    } finally {
      await other.stop()
    }
  })
})
