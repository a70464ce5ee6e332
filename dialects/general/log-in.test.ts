import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newOrganization, newPersonWithPassword, PASSWORD, type Person } from '../../test/cast.ts'
import { type GeneralApi, generalApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('logging in', () => {
  it('with a form answers with a token, and nothing else', async () => {
    const { api, client } = await arrange()
    const { status, body } = await logIn(api, client)
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body).toSorted(), ['access_token', 'token_type'])
    assert.equal(body.token_type, 'bearer')
    const me = await api.ask('GET', '/auth/me', { token: body.access_token })
    assert.equal(me.body.id, client.id)
  })

  it('with a form may say what else OAuth clients say', async () => {
    const { api, client } = await arrange()
    const more = { grant_type: 'password', scope: '', client_id: 'string', client_secret: 'string' }
    assert.equal((await logIn(api, client, more)).status, 200)
  })

  it('may be done in JSON, by either name of the address, however it is written', async () => {
    const { api, client } = await arrange()
    for (const who of [
      { username: client.email },
      { email: client.email },
      { username: client.email.toUpperCase() },
    ]) {
      const { status, body } = await api.post('/auth/login', undefined, { ...who, password: PASSWORD })
      assert.equal(status, 200, JSON.stringify(who))
      assert.ok(body.access_token)
    }
  })

  it('with a wrong password and with an unknown address is refused in the same words', async () => {
    const { api, client } = await arrange()
    const wrong = await logIn(api, client, { password: 'Something-Else-9' })
    const unknown = await logIn(api, client, { username: 'nobody@example.com' })
    for (const answer of [wrong, unknown]) {
      assert.equal(answer.status, 401)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
      assert.deepEqual(answer.body, { detail: 'The e-mail address or the password is wrong.' })
    }
  })

  it('is refused to an account of another organization', async () => {
    const [{ api }, other] = [await arrange(), await arrange()]
    assert.equal((await logIn(api, other.client)).status, 401)
  })

  it('without an address or a password says which is missing', async () => {
    const { api, client } = await arrange()
    const send = (body: object) => api.post('/auth/login', undefined, body)
    const nameless = await send({ password: PASSWORD })
    assert.deepEqual([nameless.status, nameless.body.detail], [422, 'username is missing.'])
    const silent = await send({ username: client.email })
    assert.deepEqual([silent.status, silent.body.detail], [422, 'password is missing.'])
    assert.equal((await api.post('/auth/login', undefined)).status, 422)
  })
})

describe('a token', () => {
  it('lives for eight days', async () => {
    const { api, client } = await arrange()
    const { access_token: token } = (await logIn(api, client)).body
    const me = async () => (await api.ask('GET', '/auth/me', { token })).status
    app.pass({ hours: 8 * 24 - 1, minutes: 59 })
    assert.equal(await me(), 200)
    app.pass({ minutes: 1 })
    assert.equal(await me(), 401)
  })

  it('shows its person who they are, whatever they are', async () => {
    const { api, client, staff, admin } = await arrange()
    for (const [person, role] of [
      [client, 'client'],
      [staff, 'staff'],
      [admin, 'admin'],
    ] as const) {
      const { status, body } = await api.get('/auth/me', person)
      assert.equal(status, 200)
      const { id, email, name: full_name } = person
      const untouched = { is_active: true, no_show_count: 0, is_blocked: false }
      assert.deepEqual(body, { id, email, full_name, role, ...untouched })
    }
  })

  it('is needed, and must be one of ours', async () => {
    const { api } = await arrange()
    for (const authorization of [undefined, 'Bearer made-up', 'Basic YTpi']) {
      const headers = authorization === undefined ? undefined : { authorization }
      const answer = await api.ask('GET', '/auth/me', { headers })
      assert.equal(answer.status, 401)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    }
  })
})

describe('an account that is disabled', () => {
  it('is not let in, and its tokens end at once', async () => {
    const { api, admin, client } = await arrange()
    const { access_token: token } = (await logIn(api, client)).body
    await disable(admin, client)
    assert.equal((await api.ask('GET', '/auth/me', { token })).status, 401)
    const refused = await logIn(api, client)
    assert.equal(refused.status, 401)
    assert.match(refused.body.detail, /disabled/)
  })

  it('is shown as that to an administrator', async () => {
    const { api, admin, client } = await arrange()
    await disable(admin, client)
    const { body } = await api.get('/auth/users?role=client', admin)
    assert.deepEqual(
      body.map(({ id, is_active }: { id: string; is_active: boolean }) => [id, is_active]),
      [[client.id, false]],
    )
  })
})

async function arrange() {
  const stage = await newOrganization(app)
  const { organization, admin } = stage
  const staff = await newPersonWithPassword(app, organization, ['provider'])
  const client = await newPersonWithPassword(app, organization, ['client'])
  return { api: generalApi(app, stage), admin, staff, client }
}

/** As OAuth clients do it: by a form. */
function logIn(api: GeneralApi, { email: username }: Person, more: Record<string, string> = {}) {
  const body = new URLSearchParams({ username, password: PASSWORD, ...more })
  return api.ask('POST', '/auth/login', { body })
}

async function disable({ token }: Person, { id }: Person): Promise<void> {
  const answer = await app.request('PATCH', `/users/${id}`, { token, body: { is_active: false } })
  assert.equal(answer.status, 200)
}
