import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, newPerson, newProvider, type Person } from '../../test/cast.ts'
import { from, newAppointment, newPractice, TUESDAY } from './testing/asking.ts'

const WEDNESDAY = '2027-03-03'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the list of appointments', () => {
  it('holds a client’s own, those that staff are assigned to, and all for administrators', async () => {
    const { stage, anna, ben, kim, lee, api, ids } = await newWeek()
    const receptionist = await newPerson(app, stage.organization, ['reception'])
    const [idle, stranger] = [await newProvider(app, stage), await newClient(app, stage)]
    const table: [Person, string[]][] = [
      [kim, [ids.kimWithAnna, ids.kimWithBen]],
      [lee, [ids.leeWithAnna]],
      [anna, [ids.kimWithAnna, ids.leeWithAnna, ids.benWithAnna]],
      // Also what he booked for himself.
      [ben, [ids.kimWithBen, ids.benWithAnna]],
      [stage.admin, Object.values(ids)],
      [idle, []],
      [stranger, []],
      [receptionist, []],
    ]
    for (const [who, expected] of table) {
      assert.deepEqual((await idsOf(api, who)).toSorted(), expected.toSorted(), who.name)
    }
    assert.equal((await api.get('/appointments')).status, 401)
  })

  it('shows nobody else’s, whoever is asked for', async () => {
    const { lee, ben, kim, anna, api } = await newWeek()
    assert.deepEqual(await idsOf(api, lee, `client_id=${kim.id}`), [])
    assert.deepEqual(await idsOf(api, lee, `staff_id=${ben.id}`), [])
    assert.equal((await idsOf(api, ben, `staff_id=${anna.id}`)).length, 1)
  })

  it('ends at the border of the organization', async () => {
    const { ids } = await newWeek()
    const other = await newPractice(app)
    assert.deepEqual(await idsOf(other.api, other.stage.admin), [])
    assert.equal(Object.keys(ids).length, 4)
  })

  it('is in the order in which they begin', async () => {
    const { staff, client, api } = await newPractice(app)
    const [late, early, next] = [
      await newAppointment(api, client, staff, from('15:00', '16:00')),
      await newAppointment(api, client, staff, from('09:00', '10:00')),
      await newAppointment(api, client, staff, from('09:00', '10:00', WEDNESDAY)),
    ]
    assert.deepEqual(await idsOf(api, client), [early.id, late.id, next.id])
  })

  it('can be asked for by staff, client, state and the dates between which they begin', async () => {
    const { stage, anna, kim, api, ids } = await newWeek()
    await api.patch(`/appointments/${ids.leeWithAnna}`, stage.admin, { status: 'cancelled' })
    const table: [string, string[]][] = [
      [`staff_id=${anna.id}`, [ids.kimWithAnna, ids.leeWithAnna, ids.benWithAnna]],
      [`client_id=${kim.id}`, [ids.kimWithAnna, ids.kimWithBen]],
      [`client_id=${kim.id}&staff_id=${anna.id}`, [ids.kimWithAnna]],
      ['status=cancelled', [ids.leeWithAnna]],
      ['status=scheduled', [ids.kimWithAnna, ids.kimWithBen, ids.benWithAnna]],
      ['status=completed', []],
      [`from_date=${WEDNESDAY}`, [ids.kimWithBen, ids.benWithAnna]],
      [`to_date=${TUESDAY}`, [ids.kimWithAnna, ids.leeWithAnna]],
      [`from_date=${WEDNESDAY}&to_date=${WEDNESDAY}`, [ids.kimWithBen]],
      [`from_date=${WEDNESDAY}&status=cancelled`, []],
    ]
    for (const [query, expected] of table) {
      assert.deepEqual((await idsOf(api, stage.admin, query)).toSorted(), expected.toSorted(), query)
    }
  })

  it('counts the dates on the organization’s wall clock', async () => {
    const { stage, client, api } = await newPractice(app, { time_zone: 'America/New_York' })
    const staff = await newProvider(app, stage, { opens: '00:00', closes: '24:00' })
    // Late in the evening, when it is the next day in UTC.
    const { id } = await newAppointment(api, client, staff, from('23:00', '23:30'))
    assert.deepEqual(await idsOf(api, client, `from_date=${TUESDAY}&to_date=${TUESDAY}`), [id])
    assert.deepEqual(await idsOf(api, client, `from_date=${WEDNESDAY}`), [])
  })

  it('comes in parts', async () => {
    const { staff, client, api } = await newPractice(app)
    const ids: string[] = []
    for (let minute = 0; minute < 8; minute++) {
      const times = from(`09:0${minute}`, `09:0${minute + 1}`)
      ids.push((await newAppointment(api, client, staff, times)).id)
    }
    assert.deepEqual(await idsOf(api, client), ids)
    assert.deepEqual(await idsOf(api, client, 'limit=3'), ids.slice(0, 3))
    assert.deepEqual(await idsOf(api, client, 'skip=3&limit=3'), ids.slice(3, 6))
    assert.deepEqual(await idsOf(api, client, 'skip=6'), ids.slice(6))
    assert.deepEqual(await idsOf(api, client, 'skip=8'), [])
  })

  it('says what is wrong with what it is asked for', async () => {
    const { client, api } = await newPractice(app)
    for (const query of [
      'status=confirmed',
      'from_date=monday',
      'to_date=2027-02-30',
      'limit=0',
      'limit=1001',
      'skip=-1',
      'staff_id=7',
      'client_id=me',
    ]) {
      const { status, body } = await api.get(`/appointments?${query}`, client)
      assert.equal(status, 422, query)
      assert.ok(body.detail.startsWith(query.split('=')[0]!), body.detail)
    }
  })
})

