import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type Answer, MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  newService,
  newSlot,
  type Person,
  type Stage,
  worksAt,
} from '../../test/cast.ts'
import { newCrowd } from '../../test/crowd.ts'
import { said } from '../../test/free.ts'

const rules = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  change_notice_minutes: 0,
} as const
const on = (time: string, date = '02') => `2027-03-${date}T${time}:00Z`

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('whoever is free', () => {
  it('is chosen where nobody is named, and only among those who are', async () => {
    const { stage, providers } = await arrange(3)
    const [first, second, third] = providers as [Person, Person, Person]
    await book(app, await newClient(app, stage), { provider_id: first.id, starts_at: on('09:00') })
    await newSlot(app, stage, { provider_id: third.id, starts_at: on('09:30'), ends_at: on('10:00') })
    const answer = await ask(stage, '09:00')
    assert.deepEqual([said(answer), answer.body.provider_id], ['201', second.id])
    assert.equal(said(await ask(stage, '09:00')), '409 nobody_free')
  })

  it('is somebody who offers the service, where it is offered, for as long as they say', async () => {
    const { stage, providers } = await arrange(3)
    const [first, second, third] = providers as [Person, Person, Person]
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    for (const provider of [first, second]) await worksAt(app, stage, provider, here)
    await worksAt(app, stage, third, there)
    const { id: service_id } = await newService(app, stage, { minutes: 60 })
    await app.request('PUT', `/services/${service_id}/providers`, {
      token: stage.admin.token,
      body: { providers: [{ provider_id: second.id, minutes: 120 }, { provider_id: third.id }] },
    })
    const wanted = { service_id, location_id: here.id }
    const answer = await ask(stage, '09:00', wanted)
    const { provider_id, location_id, ends_at } = answer.body
    assert.deepEqual([provider_id, location_id, ends_at], [second.id, here.id, on('11:00')])
    assert.equal(said(await ask(stage, '09:00', wanted)), '409 nobody_free')
  })

  it('is whoever has least on that day, and of those whoever has least around it', async () => {
    const { stage, providers } = await arrange(3)
    const [busy, quiet, idle] = providers as [Person, Person, Person]
    const give = async ({ id: provider_id }: Person, ...starts: string[]) => {
      for (const starts_at of starts) await book(app, await newClient(app, stage), { provider_id, starts_at })
    }
    // On the day itself the quiet one has less than the idle one, though more in the weeks around it.
    await give(busy, on('09:00', '09'), on('10:00', '09'), on('11:00', '09'))
    await give(quiet, on('09:00', '08'), on('10:00', '08'), on('11:00', '10'))
    await give(idle, on('10:00', '09'))
    const chosen = async () => (await ask(stage, '12:00', { date: '09' })).body.provider_id
    assert.equal(await chosen(), quiet.id)
    assert.equal(await chosen(), idle.id)
    // On another day of theirs all are idle: what is around it decides, and the idle one has least of it.
    const later = await ask(stage, '12:00', { date: '11' })
    assert.equal(later.body.provider_id, idle.id)
  })

  it('is not counted by what was cancelled', async () => {
    const { stage, providers } = await arrange(2)
    const [first, second] = providers as [Person, Person]
    const client = await newClient(app, stage)
    for (const time of ['09:00', '10:00']) {
      const { body } = await book(app, client, { provider_id: first.id, starts_at: on(time) })
      await app.post(`/appointments/${body.id}/cancel`, { token: client.token })
    }
    await book(app, client, { provider_id: second.id, starts_at: on('09:00') })
    assert.equal((await ask(stage, '11:00')).body.provider_id, first.id)
  })

  it('gets no more than one more than any other, over twenty of them', async () => {
    const { stage, providers } = await arrange(3)
    const crowd = await newCrowd(app, stage, 20)
    const times = ['09:00', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00']
    const chosen: string[] = []
    for (const [at, client] of crowd.entries()) {
      const answer = await book(app, client, { starts_at: on(times[at % 7]!) })
      assert.equal(said(answer), '201')
      chosen.push(answer.body.provider_id)
    }
    const shares = providers.map(({ id }) => chosen.filter((provider_id) => provider_id === id).length)
    assert.deepEqual(shares.toSorted(), [6, 7, 7])
  })

  it('is never the client themself', async () => {
    const { stage, providers } = await arrange(1)
    const answer = await book(app, providers[0]!, { starts_at: on('09:00') })
    assert.equal(said(answer), '409 nobody_free')
    const colleague = await newProvider(app, stage)
    const another = await book(app, providers[0]!, { starts_at: on('09:00') })
    assert.equal(another.body.provider_id, colleague.id)
  })

  it('is nobody where all are closed, have passed or are off the grid', async () => {
    const { stage } = await arrange(2)
    assert.equal(said(await ask(stage, '20:00')), '409 nobody_free')
    assert.equal(said(await ask(stage, '09:30')), '409 nobody_free')
    app.setClock(on('12:00'))
    assert.equal(said(await ask(stage, '09:00')), '409 nobody_free')
  })

  it('is found at any time where there is no grid', async () => {
    const { stage } = await arrange(1, { grid: 'none' })
    assert.equal(said(await ask(stage, '09:17')), '201')
    assert.equal(said(await ask(stage, '10:16')), '409 nobody_free')
    assert.equal(said(await ask(stage, '16:01')), '409 nobody_free')
    assert.equal(said(await ask(stage, '16:00')), '201')
  })

  it('is found where the end is said as well, if it is that of the service', async () => {
    const { stage } = await arrange(1)
    assert.equal(said(await ask(stage, '09:00', { ends_at: on('10:00') })), '201')
    assert.equal(said(await ask(stage, '10:00', { ends_at: on('11:30') })), '422 invalid_input')
  })

  it('is found for as long as is asked for, where the rules let clients choose', async () => {
    const { stage } = await arrange(1, { length: 'request', slot_minutes: 30 })
    const answer = await ask(stage, '09:30', { ends_at: on('11:00') })
    assert.deepEqual([said(answer), answer.body.ends_at], ['201', on('11:00')])
    assert.equal(said(await ask(stage, '10:30')), '409 nobody_free')
    assert.equal(said(await ask(stage, '11:00')), '201')
  })

  it('is looked for at a time, which must be said', async () => {
    const { stage } = await arrange(1)
    const answer = await book(app, await newClient(app, stage), {})
    assert.deepEqual([said(answer), answer.body.errors[0].field], ['422 invalid_input', 'starts_at'])
  })
})

async function arrange(size: number, more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const providers: Person[] = []
  for (let n = 0; n < size; n++) providers.push(await newProvider(app, stage))
  return { stage, providers }
}

interface More {
  date?: string
  [wanted: string]: unknown
}

async function ask(stage: Stage, time: string, { date, ...wanted }: More = {}): Promise<Answer> {
  return book(app, await newClient(app, stage), { starts_at: on(time, date), ...wanted })
}
