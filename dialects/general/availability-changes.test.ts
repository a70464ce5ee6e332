import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newOrganization, newPerson, type Person } from '../../test/cast.ts'
import { from, generalApi, TUESDAY } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('changing availability', () => {
  it('changes what is named, and is seen at once by whoever asks for free times', async () => {
    const { change, weekly, startsOn } = await arrange()
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '10:00', '11:00'])
    const later = await change({ start_time: '10:00' })
    assert.deepEqual([later.status, later.body], [200, { ...weekly, start_time: '10:00:00' }])
    assert.deepEqual(await startsOn(TUESDAY), ['10:00', '11:00'])
    const shorter = await change({ end_time: '11:00:00' })
    assert.equal(shorter.body.end_time, '11:00:00')
    assert.deepEqual(await startsOn(TUESDAY), ['10:00'])
  })

  it('moves it to another weekday, to a date, and back', async () => {
    const { change, weekly, startsOn } = await arrange()
    assert.deepEqual((await change({ day_of_week: 6 })).body, { ...weekly, day_of_week: 6 })
    assert.deepEqual([(await startsOn(TUESDAY)).length, (await startsOn('2027-03-07')).length], [0, 3])
    const dated = await change({ specific_date: TUESDAY, is_recurring: false })
    assert.deepEqual(dated.body, {
      ...weekly,
      day_of_week: null,
      specific_date: TUESDAY,
      is_recurring: false,
    })
    assert.deepEqual([(await startsOn(TUESDAY)).length, (await startsOn('2027-03-07')).length], [3, 0])
    assert.deepEqual((await change({ day_of_week: 1, specific_date: null })).body, weekly)
  })

  it('to what it was before changes nothing', async () => {
    const { change, weekly } = await arrange()
    for (const same of [weekly, {}, { staff_id: weekly.staff_id, end_time: null }]) {
      const answer = await change(same)
      assert.deepEqual([answer.status, answer.body], [200, weekly], JSON.stringify(same))
    }
  })

  it('to what cannot be says which field is wrong, and leaves it as it was', async () => {
    const { api, stage, change, weekly } = await arrange()
    const other = await newPerson(app, stage.organization, ['provider'])
    const table: [object, RegExp][] = [
      [{ start_time: '12:00' }, /^end_time must be after start_time\.$/],
      [{ end_time: '09:00' }, /^end_time must be after start_time\.$/],
      [
        { day_of_week: 1, specific_date: TUESDAY },
        /^day_of_week or specific_date is needed, and not both\.$/,
      ],
      [{ is_recurring: false }, /^is_recurring must be true for a day_of_week/],
      [{ day_of_week: 7 }, /^day_of_week must be <= 6\.$/],
      [{ specific_date: '2027-02-30' }, /^specific_date must be a date/],
      [{ start_time: '9' }, /^start_time must be: HH:MM/],
      [{ staff_id: other.id }, /^staff_id cannot be changed/],
    ]
    for (const [wrong, sentence] of table) {
      const answer = await change(wrong)
      assert.equal(answer.status, 422, JSON.stringify(wrong))
      assert.match(answer.body.detail, sentence)
    }
    assert.deepEqual((await api.get('/availability')).body, [weekly])
  })
})

describe('removing availability', () => {
  it('says so, and nothing is offered any more', async () => {
    const { api, staff, remove, weekly, startsOn } = await arrange()
    const removed = await remove(staff)
    assert.equal(removed.status, 200)
    assert.match(removed.body.message, /removed/)
    assert.deepEqual([(await api.get('/availability')).body, await startsOn(TUESDAY)], [[], []])
    assert.equal((await remove(staff)).status, 404)
    assert.equal((await api.patch(`/availability/${weekly.id}`, staff, {})).status, 404)
  })
})

