import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newPersonWithPassword, PASSWORD } from '../../test/cast.ts'
import { isFailure, newSchool } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('logging in', () => {
  it('answers with a token and with who logged in', async () => {
    const { api, nora, logIn } = await arrange()
    const { status, body } = await logIn({ email: nora.email, password: PASSWORD })
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body), ['access_token', 'token_type', 'user'])
    assert.equal(body.token_type, 'bearer')
    const me = await api.ask('GET', '/auth/me', { token: body.access_token })
    assert.deepEqual(me.body, body.user)
    assert.deepEqual([me.body.id, me.body.email], [nora.id, nora.email])
  })

  it('takes the address however it is written, and by the name that forms give it', async () => {
    const { api, nora, logIn } = await arrange()
    assert.equal((await logIn({ email: nora.email.toUpperCase(), password: PASSWORD })).status, 200)
    assert.equal((await logIn({ username: nora.email, password: PASSWORD })).status, 200)
    const form = new URLSearchParams({ username: nora.email, password: PASSWORD, grant_type: 'password' })
    assert.equal((await api.ask('POST', '/auth/login', { body: form })).status, 200)
  })

  it('with a wrong password and with an unknown address is refused in the same words', async () => {
    const { nora, logIn } = await arrange()
    const elsewhere = await arrange()
    for (const wrong of [
      { email: nora.email, password: 'Something-Else-9' },
      { email: 'nobody@example.com', password: PASSWORD },
      { email: elsewhere.nora.email, password: PASSWORD },
    ]) {
      const answer = await logIn(wrong)
      isFailure(answer, 401, /^The e-mail address or the password is wrong\.$/)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    }
  })

  it('says what is missing', async () => {
    const { api, nora, logIn } = await arrange()
    const nameless = await logIn({ password: PASSWORD })
    isFailure(nameless, 422, /^email is missing\.$/)
    assert.deepEqual(nameless.body.errors, [{ field: 'email', message: 'is missing' }])
    isFailure(await logIn({ email: nora.email }), 422, /^password is missing\.$/)
    isFailure(await api.post('/auth/login', undefined), 422)
  })
})

describe('an account that is switched off', () => {
  it('is told so, if the password is right, and its tokens end at once', async () => {
    const { api, admin, nora, logIn } = await arrange()
    const { access_token: token } = (await logIn({ email: nora.email, password: PASSWORD })).body
    assert.equal((await api.delete(`/admin/users/${nora.id}`, admin)).status, 200)
    isFailure(await logIn({ email: nora.email, password: PASSWORD }), 403, /disabled/)
    isFailure(await logIn({ email: nora.email, password: 'Something-Else-9' }), 401)
    isFailure(await api.ask('GET', '/auth/me', { token }), 401)
  })

  it('logs in again once it is switched on', async () => {
    const { api, admin, nora, logIn } = await arrange()
    await api.delete(`/admin/users/${nora.id}`, admin)
    await api.put(`/admin/users/${nora.id}`, admin, { is_active: true })
    assert.equal((await logIn({ email: nora.email, password: PASSWORD })).status, 200)
  })
})

describe('a token', () => {
  it('lives for thirty minutes', async () => {
    const { api, nora, logIn } = await arrange()
    const { access_token: token } = (await logIn({ email: nora.email, password: PASSWORD })).body
    const me = async () => (await api.ask('GET', '/auth/me', { token })).status
    app.pass({ minutes: 29, seconds: 59 })
    assert.equal(await me(), 200)
    app.pass({ seconds: 1 })
    assert.equal(await me(), 401)
  })

  it('shows people who they are, whatever they are', async () => {
    const { api, admin, teacher, parent } = await arrange()
    for (const [role, person] of Object.entries({ admin, teacher, parent })) {
      const { status, body } = await api.get('/auth/me', person)
      assert.equal(status, 200)
      const { id, email, name: full_name } = person
      const times = { created_at: '2027-03-01T08:00:00', updated_at: '2027-03-01T08:00:00' }
      assert.deepEqual(body, { id, email, full_name, role, is_active: true, ...times })
    }
  })

  it('is needed, and must be one of ours', async () => {
    const { api } = await arrange()
    for (const authorization of [undefined, 'Bearer made-up', 'Basic YTpi', 'Bearer']) {
      const headers = authorization === undefined ? undefined : { authorization }
      const answer = await api.ask('GET', '/auth/me', { headers })
      isFailure(answer, 401)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    }
  })
})

it('times of an account stand on the school’s wall clock', async () => {
  const { api, teacher } = await newSchool(app, { time_zone: 'Asia/Kolkata' })
  assert.equal((await api.get('/auth/me', teacher)).body.created_at, '2027-03-01T13:30:00')
})

async function arrange() {
  const school = await newSchool(app)
  const nora = await newPersonWithPassword(app, school.stage.organization, ['client'])
  const logIn = (body: object) => school.api.post('/auth/login', undefined, body)
  return { ...school, nora, logIn }
}
