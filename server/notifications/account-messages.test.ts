import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { logIn, newOrganization, newPersonWithPassword, PASSWORD, visiting } from '../../test/cast.ts'
import { workOff } from '../../test/working.ts'
import type { Organization } from '../organizations/organizations.ts'

const app = await startApp({ env: { PUBLIC_URL: 'https://book.example.org/' } })
after(() => app.stop())

/** What was written to the log for an address so far, once everything is said. */
async function messagesTo(email: string): Promise<string[]> {
  await workOff(app)
  return app.logged.filter(({ to }) => to === email).map(({ text }) => String(text))
}

/** The link in the last message that has one. */
async function linkTo(email: string): Promise<{ page: string; token: string }> {
  const links = (await messagesTo(email)).flatMap((text) => /https:\S+#token=\S+/.exec(text)?.[0] ?? [])
  const [page, token] = links.at(-1)?.split('#token=') ?? []
  assert.ok(page && token, `no link for ${email}`)
  return { page, token }
}

let count = 0
function signUp(organization: Organization, email = `new-${++count}@example.com`) {
  const body = { email, password: PASSWORD, name: 'New' }
  return app.post('/auth/register', { headers: visiting(organization), body })
}

const forgot = (organization: Organization, email: string) =>
  app.post('/auth/forgot-password', { headers: visiting(organization), body: { email } })

describe('messages about accounts, in the log as long as nothing sends mail', () => {
  it('bring whoever signed up the link that verifies the address', async () => {
    const { organization } = await newOrganization(app)
    const { email } = (await signUp(organization)).body
    const { page, token } = await linkTo(email)
    assert.equal(page, 'https://book.example.org/verify-email')
    assert.equal((await app.post('/auth/verify-email', { body: { token } })).status, 200)
    assert.equal((await logIn(app, organization, email)).body.user.is_verified, true)
  })

  it('bring the link again to whoever asks, until the address is verified', async () => {
    const { organization } = await newOrganization(app)
    const { email } = (await signUp(organization)).body
    const { token } = await linkTo(email)
    const again = () =>
      app.post('/auth/resend-verification', { headers: visiting(organization), body: { email } })

    const waiting = await again()
    assert.equal(waiting.status, 202)
    assert.equal((await messagesTo(email)).length, 2)
    await app.post('/auth/verify-email', { body: { token } })
    const verified = await again()
    assert.deepEqual([verified.status, verified.body], [202, waiting.body])
    assert.equal((await messagesTo(email)).length, 2)
  })

  it('bring whoever forgot the password a link that sets a new one', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    await messagesTo(email)
    app.pass({ minutes: 1 })
    assert.equal((await forgot(organization, email.toUpperCase())).status, 202)
    const { page, token } = await linkTo(email)
    assert.equal(page, 'https://book.example.org/reset-password')
    const body = { token, new_password: 'Another-Horse-7' }
    assert.equal((await app.post('/auth/reset-password', { body })).status, 200)
    assert.equal((await logIn(app, organization, email, body.new_password)).status, 200)
  })

  it('bring whoever is invited a link that lets them choose a password', async () => {
    const { organization, admin } = await newOrganization(app)
    const person = { email: 'invited@example.com', name: 'Invited', roles: ['reception'] }
    const invited = await app.post('/users', { token: admin.token, body: person })
    assert.equal(invited.status, 201)
    assert.equal(invited.body.has_password, false)
    app.pass({ minutes: 1 })
    const { page, token } = await linkTo(person.email)
    assert.equal(page, 'https://book.example.org/accept-invitation')

    const body = { token, new_password: PASSWORD }
    assert.equal((await app.post('/auth/reset-password', { body })).status, 200)
    const { user } = (await logIn(app, organization, person.email)).body
    assert.deepEqual([user.has_password, user.is_verified, user.roles], [true, true, ['reception']])
  })

  it('bring an invitation once more where an administrator asks for it', async () => {
    const { organization, admin } = await newOrganization(app)
    const { id, email } = await newPersonWithPassword(app, organization, ['client'])
    const before = (await messagesTo(email)).length
    assert.equal((await app.post(`/users/${id}/invite`, { token: admin.token })).status, 202)
    assert.equal((await messagesTo(email)).length, before + 1)
    await linkTo(email)
  })

  it('tell the owner of an address that somebody tried to sign up with it, without a link', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    const before = (await messagesTo(email)).length
    await signUp(organization, email)
    const told = (await messagesTo(email)).slice(before)
    assert.equal(told.length, 1)
    assert.doesNotMatch(told[0]!, /#token=/)
  })

  it('answer an unknown address like a known one, and tell it nothing', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    const unknown = await forgot(organization, 'nobody@example.com')
    const known = await forgot(organization, email)
    assert.deepEqual([unknown.status, unknown.body], [known.status, known.body])
    assert.ok((await messagesTo(email)).length > 0)
    assert.deepEqual(await messagesTo('nobody@example.com'), [])
  })

  it('leave no token behind in a table', async () => {
    const { organization, admin } = await newOrganization(app)
    const { email } = (await signUp(organization)).body
    const { token } = await linkTo(email)
    const { items } = (await app.get('/notifications?kind=verification', { token: admin.token })).body
    assert.equal(items.length, 1)
    assert.match(items[0].content, /#token=…/)
    const tables = ['notifications', 'events']
    for (const table of tables) {
      const { rows } = await app.connection.pool.query(`select t::text as row from ${table} t`)
      assert.ok(rows.length > 0 && !rows.some(({ row }) => row.includes(token)))
    }
  })
})
