import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newOrganization } from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

describe("one's own profile", () => {
  it('changes what is named, and keeps the rest', async () => {
    const { id, email, token } = await newClient(app, await newOrganization(app))
    const before = (await app.get('/users/me', { token })).body
    const body = { name: 'Ada', phone: '+441632960001', locale: 'tr', time_zone: 'Europe/Istanbul' }
    const changed = await app.request('PATCH', '/users/me', { token, body })
    assert.equal(changed.status, 200)
    assert.deepEqual(changed.body, { ...before, ...body, id, email })

    const cleared = await app.request('PATCH', '/users/me', { token, body: { time_zone: null } })
    assert.deepEqual(cleared.body, { ...changed.body, time_zone: null })
    assert.deepEqual((await app.get('/auth/me', { token })).body, cleared.body)
  })

  it('stays as it is when nothing is named', async () => {
    const { token } = await newClient(app, await newOrganization(app))
    const before = (await app.get('/users/me', { token })).body
    assert.deepEqual((await app.request('PATCH', '/users/me', { token, body: {} })).body, before)
  })

  it('takes only time zones that there are, and calls them by their name', async () => {
    const { token } = await newClient(app, await newOrganization(app))
    const change = (time_zone: string) => app.request('PATCH', '/users/me', { token, body: { time_zone } })
    for (const time_zone of ['Europe/Atlantis', '+03:00', 'UTC; drop table people', '']) {
      const { status, body } = await change(time_zone)
      assert.equal(status, 422, time_zone)
      assert.equal(body.errors[0].field, 'time_zone')
    }
    assert.equal((await change('europe/london')).body.time_zone, 'Europe/London')
  })

  it('says nothing of address, roles, or somebody else', async () => {
    const { id, token } = await newClient(app, await newOrganization(app))
    const body = { email: 'other@example.com', roles: ['admin'], is_verified: true, id }
    const { status, body: problem } = await app.request('PATCH', '/users/me', { token, body })
    assert.equal(status, 422)
    const fields = problem.errors.map(({ field }: { field: string }) => field)
    assert.deepEqual(fields.toSorted(), Object.keys(body).toSorted())
  })

  it('takes a name that can be read, kept and printed', async () => {
    const { token } = await newClient(app, await newOrganization(app))
    const change = (name: string) => app.request('PATCH', '/users/me', { token, body: { name } })
    for (const name of ['', '   ', 'A\nda', 'A\u0000da', '\u0000', 'A\ud800da', 'x'.repeat(201)]) {
      const { status, body } = await change(name)
      assert.equal(status, 422, JSON.stringify(name))
      assert.equal(body.errors[0].field, 'name')
    }
    for (const name of ['O’Neill-Núñez', '李小龍', '👩🏽‍🔬', "Robert'); drop table people;--"]) {
      assert.equal((await change(name)).body.name, name)
    }
  })
})
