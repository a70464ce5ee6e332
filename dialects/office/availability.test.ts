import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newLocation, type Person } from '../../test/cast.ts'
import { isFailure, newMember, newOffices, newVisit, TUESDAY } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('the availability of an office', () => {
  it('is said for a day of the week, in letters of any case, and holds week for week', async () => {
    const { add, office, startsOn } = await arrange()
    for (const daysofweek of ['TUESDAY', 'tuesday', 'Tuesday']) {
      const { status, body } = await add({ daysofweek, start_time: '09:00', end_time: '09:30:00' })
      assert.equal(status, 201)
      assert.deepEqual(body, {
        id: body.id,
        office_id: office.id,
        daysofweek: 'TUESDAY',
        specific_date: null,
        start_time: '09:00:00',
        end_time: '09:30:00',
        is_recurring: true,
      })
    }
    for (const date of [TUESDAY, '2027-03-09', '2027-12-28']) {
      assert.deepEqual(await startsOn(date), ['09:00', '09:15'], date)
    }
    assert.deepEqual(await startsOn('2027-03-03'), [])
  })

  it('is said for one date, and holds for it alone', async () => {
    const { add, office, startsOn } = await arrange()
    const { status, body } = await add({ specific_date: TUESDAY, end_time: '09:30', is_recurring: false })
    assert.equal(status, 201)
    assert.deepEqual(body, {
      id: body.id,
      office_id: office.id,
      daysofweek: null,
      specific_date: TUESDAY,
      start_time: '09:00:00',
      end_time: '09:30:00',
      is_recurring: false,
    })
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '09:15'])
    assert.deepEqual(await startsOn('2027-03-09'), [])
  })

  it('of a date overrides that of the week', async () => {
    const { add, startsOn } = await arrange()
    await add({ daysofweek: 'TUESDAY', start_time: '09:00', end_time: '10:00' })
    await add({ specific_date: TUESDAY, start_time: '14:00', end_time: '14:30' })
    assert.deepEqual(await startsOn(TUESDAY), ['14:00', '14:15'])
    assert.equal((await startsOn('2027-03-09')).length, 4)
  })

  it('takes the place of what that day, or that date, had before', async () => {
    const { add, list, startsOn } = await arrange()
    await add({ daysofweek: 'WEDNESDAY' })
    await add({ specific_date: '2027-03-09' })
    for (const day of [{ daysofweek: 'TUESDAY' }, { specific_date: TUESDAY }]) {
      await add({ ...day, start_time: '09:00', end_time: '10:00' })
      assert.deepEqual((await startsOn(TUESDAY))[0], '09:00')
      const { body: later } = await add({ ...day, start_time: '10:30', end_time: '11:00' })
      assert.deepEqual(await startsOn(TUESDAY), ['10:30', '10:45'])
      const { daysofweek, specific_date } = later
      const ofThatDay = (await list()).filter(
        (one) => one.daysofweek === daysofweek && one.specific_date === specific_date,
      )
      assert.deepEqual(ofThatDay, [later])
    }
    assert.equal((await list()).length, 4)
  })

  it('is that of one of several who say it at once', async () => {
    const { add, list } = await arrange()
    await Promise.all(['10:00', '11:00', '12:00'].map((end_time) => add({ daysofweek: 'MONDAY', end_time })))
    assert.equal((await list()).length, 1)
  })

  it('is listed with its recurring and its single days', async () => {
    const { add, list } = await arrange()
    const { body: dated } = await add({ specific_date: TUESDAY })
    const { body: friday } = await add({ daysofweek: 'FRIDAY' })
    const { body: monday } = await add({ daysofweek: 'MONDAY' })
    assert.deepEqual(await list(), [monday, friday, dated])
  })

  it('changes the slots at once, and leaves what is booked as it is', async () => {
    const offices = await newOffices(app)
    const { api, host, office } = offices
    const booked = await newVisit(offices)
    const path = `/availability/hosts/${office.id}`
    const body = { daysofweek: 'TUESDAY', start_time: '11:00', end_time: '11:30' }
    await api.post(path, host, body)
    const { body: slots } = await api.get(`${path}/slots?target_date=${TUESDAY}`, host)
    assert.deepEqual(
      slots.map((slot: Slot) => slot.slot_start),
      ['11:00:00', '11:15:00'],
    )
    assert.deepEqual((await api.get(`/appointments/${booked.id}`, host)).body, booked)
  })

  it('may last until midnight', async () => {
    const { add, startsOn } = await arrange()
    const { body } = await add({ daysofweek: 'TUESDAY', start_time: '23:30', end_time: '24:00' })
    assert.equal(body.end_time, '23:59:59')
    assert.deepEqual(await startsOn(TUESDAY), ['23:30', '23:45'])
  })

  it('that cannot be is refused, naming the field, and changes nothing', async () => {
    const { add, list } = await arrange()
    const { body: before } = await add({ daysofweek: 'TUESDAY' })
    const table: [object, RegExp][] = [
      [{}, /^daysofweek or specific_date is needed\.$/],
      [{ daysofweek: null, specific_date: null }, /^daysofweek or specific_date is needed\.$/],
      [{ daysofweek: 'TUESDAY', specific_date: TUESDAY }, /^daysofweek or specific_date .* not both\.$/],
      [{ daysofweek: 'SOMEDAY' }, /^daysofweek must be one of MONDAY, .*SUNDAY\.$/],
      [{ daysofweek: '1' }, /^daysofweek /],
      [{ daysofweek: 'TUESDAY', is_recurring: false }, /^is_recurring must be true/],
      [{ daysofweek: 'TUESDAY', end_time: '09:00' }, /^end_time must be after start_time\.$/],
      [{ daysofweek: 'TUESDAY', end_time: '08:00' }, /^end_time must be after start_time\.$/],
      [{ specific_date: TUESDAY, end_time: '08:00' }, /^end_time must be after start_time\.$/],
      [{ daysofweek: 'TUESDAY', start_time: '9' }, /^start_time must be/],
      [{ daysofweek: 'TUESDAY', start_time: undefined }, /^start_time is missing\.$/],
      [{ daysofweek: 'TUESDAY', end_time: undefined }, /^end_time is missing\.$/],
      [{ specific_date: '2027-02-30' }, /^specific_date must be/],
      [{ specific_date: 'tomorrow' }, /^specific_date must be/],
    ]
    for (const [wrong, sentence] of table) isFailure(await add(wrong), 422, sentence)
    assert.deepEqual(await list(), [before])
  })
})

