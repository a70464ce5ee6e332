import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
import { startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newService, type Person } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 5 } as const
const at = (time: string) => `2027-03-02T${time}:00Z`
const oneIsEnough = '422 one_per_provider_and_dependent'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

describe('two guardians of one child', () => {
  it('may each book a teacher, and neither sees what the other booked', async () => {
    const { mother, father, child, ms, mr } = await arrange()
    const hers = await book(app, mother, wanted(ms, '10:00', child))
    const his = await book(app, father, wanted(mr, '10:00', child))
    assert.deepEqual([said(hers), said(his)], ['201', '201'])
    assert.deepEqual([hers.body.dependent_id, hers.body.dependent_name], [child.id, child.name])
    for (const [one, own, other] of [
      [mother, hers, his],
      [father, his, hers],
    ] as const) {
      const { token } = one
      assert.equal(said(await app.get(`/appointments/${other.body.id}`, { token })), '404 not_found')
      const { items } = (await app.get(`/appointments?dependent_id=${child.id}`, { token })).body
      assert.deepEqual(
        items.map(({ id }: { id: string }) => id),
        [own.body.id],
      )
    }
  })

  it('do not both get the same teacher for the child, nor one of them twice', async () => {
    const { mother, father, child, ms, mr } = await arrange()
    assert.equal(said(await book(app, mother, wanted(ms, '10:00', child))), '201')
    for (const guardian of [father, mother]) {
      assert.equal(said(await book(app, guardian, wanted(ms, '11:00', child))), oneIsEnough)
      const held = { token: guardian.token, body: wanted(ms, '11:00', child) }
      assert.equal(said(await app.post('/holds', held)), oneIsEnough)
    }
    assert.equal(said(await book(app, father, wanted(mr, '11:00', child))), '201')
  })

  it('may both have the same teacher where the rules allow it', async () => {
    const { mother, father, child, ms } = await arrange({ one_per_provider_and_dependent: false })
    assert.equal(said(await book(app, mother, wanted(ms, '10:00', child))), '201')
    assert.equal(said(await book(app, father, wanted(ms, '11:00', child))), '201')
  })

  it('get the teacher once the other has cancelled', async () => {
    const { mother, father, child, ms } = await arrange()
    const { id } = (await book(app, mother, wanted(ms, '10:00', child))).body
    assert.equal(said(await book(app, father, wanted(ms, '11:00', child))), oneIsEnough)
    await app.post(`/appointments/${id}/cancel`, { token: mother.token })
    assert.equal(said(await book(app, father, wanted(ms, '11:00', child))), '201')
  })

  it('may move the one there is, and not to a teacher whom the child has already', async () => {
    const { mother, father, child, ms, mr } = await arrange()
    const { id } = (await book(app, mother, wanted(ms, '10:00', child))).body
    await book(app, father, wanted(mr, '10:00', child))
    const move = (body: object) => app.post(`/appointments/${id}/reschedule`, { token: mother.token, body })
    assert.equal(said(await move({ provider_id: mr.id, starts_at: at('12:00') })), oneIsEnough)
    assert.equal(said(await move({ starts_at: at('12:00') })), '200')
  })
})

