import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  type Stage,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

interface Place {
  id: string
}

const assign = ({ admin }: Stage, location: Place, person: Place, body: object = {}) =>
  app.request('PUT', `/locations/${location.id}/members/${person.id}`, { token: admin.token, body })
const dismiss = ({ admin }: Stage, location: Place, person: Place) =>
  app.request('DELETE', `/locations/${location.id}/members/${person.id}`, { token: admin.token })
const members = ({ token }: Person, location: Place) =>
  app.get(`/locations/${location.id}/members`, { token })

describe('the members of a location', () => {
  it('are assigned, listed by name, and leave again', async () => {
    const stage = await newOrganization(app)
    const location = await newLocation(app, stage)
    const person = await newPerson(app, stage.organization, ['reception'])
    const assigned = await assign(stage, location, person, { position: 'Front desk' })
    assert.equal(assigned.status, 200)
    assert.deepEqual(assigned.body, {
      person_id: person.id,
      name: person.name,
      position: 'Front desk',
      is_primary: false,
      assigned_at: app.now().toString(),
    })
    assert.deepEqual((await members(stage.admin, location)).body.items, [assigned.body])
    assert.equal((await dismiss(stage, location, person)).status, 204)
    assert.deepEqual((await members(stage.admin, location)).body.items, [])
    assert.equal((await dismiss(stage, location, person)).status, 404)
    assert.equal((await assign(stage, location, person)).status, 200)
    assert.equal((await members(stage.admin, location)).body.items.length, 1)
  })

  it('are assigned anew when they come back, and not when they only get another position', async () => {
    const stage = await newOrganization(app)
    const location = await newLocation(app, stage)
    const person = await newPerson(app, stage.organization, ['reception'])
    const first = (await assign(stage, location, person)).body.assigned_at
    app.pass({ hours: 1 })
    assert.equal((await assign(stage, location, person, { position: 'Chief' })).body.assigned_at, first)
    await dismiss(stage, location, person)
    assert.equal((await assign(stage, location, person)).body.assigned_at, app.now().toString())
  })

  it('have one main location', async () => {
    const stage = await newOrganization(app)
    const [first, second] = [await newLocation(app, stage), await newLocation(app, stage)]
    const person = await newPerson(app, stage.organization, ['provider'])
    await assign(stage, first, person, { is_primary: true })
    await assign(stage, second, person, { is_primary: true })
    const main = async (place: Place) => (await members(stage.admin, place)).body.items[0].is_primary
    assert.deepEqual([await main(first), await main(second)], [false, true])
  })

  it('act for their location from the moment they are assigned until they leave', async () => {
    const stage = await newOrganization(app)
    const location = await newLocation(app, stage)
    const desk = await newPerson(app, stage.organization, ['reception'])
    const provider = await newProvider(app, stage)
    await assign(stage, location, provider)
    const { id: service_id } = await newService(app, stage)
    const starts_at = app.now().add({ hours: 26 }).toString()
    const wanted = { provider_id: provider.id, service_id, location_id: location.id, starts_at }
    const { body } = await book(app, await newClient(app, stage), wanted)
    const look = async () => (await app.get(`/appointments/${body.id}`, { token: desk.token })).status

    assert.equal(await look(), 404)
    await assign(stage, location, desk)
    assert.equal(await look(), 200)
    await dismiss(stage, location, desk)
    assert.equal(await look(), 404)
  })

  it('are known to the desk of that location, and to no other', async () => {
    const stage = await newOrganization(app)
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    const desk = await newPerson(app, stage.organization, ['secretary'])
    await assign(stage, here, desk)
    assert.equal((await members(desk, here)).status, 200)
    assert.equal((await members(desk, there)).status, 403)
    assert.equal((await members(await newClient(app, stage), here)).status, 403)
  })
})
