import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newOrganization, newProvider, newSlot, type Person, type Stage } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const on = (time: string) => `2027-03-02T${time}:00Z`
const from = (starts: string, ends: string) => ({ starts_at: on(starts), ends_at: on(ends) })

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('slots that are published together', () => {
  it('are published in the order in which they were given, each with its own seats', async () => {
    const { stage, provider } = await arrange()
    const slots = [from('19:00', '20:00'), { ...from('18:00', '19:00'), capacity: 3 }]
    const answer = await publishAll(stage, provider, slots)
    assert.equal(said(answer), '201')
    const shown = answer.body.items.map((slot: { starts_at: string; capacity: number }) => [
      slot.starts_at,
      slot.capacity,
    ])
    assert.deepEqual(shown, [
      [on('19:00'), 1],
      [on('18:00'), 3],
    ])
  })

  it('are all or none: those that meet what there is are named, and nothing is published', async () => {
    const { stage, provider } = await arrange()
    const there = await newSlot(app, stage, { provider_id: provider.id, ...from('18:00', '19:00') })
    const [first, second] = [from('17:30', '18:30'), from('18:45', '19:15')]
    const answer = await publishAll(stage, provider, [from('08:00', '09:00'), first, second])
    assert.equal(said(answer), '409 slots_overlap')
    assert.deepEqual(answer.body.clashes, [first, second])
    assert.deepEqual(await publishedIds(stage, provider), [there])
  })

  it('may not overlap one another either', async () => {
    const { stage, provider } = await arrange()
    const slots = [from('18:00', '19:00'), from('20:00', '21:00'), from('18:30', '19:30')]
    const answer = await publishAll(stage, provider, slots)
    assert.equal(said(answer), '409 slots_overlap')
    assert.deepEqual(answer.body.clashes, [slots[2]])
    assert.deepEqual(await publishedIds(stage, provider), [])
  })

  it('may touch one another', async () => {
    const { stage, provider } = await arrange()
    const slots = [from('18:00', '19:00'), from('19:00', '20:00'), from('17:00', '18:00')]
    assert.equal(said(await publishAll(stage, provider, slots)), '201')
  })

  it('are refused with the place of the one that is wrong', async () => {
    const { stage, provider } = await arrange()
    const answer = await publishAll(stage, provider, [from('18:00', '19:00'), from('20:00', '20:00')])
    assert.equal(said(answer), '422 invalid_input')
    assert.equal(answer.body.errors[0].field, 'slots.1.ends_at')
    assert.deepEqual(await publishedIds(stage, provider), [])
  })

  it('name the place of the only one, too', async () => {
    const { stage, provider } = await arrange()
    const answer = await publishAll(stage, provider, [from('20:00', '20:00')])
    assert.equal(answer.body.errors[0].field, 'slots.0.ends_at')
  })

  it('are one at least and five hundred at most', async () => {
    const { stage, provider } = await arrange()
    const minutes = (count: number) =>
      Array.from({ length: count }, (_, at) => {
        const starts = Temporal.Instant.from(on('00:00')).add({ minutes: at })
        return { starts_at: `${starts}`, ends_at: `${starts.add({ minutes: 1 })}` }
      })
    assert.equal(said(await publishAll(stage, provider, [])), '422 invalid_input')
    assert.equal(said(await publishAll(stage, provider, minutes(501))), '422 invalid_input')
    assert.equal(said(await publishAll(stage, provider, minutes(500))), '201')
  })

  it('are for those who may publish there', async () => {
    const { stage, provider } = await arrange()
    const body = { provider_id: provider.id, slots: [from('18:00', '19:00')] }
    const colleague = await newProvider(app, stage)
    const refused = await app.post('/published-slots/bulk', { token: colleague.token, body })
    assert.equal(said(refused), '403 not_allowed')
    assert.equal(said(await app.post('/published-slots/bulk', { token: provider.token, body })), '201')
  })
})

async function arrange() {
  const stage = await newOrganization(app)
  return { stage, provider: await newProvider(app, stage) }
}

function publishAll({ admin: { token } }: Stage, { id: provider_id }: Person, slots: object[]) {
  return app.post('/published-slots/bulk', { token, body: { provider_id, slots } })
}

async function publishedIds({ admin: { token } }: Stage, { id }: Person): Promise<string[]> {
  const { body } = await app.get(`/published-slots?provider_id=${id}`, { token })
  return body.items.map((slot: { id: string }) => slot.id)
}
