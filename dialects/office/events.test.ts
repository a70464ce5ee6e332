import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import { newClient, newPerson, type Person } from '../../test/cast.ts'
import { isFailure, newBranch, newOffices, newVisit, type Offices, TUESDAY } from './testing/asking.ts'
import { listen } from './testing/stream.ts'

let app: TestApp
before(async () => (app = await startApp({ queue: true })))
after(() => app.stop())

const eventsOf = ({ office }: Offices) => `/appointments/events?office_id=${office.id}`

async function ticketFor({ api }: Offices, person: Person): Promise<string> {
  const { status, body } = await api.post('/appointments/events/ticket', person)
  assert.equal(status, 200, JSON.stringify(body))
  assert.equal(body.expires_in, 60)
  return body.ticket
}

async function act({ api, secretary }: Offices, id: string, verb: string, body?: object): Promise<object> {
  const answer = await api.post(`/appointments/${id}/${verb}`, secretary, body)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}

const decide = (offices: Offices, id: string, decision: string) => act(offices, id, 'decision', { decision })
const listenAs = (t: TestContext, offices: Offices, { token }: Person) => listen(t, app, offices, { token })

describe('the stream of events of an office', () => {
  it('tells its staff what happens, under the names and in the shape of this system', async (t) => {
    const offices = await newOffices(app)
    const { host, receptionist, admin } = offices
    const streams = [host, receptionist, admin].map((person) => listenAs(t, offices, person))
    const one = await newVisit(offices)
    const other = await newVisit(offices, { time_slotted: '11:00' })
    await decide(offices, one.id, 'approved')
    const new_time = { new_appointment_date: TUESDAY, new_time_slot: '11:30', reason: 'Ill' }
    await act(offices, one.id, 'postpone', new_time)
    await decide(offices, one.id, 'approved')
    await act(offices, one.id, 'complete')
    await decide(offices, other.id, 'denied')
    const third = await newVisit(offices)
    await act(offices, third.id, 'cancel')
    for (const stream of streams) {
      const { answer, heard, hears } = await stream
      assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8')
      assert.match(answer.headers.get('cache-control')!, /no-cache/)
      await hears([
        ['new_appointment', one.id],
        ['new_appointment', other.id],
        ['appointment_approved', one.id],
        ['appointment_updated', one.id],
        ['appointment_approved', one.id],
        ['appointment_completed', one.id],
        ['appointment_denied', other.id],
        ['new_appointment', third.id],
        ['appointment_cancelled', third.id],
      ])
      const { body } = await offices.api.get(`/appointments/${third.id}`, host)
      assert.deepEqual(heard.findLast(({ data }) => data.id)?.data, body)
    }
  })

  it('says that times are others now, and whose', async (t) => {
    const offices = await newOffices(app)
    const { heard } = await listenAs(t, offices, offices.receptionist)
    const times = () => heard.filter(({ event }) => event === 'time_slots_updated').map(({ data }) => data)
    await newVisit(offices)
    const taken = { office_id: offices.office.id, host_id: offices.host.id }
    const soon = { interval: 10, timeout: 20_000 }
    await t.waitFor(() => assert.deepEqual(times(), [taken]), soon)
    const hours = { daysofweek: 'SATURDAY', start_time: '09:00', end_time: '10:00', is_recurring: true }
    const { status, body } = await offices.api.post(
      `/availability/hosts/${offices.office.id}`,
      offices.host,
      hours,
    )
    assert.equal(status, 201, JSON.stringify(body))
    await t.waitFor(() => assert.deepEqual(times(), [taken, { ...taken, host_id: null }]), soon)
  })

  it('is of that office alone', async (t) => {
    const offices = await newOffices(app)
    const branch = await newBranch(app, offices)
    const [here, there] = [
      await listenAs(t, offices, offices.secretary),
      await listenAs(t, branch, offices.admin),
    ]
    const visit = await newVisit(offices)
    const other = await newVisit(branch)
    await here.hears([['new_appointment', visit.id]])
    await there.hears([['new_appointment', other.id]])
    assert.ok(here.heard.every(({ data }) => data.office_id === offices.office.id))
  })

  it('is for the staff of that office, and for nobody else', async () => {
    const offices = await newOffices(app)
    const { api, stage } = offices
    const branch = await newBranch(app, offices)
    const foreign = await newOffices(app)
    const table: [Person | undefined, number][] = [
      [undefined, 401],
      [await newClient(app, stage), 403],
      [await newPerson(app, stage.organization, ['provider']), 403],
      [branch.host, 403],
      [branch.secretary, 403],
      [branch.receptionist, 403],
    ]
    for (const [person, status] of table) isFailure(await api.get(eventsOf(offices), person), status)
    isFailure(await foreign.api.get(eventsOf(offices), foreign.admin), 404)
    isFailure(await api.get(`/appointments/events`, offices.admin), 422, /office_id is missing/)
  })

  it('ends with the log-in', async (t) => {
    const offices = await newOffices(app)
    const { api, receptionist, secretary, host, admin } = offices
    const [byToken, stays] = [await listenAs(t, offices, receptionist), await listenAs(t, offices, host)]
    const byTicket = await listen(t, app, offices, { ticket: await ticketFor(offices, secretary) })
    for (const person of [receptionist, secretary]) {
      assert.ok((await api.post('/auth/logout', person)).status < 300)
    }
    await app.live.checkAgain()
    await Promise.all([byToken.ended, byTicket.ended])
    const book = { ...offices, receptionist: admin }
    const visit = await newVisit(book)
    await stays.hears([['new_appointment', visit.id]])
    assert.deepEqual(byToken.heard, [])
  })

  it('tells somebody who works there no more of nothing', async (t) => {
    const offices = await newOffices(app)
    const { api, office, secretary, admin, host } = offices
    const [gone, stays] = [await listenAs(t, offices, secretary), await listenAs(t, offices, host)]
    const { status } = await api.delete(`/offices/${office.id}/memberships/${secretary.id}`, admin)
    assert.ok(status < 300)
    await app.live.checkAgain()
    const visit = await newVisit(offices)
    await stays.hears([['new_appointment', visit.id]])
    assert.deepEqual(gone.heard, [])
  })
})

describe('a ticket for the stream', () => {
  it('is good in the place of a token, for a minute, and to listen only', async (t) => {
    const offices = await newOffices(app)
    const { api, receptionist } = offices
    const ticket = await ticketFor(offices, receptionist)
    const stream = await listen(t, app, offices, { ticket })
    assert.equal(stream.answer.status, 200)
    const visit = await newVisit(offices)
    await stream.hears([['new_appointment', visit.id]])
    isFailure(await api.get(`/appointments?ticket=${ticket}`, undefined), 401)
    isFailure(await api.ask('GET', eventsOf(offices), { token: ticket }), 401)
    app.pass({ seconds: 60 })
    isFailure(await api.get(`${eventsOf(offices)}&ticket=${ticket}`, undefined), 401, /ticket/)
    isFailure(await api.get(`${eventsOf(offices)}&ticket=${receptionist.token}`, undefined), 401)
    assert.ok(app.logged.every((line) => !JSON.stringify(line).includes(ticket)))
  })

  it('is for the staff', async () => {
    const { api, stage } = await newOffices(app)
    isFailure(await api.post('/appointments/events/ticket', await newClient(app, stage)), 403)
    isFailure(await api.post('/appointments/events/ticket', undefined), 401)
  })
})