describe('the availability of an office is', () => {
  it('changed by its hosts and secretaries and by administrators, and read by its reception, too', async () => {
    const offices = await newOffices(app)
    const { api, stage, office } = offices
    const other = await newLocation(app, stage)
    const table = [
      ['a visitor', undefined, 401, 401],
      ['a user', await newClient(app, stage), 403, 403],
      ['another office’s host', await newMember(app, stage, other, 'provider'), 403, 403],
      ['another office’s secretary', await newMember(app, stage, other, 'secretary'), 403, 403],
      ['another office’s reception', await newMember(app, stage, other, 'reception'), 403, 403],
      ['the reception', offices.receptionist, 200, 403],
      ['a host', offices.host, 200, 201],
      ['a secretary', offices.secretary, 200, 201],
      ['an administrator', stage.admin, 200, 201],
    ] as const
    const path = `/availability/hosts/${office.id}`
    for (const [who, person, read, changed] of table) {
      assert.equal((await api.get(path, person)).status, read, who)
      for (const day of [{ daysofweek: 'MONDAY' }, { specific_date: TUESDAY }]) {
        const body = { ...day, start_time: '09:00', end_time: '12:00' }
        assert.equal((await api.post(path, person, body)).status, changed, who)
      }
    }
  })

  it('not found where there is no such office', async () => {
    const [{ api, admin }, elsewhere] = [await newOffices(app), await newOffices(app)]
    const body = { daysofweek: 'MONDAY', start_time: '09:00', end_time: '12:00' }
    for (const id of [crypto.randomUUID(), elsewhere.office.id, '7']) {
      isFailure(await api.post(`/availability/hosts/${id}`, admin, body), 404)
      isFailure(await api.get(`/availability/hosts/${id}`, admin), 404)
      isFailure(await api.get(`/availability/hosts/${id}/slots?target_date=${TUESDAY}`, admin), 404)
    }
  })

  it('its own: what one office says changes nothing at another', async () => {
    const { stage, api, add, list, startsOn } = await arrange()
    await add({ daysofweek: 'TUESDAY', end_time: '09:30' })
    const other = await newLocation(app, stage)
    const theirs = await newMember(app, stage, other, 'secretary')
    const body = { daysofweek: 'TUESDAY', start_time: '15:00', end_time: '16:00' }
    assert.equal((await api.post(`/availability/hosts/${other.id}`, theirs, body)).status, 201)
    assert.deepEqual(await startsOn(TUESDAY), ['09:00', '09:15'])
    assert.equal((await list()).length, 1)
  })
})

interface Slot {
  slot_start: string
}

interface Rule {
  daysofweek: string | null
  specific_date: string | null
}

/** An office without hours, and its secretary, who sets them: from nine to twelve unless something else is wanted. */
async function arrange() {
  const offices = await newOffices(app)
  const { api, stage } = offices
  const office = await newLocation(app, stage)
  const secretary: Person = await newMember(app, stage, office, 'secretary')
  const path = `/availability/hosts/${office.id}`
  return {
    ...offices,
    office,
    add: (wanted: object) => api.post(path, secretary, { start_time: '09:00', end_time: '12:00', ...wanted }),
    list: async (): Promise<Rule[]> => (await api.get(path, secretary)).body,
    startsOn: async (date: string): Promise<string[]> => {
      const { body } = await api.get(`${path}/slots?target_date=${date}`, secretary)
      return body.map(({ slot_start }: Slot) => slot_start.slice(0, 5))
    },
  }
}
