import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { linkFor, newOrganization, newPerson, newPersonWithPassword, PASSWORD } from '../../test/cast.ts'
import { eventsAbout, isFailure, type OfficeApi, officeApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

const NEW = 'Another-Horse-7'

describe('asking for a new password', () => {
  it('is answered the same to everybody, and a message goes to whoever has an account', async () => {
    const { api, user } = await arrange()
    const known = await askForReset(api, user.email.toUpperCase())
    const unknown = await askForReset(api, 'nobody@example.com')
    assert.deepEqual(Object.keys(known.body), ['message'])
    for (const { status, body } of [known, unknown]) assert.deepEqual([status, body], [200, known.body])
    assert.deepEqual(await eventsAbout(app, user.id), ['account.reset_asked'])
  })

  it('sends nothing to a deactivated account, and says so to nobody', async () => {
    const { api, admin, user } = await arrange()
    await api.post(`/admin/users/${user.id}/deactivate`, admin)
    assert.equal((await askForReset(api, user.email)).status, 200)
    assert.deepEqual(await eventsAbout(app, user.id), [])
  })

  it('needs an address', async () => {
    const { api } = await arrange()
    isFailure(await askForReset(api, 'nobody'), 422, /^email must be an e-mail address\.$/)
    isFailure(await api.post('/auth/request-password-reset', undefined, {}), 422, /^email is missing\.$/)
  })
})

describe('the link that resets a password', () => {
  it('sets a new one and ends every log-in', async () => {
    const { api, user } = await arrange()
    const token = await linkFor(app, user, 'reset_password')
    const { status, body } = await reset(api, token)
    assert.deepEqual([status, Object.keys(body)], [200, ['message']])
    assert.equal((await api.get('/auth/me', user)).status, 401)
    assert.equal((await logIn(api, user)).status, 401)
    assert.equal((await logIn(api, user, NEW)).status, 200)
  })

  it('works once', async () => {
    const { api, user } = await arrange()
    app.pass({ minutes: 1 })
    const token = await linkFor(app, user, 'reset_password')
    await reset(api, token)
    isFailure(await reset(api, token, 'Third-Horse-5'), 400, /expired or was used before/)
    assert.equal((await logIn(api, user, NEW)).status, 200)
  })

  it('is good for 24 hours', async () => {
    const { api, user } = await arrange()
    const late = await linkFor(app, user, 'reset_password')
    app.pass({ hours: 24 })
    isFailure(await reset(api, late), 400, /expired/)
    const timely = await linkFor(app, user, 'reset_password')
    app.pass({ hours: 23, minutes: 59 })
    assert.equal((await reset(api, timely)).status, 200)
  })

  it('opens a locked account', async () => {
    const { api, user } = await arrange()
    for (let time = 1; time <= 5; time++) await logIn(api, user, 'Something-Else-9')
    assert.equal((await logIn(api, user)).status, 423)
    await reset(api, await linkFor(app, user, 'reset_password'))
    assert.equal((await logIn(api, user, NEW)).status, 200)
  })

  it('is no made-up one, and none for something else', async () => {
    const { api, user } = await arrange()
    for (const token of ['made-up', user.token, await linkFor(app, user, 'verify_email')]) {
      isFailure(await reset(api, token), 400)
    }
    assert.equal((await logIn(api, user)).status, 200)
  })

  it('takes no weak password, and is not used up by one', async () => {
    const { api, user } = await arrange()
    const token = await linkFor(app, user, 'reset_password')
    for (const weak of ['Short-7', 'no-upper-case-9', 'NoSignAtAll9', `Aa-1${'x'.repeat(125)}`]) {
      isFailure(await reset(api, token, weak), 422, /^new_password /)
    }
    assert.equal((await reset(api, token)).status, 200)
  })
})

describe('the link of an invitation', () => {
  it('sets the first password, and lets in', async () => {
    const { api, stage } = await arrange()
    const invited = await newPerson(app, stage.organization, ['provider'])
    const token = await linkFor(app, invited, 'invitation')
    assert.equal((await logIn(api, invited, NEW)).status, 401)
    const answer = await api.post('/auth/set-password', undefined, { token, new_password: NEW })
    assert.equal(answer.status, 200)
    assert.equal((await logIn(api, invited, NEW)).status, 200)
  })
})

describe('changing one’s own password', () => {
  it('ends every other log-in and keeps this one', async () => {
    const { api, user } = await arrange()
    const elsewhere: string = (await logIn(api, user)).body.access_token
    const body = { current_password: PASSWORD, new_password: NEW }
    assert.equal((await api.post('/auth/change-password', user, body)).status, 200)
    assert.equal((await api.get('/auth/me', user)).status, 200)
    assert.equal((await api.ask('GET', '/auth/me', { token: elsewhere })).status, 401)
    assert.equal((await logIn(api, user)).status, 401)
    assert.equal((await logIn(api, user, NEW)).status, 200)
  })

  it('needs the present one, a good new one, and a log-in', async () => {
    const { api, user } = await arrange()
    const change = (current_password: string, new_password: string, person = user) =>
      api.post('/auth/change-password', person, { current_password, new_password })
    isFailure(await change('Something-Else-9', NEW), 422, /^current_password is not the password/)
    isFailure(await change(PASSWORD, 'no-upper-case-9'), 422, /^new_password needs an upper-case letter/)
    isFailure(await change(PASSWORD, 'Short-7'), 422, /^new_password .*8 characters/)
    isFailure(await change(PASSWORD, NEW, { ...user, token: 'made-up' }), 401)
    assert.equal((await logIn(api, user)).status, 200)
  })

  it('is guessed at no more often than at the door', async () => {
    const { api, user } = await arrange()
    const guess = () =>
      api.post('/auth/change-password', user, { current_password: 'Something-Else-9', new_password: NEW })
    for (let time = 1; time <= 5; time++) assert.equal((await guess()).status, 422)
    assert.equal((await guess()).status, 423)
    assert.equal((await logIn(api, user)).status, 423)
  })
})

const askForReset = (api: OfficeApi, email: string) =>
  api.post('/auth/request-password-reset', undefined, { email })

const reset = (api: OfficeApi, token: string, new_password = NEW) =>
  api.post('/auth/reset-password', undefined, { token, new_password })

const logIn = (api: OfficeApi, { email }: { email: string }, password = PASSWORD) =>
  api.post('/auth/login', undefined, { email, password })

async function arrange() {
  const stage = await newOrganization(app, { trade: 'office' })
  const user = await newPersonWithPassword(app, stage.organization, ['client'])
  return { stage, admin: stage.admin, api: officeApi(app, stage), user }
}
