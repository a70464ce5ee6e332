import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
} from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const rules = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 30,
  most_holds: 2,
  hold_minutes: 5,
} as const
const date = '2027-03-02'
const limitReached = '422 limit_reached'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('one visitor cannot hold everything', () => {
  it('but a few times at once, whomever they are of', async () => {
    const { stage, client, provider, hold } = await arrange()
    const another = await newProvider(app, stage)
    assert.equal(said(await hold(client, '09:00')), '201')
    assert.equal(said(await hold(client, '10:00', another)), '201')
    const refused = await hold(client, '11:00')
    assert.equal(said(refused), limitReached)
    assert.deepEqual([refused.body.limit, refused.body.most], ['most_holds', 2])
    assert.equal(said(await hold(client, '11:00', another)), limitReached)
    assert.equal((await freeTimes(app, client, provider, { date })).includes('11:00'), true)
  })

  it('nor more by services that keep other rules', async () => {
    const { stage, client, provider, hold } = await arrange()
    for (const time of ['09:00', '10:00']) await hold(client, time)
    const { id: service_id } = await newService(app, stage)
    const body = { provider_id: provider.id, service_id, starts_at: `${date}T11:00:00Z` }
    assert.equal(said(await app.post('/holds', { token: client.token, body })), limitReached)
  })

  it('and what somebody else holds is not counted', async () => {
    const { stage, client, hold } = await arrange()
    for (const time of ['09:00', '10:00']) await hold(client, time)
    assert.equal(said(await hold(await newClient(app, stage), '11:00')), '201')
  })

  it('nor what has expired, been let go, or been booked', async () => {
    const { client, hold } = await arrange()
    const { token } = client
    const [first, second] = [(await hold(client, '09:00')).body, (await hold(client, '10:00')).body]
    assert.equal(said(await hold(client, '11:00')), limitReached)
    await app.request('DELETE', `/holds/${first.id}`, { token })
    assert.equal(said(await hold(client, '11:00')), '201')
    assert.equal(said(await hold(client, '12:00')), limitReached)
    assert.equal(said(await book(app, client, { hold_id: second.id })), '201')
    assert.equal(said(await hold(client, '12:00')), '201')
    app.setClock('2027-03-01T08:04:59.999Z')
    assert.equal(said(await hold(client, '13:00')), limitReached)
    app.setClock('2027-03-01T08:05:00Z')
    assert.equal(said(await hold(client, '13:00')), '201')
  })

  it('but may book without holding, as many as there are', async () => {
    const { client, provider, hold } = await arrange()
    for (const time of ['09:00', '10:00']) await hold(client, time)
    const wanted = { provider_id: provider.id, starts_at: `${date}T11:00:00Z` }
    assert.equal(said(await book(app, client, wanted)), '201')
  })
})

describe('holding more than a few times', () => {
  it('is for the desk, for administrators, and for providers with their own time', async () => {
    const { stage, provider, hold } = await arrange()
    const desk = await newPerson(app, stage.organization, ['reception'])
    const { body } = await app.get('/locations', { token: stage.admin.token })
    const member = `/locations/${body.items[0].id}/members/${desk.id}`
    await app.request('PUT', member, { token: stage.admin.token, body: {} })
    const times = [
      ['09:00', '09:30', '10:00'],
      ['11:00', '11:30', '12:00'],
      ['13:00', '13:30', '14:00'],
    ]
    for (const [n, who] of [desk, stage.admin, provider].entries()) {
      for (const time of times[n]!) assert.equal(said(await hold(who, time)), '201', time)
    }
  })

  it('is not for providers with a colleague’s time', async () => {
    const { stage, provider, hold } = await arrange()
    const colleague = await newProvider(app, stage)
    const answers = []
    for (const time of ['09:00', '10:00', '11:00']) answers.push(await hold(provider, time, colleague))
    assert.deepEqual(answers.map(said), ['201', '201', limitReached])
  })
})

async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const hold = ({ token }: Person, time: string, { id: provider_id } = provider) =>
    app.post('/holds', { token, body: { provider_id, starts_at: `${date}T${time}:00Z` } })
  return { stage, provider, client, hold }
}
