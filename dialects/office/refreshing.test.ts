import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { type Answer, startApp } from '../../test/app.ts'
import { newOrganization, newPersonWithPassword, PASSWORD } from '../../test/cast.ts'
import { cookiesOf, isFailure, type OfficeApi, officeApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('refreshing', () => {
  it('takes the cookie and the header for a new token, and sets both cookies anew', async () => {
    const { api, user, jar } = await logIn()
    const answer = await refresh(api, jar)
    assert.equal(answer.status, 200)
    const { access_token, ...rest } = answer.body
    assert.deepEqual(rest, { token_type: 'bearer', expires_in: 24 * 60 * 60 })
    assert.equal((await api.ask('GET', '/auth/me', { token: access_token })).body.id, user.id)
    const next = jarOf(answer)
    assert.notEqual(next.refresh_token, jar.refresh_token)
    assert.notEqual(next.csrf_token, jar.csrf_token)
    assert.equal((await refresh(api, next)).status, 200)
  })

  it('needs the header that only a page of ours can send', async () => {
    const { api, jar } = await logIn()
    for (const said of [null, '', 'made-up', jar.csrf_token.slice(1)]) {
      isFailure(await refresh(api, jar, said), 403, /X-CSRF-Token/)
    }
    const foreign = { refresh_token: jar.refresh_token, csrf_token: '' }
    isFailure(await refresh(api, foreign, ''), 403)
    assert.equal((await refresh(api, jar)).status, 200)
  })

  it('without a cookie is refused, whatever else is sent', async () => {
    const { api, jar } = await logIn()
    const headers = { 'x-csrf-token': jar.csrf_token, cookie: `csrf_token=${jar.csrf_token}` }
    isFailure(await api.ask('POST', '/auth/refresh', { headers }), 401)
    const body = { refresh_token: jar.refresh_token }
    isFailure(await api.ask('POST', '/auth/refresh', { headers, body }), 401)
  })

  it('leaves the old token good for ten seconds, for two tabs, and not for longer', async () => {
    const { api, jar } = await logIn()
    assert.equal((await refresh(api, jar)).status, 200)
    app.pass({ seconds: 10 })
    assert.equal((await refresh(api, jar)).status, 200)
    app.pass({ seconds: 1 })
    isFailure(await refresh(api, jar), 401, /Log in again/)
  })

  it('with a token for the second time ends the whole log-in', async () => {
    const { api, jar } = await logIn()
    const { body, ...answer } = await refresh(api, jar)
    app.pass({ seconds: 11 })
    await refresh(api, jar)
    assert.equal((await api.ask('GET', '/auth/me', { token: body.access_token })).status, 401)
    assert.equal((await refresh(api, jarOf({ body, ...answer }))).status, 401)
  })

  it('is refused to a token of another authority', async () => {
    const [{ api }, other] = [await logIn(), await logIn()]
    isFailure(await refresh(api, other.jar), 401)
    assert.equal((await refresh(other.api, other.jar)).status, 200)
  })

  it('is refused once an account is deactivated, and with anything that is no token of ours', async () => {
    const { api, admin, user, jar } = await logIn()
    for (const refresh_token of ['nonsense', jar.refresh_token.slice(0, -1), `${jar.refresh_token}a`]) {
      isFailure(await refresh(api, { ...jar, refresh_token }), 401)
    }
    await api.post(`/admin/users/${user.id}/deactivate`, admin)
    isFailure(await refresh(api, jar), 401)
  })
})

describe('logging out', () => {
  it('ends the log-in and takes the cookies away', async () => {
    const { api, token, jar } = await logIn()
    const answer = await api.ask('POST', '/auth/logout', { token })
    assert.equal(answer.status, 200)
    assert.deepEqual(Object.keys(answer.body), ['message'])
    const gone = Object.entries(cookiesOf(answer)).map(([name, { isGone, path }]) => [name, isGone, path])
    assert.deepEqual(gone, [
      ['refresh_token', true, '/office'],
      ['csrf_token', true, '/'],
    ])
    isFailure(await api.ask('GET', '/auth/me', { token }), 401)
    isFailure(await refresh(api, jar), 401)
  })

  it('ends no other log-in of the same person', async () => {
    const { api, user, token } = await logIn()
    await api.ask('POST', '/auth/logout', { token })
    assert.equal((await api.get('/auth/me', user)).status, 200)
  })

  it('is for whoever is logged in', async () => {
    const { api } = await logIn()
    isFailure(await api.post('/auth/logout', undefined), 401)
  })
})

interface Jar {
  refresh_token: string
  csrf_token: string
}

/** What a browser keeps of an answer. */
function jarOf(answer: Answer): Jar {
  const { refresh_token, csrf_token } = cookiesOf(answer)
  return { refresh_token: refresh_token!.value, csrf_token: csrf_token!.value }
}

/** Somebody who has logged in by a form, with their cookies. */
async function logIn() {
  const stage = await newOrganization(app, { trade: 'office' })
  const api = officeApi(app, stage)
  const user = await newPersonWithPassword(app, stage.organization, ['client'])
  const body = { username: user.email, password: PASSWORD }
  const answer = await api.ask('POST', '/auth/login', { body: new URLSearchParams(body) })
  const token: string = answer.body.access_token
  return { api, admin: stage.admin, user, token, jar: jarOf(answer) }
}

/** As a page does it: the browser sends the cookies, the page the header. */
function refresh(api: OfficeApi, jar: Jar, said: string | null = jar.csrf_token) {
  const { refresh_token, csrf_token } = jar
  const cookie = `refresh_token=${refresh_token}; csrf_token=${csrf_token}`
  const headers = { cookie, ...(said !== null && { 'x-csrf-token': said }) }
  return api.ask('POST', '/auth/refresh', { headers })
}
