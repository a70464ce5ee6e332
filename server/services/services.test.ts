import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newOrganization, type Stage, visiting } from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const add = ({ admin }: Stage, body: object) =>
  app.post('/services', { token: admin.token, body: { name: 'Visit', minutes: 30, ...body } })
const change = ({ admin }: Stage, { id }: { id: string }, body: object) =>
  app.request('PATCH', `/services/${id}`, { token: admin.token, body })

async function names({ organization }: Stage, query = ''): Promise<string[]> {
  const { body } = await app.get(`/services?${query}`, { headers: visiting(organization) })
  return body.items.map(({ name }: { name: string }) => name)
}

describe('a service', () => {
  it('is added with everything that is told of it, and is free and without buffers otherwise', async () => {
    const stage = await newOrganization(app)
    const plain = (await add(stage, { name: 'Plain' })).body
    assert.deepEqual(plain, {
      id: plain.id,
      name: 'Plain',
      description: null,
      minutes: 30,
      step_minutes: null,
      buffer_before_minutes: 0,
      buffer_after_minutes: 0,
      price: null,
      currency: null,
      resource_kinds: [],
      rules: {},
      is_active: true,
    })
    const told = {
      name: 'Full',
      description: 'Long',
      minutes: 90,
      step_minutes: 15,
      buffer_before_minutes: 5,
      buffer_after_minutes: 10,
      price: 19.99,
      currency: 'EUR',
      resource_kinds: ['room', 'ultrasound'],
      rules: { notice_minutes: 60, most_per_client: 2 },
      is_active: false,
    }
    const full = await add(stage, told)
    assert.equal(full.status, 201)
    assert.deepEqual(full.body, { id: full.body.id, ...told })
    const found = await app.get(`/services/${full.body.id}`, { token: stage.admin.token })
    assert.deepEqual(found.body, full.body)
  })

  it('has a name of its own, however it is written', async () => {
    const stage = await newOrganization(app)
    const first = (await add(stage, { name: 'Cut' })).body
    const second = (await add(stage, { name: 'Colour' })).body
    for (const refused of [await add(stage, { name: 'CUT' }), await change(stage, second, { name: 'cut' })]) {
      assert.equal(refused.status, 409)
      assert.equal(refused.body.code, 'service_name_taken')
    }
    assert.equal((await change(stage, first, { name: 'CUT' })).status, 200)
    assert.equal((await add(await newOrganization(app), { name: 'Cut' })).status, 201)
  })

  it('gets a name once, also when several ask for it at the same moment', async () => {
    const stage = await newOrganization(app)
    const answers = await Promise.all(Array.from({ length: 6 }, () => add(stage, {})))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409, 409, 409, 409])
  })

  it('has a length, a step and buffers that fit into a day', async () => {
    const stage = await newOrganization(app)
    for (const wrong of [
      { minutes: 0 },
      { minutes: 1441 },
      { minutes: 30.5 },
      { step_minutes: 0 },
      { buffer_before_minutes: -1 },
      { buffer_after_minutes: 1441 },
    ]) {
      const { status, body } = await add(stage, wrong)
      assert.equal(status, 422)
      assert.equal(body.errors[0].field, Object.keys(wrong)[0])
    }
    assert.equal(
      (await add(stage, { minutes: 1440, step_minutes: 1440, buffer_after_minutes: 1440 })).status,
      201,
    )
  })

  it('has a price in whole cents, and a currency', async () => {
    const stage = await newOrganization(app)
    for (const price of [-0.01, 9.999, 0.001, 10_000_000_000]) {
      const { status, body } = await add(stage, { price })
      assert.equal(status, 422, `${price}`)
      assert.equal(body.errors[0].field, 'price')
    }
    for (const currency of ['euro', 'eur', '€', ''])
      assert.equal((await add(stage, { currency })).status, 422)
    for (const price of [0, 0.07, 1.1, 4.35, 1234.56, 9_999_999_999]) {
      assert.equal((await add(stage, { name: `For ${price}`, price })).body.price, price)
    }
  })

  it('changes what is named, and keeps the rest', async () => {
    const stage = await newOrganization(app)
    const before = (await add(stage, { price: 20, currency: 'EUR', step_minutes: 10 })).body
    const changed = (await change(stage, before, { minutes: 45, step_minutes: null })).body
    assert.deepEqual(changed, { ...before, minutes: 45, step_minutes: null })
  })

  it('that is offered no more is listed only to whoever asks for such, too', async () => {
    const stage = await newOrganization(app)
    for (const name of ['B', 'A']) await add(stage, { name })
    const gone = (await add(stage, { name: 'C' })).body
    await change(stage, gone, { is_active: false })
    assert.deepEqual(await names(stage), ['A', 'B'])
    assert.deepEqual(await names(stage, 'include_inactive=true'), ['A', 'B', 'C'])
  })
})
