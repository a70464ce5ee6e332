import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import {
  linkFor,
  newClient,
  newOrganization,
  newPersonWithPassword,
  PASSWORD,
  type Person,
} from '../../test/cast.ts'
import { cookiesOf, isFailure, newOffices, type OfficeApi, officeApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('logging in', () => {
  it('with a form answers with a token, its kind and its seconds, and nothing else', async () => {
    const { api, user } = await arrange()
    const { status, body } = await logIn(api, user)
    assert.equal(status, 200)
    const { access_token, ...rest } = body
    assert.deepEqual(rest, { token_type: 'bearer', expires_in: 24 * 60 * 60 })
    assert.equal((await api.ask('GET', '/auth/me', { token: access_token })).body.id, user.id)
  })

  it('may be done in JSON, by either name of the address, however it is written', async () => {
    const { api, user } = await arrange()
    for (const who of [
      { email: user.email },
      { username: user.email },
      { email: user.email.toUpperCase() },
    ]) {
      const { status, body } = await api.post('/auth/login', undefined, { ...who, password: PASSWORD })
      assert.equal(status, 200, JSON.stringify(who))
      assert.deepEqual(Object.keys(body), ['access_token', 'token_type', 'expires_in'])
    }
  })

  it('sets the refresh token where no script reads it, and beside it a secret for scripts to read', async () => {
    const { api, user } = await arrange()
    const { refresh_token, csrf_token } = cookiesOf(await logIn(api, user))
    assert.deepEqual([refresh_token!.path, refresh_token!.isHttpOnly], ['/office', true])
    assert.deepEqual([csrf_token!.path, csrf_token!.isHttpOnly], ['/', false])
    assert.notEqual(csrf_token!.value, refresh_token!.value)
  })

  it('over plain http believes nobody who claims that it was https', async () => {
    const { api, user } = await arrange()
    const body = { username: user.email, password: PASSWORD }
    const claimed = await api.ask('POST', '/auth/login', { body, headers: { 'x-forwarded-proto': 'https' } })
    for (const { isSecure } of Object.values(cookiesOf(claimed))) assert.equal(isSecure, false)
  })

  it('with a wrong password and with an unknown address is refused in the same words', async () => {
    const { api, user } = await arrange()
    for (const answer of [
      await logIn(api, user, { password: 'Something-Else-9' }),
      await logIn(api, user, { username: 'nobody@example.com' }),
    ]) {
      isFailure(answer, 401, /^The e-mail address or the password is wrong\.$/)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
      assert.deepEqual(cookiesOf(answer), {})
    }
  })

  it('waits until the address is verified', async () => {
    const { api } = await arrange()
    const person = { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com', password: PASSWORD }
    const { id } = (await api.post('/auth/register', undefined, person)).body
    isFailure(await logIn(api, person), 401, /Verify the e-mail address/)
    const token = await linkFor(app, { id }, 'verify_email')
    await api.post('/auth/verify-email', undefined, { token })
    assert.equal((await logIn(api, person)).status, 200)
  })

  it('is refused to a deactivated account, whose tokens end at once', async () => {
    const { api, admin, user } = await arrange()
    const { access_token: token } = (await logIn(api, user)).body
    await api.post(`/admin/users/${user.id}/deactivate`, admin)
    isFailure(await api.ask('GET', '/auth/me', { token }), 401)
    isFailure(await logIn(api, user), 401, /disabled/)
  })

  it('is refused to an account of another authority', async () => {
    const [{ api }, other] = [await arrange(), await arrange()]
    assert.equal((await logIn(api, other.user)).status, 401)
  })

  it('without an address or a password says which is missing', async () => {
    const { api, user } = await arrange()
    const send = (body: object) => api.post('/auth/login', undefined, body)
    isFailure(await send({ password: PASSWORD }), 422, /^username is missing\.$/)
    isFailure(await send({ username: user.email }), 422, /^password is missing\.$/)
  })
})

describe('five wrong passwords in a row', () => {
  it('lock the account for a quarter of an hour, even for the right one', async () => {
    const { api, user } = await arrange()
    await guessWrongly(api, user, 5)
    isFailure(await logIn(api, user), 423, /quarter of an hour/)
    app.pass({ minutes: 14, seconds: 59 })
    assert.equal((await logIn(api, user)).status, 423)
    app.pass({ seconds: 1 })
    assert.equal((await logIn(api, user)).status, 200)
  })

  it('lock nobody else, and four lock nobody', async () => {
    const { api, admin, user } = await arrange()
    await guessWrongly(api, admin, 5)
    await guessWrongly(api, user, 4)
    assert.equal((await logIn(api, user)).status, 200)
  })
})

describe('a token', () => {
  it('lives for a day', async () => {
    const { api, user } = await arrange()
    const { access_token: token } = (await logIn(api, user)).body
    const me = async () => (await api.ask('GET', '/auth/me', { token })).status
    app.pass({ hours: 23, minutes: 59 })
    assert.equal(await me(), 200)
    app.pass({ minutes: 1 })
    assert.equal(await me(), 401)
  })

  it('is needed to see who one is, and must be one of ours', async () => {
    const { api } = await arrange()
    for (const authorization of [undefined, 'Bearer made-up', 'Basic YTpi']) {
      const headers = authorization === undefined ? undefined : { authorization }
      const answer = await api.ask('GET', '/auth/me', { headers })
      isFailure(answer, 401)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    }
  })
})

describe('who is logged in', () => {
  it('sees their account: names, roles and when it was made, on the wall clock', async () => {
    const { api, user } = await arrange({ time_zone: 'Europe/Istanbul' })
    const { permissions, ...account } = (await api.get('/auth/me', user)).body
    assert.ok(permissions.length > 0)
    assert.deepEqual(account, {
      id: user.id,
      first_name: 'client',
      last_name: '',
      email: user.email,
      is_active: true,
      is_verified: true,
      is_system_user: false,
      created_at: '2027-03-01T11:00:00',
      updated_at: '2027-03-01T11:00:00',
      roles: ['user'],
    })
  })

  it('sees what they may, as resource:action, by their roles', async () => {
    const { api, admin, host, secretary, receptionist, user } = await arrangeOffice()
    const decides = ['appointments:book', 'appointments:read', 'appointments:decline', 'hours:change']
    const manages = ['users:manage', 'members:change', 'locations:change']
    const table = [
      ['an administrator', admin, ['admin'], [...decides, ...manages], []],
      ['a host', host, ['host'], decides, manages],
      ['a secretary', secretary, ['secretary'], decides, manages],
      ['a receptionist', receptionist, ['reception'], decides.slice(0, 2), [...decides.slice(2), ...manages]],
      ['a user', user, ['user'], decides.slice(0, 2), [...decides.slice(2), ...manages]],
    ] as const
    for (const [who, person, roles, granted, kept] of table) {
      const { body } = await api.get('/auth/me', person)
      assert.deepEqual(body.roles, roles, who)
      for (const permission of body.permissions) assert.match(permission, /^[a-z_]+:[a-z]+$/)
      for (const permission of granted)
        assert.ok(body.permissions.includes(permission), `${who} ${permission}`)
      for (const permission of kept) assert.ok(!body.permissions.includes(permission), `${who} ${permission}`)
    }
  })
})

async function arrange(options: { time_zone?: string } = {}) {
  const stage = await newOrganization(app, { ...options, trade: 'office' })
  const user = await newPersonWithPassword(app, stage.organization, ['client'])
  return { stage, admin: stage.admin, api: officeApi(app, stage), user }
}

async function arrangeOffice() {
  const offices = await newOffices(app)
  return { ...offices, user: await newClient(app, offices.stage) }
}

/** As OAuth clients do it: by a form. */
function logIn(api: OfficeApi, { email: username }: { email: string }, more: Record<string, string> = {}) {
  const body = new URLSearchParams({ username, password: PASSWORD, ...more })
  return api.ask('POST', '/auth/login', { body })
}

async function guessWrongly(api: OfficeApi, person: Person, times: number): Promise<void> {
  for (let time = 1; time <= times; time++) {
    assert.equal((await logIn(api, person, { password: 'Something-Else-9' })).status, 401)
  }
}
