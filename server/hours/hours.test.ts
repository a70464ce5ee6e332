import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  type Stage,
  worksAt,
} from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, dated_hours: 'replace' } as const
const TUESDAY = '2027-03-02'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('who may change hours', () => {
  it('is told by a table', async () => {
    const stage = await newOrganization(app, { rules })
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    const [anna, ben] = [await newProvider(app, stage), await newProvider(app, stage)]
    const [secretary, reception] = [await newDesk(stage, here), await newDesk(stage, here, 'reception')]
    const client = await newClient(app, stage)

    const ofAnna = { provider_id: anna.id }
    const ofAnnaHere = { provider_id: anna.id, location_id: here.id }
    const ofHere = { location_id: here.id }
    const ofThere = { location_id: there.id }
    const table: [string, Person, object, string][] = [
      ['an administrator', stage.admin, ofAnna, '201'],
      ['an administrator', stage.admin, ofThere, '201'],
      ['a provider', anna, ofAnna, '201'],
      ['a provider', anna, ofAnnaHere, '201'],
      ['a provider', anna, ofHere, '403 not_allowed'],
      ['a colleague', ben, ofAnna, '403 not_allowed'],
      ['a secretary', secretary, ofHere, '201'],
      ['a secretary', secretary, ofAnnaHere, '201'],
      ['a secretary', secretary, ofAnna, '403 not_allowed'],
      ['a secretary', secretary, ofThere, '403 not_allowed'],
      ['a receptionist', reception, ofHere, '403 not_allowed'],
      ['a client', client, ofAnna, '403 not_allowed'],
      ['a client', client, { provider_id: client.id }, '403 not_allowed'],
    ]
    for (const [who, { token }, whose, expected] of table) {
      const body = { ...whose, weekday: 6, opens: '09:00', closes: '10:00' }
      assert.equal(
        said(await app.post('/hours', { token, body })),
        expected,
        `${who}, ${JSON.stringify(whose)}`,
      )
    }
  })

  it('holds for every way of changing them', async () => {
    const { stage, provider } = await arrange()
    const { token } = await newProvider(app, stage)
    const [{ id }] = await hoursOf(provider)
    const provider_id = provider.id
    const window = { weekday: 1, opens: '09:00', closes: '10:00' }
    const asked = [
      ['PUT', '/hours/week', { provider_id, windows: [window] }],
      ['PUT', '/hours/date', { provider_id, date: TUESDAY, windows: [] }],
      ['PATCH', `/hours/${id}`, { opens: '08:00' }],
      ['DELETE', `/hours/${id}`, undefined],
    ] as const
    for (const [method, path, body] of asked) {
      assert.equal(said(await app.request(method, path, { token, body })), '403 not_allowed', method + path)
    }
    assert.equal((await hoursOf(provider)).length, 5)
  })

  it('ends at the border of the organization', async () => {
    const [{ stage }, other] = [await arrange(), await arrange()]
    const [{ id }] = await hoursOf(other.provider)
    const { token } = stage.admin
    const body = { provider_id: other.provider.id, weekday: 1, opens: '09:00', closes: '10:00' }
    assert.equal(said(await app.post('/hours', { token, body })), '404 not_found')
    assert.equal(said(await app.request('DELETE', `/hours/${id}`, { token })), '404 not_found')
    assert.equal(said(await app.request('PATCH', `/hours/${id}`, { token, body: {} })), '404 not_found')
    const listed = await app.get(`/hours?provider_id=${other.provider.id}`, { token })
    assert.deepEqual(listed.body.items, [])
  })
})

