import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  newSlot,
  type Person,
  publish,
  worksAt,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const on = (time: string) => `2027-03-02T${time}:00Z`
const from = (starts: string, ends: string) => ({ starts_at: on(starts), ends_at: on(ends) })

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('publishing a slot', () => {
  it('answers with who, where, what, when and how many seats', async () => {
    const { stage, provider } = await arrange()
    const [service, location] = [await newService(app, stage), await newLocation(app, stage)]
    await worksAt(app, stage, provider, location)
    const of = { provider_id: provider.id, service_id: service.id, location_id: location.id }
    const content = { ...of, ...from('18:00', '19:00'), capacity: 4, kind: 'emergency' }
    const answer = await publish(app, stage.admin, content)
    assert.equal(said(answer), '201')
    const { id, ...slot } = answer.body
    assert.deepEqual(slot, { ...content, seats_left: 4, is_blocked: false, block_reason: null })
    const { body } = await app.get(`/published-slots/${id}`, { token: stage.admin.token })
    assert.deepEqual(body, answer.body)
  })

  it('has one seat, of the regular kind, unless more is said', async () => {
    const { stage, provider } = await arrange()
    const { body } = await publish(app, stage.admin, { provider_id: provider.id, ...from('18:00', '19:00') })
    const { capacity, kind, service_id } = body
    assert.deepEqual([capacity, kind, service_id], [1, 'regular', null])
  })

  it('is refused where one of the same provider is in the way, and that is named', async () => {
    const { stage, provider } = await arrange()
    const of = { provider_id: provider.id }
    await newSlot(app, stage, { ...of, ...from('18:00', '19:00') })
    const wanted = from('18:59', '19:30')
    const answer = await publish(app, stage.admin, { ...of, ...wanted })
    assert.equal(said(answer), '409 slots_overlap')
    assert.deepEqual(answer.body.clashes, [wanted])
  })

  it('is possible where they touch, and where it is another provider’s', async () => {
    const { stage, provider } = await arrange()
    const colleague = await newProvider(app, stage)
    await newSlot(app, stage, { provider_id: provider.id, ...from('18:00', '19:00') })
    const put = (who: Person, starts: string, ends: string) =>
      publish(app, stage.admin, { provider_id: who.id, ...from(starts, ends) })
    assert.equal(said(await put(provider, '19:00', '20:00')), '201')
    assert.equal(said(await put(provider, '17:00', '18:00')), '201')
    assert.equal(said(await put(colleague, '18:30', '19:30')), '201')
  })

  const wrong: [string, object, string][] = [
    ['that ends as it begins', from('18:00', '18:00'), 'ends_at'],
    ['that ends before it begins', from('18:00', '17:00'), 'ends_at'],
    ['of more than a day', { starts_at: on('18:00'), ends_at: '2027-03-03T18:00:01Z' }, 'ends_at'],
    ['that has passed', { starts_at: '2027-03-01T07:59:59Z', ends_at: '2027-03-01T09:00:00Z' }, 'starts_at'],
    ['without seats', { ...from('18:00', '19:00'), capacity: 0 }, 'capacity'],
    ['with more seats than any room has', { ...from('18:00', '19:00'), capacity: 1001 }, 'capacity'],
    ['of a kind that is no word', { ...from('18:00', '19:00'), kind: 'Erste Hilfe!' }, 'kind'],
  ]
  for (const [what, times, field] of wrong) {
    it(`refuses a slot ${what}, and names the field`, async () => {
      const { stage, provider } = await arrange()
      const answer = await publish(app, stage.admin, { provider_id: provider.id, ...times })
      assert.equal(said(answer), '422 invalid_input')
      assert.deepEqual(
        answer.body.errors.map((error: { field: string }) => error.field),
        [field],
      )
    })
  }

  it('is refused for a service that the provider does not offer, and where they do not work', async () => {
    const { stage, provider } = await arrange()
    const colleague = await newProvider(app, stage)
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    await worksAt(app, stage, provider, here)
    const { id: service_id } = await newService(app, stage)
    const providers = [{ provider_id: colleague.id }]
    await app.request('PUT', `/services/${service_id}/providers`, {
      token: stage.admin.token,
      body: { providers },
    })
    const put = (more: object) =>
      publish(app, stage.admin, { provider_id: provider.id, ...from('18:00', '19:00'), ...more })
    assert.equal(said(await put({ service_id })), '422 invalid_input')
    assert.equal(said(await put({ location_id: there.id })), '422 invalid_input')
  })

  it('is for providers, the secretaries of the location and administrators', async () => {
    const { stage, provider } = await arrange()
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    await worksAt(app, stage, provider, here)
    const colleague = await newProvider(app, stage)
    const person = (role: 'secretary' | 'reception') => newPerson(app, stage.organization, [role])
    const [secretary, elsewhere] = [await person('secretary'), await person('secretary')]
    const reception = await person('reception')
    await worksAt(app, stage, secretary, here)
    await worksAt(app, stage, elsewhere, there)
    await worksAt(app, stage, reception, here)

    const table: [string, Person, string][] = [
      ['the provider', provider, '201'],
      ['an administrator', stage.admin, '201'],
      ['a secretary of the location', secretary, '201'],
      ['a secretary of another', elsewhere, '403 not_allowed'],
      ['a receptionist', reception, '403 not_allowed'],
      ['a colleague', colleague, '403 not_allowed'],
      ['a client', await newClient(app, stage), '403 not_allowed'],
    ]
    const of = { provider_id: provider.id, location_id: here.id }
    for (const [at, [who, by, expected]] of table.entries()) {
      const answer = await publish(app, by, { ...of, ...from(`1${at}:00`, `1${at}:30`) })
      assert.equal(said(answer), expected, who)
    }
  })
})

describe('a slot of another provider', () => {
  it('is neither changed nor removed by a colleague or a client', async () => {
    const { stage, provider } = await arrange()
    const id = await newSlot(app, stage, { provider_id: provider.id, ...from('18:00', '19:00') })
    for (const who of [await newProvider(app, stage), await newClient(app, stage)]) {
      const { token } = who
      const body = { is_blocked: true }
      assert.equal(
        said(await app.request('PATCH', `/published-slots/${id}`, { token, body })),
        '403 not_allowed',
      )
      assert.equal(said(await app.request('DELETE', `/published-slots/${id}`, { token })), '403 not_allowed')
    }
    const { body } = await app.get(`/published-slots/${id}`, { token: provider.token })
    assert.equal(body.is_blocked, false)
  })

  it('is not moved to a location of others by a secretary', async () => {
    const { stage, provider } = await arrange()
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    await worksAt(app, stage, provider, here, { is_primary: true })
    await worksAt(app, stage, provider, there)
    const secretary = await newPerson(app, stage.organization, ['secretary'])
    await worksAt(app, stage, secretary, here)
    const times = from('18:00', '19:00')
    const id = await newSlot(app, stage, { provider_id: provider.id, location_id: here.id, ...times })
    const move = (location_id: string | null) => {
      const { token } = secretary
      return app.request('PATCH', `/published-slots/${id}`, { token, body: { location_id } })
    }
    assert.equal(said(await move(there.id)), '403 not_allowed')
    assert.equal(said(await move(here.id)), '200')
    // Without a location it is where the provider works, for the most part.
    assert.equal((await move(null)).body.location_id, here.id)
  })
})

async function arrange() {
  const stage = await newOrganization(app)
  return { stage, provider: await newProvider(app, stage) }
}
