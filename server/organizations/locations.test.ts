import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newLocation, newOrganization, type Stage } from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const add = ({ admin }: Stage, body: object) => app.post('/locations', { token: admin.token, body })
const change = ({ admin }: Stage, { id }: { id: string }, body: object) =>
  app.request('PATCH', `/locations/${id}`, { token: admin.token, body })

describe('a location', () => {
  it('is added with everything that is told of it', async () => {
    const stage = await newOrganization(app)
    const told = {
      name: 'Old Town',
      type: 'branch',
      description: 'By the bridge',
      address: '1 High Street\nOld Town',
      phone: '+441632960001',
      time_zone: 'Europe/London',
      is_active: false,
    }
    const { status, body } = await add(stage, told)
    assert.equal(status, 201)
    assert.deepEqual(body, { id: body.id, ...told })
    const found = await app.get(`/locations/${body.id}`, { token: stage.admin.token })
    assert.deepEqual(found.body, body)
  })

  it('is in the time zone of the organization, wherever that moves, until it has one of its own', async () => {
    const stage = await newOrganization(app, { time_zone: 'Asia/Kathmandu' })
    const { id } = await newLocation(app, stage)
    const { token } = stage.admin
    const zone = async () => (await app.get(`/locations/${id}`, { token })).body.time_zone
    assert.equal(await zone(), 'Asia/Kathmandu')
    await app.request('PATCH', '/organization', { token, body: { time_zone: 'Asia/Tokyo' } })
    assert.equal(await zone(), 'Asia/Tokyo')
    assert.equal((await change(stage, { id }, { time_zone: 'Pacific/Apia' })).body.time_zone, 'Pacific/Apia')
    assert.equal((await change(stage, { id }, { time_zone: null })).body.time_zone, 'Asia/Tokyo')
    assert.equal((await change(stage, { id }, { time_zone: 'Asia/Nowhere' })).status, 422)
    assert.equal((await add(stage, { name: 'New', time_zone: '+09:00' })).status, 422)
  })

  it('has a name of its own, however it is written', async () => {
    const stage = await newOrganization(app)
    const first = (await add(stage, { name: 'Old Town' })).body
    const second = (await add(stage, { name: 'New Town' })).body
    for (const refused of [
      await add(stage, { name: 'OLD town' }),
      await change(stage, second, { name: 'old town' }),
    ]) {
      assert.equal(refused.status, 409)
      assert.equal(refused.body.code, 'location_name_taken')
    }
    assert.equal((await change(stage, first, { name: 'OLD TOWN' })).status, 200)
    assert.equal((await add(await newOrganization(app), { name: 'Old Town' })).status, 201)
  })

  it('gets a name once, also when several ask for it at the same moment', async () => {
    const stage = await newOrganization(app)
    const answers = await Promise.all(Array.from({ length: 6 }, () => add(stage, { name: 'Old Town' })))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409, 409, 409, 409])
  })

  it('changes what is named, and keeps the rest', async () => {
    const stage = await newOrganization(app)
    const before = (await add(stage, { name: 'Old Town', address: 'Here', phone: '+441632960001' })).body
    const changed = (await change(stage, before, { address: null, is_active: false })).body
    assert.deepEqual(changed, { ...before, address: null, is_active: false })
    assert.deepEqual((await change(stage, before, {})).body, changed)
  })

  it('stands in the list by its name', async () => {
    const stage = await newOrganization(app)
    for (const name of ['ZZ', 'AA']) await add(stage, { name })
    const { body } = await app.get('/locations', { token: stage.admin.token })
    const names = body.items.map(({ name }: { name: string }) => name)
    assert.deepEqual(names, ['AA', stage.organization.name, 'ZZ'])
  })
})
