import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newLocation, newOrganization, newService } from '../../test/cast.ts'
import { said } from '../../test/free.ts'
import {
  appointmentsOf,
  arrangeIn,
  coming,
  header,
  hoursFor,
  idOf,
  past,
  people,
  reservationsOf,
  rules,
} from './testing/agreed.ts'
import { bringIn, brokenPromises, listOf, problemsOf } from './testing/moving.ts'

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('an appointment that is brought', () => {
  it('is what it was: who, with whom, when, what, where, how it went', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    const branch = await newLocation(app, stage, { name: 'East' })
    const dependents = ['name,guardians', 'Kim,cy@example.org']
    const appointments = [
      'provider,client,dependent,service,location,starts_at,ends_at,state,notes,meeting_mode',
      'BO@example.org,cy@example.org,kim,parent-teacher meeting,east,2027-02-26T09:00:00+01:00,,no_show,"Maths, again",online',
    ]
    await bringIn(app, stage, { ...people, dependents, appointments })
    const [shown] = await appointmentsOf(app, stage)
    const { provider_name, client_name, dependent_name, service_name, location_id, state } = shown
    assert.deepEqual(
      [provider_name, client_name, dependent_name, service_name, location_id, state],
      ['Bo', 'Cy', 'Kim', 'Parent-teacher meeting', branch.id, 'no_show'],
    )
    const { starts_at, ends_at, notes, details } = shown
    assert.deepEqual(
      [starts_at, ends_at, notes, details],
      ['2027-02-26T08:00:00Z', '2027-02-26T08:30:00Z', 'Maths, again', { meeting_mode: 'online' }],
    )
  })

  it('has a history that begins with the import, and nothing of it is left to be told', async () => {
    const stage = await arrangeIn(app)
    await bringIn(app, stage, { appointments: [header, past, coming] })
    for (const { id, state } of await appointmentsOf(app, stage)) {
      const [entry, ...more] = await listOf(app, stage, `/appointments/${id}/history`)
      assert.deepEqual([entry.action, entry.actor_id, entry.before], ['imported', null, null])
      assert.deepEqual([entry.after.state, entry.happened_at, more], [state, '2027-03-01T08:00:00Z', []])
    }
    const untold = await app.connection.pool.query(
      `select kind from events where organization_id = $1 and relayed_at is null and kind like 'appointment.%'`,
      [stage.organization.id],
    )
    assert.deepEqual(untold.rows, [])
    assert.deepEqual(await brokenPromises(app), [])
  })

  it('takes its time if it is to come, and none if it is over or was called off', async () => {
    const stage = await arrangeIn(app)
    const cancelled = coming.replaceAll('03-02', '03-03').replace('confirmed', 'cancelled')
    await bringIn(app, stage, { appointments: [header, past, coming, cancelled] })
    assert.equal(await reservationsOf(app, stage), 2)
    const provider = await idOf(app, stage, '/providers', 'Bo')
    const client_id = await idOf(app, stage, '/clients', 'Fay')
    await hoursFor(app, stage, provider)
    const at = (day: string) => ({
      provider_id: provider,
      client_id,
      starts_at: `${day}T09:30:00Z`,
      ends_at: `${day}T10:30:00Z`,
    })
    assert.equal(said(await book(app, stage.admin, at('2027-03-02'))), '409 time_taken')
    assert.equal(said(await book(app, stage.admin, at('2027-03-03'))), '201')
    assert.deepEqual(await brokenPromises(app), [])
  })

  it('takes its time while it lasts', async () => {
    const stage = await arrangeIn(app)
    const now = 'bo@example.org,cy@example.org,2027-03-01 07:30,2027-03-01 08:30,in_progress'
    await bringIn(app, stage, { appointments: [header, now] })
    assert.equal(await reservationsOf(app, stage), 2)
    assert.deepEqual(await brokenPromises(app), [])
  })

  it('was agreed before: notice, horizon, limits and hours are not asked', async () => {
    const more = {
      notice_minutes: 10_000,
      horizon_minutes: 20_000,
      most_per_client: 1,
      published_slots_only: true,
    }
    const stage = await arrangeIn(app, more)
    const far = coming.replaceAll('2027-03-02', '2028-03-02')
    const soon = coming.replaceAll('2027-03-02', '2027-03-01')
    assert.deepEqual(await problemsOf(app, stage, { appointments: [header, far, soon, coming] }), [])
  })

  it('can be cancelled, moved and closed like any other', async () => {
    const stage = await arrangeIn(app)
    await hoursFor(app, stage, await idOf(app, stage, '/providers', 'Bo'))
    await bringIn(app, stage, { appointments: [header, coming] })
    const [{ id }] = await appointmentsOf(app, stage)
    const { token } = stage.admin
    const body = { starts_at: '2027-03-02T11:00:00Z' }
    assert.equal(said(await app.post(`/appointments/${id}/reschedule`, { token, body })), '200')
    assert.equal(said(await app.post(`/appointments/${id}/cancel`, { token })), '200')
    assert.equal(await reservationsOf(app, stage), 0)
    assert.deepEqual(await brokenPromises(app), [])
  })

  it('costs what the service costs if it is to come; what was agreed before nobody knows', async () => {
    const stage = await arrangeIn(app)
    const { name } = await newService(app, stage, { price: 12.5, minutes: 45 })
    const about = (row: string) => [row.split(',').slice(0, 3), name].join()
    await bringIn(app, stage, {
      appointments: ['provider,client,starts_at,service', about(past), about(coming)],
    })
    const shown = (await appointmentsOf(app, stage)).map(({ price, ends_at, state }) => [
      price,
      ends_at,
      state,
    ])
    assert.deepEqual(shown, [
      [null, '2027-02-26T09:45:00Z', 'completed'],
      [12.5, '2027-03-02T09:45:00Z', 'confirmed'],
    ])
  })
})

