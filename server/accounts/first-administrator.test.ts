import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { logIn, newOrganization, PASSWORD, visiting } from '../../test/cast.ts'
import { createOrganization, type Organization } from '../organizations/organizations.ts'
import { trades } from '../organizations/trades.ts'

const app = await startApp()
after(() => app.stop())

/** As `setup` makes it where no administrator is named. */
function organizationWithoutAdministrator(): Promise<Organization> {
  const wanted = { slug: `bare-${crypto.randomUUID()}`, name: 'Bare', time_zone: 'UTC' }
  return createOrganization(app.connection.db, trades.office!, wanted, app.now())
}

function signUpAsAdministrator(organization: Organization, email: string) {
  const body = { email, password: PASSWORD, name: 'First', role: 'admin' }
  return app.post('/auth/register', { headers: visiting(organization), body })
}

describe('the first administrator', () => {
  it('is whoever first asks to be it', async () => {
    const organization = await organizationWithoutAdministrator()
    assert.equal((await signUpAsAdministrator(organization, 'first@example.com')).status, 201)
    const { rows } = await administrators(organization)
    assert.equal(rows.length, 1)
  })

  it('is made once: whoever asks later is refused', async () => {
    const organization = await organizationWithoutAdministrator()
    await signUpAsAdministrator(organization, 'first@example.com')
    const { status, body } = await signUpAsAdministrator(organization, 'second@example.com')
    assert.equal(status, 403)
    assert.equal(body.code, 'sign_up_closed')
    assert.equal((await logIn(app, organization, 'second@example.com')).status, 401)
  })

  it('is one of eight who ask at once', async () => {
    const organization = await organizationWithoutAdministrator()
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map((number) => signUpAsAdministrator(organization, `n${number}@example.com`)),
    )
    const statuses = answers.map(({ status }) => status).toSorted()
    assert.deepEqual(statuses, [201, ...Array(7).fill(403)])
    assert.equal((await administrators(organization)).rows.length, 1)
  })

  it('is not somebody new where an administrator was made by setup', async () => {
    const { organization } = await newOrganization(app)
    assert.equal((await signUpAsAdministrator(organization, 'late@example.com')).status, 403)
  })
})

function administrators({ id }: Organization) {
  return app.connection.pool.query(`select from roles where organization_id = $1 and role = 'admin'`, [id])
}
