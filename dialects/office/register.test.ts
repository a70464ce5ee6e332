import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { createOrganization } from '../../server/organizations/organizations.ts'
import { trades } from '../../server/organizations/trades.ts'
import { MONDAY, startApp } from '../../test/app.ts'
import { linkFor, newOrganization, newPerson, PASSWORD, type Person } from '../../test/cast.ts'
import { eventsAbout, isFailure, type OfficeApi, officeApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

let count = 0
const newEmail = () => `somebody-${++count}@example.com`

function register(api: OfficeApi, body: object = {}, by?: Person) {
  const person = { first_name: 'Ada', last_name: 'Lovelace', email: newEmail(), password: PASSWORD }
  return api.post('/auth/register', by, { ...person, ...body })
}

describe('registering', () => {
  it('makes a user whose address waits to be verified', async () => {
    const { api } = await arrange({ time_zone: 'Europe/Istanbul' })
    const email = newEmail()
    const made = await register(api, { first_name: 'Anna Maria', last_name: 'van der Berg', email })
    assert.equal(made.status, 201)
    const { id, ...user } = made.body
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(user, {
      first_name: 'Anna Maria',
      last_name: 'van der Berg',
      email,
      is_active: true,
      is_verified: false,
      is_system_user: false,
      created_at: '2027-03-01T11:00:00',
      updated_at: '2027-03-01T11:00:00',
      roles: ['user'],
    })
  })

  it('has a message with a link sent to the address', async () => {
    const { api } = await arrange()
    const { id } = (await register(api)).body
    assert.deepEqual(await eventsAbout(app, id), ['account.signed_up'])
  })

  it('makes users alone: whoever works for the authority is made by an administrator', async () => {
    const { api, admin, stage } = await arrange()
    const host = await newPerson(app, stage.organization, ['provider'])
    const table = [
      ['a visitor', undefined, { user: 201, host: 403, secretary: 403, reception: 403, admin: 403 }],
      ['a host', host, { user: 201, host: 403, secretary: 403, reception: 403, admin: 403 }],
      ['an administrator', admin, { user: 201, host: 201, secretary: 201, reception: 201, admin: 201 }],
    ] as const
    for (const [who, person, expected] of table) {
      for (const [role, status] of Object.entries(expected)) {
        const answer = await register(api, { role }, person)
        assert.equal(answer.status, status, `${who}: ${role}`)
        if (status === 201) assert.deepEqual(answer.body.roles, [role])
      }
    }
    isFailure(await register(api, { role: 'boss' }), 422, /^role must be one of admin, host, /)
  })

  it('by an administrator makes somebody whose address is verified', async () => {
    const { api, admin } = await arrange()
    const { body: made } = await register(api, { role: 'host' }, admin)
    assert.equal(made.is_verified, true)
    const logIn = { email: made.email, password: PASSWORD }
    assert.equal((await api.post('/auth/login', undefined, logIn)).status, 200)
  })

  it('as an administrator is for the first alone', async () => {
    const api = await withoutAdministrator()
    const first = await register(api, { role: 'admin' })
    assert.deepEqual([first.status, first.body.roles], [201, ['admin']])
    isFailure(await register(api, { role: 'admin' }), 403, /sign up as admin/)
  })

  it('with an address that is taken is a conflict, however it is written', async () => {
    const { api } = await arrange()
    await register(api, { email: 'twice@example.com' })
    for (const email of ['twice@example.com', 'Twice@Example.COM']) {
      isFailure(await register(api, { email }), 409, /already an account/)
    }
  })

  it('needs an address of the authority’s domains, where it names some', async () => {
    const { api } = await arrange({ rules: { email_domains: ['gov.example', 'city.example'] } })
    for (const email of ['ada@example.com', 'ada@gov.example.com', 'ada@sub.gov.example']) {
      isFailure(
        await register(api, { email }),
        422,
        /^email must be an address at gov.example or city.example/,
      )
    }
    for (const email of ['ada@gov.example', 'ada@City.Example']) {
      assert.equal((await register(api, { email })).status, 201, email)
    }
  })

  it('needs a password of 8 to 128 characters, of all four kinds', async () => {
    const { api } = await arrange()
    const table: [string, RegExp][] = [
      ['Short-7', /8 characters/],
      [`Aa-1${'x'.repeat(125)}`, /128 characters/],
      ['no-upper-case-9', /an upper-case letter/],
      ['NO-LOWER-CASE-9', /a lower-case letter/],
      ['No-Digit-At-All', /a digit/],
      ['NoSignAtAll9', /a sign/],
    ]
    for (const [password, sentence] of table) isFailure(await register(api, { password }), 422, sentence)
    const longest = `Aa-1${'x'.repeat(124)}`
    for (const password of ['Right-8!', longest]) {
      assert.equal((await register(api, { password })).status, 201, password)
    }
  })

  it('says in a sentence which field is wrong', async () => {
    const { api } = await arrange()
    const table: [object, RegExp][] = [
      [{ first_name: undefined }, /^first_name is missing\.$/],
      [{ last_name: undefined }, /^last_name is missing\.$/],
      [{ first_name: '' }, /^first_name /],
      [{ last_name: '  ' }, /^last_name /],
      [{ first_name: 'x'.repeat(101) }, /^first_name .*100 characters/],
      [{ email: 'nobody' }, /^email must be an e-mail address\.$/],
      [{ email: undefined, password: undefined }, /email is missing.*password is missing/],
    ]
    for (const [wrong, sentence] of table) isFailure(await register(api, wrong), 422, sentence)
  })

  it('takes nothing from the body that is not for the person to say', async () => {
    const { api } = await arrange()
    const said = { is_verified: true, is_system_user: true, roles: ['admin'], permissions: ['users:manage'] }
    const { status, body } = await register(api, said)
    assert.equal(status, 201)
    assert.deepEqual([body.is_verified, body.is_system_user, body.roles], [false, false, ['user']])
  })

  it('keeps the password as nothing that could be read', async () => {
    const { api } = await arrange()
    const { id } = (await register(api)).body
    const accounts = app.connection.db.selectFrom('accounts').select('password_hash')
    const { password_hash } = await accounts.where('person_id', '=', id).executeTakeFirstOrThrow()
    assert.match(password_hash!, /^\$argon2id\$/)
    assert.ok(!password_hash!.includes(PASSWORD))
  })
})

describe('the link that verifies an address', () => {
  it('verifies it, and works once', async () => {
    const { api, admin } = await arrange()
    const user = (await register(api)).body
    const token = await linkFor(app, user, 'verify_email')
    const verified = await verify(api, token)
    assert.deepEqual([verified.status, Object.keys(verified.body)], [200, ['message']])
    assert.equal((await api.get(`/admin/users/${user.id}`, admin)).body.is_verified, true)
    isFailure(await verify(api, token), 400, /expired or was used before/)
  })

  it('is good for 48 hours', async () => {
    const { api } = await arrange()
    const user = (await register(api)).body
    const late = await linkFor(app, user, 'verify_email')
    app.pass({ hours: 48 })
    isFailure(await verify(api, late), 400, /expired/)
    const another = await linkFor(app, user, 'verify_email')
    app.pass({ hours: 47, minutes: 59 })
    assert.equal((await verify(api, another)).status, 200)
  })

  it('is no made-up one, and none for something else', async () => {
    const { api } = await arrange()
    const user = (await register(api)).body
    for (const token of ['made-up', '', await linkFor(app, user, 'reset_password')]) {
      isFailure(await verify(api, token), 400)
    }
    isFailure(await api.post('/auth/verify-email', undefined, {}), 422, /^token is missing\.$/)
  })

  it('is sent again to whoever asks while it is needed, with the same answer to everybody', async () => {
    const { api } = await arrange()
    const user = (await register(api)).body
    const askAgain = (email: string) => api.post('/auth/resend-verification', undefined, { email })
    const answers = [await askAgain(user.email), await askAgain('nobody@example.com')]
    await verify(api, await linkFor(app, user, 'verify_email'))
    answers.push(await askAgain(user.email))
    for (const { status, body } of answers) assert.deepEqual([status, body], [200, answers[0]!.body])
    assert.deepEqual(await eventsAbout(app, user.id), ['account.signed_up', 'account.verification_asked'])
  })
})

const verify = (api: OfficeApi, token: string) => api.post('/auth/verify-email', undefined, { token })

async function arrange(options: Parameters<typeof newOrganization>[1] = {}) {
  const stage = await newOrganization(app, { ...options, trade: 'office' })
  return { stage, admin: stage.admin, api: officeApi(app, stage) }
}

/** An authority as `setup` makes it where no administrator is named. */
async function withoutAdministrator(): Promise<OfficeApi> {
  const wanted = { slug: `bare-${crypto.randomUUID()}`, name: 'Bare', time_zone: 'UTC' }
  const organization = await createOrganization(app.connection.db, trades.office!, wanted, app.now())
  return officeApi(app, { organization })
}