describe('changing and removing availability', () => {
  it('is for the staff themselves, and for administrators', async () => {
    const { api, stage, weekly, staff } = await arrange()
    const table = [
      ['a visitor', undefined, 401],
      ['a client', await newClient(app, stage), 403],
      ['other staff', await newPerson(app, stage.organization, ['provider']), 403],
      ['themself', staff, 200],
      ['an administrator', stage.admin, 200],
    ] as const
    for (const [who, person, expected] of table) {
      const changed = await api.patch(`/availability/${weekly.id}`, person, { end_time: '13:00' })
      assert.equal(changed.status, expected, who)
      const { body: another } = await add(api, staff, { day_of_week: 4 })
      const asking = { token: person?.token }
      assert.equal((await api.ask('DELETE', `/availability/${another.id}`, asking)).status, expected, who)
    }
  })

  it('leaves what is booked as it is', async () => {
    const { api, stage, staff, change, remove } = await arrange()
    const client = await newClient(app, stage)
    const times = from('09:00', '10:00')
    const { body: booked } = await api.post('/appointments', client, { staff_id: staff.id, ...times })
    await change({ start_time: '11:00' })
    assert.deepEqual((await api.get('/appointments', client)).body, [booked])
    await remove(staff)
    assert.deepEqual((await api.get('/appointments', client)).body, [booked])
    assert.equal(booked.status, 'scheduled')
  })

  it('finds neither what there is not nor what belongs to another organization', async () => {
    const [{ api, stage, staff }, other] = [await arrange(), await arrange()]
    for (const person of [staff, stage.admin]) {
      for (const id of [crypto.randomUUID(), other.weekly.id, '7']) {
        const { token } = person
        assert.equal((await api.patch(`/availability/${id}`, person, { end_time: '13:00' })).status, 404, id)
        assert.equal((await api.ask('DELETE', `/availability/${id}`, { token })).status, 404, id)
      }
    }
    assert.deepEqual((await other.api.get('/availability')).body, [other.weekly])
  })

  it('finds neither the hours of a location nor a date that is closed: they are no availability', async () => {
    const { api, stage, staff } = await arrange()
    const { token } = stage.admin
    const { body: locations } = await app.get('/locations', { token })
    const window = { location_id: locations.items[0].id, weekday: 1, opens: '07:00', closes: '21:00' }
    const { body: opened } = await app.post('/hours', { token, body: window })
    const none = { provider_id: staff.id, date: TUESDAY, windows: [] }
    const { body: closed } = await app.request('PUT', '/hours/date', { token, body: none })
    const before = await app.get('/hours', { token })
    for (const id of [opened.id, closed.items[0].id]) {
      assert.equal((await api.patch(`/availability/${id}`, stage.admin, { end_time: '13:00' })).status, 404)
      assert.equal((await api.ask('DELETE', `/availability/${id}`, { token })).status, 404)
    }
    assert.deepEqual((await app.get('/hours', { token })).body, before.body)
  })
})

/** Somebody of the staff who is there on Tuesdays from nine to twelve. */
async function arrange() {
  const stage = await newOrganization(app)
  const api = generalApi(app, stage)
  const staff = await newPerson(app, stage.organization, ['provider'])
  const { body: weekly } = await add(api, staff, { day_of_week: 1 })
  return {
    stage,
    api,
    staff,
    weekly,
    change: (wanted: object) => api.patch(`/availability/${weekly.id}`, staff, wanted),
    remove: ({ token }: Person) => api.ask('DELETE', `/availability/${weekly.id}`, { token }),
    startsOn: async (date: string): Promise<string[]> => {
      const { body } = await api.get(`/availability/slots?staff_id=${staff.id}&date=${date}`)
      return body.slots.map(({ start_time }: { start_time: string }) => start_time.slice(11, 16))
    },
  }
}

function add(api: ReturnType<typeof generalApi>, staff: Person, day: object) {
  const body = { staff_id: staff.id, start_time: '09:00', end_time: '12:00', ...day }
  return api.post('/availability', staff, body)
}
