import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { book, newClient, newLocation, newOrganization, newProvider } from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'
import { NotFound } from '../refusal.ts'
import { removeLocation } from './locations.ts'

const app = await startApp()
after(() => app.stop())

describe('a location that has been removed', () => {
  it('is found by nobody', async () => {
    const { stage, removed, provider, remove } = await arrange()
    await remove()
    const { token } = stage.admin
    const { body } = await app.get('/locations', { token })
    assert.ok(body.items.every(({ id }: { id: string }) => id !== removed.id))
    const window = { location_id: removed.id, weekday: 1, opens: '09:00', closes: '12:00' }
    const answers = [
      await app.get(`/locations/${removed.id}`, { token }),
      await app.request('PATCH', `/locations/${removed.id}`, { token, body: { is_active: true } }),
      await app.get(`/locations/${removed.id}/members`, { token }),
      await app.request('PUT', `/locations/${removed.id}/members/${provider.id}`, { token, body: {} }),
      await app.post('/hours', { token, body: window }),
      await app.post('/time-off', { token, body: { location_id: removed.id, ...stretch } }),
    ]
    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map(() => 404),
    )
  })

  it('cannot be removed twice, nor by another organization', async () => {
    const { remove } = await arrange()
    const other = await newOrganization(app)
    await assert.rejects(remove(other.organization.id), NotFound)
    await remove()
    await assert.rejects(remove(), NotFound)
  })

  it('leaves its name to another', async () => {
    const { stage, removed, remove } = await arrange()
    const add = () => app.post('/locations', { token: stage.admin.token, body: { name: removed.name } })
    assert.equal((await add()).status, 409)
    await remove()
    assert.equal((await add()).status, 201)
  })

  it('is no place to be booked at', async () => {
    const { stage, removed, provider, remove } = await arrange()
    const client = await newClient(app, stage)
    const at = (hour: number) => ({
      provider_id: provider.id,
      location_id: removed.id,
      starts_at: `2027-03-02T${hour}:00:00Z`,
      ends_at: `2027-03-02T${hour + 1}:00:00Z`,
    })
    assert.equal(said(await book(app, client, at(10))), '201')
    await remove()
    assert.equal(said(await book(app, client, at(12))), '422 invalid_input')
  })

  it('keeps what happened there', async () => {
    const { stage, removed, provider, remove } = await arrange()
    const client = await newClient(app, stage)
    const body = { provider_id: provider.id, location_id: removed.id, ...stretch }
    const { body: booked } = await book(app, client, body)
    app.setClock('2027-03-03T08:00:00Z')
    await remove()
    const { body: kept } = await app.get(`/appointments/${booked.id}`, { token: client.token })
    assert.deepEqual([kept.location_id, kept.starts_at], [removed.id, stretch.starts_at])
    const of = `/appointments?location_id=${removed.id}`
    const { body: there } = await app.get(of, { token: stage.admin.token })
    assert.deepEqual(
      there.items.map(({ id }: { id: string }) => id),
      [booked.id],
    )
  })

  it('leaves whoever belongs to no location to work at the only one that is left', async () => {
    const { stage, provider, remove } = await arrange()
    const { token } = stage.admin
    const { body } = await app.get('/locations', { token })
    const left = body.items.find(({ name }: { name: string }) => name === stage.organization.name)
    const off = { location_id: left.id, starts_at: '2027-03-09T00:00:00Z', ends_at: '2027-03-10T00:00:00Z' }
    await app.post('/time-off', { token, body: off })
    const client = await newClient(app, stage)
    const where = async (starts_at: string, ends_at: string) =>
      (await book(app, client, { provider_id: provider.id, starts_at, ends_at })).body.location_id
    assert.equal(await where('2027-03-04T09:00:00Z', '2027-03-04T10:00:00Z'), null)
    const times = () => freeTimes(app, client, provider, { date: '2027-03-09' })
    assert.notEqual((await times()).length, 0)
    await remove()
    assert.equal(await where('2027-03-04T11:00:00Z', '2027-03-04T12:00:00Z'), left.id)
    assert.deepEqual(await times(), [])
  })

  it('is in the log of what was changed', async () => {
    const { stage, removed, remove } = await arrange()
    await remove()
    const { token } = stage.admin
    const { body } = await app.get(`/audit-log?subject_id=${removed.id}`, { token })
    const [{ action, actor_id, before }] = body.items
    assert.deepEqual([action, actor_id, before.name], ['location.removed', stage.admin.id, removed.name])
  })
})

const stretch = { starts_at: '2027-03-02T10:00:00Z', ends_at: '2027-03-02T11:00:00Z' }

/** Two locations, of which one can be removed, and a provider who is a member of none. */
async function arrange() {
  app.setClock('2027-03-01T08:00:00Z')
  const stage = await newOrganization(app)
  const removed = await newLocation(app, stage)
  const provider = await newProvider(app, stage)
  const remove = (organization_id = stage.organization.id) =>
    removeLocation(app.connection.db, { organization_id, person_id: stage.admin.id }, removed.id, app.now())
  return { stage, removed, provider, remove }
}
