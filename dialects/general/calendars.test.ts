import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, newProvider, type Person } from '../../test/cast.ts'
import { type GeneralApi, from, newAppointment, newPractice, TUESDAY } from './testing/asking.ts'
import { addressesIn, eventsIn, summaryOf, valueOf } from './testing/calendars.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('an appointment as a calendar', () => {
  it('is a file to keep, called after the appointment', async () => {
    const { staff, client, api } = await newPractice(app)
    const { id } = await newAppointment(api, client, staff)
    const { status, headers } = await api.get(`/appointments/${id}/export.ics`, client)
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/calendar; charset=utf-8')
    assert.equal(headers.get('content-disposition'), `attachment; filename="appointment_${id}.ics"`)
  })

  it('says the same to its client, its staff and administrators: when, who invites whom, and what was noted', async () => {
    const { stage, staff, client, api } = await newPractice(app)
    const { id } = await newAppointment(api, client, staff, { notes: 'The back door, please' })
    const texts = []
    for (const who of [client, staff, stage.admin]) {
      texts.push((await api.get(`/appointments/${id}/export.ics`, who)).body)
    }
    assert.deepEqual(texts, Array(3).fill(texts[0]))
    const [event, ...others] = eventsIn(texts[0])
    assert.deepEqual(others, [])
    assert.match(summaryOf(event!), new RegExp(staff.name))
    assert.deepEqual(addressesIn(event!, 'organizer'), [staff.email])
    assert.deepEqual(addressesIn(event!, 'attendee'), [client.email])
    assert.equal(event!.getFirstProperty('organizer')!.getFirstParameter('cn'), staff.name)
    assert.equal(event!.getFirstProperty('attendee')!.getFirstParameter('cn'), client.name)
    assert.equal(valueOf(event!, 'description'), 'The back door, please')
    assert.equal(valueOf(event!, 'status'), 'CONFIRMED')
  })

  it('has no description where nothing was noted', async () => {
    const { staff, client, api } = await newPractice(app)
    const { id } = await newAppointment(api, client, staff)
    const [event] = eventsIn((await api.get(`/appointments/${id}/export.ics`, client)).body)
    assert.equal(event!.getFirstProperty('description'), null)
  })

  const zones = [
    ['Europe/London', '2027-03-02', '20270302T100000Z', '20270302T110000Z'],
    ['Europe/London', '2027-07-01', '20270701T090000Z', '20270701T100000Z'],
    ['America/New_York', '2027-07-01', '20270701T140000Z', '20270701T150000Z'],
  ] as const
  for (const [time_zone, date, start, end] of zones) {
    it(`stands in UTC for ten o’clock in ${time_zone} on ${date}`, async () => {
      const { staff, client, api } = await newPractice(app, { time_zone })
      const { id } = await newAppointment(api, client, staff, from('10:00', '11:00', date))
      const lines = (await api.get(`/appointments/${id}/export.ics`, client)).body.split('\r\n')
      assert.ok(lines.includes(`DTSTART:${start}`))
      assert.ok(lines.includes(`DTEND:${end}`))
    })
  }

  it('is confirmed until it is cancelled or missed', async () => {
    const endings = [
      ['scheduled', 'CONFIRMED'],
      ['completed', 'CONFIRMED'],
      ['no_show', 'CANCELLED'],
      ['cancelled', 'CANCELLED'],
    ] as const
    for (const [status, expected] of endings) {
      app.setClock(MONDAY)
      const { stage, staff, client, api } = await newPractice(app)
      const { id } = await newAppointment(api, client, staff)
      app.setClock(`${TUESDAY}T10:00:00Z`)
      const path = `/appointments/${id}`
      if (status === 'completed') await api.post(`${path}/mark-completed`, staff)
      if (status === 'no_show') await api.post(`${path}/mark-no-show`, staff)
      if (status === 'cancelled') await api.patch(path, stage.admin, { status })
      assert.equal((await api.get('/appointments', client)).body[0].status, status)
      const [event] = eventsIn((await api.get(`${path}/export.ics`, client)).body)
      assert.equal(valueOf(event!, 'status'), expected, status)
    }
  })

  it('is not there for others', async () => {
    const { stage, staff, client, api } = await newPractice(app)
    const { id } = await newAppointment(api, client, staff)
    const [colleague, stranger] = [await newProvider(app, stage), await newClient(app, stage)]
    const { stage: elsewhere, api: theirs } = await newPractice(app)
    const table = [
      [api, colleague, 404],
      [api, stranger, 404],
      [theirs, elsewhere.admin, 404],
      [api, undefined, 401],
    ] as const
    for (const [how, who, expected] of table) {
      const { status, body } = await how.get(`/appointments/${id}/export.ics`, who)
      assert.deepEqual([status, Object.keys(body)], [expected, ['detail']], String(who?.name))
    }
    assert.equal((await api.get('/appointments/7/export.ics', client)).status, 404)
  })
})

describe('all appointments as a calendar', () => {
  it('are a file to keep', async () => {
    const { client, api } = await newPractice(app)
    const { status, headers, body } = await api.get('/appointments/export-all.ics', client)
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/calendar; charset=utf-8')
    assert.equal(headers.get('content-disposition'), 'attachment; filename="all_appointments.ics"')
    assert.deepEqual(eventsIn(body), [])
  })

  it('are a client’s own, those that staff are assigned to, and all for administrators', async () => {
    const { stage, staff: anna, client: kim, api } = await newPractice(app)
    const [ben, lee] = [await newProvider(app, stage), await newClient(app, stage)]
    const { id: kimWithAnna } = await newAppointment(api, kim, anna)
    const { id: leeWithAnna } = await newAppointment(api, lee, anna, from('11:00', '12:00'))
    const { id: leeWithBen } = await newAppointment(api, lee, ben, from('14:00', '15:00'))
    await api.patch(`/appointments/${leeWithBen}`, lee, { status: 'cancelled' })
    const elsewhere = await newPractice(app)
    await newAppointment(elsewhere.api, elsewhere.client, elsewhere.staff)
    const table: [Person, string[]][] = [
      [kim, [kimWithAnna]],
      [lee, [leeWithAnna, leeWithBen]],
      [anna, [kimWithAnna, leeWithAnna]],
      [ben, [leeWithBen]],
      [stage.admin, [kimWithAnna, leeWithAnna, leeWithBen]],
      [await newClient(app, stage), []],
    ]
    for (const [who, expected] of table) {
      const ids = await exported(api, who)
      assert.deepEqual(ids, expected, who.name)
    }
    assert.equal((await api.get('/appointments/export-all.ics')).status, 401)
  })

  it('go as far back and ahead as there are any', async () => {
    const { staff, client, api } = await newPractice(app)
    const { id: old } = await newAppointment(api, client, staff)
    app.setClock('2029-03-05T08:00:00Z')
    const { id: far } = await newAppointment(api, client, staff, from('10:00', '11:00', '2031-03-03'))
    assert.deepEqual(await exported(api, client), [old, far])
  })
})

async function exported(api: GeneralApi, who: Person): Promise<string[]> {
  const { body } = await api.get('/appointments/export-all.ics', who)
  return eventsIn(body).map((event) => valueOf(event, 'uid')!.split('@')[0]!)
}
