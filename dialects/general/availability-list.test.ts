import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newOrganization, newPerson, type Person } from '../../test/cast.ts'
import { generalApi, TUESDAY } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('the list of availability', () => {
  it('is open to everybody, of all staff or of one', async () => {
    const { api, stage, staff, add } = await arrange()
    const other = await newPerson(app, stage.organization, ['provider'])
    const [first, second, third] = [
      (await add(staff, { day_of_week: 1 })).body,
      (await add(staff, { specific_date: TUESDAY })).body,
      (await add(stage.admin, { staff_id: other.id, day_of_week: 0 })).body,
    ]
    for (const person of [undefined, await newClient(app, stage), other]) {
      assert.deepEqual((await api.get('/availability', person)).body, [third, first, second])
      assert.deepEqual((await api.get(`/availability?staff_id=${staff.id}`, person)).body, [first, second])
    }
    assert.deepEqual((await api.get(`/availability?staff_id=${crypto.randomUUID()}`)).body, [])
    assert.equal((await api.get('/availability?staff_id=7')).status, 422)
  })

  it('comes in pages', async () => {
    const { api, staff, add } = await arrange()
    for (const day_of_week of [0, 1, 2, 3, 4]) await add(staff, { day_of_week })
    const days = async (query: string) =>
      (await api.get(`/availability?${query}`)).body.map((one: { day_of_week: number }) => one.day_of_week)
    assert.deepEqual(await days('limit=2'), [0, 1])
    assert.deepEqual(await days('skip=2&limit=2'), [2, 3])
    assert.deepEqual(await days('skip=4&limit=2'), [4])
    assert.deepEqual(await days('skip=5'), [])
    for (const wrong of ['limit=0', 'limit=1001', 'skip=-1', 'limit=x']) {
      assert.equal((await api.get(`/availability?${wrong}`)).status, 422, wrong)
    }
  })

  it('shows neither the hours of a location nor dates that are closed, also not in the count of a page', async () => {
    const { api, stage, staff, add } = await arrange()
    await closedThings(stage.admin, staff)
    const { body: own } = await add(staff, { specific_date: '2027-03-09' })
    assert.deepEqual((await api.get('/availability?limit=1')).body, [own])
  })
})

/** Hours of a location, and a date on which somebody is closed: what there is besides availability. */
async function closedThings({ token }: Person, staff: Person): Promise<void> {
  const { body: locations } = await app.get('/locations', { token })
  const times = { opens: '07:00', closes: '21:00' }
  const ofLocation = { location_id: locations.items[0].id, weekday: 1, ...times }
  const opened = await app.post('/hours', { token, body: ofLocation })
  const none = { provider_id: staff.id, date: TUESDAY, windows: [] }
  const closed = await app.request('PUT', '/hours/date', { token, body: none })
  assert.deepEqual([opened.status, closed.status], [201, 200])
}

async function arrange() {
  const stage = await newOrganization(app)
  const api = generalApi(app, stage)
  const staff = await newPerson(app, stage.organization, ['provider'])
  const add = (person: Person, wanted: object) =>
    api.post('/availability', person, {
      staff_id: staff.id,
      start_time: '09:00',
      end_time: '17:00',
      ...wanted,
    })
  return { stage, api, staff, add }
}
