import assert from 'node:assert/strict'
import { after, describe, it, type TestContext } from 'node:test'
import { startApp } from '../../test/app.ts'
import { logIn, newOrganization, newPersonWithPassword, PASSWORD, visiting } from '../../test/cast.ts'
import type { Organization } from '../organizations/organizations.ts'

const app = await startApp({ queue: true, env: { PUBLIC_URL: 'https://book.example.org/' } })
after(() => app.stop())

/** What was written to the log for an address, as soon as it is there. */
async function messageTo(t: TestContext, email: string, about: string) {
  await app.queue!.drain()
  const look = () => {
    const line = app.logged.find(({ msg, to }) => msg.includes(about) && to === email)
    assert.ok(line, `nothing about ${about} for ${email}`)
    return line
  }
  return t.waitFor(look, { interval: 20, timeout: 20_000 })
}

async function linkTo(
  t: TestContext,
  email: string,
  about: string,
): Promise<{ page: string; token: string }> {
  const { link } = await messageTo(t, email, about)
  const [page, token] = String(link).split('#token=')
  return { page: page!, token: token! }
}

let count = 0
function signUp(organization: Organization, email = `new-${++count}@example.com`) {
  const body = { email, password: PASSWORD, name: 'New' }
  return app.post('/auth/register', { headers: visiting(organization), body })
}

const forgot = (organization: Organization, email: string) =>
  app.post('/auth/forgot-password', { headers: visiting(organization), body: { email } })

describe('messages about accounts, in the log as long as nothing sends mail', () => {
  it('bring whoever signed up the link that verifies the address', async (t) => {
    const { organization } = await newOrganization(app)
    const { email } = (await signUp(organization)).body
    const { page, token } = await linkTo(t, email, 'verify_email')
    assert.equal(page, 'https://book.example.org/verify-email')
    assert.equal((await app.post('/auth/verify-email', { body: { token } })).status, 200)
    assert.equal((await logIn(app, organization, email)).body.user.is_verified, true)
  })

  it('bring the link again to whoever asks, until the address is verified', async (t) => {
    const { organization } = await newOrganization(app)
    const { email } = (await signUp(organization)).body
    const { token } = await linkTo(t, email, 'verify_email')
    const again = () =>
      app.post('/auth/resend-verification', { headers: visiting(organization), body: { email } })
    const told = () => app.logged.filter(({ to }) => to === email).length

    const waiting = await again()
    assert.equal(waiting.status, 202)
    await t.waitFor(() => assert.equal(told(), 2), { interval: 20, timeout: 20_000 })
    await app.post('/auth/verify-email', { body: { token } })
    const verified = await again()
    assert.deepEqual([verified.status, verified.body], [202, waiting.body])
    // What is told later shows that nothing more was told before it.
    await forgot(organization, email)
    await messageTo(t, email, 'reset_password')
    assert.equal(told(), 3)
  })

  it('bring whoever forgot the password a link that sets a new one', async (t) => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    app.pass({ minutes: 1 })
    assert.equal((await forgot(organization, email.toUpperCase())).status, 202)
    const { page, token } = await linkTo(t, email, 'reset_password')
    assert.equal(page, 'https://book.example.org/reset-password')
    const body = { token, new_password: 'Another-Horse-7' }
    assert.equal((await app.post('/auth/reset-password', { body })).status, 200)
    assert.equal((await logIn(app, organization, email, body.new_password)).status, 200)
  })

  it('bring whoever is invited a link that lets them choose a password', async (t) => {
    const { organization, admin } = await newOrganization(app)
    const person = { email: 'invited@example.com', name: 'Invited', roles: ['reception'] }
    const invited = await app.post('/users', { token: admin.token, body: person })
    assert.equal(invited.status, 201)
    assert.equal(invited.body.has_password, false)
    app.pass({ minutes: 1 })
    const { page, token } = await linkTo(t, person.email, 'invitation')
    assert.equal(page, 'https://book.example.org/accept-invitation')

    const body = { token, new_password: PASSWORD }
    assert.equal((await app.post('/auth/reset-password', { body })).status, 200)
    const { user } = (await logIn(app, organization, person.email)).body
    assert.deepEqual([user.has_password, user.is_verified, user.roles], [true, true, ['reception']])
  })

  it('bring an invitation once more where an administrator asks for it', async (t) => {
    const { organization, admin } = await newOrganization(app)
    const { id, email } = await newPersonWithPassword(app, organization, ['client'])
    assert.equal((await app.post(`/users/${id}/invite`, { token: admin.token })).status, 202)
    await linkTo(t, email, 'invitation')
  })

  it('tell the owner of an address that somebody tried to sign up with it, without a link', async (t) => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    await signUp(organization, email)
    const line = await messageTo(t, email, 'somebody tried to sign up')
    assert.equal(line.link, undefined)
  })

  it('answer an unknown address like a known one, and tell it nothing', async (t) => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    const unknown = await forgot(organization, 'nobody@example.com')
    const known = await forgot(organization, email)
    assert.deepEqual([unknown.status, unknown.body], [known.status, known.body])
    await messageTo(t, email, 'reset_password')
    assert.ok(!app.logged.some(({ to }) => to === 'nobody@example.com'))
  })

  it('leave no token in the queue', async (t) => {
    const { organization } = await newOrganization(app)
    const { email } = (await signUp(organization)).body
    const { token } = await linkTo(t, email, 'verify_email')
    const { rows } = await app.connection.pool.query('select data::text from pgboss.job')
    assert.ok(rows.length > 0)
    assert.ok(!rows.some(({ data }) => data.includes(token) || data.includes('token')))
  })
})
