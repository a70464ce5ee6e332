import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { hash } from 'bcryptjs'
import { startApp } from '../../test/app.ts'
import {
  logIn,
  newOrganization,
  newPerson,
  newPersonWithPassword,
  PASSWORD,
  visiting,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

describe('logging in', () => {
  it('answers with tokens that work and with who has logged in', async () => {
    const { organization } = await newOrganization(app, { rules: { access_token_minutes: 20 } })
    const { id, email } = await newPersonWithPassword(app, organization, ['provider', 'client'])
    const { status, body } = await logIn(app, organization, email)

    assert.equal(status, 200)
    assert.equal(body.token_type, 'bearer')
    assert.equal(body.expires_in, 1200)
    assert.equal(body.user.id, id)
    assert.deepEqual(body.user.roles, ['client', 'provider'])
    assert.equal(body.user.last_login_at, app.now().toString())
    const me = await app.get('/auth/me', { token: body.access_token })
    assert.deepEqual(me.body, body.user)
  })

  it('takes a form with a username, as OAuth has it', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    const form = { grant_type: 'password', username: email, password: PASSWORD }
    const body = new URLSearchParams(form)
    const { status, body: answer } = await app.post('/auth/login', { headers: visiting(organization), body })
    assert.equal(status, 200)
    assert.equal(answer.user.email, email)
  })

  it('does not mind how the address is written', async () => {
    const { organization } = await newOrganization(app)
    const { email } = await newPersonWithPassword(app, organization, ['client'])
    assert.equal((await logIn(app, organization, email.toUpperCase())).status, 200)
  })

  it('asks for an address', async () => {
    const { organization } = await newOrganization(app)
    const asking = { headers: visiting(organization), body: { password: PASSWORD } }
    const { status, body } = await app.post('/auth/login', asking)
    assert.equal(status, 422)
    assert.deepEqual(body.errors, [{ field: 'email', message: 'is missing' }])
  })

  it('answers a wrong password, an unknown address and an account without password alike', async () => {
    const { organization } = await newOrganization(app)
    const known = await newPersonWithPassword(app, organization, ['client'])
    const invited = await newPerson(app, organization, ['client'])
    const answers = [
      await logIn(app, organization, known.email, 'wrong-password'),
      await logIn(app, organization, 'nobody@example.com'),
      await logIn(app, organization, invited.email),
      await logIn(app, organization, "o'--%_\\@example.com"),
    ]
    for (const { status, body } of answers) {
      assert.equal(status, 401)
      assert.equal(body.code, 'wrong_password')
      assert.deepEqual(body, answers[0]!.body)
    }
  })

  it('tells only whoever knows the password that the account is disabled', async () => {
    const { organization, admin } = await newOrganization(app)
    const { id, email } = await newPersonWithPassword(app, organization, ['client'])
    const disabling = { token: admin.token, body: { is_active: false } }
    assert.equal((await app.request('PATCH', `/users/${id}`, disabling)).status, 200)

    const wrong = await logIn(app, organization, email, 'wrong-password')
    assert.equal(wrong.body.code, 'wrong_password')
    const right = await logIn(app, organization, email)
    assert.equal(right.status, 403)
    assert.equal(right.body.code, 'account_disabled')
    assert.match(right.body.detail, /disabled/)
  })

  it('waits for a verified address where the rules do, and only there', async () => {
    const { organization: strict } = await newOrganization(app, {
      rules: { log_in_needs_verified_email: true },
    })
    const { organization: lenient } = await newOrganization(app)
    const body = { email: 'new@example.com', password: PASSWORD, name: 'New' }
    for (const organization of [strict, lenient]) {
      await app.post('/auth/register', { headers: visiting(organization), body })
    }
    const refused = await logIn(app, strict, body.email)
    assert.equal(refused.status, 403)
    assert.match(refused.body.detail, /Verify/)
    assert.equal((await logIn(app, strict, body.email, 'wrong-password')).body.code, 'wrong_password')
    assert.equal((await logIn(app, lenient, body.email)).status, 200)
  })

  it('accepts the bcrypt hash of an older system, and keeps a better one from then on', async () => {
    const { organization } = await newOrganization(app)
    const { id, email } = await newPerson(app, organization, ['client'])
    const change = app.connection.db.updateTable('accounts').where('person_id', '=', id)
    await change.set({ password_hash: await hash(PASSWORD, 4) }).execute()

    assert.equal((await logIn(app, organization, email, 'wrong-password')).status, 401)
    assert.equal((await logIn(app, organization, email)).status, 200)
    const kept = await app.connection.db
      .selectFrom('accounts')
      .select('password_hash')
      .where('person_id', '=', id)
      .executeTakeFirstOrThrow()
    assert.match(kept.password_hash!, /^\$argon2id\$/)
    assert.equal((await logIn(app, organization, email)).status, 200)
  })
})
