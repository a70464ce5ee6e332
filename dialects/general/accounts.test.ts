import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { createOrganization } from '../../server/organizations/organizations.ts'
import { trades } from '../../server/organizations/trades.ts'
import { MONDAY, startApp } from '../../test/app.ts'
import { newClient, newOrganization, newPerson, PASSWORD, type Person } from '../../test/cast.ts'
import { type GeneralApi, generalApi, isFailure } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

let count = 0
const newEmail = () => `somebody-${++count}@example.com`
const fields = ['id', 'email', 'full_name', 'role', 'is_active', 'no_show_count', 'is_blocked']

function register(api: GeneralApi, body: object, person?: Person) {
  return api.post('/auth/register', person, { email: newEmail(), password: PASSWORD, ...body })
}

describe('registering', () => {
  it('makes a client of whoever does not say what they are', async () => {
    const { api } = await arrange()
    const email = newEmail()
    const made = await register(api, { email, full_name: 'Ada Lovelace' })
    assert.equal(made.status, 201)
    const { id, ...user } = made.body
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(user, {
      email,
      full_name: 'Ada Lovelace',
      role: 'client',
      is_active: true,
      no_show_count: 0,
      is_blocked: false,
    })
  })

  it('makes staff of whoever says that they are', async () => {
    const { api } = await arrange()
    const made = await register(api, { role: 'staff' })
    assert.deepEqual([made.status, made.body.role], [201, 'staff'])
  })

  it('as an administrator is for the first alone', async () => {
    const api = await withoutAdministrator()
    const first = await register(api, { role: 'admin' })
    assert.deepEqual([first.status, first.body.role], [201, 'admin'])
    isFailure(await register(api, { role: 'admin' }), 403, /sign up as admin/)
  })

  it('as the first administrator is granted to one of eight who ask at once', async () => {
    const api = await withoutAdministrator()
    const answers = await Promise.all(Array.from({ length: 8 }, () => register(api, { role: 'admin' })))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, ...Array(7).fill(403)])
  })

  it('as an administrator needs the token of one, and nobody else’s helps', async () => {
    const { api, admin, staff, client } = await arrange()
    const table = [
      ['a visitor', undefined, 403],
      ['a client', client, 403],
      ['staff', staff, 403],
      ['an administrator', admin, 201],
    ] as const
    for (const [who, person, expected] of table) {
      assert.equal((await register(api, { role: 'admin' }, person)).status, expected, who)
    }
  })

  it('by an administrator makes whatever is named, and its person can log in', async () => {
    const { api, admin } = await arrange()
    for (const role of ['client', 'staff', 'admin']) {
      const email = newEmail()
      const made = await register(api, { email, role }, admin)
      assert.deepEqual([made.status, made.body.role, Object.keys(made.body)], [201, role, fields])
      const { body } = await api.post('/auth/login', undefined, { username: email, password: PASSWORD })
      const me = await api.ask('GET', '/auth/me', { token: body.access_token })
      assert.deepEqual(me.body, made.body)
    }
  })

  it('with an address that is taken is a conflict, however it is written', async () => {
    const { api, admin } = await arrange()
    await register(api, { email: 'twice@example.com' })
    for (const email of ['twice@example.com', 'Twice@Example.COM']) {
      for (const person of [undefined, admin]) {
        const answer = await register(api, { email }, person)
        assert.equal(answer.status, 409, email)
        assert.match(answer.body.detail, /already an account/)
      }
    }
  })

  it('says in a sentence which field is wrong', async () => {
    const { api, admin } = await arrange()
    const table: [object, RegExp][] = [
      [{ email: 'nobody' }, /^email must be an e-mail address\.$/],
      [{ email: undefined }, /^email is missing\.$/],
      [{ email: null }, /^email /],
      [{ password: 'seven77' }, /^password .*8 characters/],
      [{ password: undefined }, /^password is missing\.$/],
      [{ password: 'x'.repeat(129) }, /^password .*128 characters/],
      [{ role: 'boss' }, /^role must be one of client, staff, admin\.$/],
      [{ full_name: 'x'.repeat(201) }, /^full_name .*200 characters/],
      [{ email: 'nobody', role: 'boss' }, /email .*; role /],
    ]
    for (const [wrong, sentence] of table) {
      for (const person of [undefined, admin]) {
        const answer = await register(api, wrong, person)
        isFailure(answer, 422, sentence)
      }
    }
    assert.equal((await api.post('/auth/register', undefined)).status, 422)
  })

  it('calls whoever has no name as their address begins', async () => {
    const { api } = await arrange()
    for (const [at, nameless] of [
      {},
      { full_name: null },
      { full_name: '' },
      { full_name: '  ' },
    ].entries()) {
      const made = await register(api, { email: `grace${at}@example.com`, ...nameless })
      assert.deepEqual([made.status, made.body.full_name], [201, `grace${at}`], JSON.stringify(nameless))
    }
  })

  it('takes nothing from the body that is not for the person to say', async () => {
    const { api, admin } = await arrange()
    const other = await arrange()
    const said = {
      id: other.client.id,
      is_active: false,
      no_show_count: 7,
      is_blocked: true,
      is_admin: true,
      roles: ['admin'],
      hashed_password: 'x',
      organization_id: other.organization.id,
    }
    const { status, body } = await register(api, said)
    assert.equal(status, 201)
    assert.deepEqual(Object.keys(body), fields)
    assert.notEqual(body.id, said.id)
    assert.deepEqual(
      [body.role, body.is_active, body.no_show_count, body.is_blocked],
      ['client', true, 0, false],
    )
    const idsSeenBy = async (of: GeneralApi, person: Person) =>
      (await of.get('/auth/users', person)).body.map(({ id }: Person) => id)
    assert.ok((await idsSeenBy(api, admin)).includes(body.id))
    assert.ok(!(await idsSeenBy(other.api, other.admin)).includes(body.id))
  })
})

async function arrange() {
  const stage = await newOrganization(app)
  return {
    ...stage,
    api: generalApi(app, stage),
    staff: await newPerson(app, stage.organization, ['provider']),
    client: await newClient(app, stage),
  }
}

/** An organization as `setup` makes it where no administrator is named. */
async function withoutAdministrator(): Promise<GeneralApi> {
  const wanted = { slug: `bare-${crypto.randomUUID()}`, name: 'Bare', time_zone: 'UTC' }
  const organization = await createOrganization(app.connection.db, trades.general!, wanted, app.now())
  return generalApi(app, { organization })
}
