import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newOrganization, newPerson, PASSWORD, type Person } from '../../test/cast.ts'
import { eventsAbout, isFailure, type OfficeApi, officeApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

let count = 0
function create(api: OfficeApi, admin: Person | undefined, body: object = {}) {
  const email = `invited-${++count}@example.com`
  return api.post('/admin/users', admin, {
    first_name: 'Grace',
    last_name: 'Hopper',
    email,
    roles: ['host'],
    ...body,
  })
}

describe('a user whom an administrator makes', () => {
  it('is verified at once, has the roles that are named, and is invited', async () => {
    const { api, admin } = await arrange({ time_zone: 'Europe/Istanbul' })
    const email = 'anna@example.com'
    const name = { first_name: 'Anna Maria', last_name: 'van der Berg' }
    const made = await create(api, admin, { ...name, email, roles: ['secretary', 'host', 'host'] })
    assert.equal(made.status, 201)
    const { id, roles, ...user } = made.body
    assert.deepEqual(roles.toSorted(), ['host', 'secretary'])
    assert.deepEqual(user, {
      ...name,
      email,
      is_active: true,
      is_verified: true,
      is_system_user: false,
      created_at: '2027-03-01T11:00:00',
      updated_at: '2027-03-01T11:00:00',
    })
    assert.deepEqual(await eventsAbout(app, id), ['account.invited'])
    assert.deepEqual((await api.get(`/admin/users/${id}`, admin)).body, made.body)
  })

  it('may have any of the five roles, however they are written', async () => {
    const { api, admin } = await arrange()
    for (const role of ['admin', 'host', 'secretary', 'reception', 'user', 'Host', 'RECEPTION']) {
      const { status, body } = await create(api, admin, { roles: [role] })
      assert.deepEqual([status, body.roles], [201, [role.toLowerCase()]])
    }
  })

  it('logs in with the password that was set, and needs no invitation then', async () => {
    const { api, admin } = await arrange()
    const { id, email } = (await create(api, admin, { password: PASSWORD })).body
    assert.equal((await api.post('/auth/login', undefined, { email, password: PASSWORD })).status, 200)
    assert.deepEqual(await eventsAbout(app, id), [])
  })

  it('with a role that there is not is refused, by its name', async () => {
    const { api, admin } = await arrange()
    isFailure(await create(api, admin, { roles: ['host', 'minister'] }), 400, /no role minister/)
    assert.equal((await api.get('/admin/users', admin)).body.total, 1)
  })

  it('needs an address of the authority’s domains, where it names some', async () => {
    const { api, admin } = await arrange({ rules: { email_domains: ['gov.example'] } })
    isFailure(await create(api, admin), 422, /^email must be an address at gov.example/)
    assert.equal((await create(api, admin, { email: 'grace@gov.example' })).status, 201)
  })

  it('has an address that nobody else has', async () => {
    const { api, admin } = await arrange()
    await create(api, admin, { email: 'twice@example.com' })
    isFailure(await create(api, admin, { email: 'Twice@example.com' }), 409, /already an account/)
  })

  it('says in a sentence what is wrong', async () => {
    const { api, admin } = await arrange()
    const table: [object, RegExp][] = [
      [{ first_name: undefined }, /^first_name is missing\.$/],
      [{ last_name: ' ' }, /^last_name /],
      [{ email: 'nobody' }, /^email must be an e-mail address\.$/],
      [{ roles: undefined }, /^roles is missing\.$/],
      [{ roles: [] }, /^roles /],
      [{ password: 'no-upper-case-9' }, /^password needs an upper-case letter/],
      [{ phone: '12' }, /^phone must be \+ and 8 to 15 digits/],
    ]
    for (const [wrong, sentence] of table) isFailure(await create(api, admin, wrong), 422, sentence)
  })

  it('can be invited once more', async () => {
    const { api, admin } = await arrange()
    const { id } = (await create(api, admin)).body
    const { status, body } = await api.post(`/admin/users/${id}/resend-invite`, admin)
    assert.deepEqual([status, Object.keys(body)], [200, ['message']])
    assert.deepEqual(await eventsAbout(app, id), ['account.invited', 'account.invited'])
  })
})

describe('the list of users', () => {
  it('comes in pages with the number of all, none of which shows anybody twice', async () => {
    const { api, admin, stage } = await arrange()
    for (let more = 0; more < 4; more++) await newPerson(app, stage.organization, ['client'])
    const page = async (query: string) => (await api.get(`/admin/users?${query}`, admin)).body
    const all = await page('')
    assert.deepEqual([all.users.length, all.total, all.limit, all.offset], [5, 5, 100, 0])
    const pages = [await page('limit=2'), await page('limit=2&offset=2'), await page('limit=2&offset=4')]
    assert.deepEqual(
      pages.flatMap(({ users }) => users),
      all.users,
    )
    for (const { total } of pages) assert.equal(total, 5)
    const behind = await page('limit=2&offset=9')
    assert.deepEqual([behind.users, behind.total], [[], 5])
    for (const wrong of ['limit=0', 'limit=1001', 'offset=-1', 'limit=x']) {
      isFailure(await api.get(`/admin/users?${wrong}`, admin), 422)
    }
  })

  it('has those of one role, or with a part of their name or address', async () => {
    const { api, admin } = await arrange()
    const grace = (await create(api, admin, { roles: ['secretary'], email: 'grace@example.com' })).body
    const ada = (await create(api, admin, { first_name: 'Ada', roles: ['host'] })).body
    const found = async (query: string) => idsOf((await api.get(`/admin/users?${query}`, admin)).body.users)
    assert.deepEqual(await found('role=secretary'), [grace.id])
    assert.deepEqual(await found('role=host'), [ada.id])
    assert.deepEqual(await found('search=ADA'), [ada.id])
    assert.deepEqual(await found('search=grace@'), [grace.id])
    isFailure(await api.get('/admin/users?role=minister', admin), 400, /no role minister/)
  })

  it('has nobody of another authority', async () => {
    const [{ api, admin }, other] = [await arrange(), await arrange()]
    assert.deepEqual(idsOf((await api.get('/admin/users', admin)).body.users), [admin.id])
    for (const id of [other.admin.id, crypto.randomUUID(), '7']) {
      isFailure(await api.get(`/admin/users/${id}`, admin), 404)
      isFailure(await api.patch(`/admin/users/${id}`, admin, { first_name: 'Eve' }), 404)
      isFailure(await api.post(`/admin/users/${id}/suspend`, admin), 404)
      isFailure(await api.post(`/admin/users/${id}/resend-invite`, admin), 404)
    }
  })
})

describe('changing a user', () => {
  it('keeps what is not named, and both parts of the name', async () => {
    const { api, admin } = await arrange()
    const { body: made } = await create(api, admin, { first_name: 'Anna Maria', last_name: 'van der Berg' })
    const path = `/admin/users/${made.id}`
    const renamed = await api.patch(path, admin, { first_name: 'Anna' })
    assert.deepEqual([renamed.status, renamed.body], [200, { ...made, first_name: 'Anna' }])
    const married = await api.put(path, admin, { last_name: 'de la Cruz', first_name: null })
    assert.deepEqual(married.body, { ...made, first_name: 'Anna', last_name: 'de la Cruz' })
    assert.deepEqual((await api.patch(path, admin, {})).body, married.body)
  })

  it('takes a phone, and takes it away', async () => {
    const { api, admin } = await arrange()
    const { id } = (await create(api, admin, { phone: '+44 1632 960001' })).body
    const phone = async () => (await app.get(`/users/${id}`, { token: admin.token })).body.phone
    assert.equal(await phone(), '+441632960001')
    await api.patch(`/admin/users/${id}`, admin, { phone: '+44 1632-960002' })
    assert.equal(await phone(), '+441632960002')
    await api.patch(`/admin/users/${id}`, admin, { phone: null })
    assert.equal(await phone(), null)
  })

  it('takes no blank name', async () => {
    const { api, admin } = await arrange()
    const { id } = (await create(api, admin)).body
    isFailure(await api.patch(`/admin/users/${id}`, admin, { last_name: '  ' }), 422, /^last_name /)
  })
})

const idsOf = (users: { id: string }[]): string[] => users.map(({ id }) => id)

async function arrange(options: Parameters<typeof newOrganization>[1] = {}) {
  const stage = await newOrganization(app, { ...options, trade: 'office' })
  return { stage, admin: stage.admin, api: officeApi(app, stage) }
}