describe('what has become of an appointment', () => {
  /** How each state of the engine comes about: the steps after the booking, and who must confirm. */
  const states: [string, string, string[], string?][] = [
    ['pending', 'scheduled', [], 'provider'],
    ['confirmed', 'scheduled', []],
    ['arrived', 'scheduled', ['arrive']],
    ['in_progress', 'scheduled', ['arrive', 'start']],
    ['completed', 'completed', ['complete']],
    ['no_show', 'no_show', ['no-show']],
    ['cancelled', 'cancelled', ['cancel']],
    ['declined', 'cancelled', ['decline'], 'provider'],
  ]
  for (const [state, status, steps, confirm_by = 'nobody'] of states) {
    it(`is called ${status} here where the engine calls it ${state}`, async () => {
      const rules = { confirm_by: confirm_by as 'nobody' | 'provider' }
      const { staff, stage, client, api } = await newPractice(app, { rules })
      const { id } = await newAppointment(api, client, staff)
      if (steps.some((step) => /complete|no-show/.test(step))) app.setClock(`${TUESDAY}T10:00:00Z`)
      const { token } = stage.admin
      for (const step of steps) await app.post(`/appointments/${id}/${step}`, { token })
      assert.equal((await app.get(`/appointments/${id}`, { token })).body.state, state)
      const [shown] = (await api.get(`/appointments?status=${status}`, client)).body
      assert.deepEqual([shown.id, shown.status], [id, status])
      assert.deepEqual(Object.keys(shown).toSorted(), fields)
    })
  }
})

const fields = ['client_id', 'end_time', 'id', 'notes', 'staff_id', 'start_time', 'status']

/** Anna and Ben have clients, Kim and Lee; Ben comes to Anna himself. */
async function newWeek() {
  const { stage, staff: anna, client: kim, api } = await newPractice(app)
  const [ben, lee] = [await newProvider(app, stage), await newClient(app, stage)]
  const ids = {
    kimWithAnna: (await newAppointment(api, kim, anna)).id as string,
    leeWithAnna: (await newAppointment(api, lee, anna, from('11:00', '12:00'))).id as string,
    kimWithBen: (await newAppointment(api, kim, ben, from('10:00', '11:00', WEDNESDAY))).id as string,
    benWithAnna: (await newAppointment(api, ben, anna, from('10:00', '11:00', '2027-03-04'))).id as string,
  }
  return { stage, anna, ben, kim, lee, api, ids }
}

type Api = Awaited<ReturnType<typeof newPractice>>['api']

async function idsOf(api: Api, person: Person, query = ''): Promise<string[]> {
  const { status, body } = await api.get(`/appointments?${query}`, person)
  assert.equal(status, 200, JSON.stringify(body))
  return body.map(({ id }: { id: string }) => id)
}
