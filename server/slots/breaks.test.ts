import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newProvider,
  newService,
  type Person,
  type Stage,
} from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const rules = {
  grid: 'none',
  length: 'service',
  slot_minutes: 30,
  break_after: { appointments: 2, minutes: 30 },
} as const
const date = '2027-03-02'
const at = (time: string) => `${date}T${time}:00Z`

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

describe('after two appointments in a row a provider has a break', () => {
  it('before them and after them, in which nothing is offered and nothing booked', async () => {
    const { stage, provider, client } = await arrange()
    await bookAll(stage, provider, ['10:00', '10:30'])
    const free = ['09:00', '11:30', '12:00', '12:30']
    assert.deepEqual(await freeTimes(app, client, provider, { date }), free)
    for (const time of ['09:30', '09:01', '11:00', '11:29']) {
      const answer = await ask(client, provider, time)
      assert.equal(said(answer), '422 break_needed', time)
    }
    assert.equal(said(await ask(client, provider, '09:00')), '201')
    assert.equal(said(await ask(client, provider, '11:30')), '201')
  })

  it('also where one would close the gap between two of them', async () => {
    const { stage, provider, client } = await arrange()
    await bookAll(stage, provider, ['10:00', '11:00'])
    // Half an hour lies between them: a break, as long as nobody takes it.
    assert.deepEqual(await freeTimes(app, client, provider, { date }), [
      '09:00',
      '09:30',
      '11:30',
      '12:00',
      '12:30',
    ])
    assert.equal(said(await ask(client, provider, '10:30')), '422 break_needed')
  })

  it('which is no shorter for an administrator, nor for whoever moves or holds', async () => {
    const { stage, provider, client } = await arrange()
    const [id] = await bookAll(stage, provider, ['12:30', '10:00', '10:30'])
    const { token } = stage.admin
    const wanted = { provider_id: provider.id, starts_at: at('11:00') }
    const answers = [
      await book(app, stage.admin, { ...wanted, client_id: client.id }),
      await app.post('/holds', { token: client.token, body: wanted }),
      await app.post(`/appointments/${id}/reschedule`, { token, body: { starts_at: wanted.starts_at } }),
    ]
    assert.deepEqual(answers.map(said), Array(3).fill('422 break_needed'))
  })

  it('and may move inside the row', async () => {
    const { stage, provider } = await arrange()
    const [id] = await bookAll(stage, provider, ['10:00', '10:30'])
    const body = { starts_at: at('11:00') }
    const { token } = stage.admin
    assert.equal(said(await app.post(`/appointments/${id}/reschedule`, { token, body })), '200')
  })

  it('counts what is held', async () => {
    const { stage, provider, client } = await arrange()
    await bookAll(stage, provider, ['10:00'])
    const other = await newClient(app, stage)
    const wanted = { provider_id: provider.id, starts_at: at('10:30') }
    assert.equal(said(await app.post('/holds', { token: other.token, body: wanted })), '201')
    assert.equal(said(await ask(client, provider, '11:00')), '422 break_needed')
  })

  it('and has it once one of them is cancelled no more', async () => {
    const { stage, provider, client } = await arrange()
    const [id] = await bookAll(stage, provider, ['10:00', '10:30'])
    await app.post(`/appointments/${id}/cancel`, { token: stage.admin.token })
    assert.equal(said(await ask(client, provider, '11:00')), '201')
  })

  it('is as long as the service says, where it has a rule of its own', async () => {
    const { stage, provider, client } = await arrange()
    const { id: service_id } = await newService(app, stage)
    const body = { rules: { break_after: { appointments: 1, minutes: 60 } } }
    const { token } = stage.admin
    assert.equal((await app.request('PATCH', `/services/${service_id}`, { token, body })).status, 200)
    await bookAll(stage, provider, ['10:00'])
    assert.deepEqual(await freeTimes(app, client, provider, { date, service_id }), [
      '11:30',
      '12:00',
      '12:30',
    ])
    const wanted = { provider_id: provider.id, service_id }
    const soon = await book(app, client, { ...wanted, starts_at: at('11:29') })
    assert.equal(said(soon), '422 break_needed')
    assert.match(soon.body.detail, /After 1 appointments? in a row .* break of 1 hour/)
    assert.equal(said(await book(app, client, { ...wanted, starts_at: at('11:30') })), '201')
  })

  it('is nobody else’s: a colleague goes on', async () => {
    const { stage, provider, client } = await arrange()
    const colleague = await newProvider(app, stage, { opens: '09:00', closes: '13:00' })
    await bookAll(stage, provider, ['10:00', '10:30'])
    assert.equal(said(await ask(client, colleague, '11:00')), '201')
  })
})

async function arrange() {
  const stage = await newOrganization(app, { rules })
  const provider = await newProvider(app, stage, { opens: '09:00', closes: '13:00' })
  return { stage, provider, client: await newClient(app, stage) }
}

const ask = (client: Person, { id: provider_id }: Person, time: string) =>
  book(app, client, { provider_id, starts_at: at(time) })

async function bookAll(stage: Stage, provider: Person, times: string[]) {
  const ids: string[] = []
  for (const time of times) {
    const answer = await ask(await newClient(app, stage), provider, time)
    assert.equal(said(answer), '201', time)
    ids.push(answer.body.id)
  }
  return ids
}