describe('a row of appointments', () => {
  it('must name people and things that there are', async () => {
    const stage = await arrangeIn(app)
    const appointments = [
      'provider,client,dependent,service,location,starts_at',
      'no@example.org,no@example.org,,,,2027-03-02 09:00',
      'bo@example.org,cy@example.org,Kim,Massage,Moon,2027-03-02 09:00',
    ]
    const { name } = stage.organization
    assert.deepEqual(await problemsOf(app, stage, { appointments }), [
      'appointments.csv, line 2, provider: names no staff member who is here: no@example.org',
      'appointments.csv, line 2, client: names no client who is here: no@example.org',
      `appointments.csv, line 3, location: names no location here: "Moon"; there are ${name}`,
      'appointments.csv, line 3, service: names no service here: "Massage"; there are none',
      'appointments.csv, line 3, dependent: names no dependent of Cy: "Kim"',
    ])
  })

  it('must end after it begins, within a day, and be of two people', async () => {
    const stage = await newOrganization(app, { rules })
    const clients = [...people.clients, 'Bo,bo@example.org,']
    const appointments = [
      header,
      'bo@example.org,cy@example.org,2027-03-02 09:00,2027-03-02 09:00,',
      'bo@example.org,cy@example.org,2027-03-02 09:00,2027-03-03 09:01,',
      'bo@example.org,bo@example.org,2027-03-02 09:00,2027-03-02 10:00,',
    ]
    assert.deepEqual(await problemsOf(app, stage, { ...people, clients, appointments }), [
      'appointments.csv, line 2, ends_at: must be after starts_at, and at most a day later',
      'appointments.csv, line 3, ends_at: must be after starts_at, and at most a day later',
      'appointments.csv, line 4, client: must not be the provider',
    ])
  })

  it('must say how it went if it is over, and not before it has begun', async () => {
    const stage = await arrangeIn(app, { closes_early: false })
    const appointments = [
      header,
      past.replace('completed', 'confirmed'),
      coming.replace('confirmed', 'no_show'),
    ]
    assert.deepEqual(await problemsOf(app, stage, { appointments }), [
      'appointments.csv, line 2, state: is confirmed, and the time is over: it must be completed, cancelled, declined or no_show (completed where nothing is said)',
      'appointments.csv, line 3, state: must not be no_show: it has not begun yet',
    ])
  })

  it('is in the first state of a booking where nothing is said and it is to come', async () => {
    const stage = await arrangeIn(app, { confirm_by: 'provider' })
    await bringIn(app, stage, { appointments: [header, coming.replace('confirmed', '')] })
    assert.equal((await appointmentsOf(app, stage))[0].state, 'pending')
  })

  it('is not doubled by a second import, nor by a second row', async () => {
    const stage = await arrangeIn(app)
    await bringIn(app, stage, { appointments: [header, past, coming] })
    const other = coming.replaceAll('03-02', '03-04')
    assert.deepEqual(await problemsOf(app, stage, { appointments: [header, past, coming, other, other] }), [
      'appointments.csv, line 2: is there already: the same staff member and client at the same time',
      'appointments.csv, line 3: is there already: the same staff member and client at the same time',
      'appointments.csv, line 5: is there already: it says the same as line 4',
    ])
  })

  it('may be one that was cancelled and booked anew at the same time', async () => {
    const stage = await arrangeIn(app)
    const cancelled = coming.replace('confirmed', 'cancelled')
    await bringIn(app, stage, { appointments: [header, cancelled, coming] })
    assert.equal((await appointmentsOf(app, stage)).length, 2)
  })
})
