import assert from 'node:assert/strict'
import { after, describe, it, type TestContext } from 'node:test'
import { startApp } from '../../test/app.ts'
import {
  linkFor,
  logIn,
  newOrganization,
  newPerson,
  newPersonWithPassword,
  PASSWORD,
  visiting,
} from '../../test/cast.ts'
import type { Organization } from '../organizations/organizations.ts'

const app = await startApp()
after(() => app.stop())

const NEW = 'Another-Horse-7'
const verify = (token: string) => app.post('/auth/verify-email', { body: { token } })
const reset = (token: string, new_password = NEW) =>
  app.post('/auth/reset-password', { body: { token, new_password } })

async function signedUp(organization: Organization): Promise<{ id: string; email: string }> {
  const email = 'new@example.com'
  const body = { email, password: PASSWORD, name: 'New' }
  await app.post('/auth/register', { headers: visiting(organization), body })
  return (await logIn(app, organization, email)).body.user
}

function isVoid({ status, body }: { status: number; body: { code: string } }): void {
  assert.equal(status, 400)
  assert.equal(body.code, 'link_invalid')
}

/** Keeps an account locked, so that whoever is about to change it does so at the same moment: when it is let go. */
async function holdAccount(id: string) {
  // The embedded database has one session: there nobody can come between.
  if (app.connection.kind === 'embedded') return undefined
  const { pool } = app.connection
  const client = await pool.connect()
  await client.query('begin')
  await client.query('select from accounts where person_id = $1 for update', [id])
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  return {
    async untilSomeWait(t: TestContext) {
      const look = async () => assert.ok((await pool.query(waiting)).rowCount! >= 3)
      await t.waitFor(look, { interval: 20, timeout: 20_000 })
    },
    async letGo() {
      await client.query('commit')
      client.release()
    },
  }
}

describe('the link that verifies an address', () => {
  it('verifies it, once', async () => {
    const { organization } = await newOrganization(app)
    const person = await signedUp(organization)
    const link = await linkFor(app, person, 'verify_email')
    assert.equal((await verify(link)).status, 200)
    assert.equal((await logIn(app, organization, person.email)).body.user.is_verified, true)
    isVoid(await verify(link))
  })

  it('is good for two days', async () => {
    const { organization } = await newOrganization(app)
    const person = await signedUp(organization)
    const link = await linkFor(app, person, 'verify_email')
    app.pass({ hours: 48 })
    isVoid(await verify(link))
    const another = await linkFor(app, person, 'verify_email')
    app.pass({ hours: 47, minutes: 59 })
    assert.equal((await verify(another)).status, 200)
  })

  it('is of no use for anything else, and nothing else for it', async () => {
    const { organization } = await newOrganization(app)
    const person = await signedUp(organization)
    const { access_token } = (await logIn(app, organization, person.email)).body
    isVoid(await reset(await linkFor(app, person, 'verify_email')))
    isVoid(await verify(await linkFor(app, person, 'reset_password')))
    isVoid(await verify(await linkFor(app, person, 'invitation')))
    isVoid(await verify(access_token))
    const token = await linkFor(app, person, 'verify_email')
    assert.equal((await app.get('/auth/me', { token })).status, 401)
    assert.equal((await app.post('/auth/refresh', { body: { refresh_token: token } })).status, 401)
  })
})

