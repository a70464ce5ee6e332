import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  newService,
  type Person,
  worksAt,
} from '../../test/cast.ts'
import { freeSlots, freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60 } as const
const date = '2027-03-02'
const at = (time: string) => `${date}T${time}:00Z`

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('time off', () => {
  it('is not offered, and is offered again from the moment it ends', async () => {
    const { admin, client, provider } = await arrange()
    await takeOff(admin, { provider_id: provider.id, starts_at: at('10:00'), ends_at: at('12:00') })
    const free = ['09:00', '12:00', '13:00', '14:00', '15:00', '16:00']
    assert.deepEqual(await freeTimes(app, client, provider, { date }), free)
  })

  it('is left out wherever it meets a visit, and by nothing that only touches it', async () => {
    const { admin, client, provider } = await arrange()
    await takeOff(admin, { provider_id: provider.id, starts_at: at('10:59'), ends_at: at('12:01') })
    const free = ['09:00', '13:00', '14:00', '15:00', '16:00']
    assert.deepEqual(await freeTimes(app, client, provider, { date }), free)
  })

  it('keeps the buffers of a visit clear of it', async () => {
    const { stage, admin, client, provider } = await arrange({ grid: 'none' })
    const wanted = { minutes: 60, step_minutes: 15, buffer_before_minutes: 15, buffer_after_minutes: 30 }
    const { id: service_id } = await newService(app, stage, wanted)
    await takeOff(admin, { provider_id: provider.id, starts_at: at('11:00'), ends_at: at('14:00') })
    const free = await freeTimes(app, client, provider, { date, service_id })
    assert.deepEqual(
      free.filter((time) => time < '15:00'),
      ['09:00', '09:15', '09:30', '14:15', '14:30', '14:45'],
    )
    const ask = (time: string) =>
      book(app, client, { provider_id: provider.id, service_id, starts_at: at(time) })
    assert.equal(said(await ask('09:31')), '422 outside_hours')
    assert.equal(said(await ask('14:14')), '422 outside_hours')
    assert.equal(said(await ask('09:30')), '201')
    assert.equal(said(await ask('14:15')), '201')
  })

  it('is refused to whoever books, holds or moves into it, in the words of any closed hour', async () => {
    const { admin, client, provider } = await arrange()
    const reason = 'Hospital'
    await takeOff(admin, { provider_id: provider.id, starts_at: at('10:00'), ends_at: at('12:00'), reason })
    const wanted = { provider_id: provider.id, starts_at: at('11:00') }
    const { token } = client
    const booked = (await book(app, client, { ...wanted, starts_at: at('09:00') })).body
    const answers = [
      await book(app, client, wanted),
      await app.post('/holds', { token, body: wanted }),
      await app.post(`/appointments/${booked.id}/reschedule`, { token, body: { starts_at: at('11:00') } }),
    ]
    const closed = await book(app, client, { ...wanted, starts_at: at('20:00') })
    for (const answer of answers) {
      assert.equal(said(answer), '422 outside_hours')
      assert.equal(answer.body.detail, closed.body.detail)
      assert.deepEqual(Object.keys(answer.body), Object.keys(closed.body))
    }
    assert.equal(said(await book(app, admin, { ...wanted, client_id: client.id })), '422 outside_hours')
  })

  it('of one provider leaves a colleague where they are', async () => {
    const { stage, admin, client, provider } = await arrange()
    const colleague = await newProvider(app, stage)
    await takeOff(admin, { provider_id: provider.id, starts_at: at('00:00'), ends_at: at('23:00') })
    assert.deepEqual(await freeTimes(app, client, provider, { date }), [])
    assert.equal((await freeTimes(app, client, colleague, { date })).length, 8)
  })

  it('counts for those whom it is for, where many are asked about at once', async () => {
    const { stage, admin, client, provider: ada } = await arrange()
    const [bob, cy] = [await newProvider(app, stage), await newProvider(app, stage)]
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    for (const [who, where] of new Map([
      [ada, here],
      [bob, there],
      [cy, there],
    ]))
      await worksAt(app, stage, who, where)
    const hour = { starts_at: at('11:00'), ends_at: at('12:00') }
    await takeOff(admin, { location_id: here.id, ...hour })
    await takeOff(admin, { provider_id: bob.id, ...hour })
    const slots = await freeSlots(app, client, { from: at('11:00'), to: at('12:00') })
    assert.deepEqual(
      slots.map(({ provider_id }) => provider_id),
      [cy.id],
    )
  })

  it('of one organization is nobody’s elsewhere', async () => {
    const [here, there] = [await arrange(), await arrange()]
    await takeOff(here.admin, { starts_at: at('00:00'), ends_at: at('23:00') })
    assert.deepEqual(await freeTimes(app, here.client, here.provider, { date }), [])
    assert.equal((await freeTimes(app, there.client, there.provider, { date })).length, 8)
  })
})

