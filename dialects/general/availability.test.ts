import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newOrganization, newPerson, type Person } from '../../test/cast.ts'
import { generalApi, isFailure, TUESDAY } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('adding availability', () => {
  it('of a weekday counts from Monday, which is 0', async () => {
    const { add, staff, startsOn } = await arrange()
    for (let day_of_week = 0; day_of_week < 7; day_of_week++) {
      const added = await add(staff, { day_of_week, start_time: `1${day_of_week}:00`, end_time: '20:00' })
      assert.equal(added.status, 201)
      const { id, ...window } = added.body
      assert.match(id, /^[0-9a-f-]{36}$/)
      assert.deepEqual(window, {
        staff_id: staff.id,
        day_of_week,
        specific_date: null,
        start_time: `1${day_of_week}:00:00`,
        end_time: '20:00:00',
        is_recurring: true,
      })
    }
    const week = Temporal.PlainDate.from('2027-03-08')
    for (let days = 0; days < 14; days++) {
      const [first] = await startsOn(week.add({ days }).toString())
      assert.equal(first, `1${days % 7}:00`, `${days} days after a Monday`)
    }
  })

  it('of a date is for that date alone', async () => {
    const { add, staff, startsOn } = await arrange()
    const wanted = {
      specific_date: TUESDAY,
      is_recurring: false,
      start_time: '09:00:00',
      end_time: '11:00:00',
    }
    const added = await add(staff, wanted)
    assert.equal(added.status, 201)
    assert.deepEqual({ ...added.body, id: 0 }, { ...wanted, staff_id: staff.id, day_of_week: null, id: 0 })
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '10:00'])
    assert.deepEqual(await startsOn('2027-03-09'), [])
  })

  it('of a date need not say that it does not recur', async () => {
    const { add, staff } = await arrange()
    for (const more of [{}, { is_recurring: null }, { is_recurring: true, day_of_week: null }]) {
      const added = await add(staff, { specific_date: TUESDAY, ...more })
      assert.deepEqual([added.status, added.body.is_recurring], [201, false], JSON.stringify(more))
    }
  })

  it('of a date leaves what is open each week on its day', async () => {
    const { add, staff, startsOn } = await arrange()
    await add(staff, { day_of_week: 1, start_time: '09:00', end_time: '11:00' })
    await add(staff, { specific_date: TUESDAY, start_time: '14:00', end_time: '15:00' })
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '10:00', '14:00'])
    assert.deepEqual(await startsOn('2027-03-09'), ['09:00', '10:00'])
  })

  it('until the end of the day says so by its last second', async () => {
    const { add, staff, startsOn } = await arrange()
    for (const [day_of_week, end_time] of ['23:59:59', '24:00', '24:00:00'].entries()) {
      const added = await add(staff, { day_of_week, start_time: '22:00', end_time })
      assert.deepEqual([added.status, added.body.end_time], [201, '23:59:59'], end_time)
      assert.deepEqual(await startsOn(`2027-03-0${day_of_week + 1}`), ['22:00', '23:00'])
    }
  })

  it('is for the staff themselves, and for administrators', async () => {
    const { add, stage, staff } = await arrange()
    const [other, client] = [
      await newPerson(app, stage.organization, ['provider']),
      await newClient(app, stage),
    ]
    const table = [
      ['themself', staff, 201],
      ['an administrator', stage.admin, 201],
      ['other staff', other, 403],
      ['a client', client, 403],
      ['a visitor', undefined, 401],
    ] as const
    for (const [who, person, expected] of table) {
      assert.equal((await add(person, { day_of_week: 1 })).status, expected, who)
    }
  })

  it('says in a sentence which field is wrong', async () => {
    const { api, add, stage } = await arrange()
    const [client, other] = [await newClient(app, stage), await arrange()]
    const table: [object, RegExp][] = [
      [{}, /^day_of_week or specific_date is needed\.$/],
      [{ day_of_week: null, specific_date: null }, /^day_of_week or specific_date is needed\.$/],
      [
        { day_of_week: 1, specific_date: TUESDAY },
        /^day_of_week or specific_date is needed, and not both\.$/,
      ],
      [{ day_of_week: 7 }, /^day_of_week must be <= 6\.$/],
      [{ day_of_week: -1 }, /^day_of_week must be >= 0\.$/],
      [{ day_of_week: 'monday' }, /^day_of_week /],
      [{ specific_date: '2027-02-30' }, /^specific_date must be a date/],
      [{ day_of_week: 1, is_recurring: false }, /^is_recurring must be true for a day_of_week/],
      [{ day_of_week: 1, end_time: '09:00' }, /^end_time must be after start_time\.$/],
      [{ day_of_week: 1, end_time: '08:00' }, /^end_time must be after start_time\.$/],
      [
        { day_of_week: 1, start_time: '24:00', end_time: '23:59:59' },
        /^end_time must be after start_time\.$/,
      ],
      [{ day_of_week: 1, start_time: '09:00:30' }, /^start_time must be: HH:MM/],
      [{ day_of_week: 1, end_time: '25:00' }, /^end_time must be: HH:MM/],
      [{ day_of_week: 1, end_time: undefined }, /^end_time is missing\.$/],
      [{ day_of_week: 1, staff_id: undefined }, /^staff_id is missing\.$/],
      [{ day_of_week: 1, staff_id: 7 }, /^staff_id must be a UUID\.$/],
      [
        { day_of_week: 1, staff_id: crypto.randomUUID() },
        /^staff_id must be the id of somebody of the staff\.$/,
      ],
      [{ day_of_week: 1, staff_id: client.id }, /^staff_id must be the id of somebody of the staff\.$/],
      [{ day_of_week: 1, staff_id: other.staff.id }, /^staff_id must be the id of somebody of the staff\.$/],
    ]
    for (const [wrong, sentence] of table) {
      const answer = await add(stage.admin, wrong)
      isFailure(answer, 422, sentence)
    }
    assert.deepEqual((await api.get('/availability')).body, [])
  })
})

/** Somebody of the staff who has no hours yet, and how to add them: from nine to five unless said. */
async function arrange() {
  const stage = await newOrganization(app)
  const api = generalApi(app, stage)
  const staff = await newPerson(app, stage.organization, ['provider'])
  const add = (person: Person | undefined, wanted: object) =>
    api.post('/availability', person, {
      staff_id: staff.id,
      start_time: '09:00',
      end_time: '17:00',
      ...wanted,
    })
  const startsOn = async (date: string): Promise<string[]> => {
    const { body } = await api.get(`/availability/slots?staff_id=${staff.id}&date=${date}`)
    return body.slots.map(({ start_time }: { start_time: string }) => start_time.slice(11, 16))
  }
  return { stage, api, staff, add, startsOn }
}
