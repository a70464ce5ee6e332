import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newClient, newOrganization, newPerson, newSlot } from '../../test/cast.ts'
import { from, generalApi, newAppointment, TUESDAY } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the slots of a day', () => {
  it('are open to everybody, an hour long unless said', async () => {
    const { api, staff, client, add } = await arrange()
    await add({ day_of_week: 1, start_time: '09:00', end_time: '11:30' })
    for (const person of [undefined, client, staff]) {
      const answer = await api.get(`/availability/slots?staff_id=${staff.id}&date=${TUESDAY}`, person)
      assert.equal(answer.status, 200)
      assert.deepEqual(answer.body, {
        date: TUESDAY,
        staff_id: staff.id,
        slots: [from('09:00', '10:00'), from('10:00', '11:00')],
      })
    }
  })

  it('are as long as is asked for, from a minute to eight hours', async () => {
    const { add, slots } = await arrange()
    await add({ day_of_week: 1, start_time: '09:00', end_time: '18:00' })
    assert.deepEqual((await slots({ slot_duration: '30' })).slice(0, 2), [
      from('09:00', '09:30'),
      from('09:30', '10:00'),
    ])
    assert.deepEqual(await slots({ slot_duration: '480' }), [from('09:00', '17:00')])
    const minutes = await slots({ slot_duration: '1' })
    assert.deepEqual([minutes.length, minutes[0]], [9 * 60, from('09:00', '09:01')])
  })

  it('step from the start of each window, and end within it', async () => {
    const { add, startsOn } = await arrange()
    await add({ day_of_week: 1, start_time: '09:15', end_time: '11:20' })
    await add({ day_of_week: 1, start_time: '13:40', end_time: '15:39' })
    assert.deepEqual(await startsOn(TUESDAY), ['09:15', '10:15', '13:40'])
  })

  it('of windows that overlap are offered once', async () => {
    const { add, startsOn } = await arrange()
    await add({ day_of_week: 1, start_time: '09:00', end_time: '12:00' })
    await add({ day_of_week: 1, start_time: '09:00', end_time: '12:00' })
    await add({ specific_date: TUESDAY, start_time: '10:00', end_time: '13:00' })
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '10:00', '11:00', '12:00'])
  })

  it('have room for what is scheduled, and return when it is cancelled', async () => {
    const { api, staff, client, add, startsOn } = await arrange()
    await add({ day_of_week: 1, start_time: '09:00', end_time: '14:00' })
    const { id } = await newAppointment(api, client, staff, from('10:30', '11:30'))
    await newAppointment(api, client, staff, from('13:00', '14:00'))
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '12:00'])
    await api.patch(`/appointments/${id}`, client, { status: 'cancelled' })
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '10:00', '11:00', '12:00'])
  })

  it('are none of a colleague’s', async () => {
    const { api, stage, client, add, startsOn } = await arrange()
    const colleague = await newPerson(app, stage.organization, ['provider'])
    await add({ day_of_week: 1, start_time: '09:00', end_time: '11:00' })
    await add({ day_of_week: 1, start_time: '10:00', end_time: '12:00', staff_id: colleague.id })
    await newAppointment(api, client, colleague, from('10:00', '11:00'))
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '10:00'])
    assert.deepEqual(await startsOn(TUESDAY, colleague), ['11:00'])
  })

  it('have not begun', async () => {
    const { add, startsOn } = await arrange()
    await add({ day_of_week: 1, start_time: '09:00', end_time: '12:00' })
    app.setClock(`${TUESDAY}T10:00:01Z`)
    assert.deepEqual(await startsOn(TUESDAY), ['11:00'])
    app.setClock(`${TUESDAY}T12:00:00Z`)
    assert.deepEqual(await startsOn(TUESDAY), [])
    assert.deepEqual(await startsOn('2027-02-23'), [])
  })

  it('at the end of a day are that day’s, and not the next one’s', async () => {
    const { add, slots, startsOn } = await arrange()
    await add({ day_of_week: 1, start_time: '22:30', end_time: '23:59:59' })
    assert.deepEqual(await slots({ slot_duration: '90' }), [
      { start_time: `${TUESDAY}T22:30:00`, end_time: '2027-03-03T00:00:00' },
    ])
    assert.deepEqual(await startsOn(TUESDAY), ['22:30'])
    assert.deepEqual(await startsOn('2027-03-03'), [])
  })

  it('are none where nothing is open', async () => {
    const { add, startsOn } = await arrange()
    assert.deepEqual(await startsOn(TUESDAY), [])
    await add({ day_of_week: 1, start_time: '09:00', end_time: '12:00' })
    assert.deepEqual(await startsOn('2027-03-03'), [])
  })

  it('are none while the staff have time off', async () => {
    const { stage, staff, add, startsOn } = await arrange()
    await add({ day_of_week: 1, start_time: '09:00', end_time: '13:00' })
    const { token } = stage.admin
    const off = { provider_id: staff.id, starts_at: `${TUESDAY}T10:00:00Z`, ends_at: `${TUESDAY}T12:00:00Z` }
    assert.equal((await app.post('/time-off', { token, body: off })).status, 201)
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '12:00'])
  })

  it('are none of those that were published one by one, which are booked otherwise', async () => {
    const { stage, staff, add, startsOn } = await arrange()
    await add({ day_of_week: 1, start_time: '09:00', end_time: '11:00' })
    const published = { starts_at: `${TUESDAY}T14:00:00Z`, ends_at: `${TUESDAY}T15:00:00Z` }
    await newSlot(app, stage, { provider_id: staff.id, ...published })
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '10:00'])
  })

  it('that cannot be asked for like this are refused, naming the field', async () => {
    const { api, staff } = await arrange()
    const asked = { staff_id: staff.id, date: TUESDAY }
    const table: [Record<string, string>, RegExp][] = [
      [{ ...asked, slot_duration: '0' }, /^slot_duration must be >= 1\.$/],
      [{ ...asked, slot_duration: '481' }, /^slot_duration must be <= 480\.$/],
      [{ ...asked, slot_duration: 'x' }, /^slot_duration must be integer\.$/],
      [{ ...asked, slot_duration: '7.5' }, /^slot_duration must be integer\.$/],
      [{ ...asked, date: '2027-02-30' }, /^date must be a date/],
      [{ ...asked, date: 'tomorrow' }, /^date /],
      [{ staff_id: staff.id }, /^date is missing\.$/],
      [{ date: TUESDAY }, /^staff_id is missing\.$/],
      [{ ...asked, staff_id: '7' }, /^staff_id must be a UUID\.$/],
    ]
    for (const [query, sentence] of table) {
      const answer = await api.get(`/availability/slots?${new URLSearchParams(query)}`)
      assert.equal(answer.status, 422, JSON.stringify(query))
      assert.match(answer.body.detail, sentence)
    }
  })

  it('are not found of whoever is not of the staff here', async () => {
    const { api, client } = await arrange()
    const other = await arrange()
    for (const id of [crypto.randomUUID(), client.id, other.staff.id]) {
      const answer = await api.get(`/availability/slots?staff_id=${id}&date=${TUESDAY}`)
      assert.deepEqual([answer.status, answer.body.detail], [404, 'There is no staff member with this id.'])
    }
  })
})

/** Somebody of the staff who has no hours yet, how to add them, and what is offered then. */
async function arrange() {
  const stage = await newOrganization(app)
  const api = generalApi(app, stage)
  const staff = await newPerson(app, stage.organization, ['provider'])
  const slots = async (query: Record<string, string> = {}): Promise<{ start_time: string }[]> => {
    const asked = new URLSearchParams({ staff_id: staff.id, date: TUESDAY, ...query })
    return (await api.get(`/availability/slots?${asked}`)).body.slots
  }
  return {
    stage,
    api,
    staff,
    client: await newClient(app, stage),
    slots,
    add: async (wanted: object) => {
      const added = await api.post('/availability', stage.admin, { staff_id: staff.id, ...wanted })
      assert.equal(added.status, 201, JSON.stringify(added.body))
    },
    startsOn: async (date: string, { id: staff_id } = staff) =>
      (await slots({ date, staff_id })).map(({ start_time }) => start_time.slice(11, 16)),
  }
}
