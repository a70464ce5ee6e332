import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, newOrganization, newResource, newService } from '../../test/cast.ts'
import { said } from '../../test/free.ts'
import {
  appointmentsOf,
  arrangeIn,
  coming,
  header,
  hoursFor,
  idOf,
  reservationsOf,
  rules,
  people,
} from './testing/agreed.ts'
import { bringIn, brokenPromises, problemsOf } from './testing/moving.ts'

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('an appointment whose time is taken', () => {
  it('is a problem that names the other row, for the provider and for the client', async () => {
    const stage = await arrangeIn(app)
    const appointments = [
      header,
      coming,
      'bo@example.org,+4915100000001,2027-03-02 09:30,2027-03-02 10:30,confirmed',
      'di@example.org,cy@example.org,2027-03-02 08:30,2027-03-02 09:30,pending',
      'di@example.org,cy@example.org,2027-03-02 10:00,2027-03-02 11:00,pending',
    ]
    assert.deepEqual(await problemsOf(app, stage, { appointments }), [
      'appointments.csv, line 3, starts_at: is taken: the staff member has the appointment of line 2 then',
      'appointments.csv, line 4, starts_at: is taken: the client has the appointment of line 2 then',
    ])
    assert.deepEqual(await appointmentsOf(app, stage), [])
  })

  it('is a problem that names the appointment that was there before', async () => {
    const stage = await newOrganization(app, { rules, time_zone: 'Europe/Berlin' })
    await bringIn(app, stage, { ...people, appointments: [header, coming] })
    const appointments = [header, 'bo@example.org,+4915100000001,2027-03-02 09:30,2027-03-02 10:30,confirmed']
    assert.deepEqual(await problemsOf(app, stage, { appointments }), [
      'appointments.csv, line 2, starts_at: is taken: the staff member has the appointment of Cy with Bo at 2027-03-02 09:00',
    ])
  })

  it('is none where it is only kept by a hold that has expired', async () => {
    const stage = await arrangeIn(app)
    const [provider_id, { token }] = [await idOf(app, stage, '/providers', 'Bo'), await newClient(app, stage)]
    await hoursFor(app, stage, provider_id)
    const body = { provider_id, starts_at: '2027-03-02T09:30:00Z', ends_at: '2027-03-02T10:00:00Z' }
    assert.equal(said(await app.post('/holds', { token, body })), '201')
    assert.deepEqual(await problemsOf(app, stage, { appointments: [header, coming] }), [
      'appointments.csv, line 2, starts_at: is taken: the staff member has a hold then, which somebody may yet book',
    ])
    app.pass({ hours: 1 })
    assert.deepEqual(await problemsOf(app, stage, { appointments: [header, coming] }), [])
    assert.deepEqual(await brokenPromises(app), [])
  })

  it('is none for a client who may be in two places', async () => {
    const stage = await arrangeIn(app, { clients_may_overlap: true })
    const other = coming.replace('bo@', 'di@')
    assert.deepEqual(await problemsOf(app, stage, { appointments: [header, coming, other] }), [])
  })

  it('is one where the location takes one at a time', async () => {
    const stage = await arrangeIn(app, { location_takes_one: true })
    const other = 'di@example.org,+4915100000001,2027-03-02 09:30,2027-03-02 10:30,pending'
    assert.deepEqual(await problemsOf(app, stage, { appointments: [header, coming, other] }), [
      'appointments.csv, line 3, starts_at: is taken: the location has the appointment of line 2 then',
    ])
  })

  it('is one where the buffers of the service reach into another', async () => {
    const stage = await arrangeIn(app)
    const { name } = await newService(app, stage, { buffer_after_minutes: 10, minutes: 60 })
    const appointments = [
      `${header},service`,
      `${coming},${name}`,
      'bo@example.org,+4915100000001,2027-03-02 10:00,2027-03-02 11:00,confirmed,',
    ]
    assert.equal((await problemsOf(app, stage, { appointments })).length, 1)
  })

  it('is one where no room is left that the service needs', async () => {
    const stage = await arrangeIn(app)
    const room = await newResource(app, stage, { kind: 'lab' })
    const { name } = await newService(app, stage, { resource_kinds: ['lab'], minutes: 60 })
    const wanted = [`${header},service`, `${coming},${name}`]
    const other = `di@example.org,+4915100000001,2027-03-02 09:30,2027-03-02 10:30,pending,${name}`
    assert.deepEqual(await problemsOf(app, stage, { appointments: [...wanted, other] }), [
      'appointments.csv, line 3, starts_at: is taken: the room has the appointment of line 2 then',
    ])
    await bringIn(app, stage, { appointments: wanted })
    assert.deepEqual(
      (await appointmentsOf(app, stage))[0].resources.map(({ id }: { id: string }) => id),
      [room.id],
    )
    assert.deepEqual(await brokenPromises(app), [])
  })

  it('is told beside whatever else is wrong', async () => {
    const stage = await arrangeIn(app)
    const clash = 'bo@example.org,+4915100000001,2027-03-02 09:30,2027-03-02 10:30,confirmed'
    const appointments = [header, coming, clash, 'bo@example.org,who@example.org,soon,,done']
    assert.deepEqual(
      (await problemsOf(app, stage, { appointments })).map((line) => line.split(':')[0]),
      [
        'appointments.csv, line 3, starts_at',
        'appointments.csv, line 4, starts_at',
        'appointments.csv, line 4, state',
        'appointments.csv, line 4, client',
      ],
    )
  })
})

describe('many appointments', () => {
  it('are all taken and all kept, and of many clashes each is told', async () => {
    const stage = await arrangeIn(app, { clients_may_overlap: true })
    const start = Temporal.PlainDateTime.from('2027-03-02T00:00')
    const rows = Array.from({ length: 1500 }, (_, at) => {
      const from = start.add({ minutes: 30 * at })
      return `bo@example.org,cy@example.org,${from},${from.add({ minutes: 30 })},confirmed`
    })
    assert.equal((await bringIn(app, stage, { appointments: [header, ...rows] })).coming, 1500)
    assert.equal(await reservationsOf(app, stage), 1500)
    assert.deepEqual(await brokenPromises(app), [])
    const again = rows.slice(0, 20).map((row) => row.replace('cy@example.org', '+4915100000001'))
    assert.equal((await problemsOf(app, stage, { appointments: [header, ...again] })).length, 20)
  })
})