describe('the link that resets a password', () => {
  it('sets a new one, ends every log-in and lets in again', async () => {
    const { organization } = await newOrganization(app)
    const person = await newPersonWithPassword(app, organization, ['client'])
    app.pass({ minutes: 1 })
    assert.equal((await reset(await linkFor(app, person, 'reset_password'))).status, 200)
    assert.equal((await app.get('/auth/me', { token: person.token })).status, 401)
    assert.equal((await logIn(app, organization, person.email)).status, 401)
    assert.equal((await logIn(app, organization, person.email, NEW)).status, 200)
  })

  it('works once, and for one of several who use it at the same moment', async (t) => {
    const { organization } = await newOrganization(app)
    const person = await newPersonWithPassword(app, organization, ['client'])
    app.pass({ minutes: 1 })
    const link = await linkFor(app, person, 'reset_password')
    const held = await holdAccount(person.id)
    const asked = [1, 2, 3, 4, 5].map((at) => reset(link, `Horse-Number-${at}`))
    await held?.untilSomeWait(t)
    await held?.letGo()
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    assert.deepEqual(statuses.toSorted(), [200, 400, 400, 400, 400])
    isVoid(await reset(link))
  })

  it('is void once the password was changed in another way', async () => {
    const { organization } = await newOrganization(app)
    const person = await newPersonWithPassword(app, organization, ['client'])
    const link = await linkFor(app, person, 'reset_password')
    app.pass({ minutes: 1 })
    const body = { current_password: PASSWORD, new_password: NEW }
    assert.equal((await app.post('/auth/change-password', { token: person.token, body })).status, 204)
    isVoid(await reset(link, 'Third-Horse-11'))
  })

  it('is good for a day', async () => {
    const { organization } = await newOrganization(app)
    const person = await newPersonWithPassword(app, organization, ['client'])
    const link = await linkFor(app, person, 'reset_password')
    app.pass({ hours: 24 })
    isVoid(await reset(link))
  })

  it('obeys the rules for passwords, and stays good after a refusal', async () => {
    const { organization } = await newOrganization(app, { rules: { password_needs_classes: true } })
    const person = await newPerson(app, organization, ['client'])
    app.pass({ minutes: 1 })
    const link = await linkFor(app, person, 'reset_password')
    const { status, body } = await reset(link, 'only-small-letters')
    assert.equal(status, 422)
    assert.equal(body.errors[0].field, 'new_password')
    assert.equal((await reset(link)).status, 200)
  })

  it('lifts the lock of too many wrong passwords', async () => {
    const { organization } = await newOrganization(app)
    const person = await newPersonWithPassword(app, organization, ['client'])
    for (let time = 0; time < 5; time++) await logIn(app, organization, person.email, 'wrong-password')
    assert.equal((await logIn(app, organization, person.email)).status, 423)
    app.pass({ minutes: 1 })
    assert.equal((await reset(await linkFor(app, person, 'reset_password'))).status, 200)
    assert.equal((await logIn(app, organization, person.email, NEW)).status, 200)
  })

  it('shows that the address is theirs', async () => {
    const { organization } = await newOrganization(app)
    const person = await signedUp(organization)
    app.pass({ minutes: 1 })
    await reset(await linkFor(app, person, 'reset_password'))
    assert.equal((await logIn(app, organization, person.email, NEW)).body.user.is_verified, true)
  })

  it('does nothing for a disabled account', async () => {
    const { organization, admin } = await newOrganization(app)
    const person = await newPersonWithPassword(app, organization, ['client'])
    app.pass({ minutes: 1 })
    const link = await linkFor(app, person, 'reset_password')
    await app.request('PATCH', `/users/${person.id}`, { token: admin.token, body: { is_active: false } })
    isVoid(await reset(link))
  })
})

describe('changing the password', () => {
  it('ends every other log-in, and none but those', async () => {
    const { organization } = await newOrganization(app)
    const person = await newPersonWithPassword(app, organization, ['client'])
    const here = (await logIn(app, organization, person.email)).body
    const body = { current_password: PASSWORD, new_password: NEW }
    const changed = await app.post('/auth/change-password', { token: here.access_token, body })
    assert.equal(changed.status, 204)

    assert.equal((await app.get('/auth/me', { token: here.access_token })).status, 200)
    assert.equal((await app.get('/auth/me', { token: person.token })).status, 401)
    assert.equal((await logIn(app, organization, person.email)).status, 401)
    assert.equal((await logIn(app, organization, person.email, NEW)).status, 200)
  })

  it('can be guessed at no more often than at the door', async () => {
    const { organization } = await newOrganization(app)
    const { token } = await newPersonWithPassword(app, organization, ['client'])
    const guess = (current_password: string) =>
      app.post('/auth/change-password', { token, body: { current_password, new_password: NEW } })
    for (let time = 0; time < 5; time++) assert.equal((await guess('wrong-password')).status, 422)
    assert.equal((await guess(PASSWORD)).status, 423)
  })

  it('needs the current one', async () => {
    const { organization } = await newOrganization(app)
    const { token, email } = await newPersonWithPassword(app, organization, ['client'])
    const invited = await newPerson(app, organization, ['client'])
    for (const asking of [
      { token, body: { current_password: 'wrong-password', new_password: NEW } },
      { token: invited.token, body: { current_password: '', new_password: NEW } },
    ]) {
      const { status, body } = await app.post('/auth/change-password', asking)
      assert.equal(status, 422)
      assert.equal(body.errors[0].field, 'current_password')
    }
    assert.equal((await logIn(app, organization, email)).status, 200)
  })

  it('obeys the rules for passwords', async () => {
    const { organization } = await newOrganization(app, { rules: { password_needs_classes: true } })
    const { token } = await newPersonWithPassword(app, organization, ['client'])
    const asking = { token, body: { current_password: PASSWORD, new_password: 'only-small-letters' } }
    const { status, body } = await app.post('/auth/change-password', asking)
    assert.equal(status, 422)
    assert.equal(body.errors[0].field, 'new_password')
  })
})
