import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newService, type Stage } from '../../test/cast.ts'
import { freeSlots, freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60 } as const
const TUESDAY = '2027-03-02'
const NINE = '2027-03-02T09:00:00Z'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a service', () => {
  it('is offered by everybody until it is said who does', async () => {
    const { stage, service, anna, ben } = await arrange()
    assert.deepEqual(await offering(stage, service.id), [])
    assert.deepEqual(await whoIsShown(stage, service.id), [anna.id, ben.id].toSorted())
  })

  it('is offered by those who are named alone, and by everybody again when nobody is', async () => {
    const { stage, service, anna, ben } = await arrange()
    const client = await newClient(app, stage)
    await offer(stage, service.id, [{ provider_id: anna.id }])
    assert.deepEqual(await whoIsShown(stage, service.id), [anna.id])
    const refused = await book(app, client, { provider_id: ben.id, service_id: service.id, starts_at: NINE })
    assert.deepEqual([said(refused), refused.body.errors[0].field], ['422 invalid_input', 'service_id'])
    const asked = new URLSearchParams({
      provider_id: ben.id,
      service_id: service.id,
      from: TUESDAY,
      to: TUESDAY,
    })
    assert.equal(said(await app.get(`/slots?${asked}`, { token: client.token })), '422 invalid_input')
    await offer(stage, service.id, [])
    assert.deepEqual(await whoIsShown(stage, service.id), [anna.id, ben.id].toSorted())
  })

  it('takes as long and costs as much as whoever offers it says', async () => {
    const { stage, service, anna, ben } = await arrange()
    const own = { provider_id: anna.id, minutes: 90, price: 70.5 }
    const same = { provider_id: ben.id, minutes: null, price: null }
    const answer = await offer(stage, service.id, [own, same])
    const all = [own, same].toSorted((one, other) => (one.provider_id < other.provider_id ? -1 : 1))
    assert.deepEqual([said(answer), answer.body.items], ['200', all])
    assert.deepEqual(await offering(stage, service.id), all)

    const asked = { date: TUESDAY, service_id: service.id }
    assert.deepEqual(await freeTimes(app, stage.admin, anna, asked), ['09:00', '10:30'])
    assert.deepEqual(await freeTimes(app, stage.admin, ben, asked), ['09:00', '10:00', '11:00'])
    const wanted = { service_id: service.id, starts_at: NINE }
    const ofAnna = await book(app, await newClient(app, stage), { ...wanted, provider_id: anna.id })
    const ofBen = await book(app, await newClient(app, stage), { ...wanted, provider_id: ben.id })
    assert.deepEqual([ofAnna.body.ends_at, ofAnna.body.price], ['2027-03-02T10:30:00Z', 70.5])
    assert.deepEqual([ofBen.body.ends_at, ofBen.body.price], ['2027-03-02T10:00:00Z', 50])
  })

  it('of which a provider says how long it takes keeps its own steps', async () => {
    const { stage, anna } = await arrange()
    const { id: service_id } = await newService(app, stage, { minutes: 60, step_minutes: 30 })
    await offer(stage, service_id, [{ provider_id: anna.id, minutes: 120 }])
    const shown = await freeTimes(app, stage.admin, anna, { date: TUESDAY, service_id })
    assert.deepEqual(shown, ['09:00', '09:30', '10:00'])
  })

  it('stays booked as it was booked, whoever offers it afterwards', async () => {
    const { stage, service, anna, ben } = await arrange()
    const wanted = { provider_id: ben.id, service_id: service.id, starts_at: NINE }
    const { body } = await book(app, await newClient(app, stage), wanted)
    await offer(stage, service.id, [{ provider_id: anna.id }])
    const kept = await app.get(`/appointments/${body.id}`, { token: stage.admin.token })
    assert.deepEqual(kept.body, body)
  })

  it('is said to be offered by providers of this place, each once, by administrators', async () => {
    const { stage, service, anna } = await arrange()
    const stranger = await newProvider(app, await newOrganization(app))
    const client = await newClient(app, stage)
    const table: [object[], string][] = [
      [[{ provider_id: stranger.id }], 'providers.0.provider_id'],
      [[{ provider_id: client.id }], 'providers.0.provider_id'],
      [[{ provider_id: anna.id }, { provider_id: anna.id }], 'providers.1.provider_id'],
      [[{ provider_id: anna.id, minutes: 0 }], 'providers.0.minutes'],
      [[{ provider_id: anna.id, price: -1 }], 'providers.0.price'],
    ]
    for (const [providers, field] of table) {
      const answer = await offer(stage, service.id, providers)
      assert.deepEqual([said(answer), answer.body.errors[0].field], ['422 invalid_input', field])
    }
    const byOneself = { token: anna.token, body: { providers: [{ provider_id: anna.id, price: 1 }] } }
    const refused = await app.request('PUT', `/services/${service.id}/providers`, byOneself)
    assert.equal(said(refused), '403 not_allowed')
    assert.deepEqual(await offering(stage, service.id), [])
  })
})

async function arrange() {
  const stage = await newOrganization(app, { rules })
  const service = await newService(app, stage, { minutes: 60, price: 50 })
  const hours = { closes: '12:00' }
  const [anna, ben] = [await newProvider(app, stage, hours), await newProvider(app, stage, hours)]
  return { stage, service, anna, ben }
}

const offer = ({ admin: { token } }: Stage, id: string, providers: object[]) =>
  app.request('PUT', `/services/${id}/providers`, { token, body: { providers } })

const offering = async ({ admin: { token } }: Stage, id: string) =>
  (await app.get(`/services/${id}/providers`, { token })).body.items

async function whoIsShown({ admin }: Stage, service_id: string): Promise<string[]> {
  const slots = await freeSlots(app, admin, { service_id, from: TUESDAY, to: TUESDAY })
  return [...new Set(slots.map(({ provider_id }) => provider_id))].toSorted()
}
