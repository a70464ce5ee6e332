import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { logIn, newOrganization, newPersonWithPassword } from '../../test/cast.ts'
import type { Organization } from '../organizations/organizations.ts'

const app = await startApp()
after(() => app.stop())

async function failToLogIn(organization: Organization, email: string, times: number): Promise<void> {
  for (let time = 1; time <= times; time++) {
    assert.equal((await logIn(app, organization, email, 'wrong-password')).status, 401)
  }
}

describe('too many wrong passwords', () => {
  it('lock after the fifth, even for the right password', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    await failToLogIn(organization, email, 5)

    const { status, body } = await logIn(app, organization, email)
    assert.equal(status, 423)
    assert.equal(body.code, 'account_locked')
    assert.equal(body.locked_until, app.now().add({ minutes: 15 }).toString())
  })

  it('lock for a quarter of an hour and no second longer', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    await failToLogIn(organization, email, 5)

    app.pass({ minutes: 14, seconds: 59 })
    assert.equal((await logIn(app, organization, email)).status, 423)
    app.pass({ seconds: 1 })
    assert.equal((await logIn(app, organization, email)).status, 200)
  })

  it('are forgiven when they lie more than a quarter of an hour apart', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    await failToLogIn(organization, email, 4)
    app.pass({ minutes: 15 })
    await failToLogIn(organization, email, 4)
    assert.equal((await logIn(app, organization, email)).status, 200)
  })

  it('are forgotten by logging in', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    await failToLogIn(organization, email, 4)
    assert.equal((await logIn(app, organization, email)).status, 200)
    await failToLogIn(organization, email, 4)
    assert.equal((await logIn(app, organization, email)).status, 200)
  })

  it('lock an address that nobody has in the same way, so that a lock tells nothing', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    await failToLogIn(organization, email, 5)
    await failToLogIn(organization, 'nobody@example.com', 5)
    const known = await logIn(app, organization, email)
    const unknown = await logIn(app, organization, 'Nobody@Example.com')
    assert.equal(unknown.status, 423)
    assert.deepEqual(unknown.body, known.body)
  })

  it('lock nobody else, nor the same address in another organization', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    const neighbour = await newPersonWithPassword(app, organization, ['client'])
    const { organization: elsewhere } = await newOrganization(app)
    await failToLogIn(elsewhere, email, 5)
    await failToLogIn(organization, 'nobody@example.com', 5)
    assert.equal((await logIn(app, organization, email)).status, 200)
    assert.equal((await logIn(app, organization, neighbour.email)).status, 200)
  })

  it('give twelve guesses at once no more tries than twelve in a row', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    const guesses = Array.from({ length: 12 }, (_, at) => logIn(app, organization, email, `guess-${at}`))
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 401).length, 5)
    assert.equal(statuses.filter((status) => status === 423).length, 7)
  })

  it('are forgiven by an administrator', async () => {
    const { organization, admin } = await newOrganization(app)
    const { id, email } = await newPersonWithPassword(app, organization, ['client'])
    await failToLogIn(organization, email, 5)
    assert.equal((await app.post(`/users/${id}/unlock`, { token: admin.token })).status, 204)
    assert.equal((await logIn(app, organization, email)).status, 200)
  })

  it('leave whoever is logged in alone', async () => {
    const { organization } = await newOrganization(app)
    const { email, token } = await newPersonWithPassword(app, organization, ['client'])
    await failToLogIn(organization, email, 5)
    assert.equal((await app.get('/auth/me', { token })).status, 200)
  })
})