describe('one teacher for one child', () => {
  it('is each child’s own: siblings can both have them', async () => {
    const { mother, child, ms, add } = await arrange()
    const sibling = await add(mother, 'Robin')
    assert.equal(said(await book(app, mother, wanted(ms, '10:00', child))), '201')
    assert.equal(said(await book(app, mother, wanted(ms, '10:05', sibling))), '201')
    assert.equal(said(await book(app, mother, wanted(ms, '10:10', sibling))), oneIsEnough)
  })

  it('counts for clients without a child as well, each for themself', async () => {
    const { mother, father, ms } = await arrange()
    assert.equal(said(await book(app, mother, wanted(ms, '10:00'))), '201')
    assert.equal(said(await book(app, mother, wanted(ms, '11:00'))), oneIsEnough)
    assert.equal(said(await book(app, father, wanted(ms, '11:00'))), '201')
  })

  it('cannot be walked past by saying only with the booking for which child a hold was', async () => {
    const { mother, father, child, ms } = await arrange()
    assert.equal(said(await book(app, mother, wanted(ms, '10:00', child))), '201')
    const held = await app.post('/holds', { token: father.token, body: wanted(ms, '11:00') })
    assert.equal(said(held), '201')
    const booked = await book(app, father, { hold_id: held.body.id, dependent_id: child.id })
    assert.equal(said(booked), oneIsEnough)
    assert.equal(said(await book(app, father, { hold_id: held.body.id })), '201')
  })

  it('of a service counts that service alone', async () => {
    const { stage, mother, child, ms } = await arrange({ one_per_provider_and_dependent: false })
    const own = await newService(app, stage, { minutes: 5, rules: { one_per_provider_and_dependent: true } })
    const ask = (time: string, service_id?: string) =>
      book(app, mother, { ...wanted(ms, time, child), service_id })
    assert.equal(said(await ask('10:00')), '201')
    assert.equal(said(await ask('11:00', own.id)), '201')
    assert.equal(said(await ask('12:00', own.id)), oneIsEnough)
    assert.equal(said(await ask('12:00')), '201')
  })
})

describe('whoever is no guardian', () => {
  it('may neither book nor hold for a child, nor ask about it, and learns nothing of it', async () => {
    const { stage, child, ms, mother } = await arrange()
    const stranger = await newClient(app, stage)
    const { token } = stranger
    const unknown = { id: '01890000-0000-7000-8000-000000000000' }
    const held = await app.post('/holds', { token, body: wanted(ms, '09:00') })
    const query = new URLSearchParams(wanted(ms, '10:00', child))
    const answers = [
      await book(app, stranger, wanted(ms, '10:00', child)),
      await app.post('/holds', { token, body: wanted(ms, '10:00', child) }),
      await book(app, stranger, { hold_id: held.body.id, dependent_id: child.id }),
      await app.get(`/slots/explain?${query}`, { token }),
      await book(app, stage.admin, { ...wanted(ms, '10:00', child), client_id: stranger.id }),
    ]
    const ofNobody = await book(app, stranger, wanted(ms, '10:00', unknown))
    for (const { body, status } of answers) {
      assert.deepEqual([status, body.errors], [422, ofNobody.body.errors])
      assert.equal(body.errors[0].field, 'dependent_id')
    }
    assert.equal(said(await book(app, mother, wanted(ms, '10:00', child))), '201')
  })

  it('any more keeps what they booked, and books no more', async () => {
    const { stage, father, child, ms, mr } = await arrange()
    const { id } = (await book(app, father, wanted(ms, '10:00', child))).body
    const { token } = stage.admin
    await app.request('DELETE', `/dependents/${child.id}/guardians/${father.id}`, { token })
    assert.equal(said(await book(app, father, wanted(mr, '10:00', child))), '422 invalid_input')
    const body = { starts_at: at('12:00') }
    assert.equal(said(await app.post(`/appointments/${id}/reschedule`, { token: father.token, body })), '200')
  })
})

type Dependent = { id: string }
const wanted = ({ id: provider_id }: Person, time: string, dependent?: Dependent) => ({
  provider_id,
  starts_at: at(time),
  ...(dependent && { dependent_id: dependent.id }),
})

/** A mother and a father of one child, and two teachers. */
async function arrange(more: Partial<Rules> = {}) {
  const all = { ...rules, one_per_provider_and_dependent: true, ...more }
  const stage = await newOrganization(app, { rules: all })
  const [mother, father] = [await newClient(app, stage), await newClient(app, stage)]
  const [ms, mr] = [await newProvider(app, stage), await newProvider(app, stage)]
  const { token } = stage.admin
  const add = async ({ id: client_id }: Person, name: string): Promise<{ id: string; name: string }> =>
    (await app.post('/dependents', { token, body: { name, client_id } })).body
  const child = await add(mother, 'Kim')
  await app.request('PUT', `/dependents/${child.id}/guardians/${father.id}`, { token })
  return { stage, mother, father, child, ms, mr, add }
}