describe('a change of hours', () => {
  it('is seen at once by whoever asks for free times', async () => {
    const { provider, client } = await arrange()
    const { token } = provider
    const body = { provider_id: provider.id, weekday: 2, opens: '18:00', closes: '20:00' }
    const added = await app.post('/hours', { token, body })
    assert.deepEqual(await times(client, provider), [...nineToFive, '18:00', '19:00'])
    await app.request('PATCH', `/hours/${added.body.id}`, { token, body: { opens: '19:00' } })
    assert.deepEqual(await times(client, provider), [...nineToFive, '19:00'])
    const removed = await app.request('DELETE', `/hours/${added.body.id}`, { token })
    assert.equal(said(removed), '204')
    assert.deepEqual(await times(client, provider), nineToFive)
  })

  it('moves a window to another weekday, or to a date', async () => {
    const { provider, client } = await arrange()
    const { token } = provider
    const body = { provider_id: provider.id, weekday: 6, opens: '18:00', closes: '19:00' }
    const { id } = (await app.post('/hours', { token, body })).body
    await app.request('PATCH', `/hours/${id}`, { token, body: { weekday: 7 } })
    assert.deepEqual(await times(client, provider, '2027-03-07'), ['18:00'])
    const dated = await app.request('PATCH', `/hours/${id}`, { token, body: { date: '2027-03-13' } })
    assert.deepEqual([dated.body.weekday, dated.body.date], [null, '2027-03-13'])
    assert.deepEqual(await times(client, provider, '2027-03-07'), [])
    assert.deepEqual(await times(client, provider, '2027-03-13'), ['18:00'])
  })

  it('replaces a whole week, and leaves dates as they are', async () => {
    const { provider, client } = await arrange()
    const { token } = provider
    const date = {
      provider_id: provider.id,
      date: '2027-03-09',
      windows: [{ opens: '20:00', closes: '21:00' }],
    }
    await app.request('PUT', '/hours/date', { token, body: date })
    const windows = [
      { weekday: 2, opens: '06:00', closes: '07:00' },
      { weekday: 2, opens: '21:00', closes: '22:00' },
    ]
    const answer = await app.request('PUT', '/hours/week', {
      token,
      body: { provider_id: provider.id, windows },
    })
    assert.deepEqual([said(answer), answer.body.items.length], ['200', 2])
    assert.deepEqual(await times(client, provider), ['06:00', '21:00'])
    assert.deepEqual(await times(client, provider, '2027-03-03'), [])
    assert.deepEqual(await times(client, provider, '2027-03-09'), ['20:00'])
  })

  it('replaces a whole date, closes it, and leaves other dates as they are', async () => {
    const { provider, client } = await arrange()
    const put = (date: string, ...windows: object[]) => {
      const body = { provider_id: provider.id, date, windows }
      return app.request('PUT', '/hours/date', { token: provider.token, body })
    }
    await put(TUESDAY, { opens: '06:00', closes: '07:00' }, { opens: '21:00', closes: '22:00' })
    await put('2027-03-03', { opens: '06:00', closes: '07:00' })
    assert.deepEqual(await times(client, provider), ['06:00', '21:00'])
    await put(TUESDAY, { opens: '12:00', closes: '13:00' })
    assert.deepEqual(await times(client, provider), ['12:00'])
    await put(TUESDAY)
    assert.deepEqual(await times(client, provider), [])
    assert.deepEqual(await times(client, provider, '2027-03-03'), ['06:00'])
  })

  it('leaves what is booked as it is', async () => {
    const { provider, client } = await arrange()
    const body = { provider_id: provider.id, starts_at: `${TUESDAY}T09:00:00Z` }
    const booked = await book(app, client, body)
    const closed = { provider_id: provider.id, windows: [] }
    const cleared = await app.request('PUT', '/hours/week', { token: provider.token, body: closed })
    assert.equal(said(cleared), '200')
    const still = await app.get(`/appointments/${booked.body.id}`, { token: client.token })
    assert.deepEqual(still.body, booked.body)
    assert.equal(
      said(await book(app, client, { ...body, starts_at: `${TUESDAY}T10:00:00Z` })),
      '422 outside_hours',
    )
  })

  it('is told to whoever listens, with whose hours they are', async () => {
    const { provider, stage } = await arrange()
    const { rows: before } = await eventsOf(stage)
    const body = { provider_id: provider.id, date: TUESDAY, windows: [] }
    await app.request('PUT', '/hours/date', { token: provider.token, body })
    const { rows } = await eventsOf(stage)
    assert.equal(rows.length, before.length + 1)
    assert.deepEqual(rows.at(-1).data, { provider_id: provider.id, location_id: null })
  })

  it('is not told when it was refused', async () => {
    const { provider, stage } = await arrange()
    const { rows: before } = await eventsOf(stage)
    const windows = [
      { weekday: 1, opens: '09:00', closes: '10:00' },
      { weekday: 1, opens: '10:00', closes: '10:00' },
    ]
    const body = { provider_id: provider.id, windows }
    const refused = await app.request('PUT', '/hours/week', { token: provider.token, body })
    assert.equal(said(refused), '422 invalid_input')
    assert.equal((await hoursOf(provider)).length, 5)
    assert.equal((await eventsOf(stage)).rows.length, before.length)
  })
})

const nineToFive = ['09:00', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00', '16:00']

async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  return { stage, provider, client }
}

async function newDesk(
  stage: Stage,
  location: { id: string },
  role: 'secretary' | 'reception' = 'secretary',
) {
  const desk = await newPerson(app, stage.organization, [role])
  await worksAt(app, stage, desk, location)
  return desk
}

const times = (asker: Person, provider: Person, date = TUESDAY) => freeTimes(app, asker, provider, { date })

async function hoursOf({ id, token }: Person) {
  return (await app.get(`/hours?provider_id=${id}`, { token })).body.items
}

function eventsOf({ organization }: Stage) {
  const text = `select data from events where organization_id = $1 and kind = 'hours.changed' order by id`
  return app.connection.pool.query(text, [organization.id])
}
