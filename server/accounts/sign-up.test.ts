import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { logIn, newOrganization, newPersonWithPassword, PASSWORD, visiting } from '../../test/cast.ts'
import type { Organization } from '../organizations/organizations.ts'

const app = await startApp()
after(() => app.stop())

const wanted = { email: 'ada@example.com', password: PASSWORD, name: 'Ada' }

function signUp(organization: Organization, body: object) {
  return app.post('/auth/register', { headers: visiting(organization), body: { ...wanted, ...body } })
}

describe('signing up', () => {
  it('lets somebody in who has just signed up, as a client', async () => {
    const { organization } = await newOrganization(app)
    const signedUp = await signUp(organization, { phone: '+441632960001', locale: 'en-GB' })
    assert.equal(signedUp.status, 201)

    const { status, body } = await logIn(app, organization, wanted.email)
    assert.equal(status, 200)
    assert.deepEqual(body.user.roles, ['client'])
    assert.equal(body.user.phone, '+441632960001')
    assert.equal(body.user.locale, 'en-GB')
    assert.equal(body.user.is_verified, false)
  })

  it('answers a known address like a new one, to the letter', async () => {
    const { organization } = await newOrganization(app)
    const known = await newPersonWithPassword(app, organization, ['client'])
    const answers = []
    for (const email of [known.email, 'nobody-yet@example.com'])
      answers.push(await signUp(organization, { email }))

    const [old, fresh] = answers
    assert.equal(old!.status, 201)
    assert.equal(fresh!.status, 201)
    const { email: _known, ...oldRest } = old!.body
    const { email: _fresh, ...freshRest } = fresh!.body
    assert.deepEqual(oldRest, freshRest)
  })

  it('takes nothing over from whoever has the address already, however it is written', async () => {
    const { organization } = await newOrganization(app)
    const known = await newPersonWithPassword(app, organization, ['client'])
    const email = known.email.toUpperCase()
    assert.equal((await signUp(organization, { email, password: 'Mine-Now-12', name: 'Thief' })).status, 201)

    assert.equal((await logIn(app, organization, known.email, 'Mine-Now-12')).status, 401)
    const { body } = await logIn(app, organization, known.email)
    assert.equal(body.user.id, known.id)
    assert.equal(body.user.name, known.name)
  })

  it('makes one person of eight who sign up with one address at once, whatever keys they send', async () => {
    const { organization, admin } = await newOrganization(app)
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map((key) =>
        app.post('/auth/register', {
          headers: { ...visiting(organization), 'idempotency-key': `${key}` },
          body: wanted,
        }),
      ),
    )
    assert.ok(answers.every(({ status }) => status === 201))
    const clients = await app.get('/clients', { token: admin.token })
    assert.equal(clients.body.items.length, 1)
  })

  it('keeps the same address apart in two organizations', async () => {
    const { organization: here } = await newOrganization(app)
    const { organization: there } = await newOrganization(app)
    await signUp(here, {})
    assert.equal((await logIn(app, there, wanted.email)).status, 401)
  })

  it('is refused to roles that people cannot give themselves', async () => {
    const { organization } = await newOrganization(app)
    for (const role of ['admin', 'secretary', 'reception']) {
      const { status, body } = await signUp(organization, { role })
      assert.equal(status, 403, role)
      assert.equal(body.code, 'sign_up_closed')
    }
    assert.equal((await logIn(app, organization, wanted.email)).status, 401)
  })

  it('is open to whom the rules name, and closed where they name nobody', async () => {
    const { organization: open } = await newOrganization(app, { rules: { sign_up_as: ['provider'] } })
    assert.equal((await signUp(open, { role: 'client' })).status, 403)
    assert.equal((await signUp(open, { role: 'provider' })).status, 201)
    const { body } = await logIn(app, open, wanted.email)
    assert.deepEqual(body.user.roles, ['provider'])

    const { organization: closed } = await newOrganization(app, { rules: { sign_up_as: [] } })
    assert.equal((await signUp(closed, {})).status, 403)
  })

  it('asks for an address of the right domain where the rules name some', async () => {
    const { organization } = await newOrganization(app, { rules: { email_domains: ['city.example'] } })
    const refused = await signUp(organization, { email: 'ada@city.example.net' })
    assert.equal(refused.status, 422)
    assert.equal(refused.body.errors[0].field, 'email')
    assert.equal((await signUp(organization, { email: 'ada@City.Example' })).status, 201)
  })

  it('asks for all kinds of characters where the rules do', async () => {
    const { organization } = await newOrganization(app, { rules: { password_needs_classes: true } })
    for (const password of ['alllower-12', 'ALLUPPER-12', 'No-Digits-Here', 'NoSigns123']) {
      const { status, body } = await signUp(organization, { password })
      assert.equal(status, 422, password)
      assert.equal(body.errors[0].field, 'password')
    }
    assert.equal((await signUp(organization, { password: 'Größe-über-9' })).status, 201)
  })

  it('asks for a password of 8 to 128 characters', async () => {
    const { organization } = await newOrganization(app)
    for (const password of ['seven-7', 'x'.repeat(129)]) {
      const { status, body } = await signUp(organization, { password })
      assert.equal(status, 422)
      assert.equal(body.errors[0].field, 'password')
    }
    assert.equal((await signUp(organization, { password: 'x'.repeat(128) })).status, 201)
  })
})
