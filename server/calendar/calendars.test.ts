import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import ICAL from 'ical.js'
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
  visiting,
  worksAt,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

/** The events of a calendar, each as what it says by property. */
function eventsIn(text: string): Record<string, string>[] {
  const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
  return events.map((event) =>
    Object.fromEntries(event.getAllProperties().map((said) => [said.name, `${said.getFirstValue()}`])),
  )
}

async function calendarOf({ token }: Person, query = '') {
  const { status, body } = await app.get(`/calendar.ics?${query}`, { token })
  assert.equal(status, 200, JSON.stringify(body))
  return eventsIn(body)
}
const titlesOf = async (person: Person, query?: string) =>
  (await calendarOf(person, query)).map(({ summary }) => summary)

/** A provider, a client and a service, and a way to book them. */
async function newPractice(among?: Stage) {
  const stage = among ?? (await newOrganization(app))
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const service = await newService(app, stage)
  const visit = async (starts_at: string, more: Record<string, unknown> = {}) => {
    const wanted = { provider_id: provider.id, client_id: client.id, service_id: service.id, starts_at }
    const { status, body } = await book(app, stage.admin, { ...wanted, ...more })
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  return { stage, provider, client, service, visit }
}

describe('an appointment as a file', () => {
  it('can be taken into a calendar', async () => {
    const { stage, provider, client, service, visit } = await newPractice()
    const location = await newLocation(app, stage, { name: 'Main Hall', address: '1 Road' })
    await worksAt(app, stage, provider, location)
    const { id } = await visit('2027-03-02T10:00:00Z', { location_id: location.id, notes: 'Bring papers' })
    const { status, headers, body } = await app.get(`/appointments/${id}.ics`, { token: client.token })
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/calendar; charset=utf-8')
    assert.equal(headers.get('content-disposition'), `attachment; filename="appointment-${id}.ics"`)
    assert.deepEqual(eventsIn(body), [
      {
        uid: `${id}@${stage.organization.id}.punctual`,
        sequence: '0',
        dtstamp: '2027-03-01T08:00:00Z',
        dtstart: '2027-03-02T10:00:00Z',
        dtend: '2027-03-02T10:30:00Z',
        summary: `${service.name} – ${provider.name}`,
        location: 'Main Hall\n1 Road',
        description: 'Bring papers',
        status: 'CONFIRMED',
        'last-modified': '2027-03-01T08:00:00Z',
      },
    ])
  })

  it('changes in place when it is moved, and is told as cancelled', async () => {
    const { client, visit } = await newPractice()
    const { id } = await visit('2027-03-02T10:00:00Z')
    const { token } = client
    const read = async () => eventsIn((await app.get(`/appointments/${id}.ics`, { token })).body)[0]!
    const first = await read()
    app.pass({ minutes: 5 })
    await app.post(`/appointments/${id}/reschedule`, { token, body: { starts_at: '2027-03-03T11:00:00Z' } })
    const moved = await read()
    assert.equal(moved.uid, first.uid)
    assert.deepEqual([moved.dtstart, moved.sequence], ['2027-03-03T11:00:00Z', '1'])
    assert.equal(moved.dtstamp, app.now().toString())
    await app.post(`/appointments/${id}/cancel`, { token })
    const ended = await read()
    assert.deepEqual([ended.status, ended.sequence, ended.uid], ['CANCELLED', '2', first.uid])
  })

  it('is for whoever may see the appointment', async () => {
    const { stage, client, visit } = await newPractice()
    const { id } = await visit('2027-03-02T10:00:00Z')
    const get = (token?: string) =>
      app.get(`/appointments/${id}.ics`, { token, headers: visiting(stage.organization) })
    assert.equal((await get(client.token)).status, 200)
    assert.equal((await get((await newClient(app, stage)).token)).status, 404)
    assert.equal((await get()).status, 401)
    assert.equal((await app.get('/appointments/.ics', client)).status, 404)
  })
})

describe('one’s own calendar', () => {
  it('has what one gives and what one takes, by start, each told of the other person', async () => {
    const stage = await newOrganization(app)
    const one = await newPractice(stage)
    const two = await newPractice(stage)
    await two.visit('2027-03-03T10:00:00Z', { client_id: await asClient(one.provider, stage) })
    await one.visit('2027-03-02T10:00:00Z')
    await two.visit('2027-03-02T10:00:00Z')
    assert.deepEqual(await titlesOf(one.provider), [
      `${one.service.name} – ${one.client.name}`,
      `${two.service.name} – ${two.provider.name}`,
    ])
    assert.deepEqual(await titlesOf(two.client), [`${two.service.name} – ${two.provider.name}`])
  })

  it('names nobody else, and shows nobody’s address', async () => {
    const { stage, provider, client, visit } = await newPractice()
    const other = await newClient(app, stage)
    await visit('2027-03-02T10:00:00Z')
    await visit('2027-03-02T11:00:00Z', { client_id: other.id })
    const { body } = await app.get('/calendar.ics', { token: client.token })
    assert.ok(body.includes(provider.name))
    for (const hidden of [other.name, other.email, provider.email, client.email]) {
      assert.equal(body.replaceAll('\r\n ', '').includes(hidden), false, hidden)
    }
  })

  it('is one’s own for the desk and for administrators, too', async () => {
    const { stage, visit } = await newPractice()
    await visit('2027-03-02T10:00:00Z')
    assert.deepEqual(await titlesOf(stage.admin), [])
  })

  it('reaches from thirty days ago to a year ahead, unless said', async () => {
    app.setClock('2027-03-01T08:00:00Z')
    const { client, visit } = await newPractice()
    for (const day of ['2027-03-02', '2027-03-30', '2028-03-28']) await visit(`${day}T10:00:00Z`)
    const days = async (query?: string) =>
      (await calendarOf(client, query)).map(({ dtstart }) => dtstart!.slice(0, 10))
    assert.deepEqual(await days(), ['2027-03-02', '2027-03-30'])
    app.setClock('2027-04-02T08:00:00Z')
    assert.deepEqual(await days(), ['2027-03-30', '2028-03-28'])
    assert.deepEqual(await days('from=2027-03-01T00:00:00Z&to=2027-03-30T10:00:00Z'), ['2027-03-02'])
    const { status, body } = await app.get(
      '/calendar.ics?from=2027-03-02T00:00:00Z&to=2027-03-02T00:00:00Z',
      client,
    )
    assert.deepEqual([status, body.errors[0].field], [422, 'to'])
    app.setClock('2027-03-01T08:00:00Z')
  })

  it('is not sent again to whoever has it already', async () => {
    const { client, visit } = await newPractice()
    await visit('2027-03-02T10:00:00Z')
    const first = await app.get('/calendar.ics', client)
    const headers = { 'if-none-match': first.headers.get('etag')! }
    assert.equal(first.headers.get('cache-control'), 'private, no-cache')
    app.pass({ minutes: 1 })
    const again = await app.get('/calendar.ics', { ...client, headers })
    assert.deepEqual([again.status, again.body], [304, ''])
    await visit('2027-03-02T11:00:00Z')
    assert.equal((await app.get('/calendar.ics', { ...client, headers })).status, 200)
  })
})

describe('the calendar of a provider or a location', () => {
  it('is for administrators, and for a desk in so far as it may see it', async () => {
    const { stage, provider, client, service, visit } = await newPractice()
    const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
    const desk = await newPerson(app, stage.organization, ['reception'])
    for (const location of [here, there]) await worksAt(app, stage, provider, location)
    await worksAt(app, stage, desk, here)
    await visit('2027-03-02T10:00:00Z', { location_id: here.id })
    await visit('2027-03-02T11:00:00Z', { location_id: there.id })
    const title = `${service.name} – ${client.name}, ${provider.name}`
    assert.deepEqual(await titlesOf(stage.admin, `provider_id=${provider.id}`), [title, title])
    assert.deepEqual(await titlesOf(stage.admin, `location_id=${there.id}`), [title])
    assert.deepEqual(await titlesOf(desk, `provider_id=${provider.id}`), [title])
    assert.deepEqual(await titlesOf(desk, `location_id=${there.id}`), [])
  })

  it('shows a client their own part of it, and another provider nothing', async () => {
    const { stage, provider, client, visit } = await newPractice()
    await visit('2027-03-02T10:00:00Z')
    await visit('2027-03-02T11:00:00Z', { client_id: (await newClient(app, stage)).id })
    const query = `provider_id=${provider.id}`
    assert.equal((await calendarOf(client, query)).length, 1)
    assert.equal((await calendarOf(await newProvider(app, stage), query)).length, 0)
  })

  it('is asked for in parts where it is too long to be one', async () => {
    const { stage, provider, visit } = await newPractice()
    const { id } = await visit('2027-03-02T10:00:00Z')
    await app.connection.pool.query(
      `insert into appointments (organization_id, id, provider_id, client_id, session_id, starts_at, ends_at, state,
        created_at, updated_at)
      select organization_id, gen_random_uuid(), provider_id, client_id, gen_random_uuid(),
        starts_at + n * interval '1 minute', ends_at + n * interval '1 minute', 'cancelled', created_at, updated_at
      from appointments, generate_series(1, 10000) n where id = $1`,
      [id],
    )
    const query = `provider_id=${provider.id}`
    const { status, body } = await app.get(`/calendar.ics?${query}`, { token: stage.admin.token })
    assert.deepEqual([status, body.code], [422, 'calendar_too_long'])
    assert.equal((await calendarOf(stage.admin, `${query}&to=2027-03-02T10:05:00Z`)).length, 5)
  })
})

/** Makes somebody a client, besides what they are. */
async function asClient({ id }: Person, { admin }: Stage): Promise<string> {
  const body = { roles: ['provider', 'client'] }
  assert.equal((await app.request('PATCH', `/users/${id}`, { token: admin.token, body })).status, 200)
  return id
}
