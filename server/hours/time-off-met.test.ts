import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  type Person,
  type Stage,
  worksAt,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = {
  grid: 'none',
  length: 'request',
  least_minutes: 1,
  most_minutes: 480,
  clients_may_overlap: true,
} as const
const at = (time: string) => `2027-03-02T${time}:00Z`
const eleven = { starts_at: at('11:00'), ends_at: at('12:00') }

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('taking time off', () => {
  it('answers with the appointments that stand in it, by their start, and with no others', async () => {
    const { stage, provider, client } = await arrange()
    const whens = ['10:00-11:00', '11:00-11:01', '11:30-11:45', '11:59-12:30', '12:30-13:00'] as const
    const [, first, second, third] = await bookAll(stage, provider, client, whens.toReversed())
    const { body } = await takeOff(stage.admin, { provider_id: provider.id, ...eleven })
    assert.deepEqual(
      body.appointments.map(({ id }: { id: string }) => id),
      [third, second, first],
    )
    const [met] = body.appointments
    assert.deepEqual(met, {
      id: third,
      state: 'confirmed',
      starts_at: at('11:00'),
      ends_at: at('11:01'),
      provider_id: provider.id,
      provider_name: provider.name,
      client_id: client.id,
      client_name: client.name,
    })
  })

  it('meets an appointment that lasts longer than it', async () => {
    const { stage, provider, client } = await arrange()
    const [long] = await bookAll(stage, provider, client, ['10:00-13:00'])
    const { body } = await takeOff(stage.admin, { provider_id: provider.id, ...eleven })
    assert.deepEqual(idsOf(body), [long])
  })

  it('cancels none: they stay until somebody sees to them', async () => {
    const { stage, provider, client } = await arrange()
    const [id] = await bookAll(stage, provider, client, ['11:00-12:00'])
    await takeOff(stage.admin, eleven)
    const appointment = await app.get(`/appointments/${id}`, { token: client.token })
    assert.deepEqual([appointment.body.state, appointment.body.starts_at], ['confirmed', at('11:00')])
    assert.equal(said(await app.post(`/appointments/${id}/arrive`, { token: provider.token })), '200')
  })

  const ends: Record<string, (id: string) => [path: string, body?: object]> = {
    'that is cancelled': (id) => [`/appointments/${id}/cancel`],
    'that was closed': (id) => [`/appointments/${id}/correct`, { state: 'completed', reason: 'Was here' }],
    'that was missed': (id) => [`/appointments/${id}/correct`, { state: 'no_show', reason: 'Nobody came' }],
    'that is declined': (id) => [`/appointments/${id}/correct`, { state: 'declined', reason: 'No' }],
  }
  for (const [which, end] of Object.entries(ends)) {
    it(`does not meet an appointment ${which}`, async () => {
      const { stage, provider, client } = await arrange()
      const [id, other] = await bookAll(stage, provider, client, ['11:00-11:30', '11:30-12:00'])
      const [path, body] = end(id!)
      app.setClock(at('11:00'))
      assert.equal(said(await app.post(path, { token: stage.admin.token, body })), '200')
      assert.deepEqual(idsOf((await takeOff(stage.admin, eleven)).body), [other])
    })
  }

  it('meets those whom it is for: of the provider, at the location, of both, or all', async () => {
    const { stage, provider: ada, client } = await arrange()
    const bob = await newProvider(app, stage)
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    const places = [
      [ada, here],
      [ada, there],
      [bob, here],
    ] as const
    const ids: string[] = []
    for (const [n, [who, where]] of places.entries()) {
      await worksAt(app, stage, who, where)
      const when = { starts_at: at(`11:${n}0`), ends_at: at(`11:${n}9`) }
      const answer = await book(app, client, { provider_id: who.id, location_id: where.id, ...when })
      assert.equal(said(answer), '201')
      ids.push(answer.body.id)
    }
    const [adaHere, adaThere, bobHere] = ids
    const met = async (owner: object) => idsOf((await takeOff(stage.admin, { ...owner, ...eleven })).body)
    assert.deepEqual(await met({ provider_id: ada.id }), [adaHere, adaThere])
    assert.deepEqual(await met({ location_id: here.id }), [adaHere, bobHere])
    assert.deepEqual(await met({ provider_id: ada.id, location_id: here.id }), [adaHere])
    assert.deepEqual(await met({}), [adaHere, adaThere, bobHere])
  })
})

describe('time off that is changed', () => {
  it('answers with the appointments it meets now', async () => {
    const { stage, provider, client } = await arrange()
    const [early, late] = await bookAll(stage, provider, client, ['09:00-10:00', '15:00-16:00'])
    const { token } = stage.admin
    const off = (await takeOff(stage.admin, { provider_id: provider.id, ...eleven })).body
    assert.deepEqual(idsOf(off), [])
    const change = (body: object) => app.request('PATCH', `/time-off/${off.id}`, { token, body })
    assert.deepEqual(idsOf((await change({ starts_at: at('09:30') })).body), [early])
    const both = await change({ ends_at: at('15:30') })
    assert.deepEqual(idsOf(both.body), [early, late])
    assert.deepEqual((await app.get(`/time-off/${off.id}`, { token })).body, both.body)
  })

  it('changes what is named, and keeps the rest', async () => {
    const { stage, provider } = await arrange()
    const { token } = stage.admin
    const before = (await takeOff(stage.admin, { provider_id: provider.id, reason: 'Training', ...eleven }))
      .body
    const change = (body: object) => app.request('PATCH', `/time-off/${before.id}`, { token, body })
    assert.deepEqual((await change({})).body, before)
    assert.deepEqual((await change({ reason: null })).body, { ...before, reason: null })
    assert.deepEqual((await change({ reason: 'Holiday' })).body, { ...before, reason: 'Holiday' })
    assert.equal(said(await change({ provider_id: stage.admin.id })), '422 invalid_input')
  })

  it('ends after it starts, as when it is taken', async () => {
    const { stage, provider } = await arrange()
    const { token } = stage.admin
    const wrong = { provider_id: provider.id, starts_at: at('11:00'), ends_at: at('11:00') }
    const refused = await takeOff(stage.admin, wrong)
    assert.deepEqual([said(refused), refused.body.errors[0].field], ['422 invalid_input', 'ends_at'])
    const off = (await takeOff(stage.admin, { provider_id: provider.id, ...eleven })).body
    for (const body of [{ ends_at: at('11:00') }, { starts_at: at('12:00') }]) {
      const answer = await app.request('PATCH', `/time-off/${off.id}`, { token, body })
      assert.equal(said(answer), '422 invalid_input')
    }
    assert.deepEqual((await app.get(`/time-off/${off.id}`, { token })).body, off)
  })
})

async function arrange() {
  const stage = await newOrganization(app, { rules })
  return { stage, provider: await newProvider(app, stage), client: await newClient(app, stage) }
}

async function bookAll(stage: Stage, provider: Person, client: Person, whens: readonly string[]) {
  const ids: string[] = []
  for (const when of whens) {
    const [starts_at, ends_at] = when.split('-').map((time) => at(time))
    const answer = await book(app, client, { provider_id: provider.id, starts_at, ends_at })
    assert.equal(said(answer), '201', when)
    ids.push(answer.body.id)
  }
  return ids
}

const takeOff = ({ token }: Person, body: object) => app.post('/time-off', { token, body })
const idsOf = ({ appointments }: { appointments: { id: string }[] }) => appointments.map(({ id }) => id)