describe('where the time off is', () => {
  // Ada works here and there, Bob works here.
  const cases: [name: string, owner: ('ada' | 'here')[], off: string[]][] = [
    ['of a provider it is everywhere', ['ada'], ['ada here', 'ada there']],
    ['of a location it is everybody’s, there only', ['here'], ['ada here', 'bob here']],
    ['of a provider at a location it is theirs, there only', ['ada', 'here'], ['ada here']],
    ['of the organization it is everybody’s everywhere', [], ['ada here', 'ada there', 'bob here']],
  ]
  for (const [name, owner, off] of cases) {
    it(name, async () => {
      const { stage, admin, client, provider: ada } = await arrange()
      const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
      const bob = await newProvider(app, stage)
      const places = { 'ada here': [ada, here], 'ada there': [ada, there], 'bob here': [bob, here] } as const
      for (const [who, where] of Object.values(places)) await worksAt(app, stage, who, where)
      const ids = { ada: { provider_id: ada.id }, here: { location_id: here.id } }
      const whose = Object.assign({}, ...owner.map((one) => ids[one]))
      await takeOff(admin, { ...whose, starts_at: at('11:00'), ends_at: at('12:00') })

      for (const [place, [who, { id: location_id }]] of Object.entries(places)) {
        const isOff = off.includes(place)
        const free = await freeTimes(app, client, who, { date, location_id })
        assert.equal(!free.includes('11:00'), isOff, place)
        const wanted = { provider_id: who.id, location_id, starts_at: at('11:00') }
        const answer = await book(app, client, wanted)
        assert.equal(said(answer), isOff ? '422 outside_hours' : '201', place)
        if (!isOff) await app.post(`/appointments/${answer.body.id}/cancel`, { token: client.token })
      }
    })
  }
})

describe('time off that is not what it was', () => {
  it('is offered as it has been changed, and books so', async () => {
    const { admin, client, provider } = await arrange()
    const off = await takeOff(admin, {
      provider_id: provider.id,
      starts_at: at('09:00'),
      ends_at: at('16:00'),
    })
    const change = { starts_at: at('10:00'), ends_at: at('17:00') }
    const { token } = admin
    assert.equal(said(await app.request('PATCH', `/time-off/${off.id}`, { token, body: change })), '200')
    assert.deepEqual(await freeTimes(app, client, provider, { date }), ['09:00'])
    const wanted = { provider_id: provider.id }
    assert.equal(said(await book(app, client, { ...wanted, starts_at: at('16:00') })), '422 outside_hours')
    assert.equal(said(await book(app, client, { ...wanted, starts_at: at('09:00') })), '201')
  })

  it('can be booked once it has been given back', async () => {
    const { admin, client, provider } = await arrange()
    const off = await takeOff(admin, { starts_at: at('09:00'), ends_at: at('17:00') })
    const { token } = admin
    assert.equal(said(await app.request('DELETE', `/time-off/${off.id}`, { token })), '204')
    assert.equal(said(await app.get(`/time-off/${off.id}`, { token })), '404 not_found')
    assert.equal(said(await app.request('DELETE', `/time-off/${off.id}`, { token })), '404 not_found')
    assert.equal((await freeTimes(app, client, provider, { date })).length, 8)
    assert.equal(said(await book(app, client, { provider_id: provider.id, starts_at: at('09:00') })), '201')
  })
})

it('takes an hour off on the wall clock of the day that is an hour longer', async () => {
  const stage = await newOrganization(app, { rules, time_zone: 'Europe/London' })
  const hours = { weekdays: [7], opens: '00:00', closes: '04:00' }
  const [provider, client] = [await newProvider(app, stage, hours), await newClient(app, stage)]
  // The second of the two hours from one to two.
  const second = { starts_at: '2027-10-31T01:00:00+00:00', ends_at: '2027-10-31T02:00:00+00:00' }
  const off = await takeOff(stage.admin, { provider_id: provider.id, ...second })
  assert.deepEqual([off.starts_at, off.ends_at], ['2027-10-31T01:00:00Z', '2027-10-31T02:00:00Z'])
  const free = await freeTimes(app, client, provider, { date: '2027-10-31' })
  assert.deepEqual(free, ['23:00', '00:00', '02:00', '03:00'])
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  return { stage, admin: stage.admin, provider, client }
}

async function takeOff({ token }: Person, body: object) {
  const answer = await app.post('/time-off', { token, body })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}
