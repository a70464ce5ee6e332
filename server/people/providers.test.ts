import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import {
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  type Stage,
  visiting,
  worksAt,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const add = ({ admin }: Stage, body: object) => app.post('/providers', { token: admin.token, body })
const change = ({ token }: Person, { id }: { id: string }, body: object) =>
  app.request('PATCH', `/providers/${id}`, { token, body })

async function names({ organization }: Stage, query = ''): Promise<string[]> {
  const { status, body } = await app.get(`/providers?${query}`, { headers: visiting(organization) })
  assert.equal(status, 200)
  return body.items.map(({ name }: { name: string }) => name)
}

describe('a provider', () => {
  it('is added by an administrator, without a log-in', async () => {
    const stage = await newOrganization(app)
    const { status, body } = await add(stage, { name: 'Ada', email: 'ada@example.com', bio: 'Kind' })
    assert.equal(status, 201)
    assert.deepEqual(body, {
      id: body.id,
      name: 'Ada',
      bio: 'Kind',
      details: {},
      is_active: true,
      photo_url: null,
    })
    const users = await app.get('/users?search=ada', { token: stage.admin.token })
    assert.deepEqual(users.body.items, [])
  })

  it('is shown to visitors, without address and phone', async () => {
    const stage = await newOrganization(app)
    const { id } = (await add(stage, { name: 'Ada', email: 'ada@example.com', phone: '+441632960001' })).body
    const { status, body } = await app.get(`/providers/${id}`, { headers: visiting(stage.organization) })
    assert.equal(status, 200)
    assert.doesNotMatch(JSON.stringify(body), /example|960001/)
  })

  it('has the fields of the trade, checked', async () => {
    const stage = await newOrganization(app, { trade: 'clinic' })
    const refused = await add(stage, { name: 'Ada', details: { specialization: 7, subject: 'Maths' } })
    assert.equal(refused.status, 422)
    assert.equal(refused.body.errors.length, 2)
    const { body } = await add(stage, { name: 'Ada', details: { specialization: 'Hearts' } })
    assert.deepEqual(body.details, { specialization: 'Hearts' })
    const changed = await change(stage.admin, body, { details: { specialization: 'Lungs' } })
    assert.deepEqual(changed.body.details, { specialization: 'Lungs' })
  })

  it('has no value that a colleague has, in a field where no two may have the same', async () => {
    const stage = await newOrganization(app, { trade: 'veterinary' })
    const add = (name: string, licence_number: string) =>
      app.post('/providers', { token: stage.admin.token, body: { name, details: { licence_number } } })
    const first = await add('Ada', 'NY-1')
    assert.equal(first.status, 201)
    const taken = await add('Bob', 'ny-1')
    assert.deepEqual(
      [taken.status, taken.body.code, taken.body.field],
      [409, 'value_taken', 'licence_number'],
    )
    const second = await add('Bob', 'NY-2')
    const moved = await change(stage.admin, second.body, { details: { licence_number: 'NY-1' } })
    assert.equal(moved.body.code, 'value_taken')
    const same = { details: { licence_number: 'NY-1' } }
    assert.equal((await change(stage.admin, first.body, same)).status, 200)
    assert.equal(
      (
        await app.post('/providers', {
          token: (await newOrganization(app, { trade: 'veterinary' })).admin.token,
          body: { name: 'Cy', ...same },
        })
      ).status,
      201,
    )
  })

  it('changes their own page, and nobody else’s', async () => {
    const stage = await newOrganization(app)
    const me = await newProvider(app, stage)
    const other = await newProvider(app, stage)
    const before = (await app.get(`/providers/${me.id}`, { token: me.token })).body
    const changed = await change(me, me, { name: 'Ada', bio: 'Kind' })
    assert.deepEqual(changed.body, { ...before, name: 'Ada', bio: 'Kind' })
    assert.equal((await change(me, other, { bio: 'Unkind' })).status, 403)
    assert.equal((await change(await newClient(app, stage), me, { bio: 'Unkind' })).status, 403)
    assert.equal((await change(stage.admin, me, { bio: null })).body.bio, null)
  })

  it('who takes no bookings is listed only to whoever asks for such, too', async () => {
    const stage = await newOrganization(app)
    for (const name of ['Bob', 'Ada']) await add(stage, { name })
    await add(stage, { name: 'Cy', is_active: false })
    assert.deepEqual(await names(stage), ['Ada', 'Bob'])
    assert.deepEqual(await names(stage, 'include_inactive=true'), ['Ada', 'Bob', 'Cy'])
  })

  it('is found by the location where they work', async () => {
    const stage = await newOrganization(app)
    const here = await newLocation(app, stage)
    const there = await newLocation(app, stage)
    const provider = await newPerson(app, stage.organization, ['provider'])
    await newPerson(app, stage.organization, ['provider'])
    await worksAt(app, stage, provider, here)
    assert.deepEqual(await names(stage, `location_id=${here.id}`), [provider.name])
    assert.deepEqual(await names(stage, `location_id=${there.id}`), [])
  })
})
