import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newClient } from '../../test/cast.ts'
import { setRules } from '../../test/free.ts'
import {
  isFailure,
  newCitizen,
  newMember,
  newOffice,
  newOffices,
  newVisit,
  TUESDAY,
  visitOf,
} from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

const SPRING = '2027-03-28'
const AUTUMN = '2027-10-31'

describe('the slots of an office', () => {
  it('are shown to whoever has logged in, a quarter of an hour long', async () => {
    const offices = await arrange({ opens: '09:00', closes: '09:30' })
    const { api, stage, office } = offices
    const table = [
      ['a user', await newClient(app, stage), 200],
      ['a host', offices.host, 200],
      ['a secretary', offices.secretary, 200],
      ['the reception', offices.receptionist, 200],
      ['an administrator', stage.admin, 200],
      ['a visitor', undefined, 401],
    ] as const
    for (const [who, person, expected] of table) {
      const { status, body } = await api.get(slotsOf(office), person)
      assert.equal(status, expected, who)
      if (!person) continue
      const slot = { office_id: office.id, date: TUESDAY, is_booked: false }
      assert.deepEqual(body, [
        { id: body[0].id, ...slot, slot_start: '09:00:00', slot_end: '09:15:00' },
        { id: body[1].id, ...slot, slot_start: '09:15:00', slot_end: '09:30:00' },
      ])
    }
  })

  it('have each an id of their own, which stays theirs', async () => {
    const { stage, idsOf, ...offices } = await arrange()
    const ids = await idsOf(slotsOf(offices.office))
    const other = await newOffice(app, stage)
    const others = [
      ...(await idsOf(slotsOf(other))),
      ...(await idsOf(slotsOf(offices.office, { target_date: '2027-03-03' }))),
    ]
    assert.deepEqual([ids.length, new Set([...ids, ...others]).size], [12, 36])
    await newVisit(offices)
    assert.deepEqual(await idsOf(slotsOf(offices.office, { include_booked: 'true' })), ids)
  })

  it('end within the hours: a rest shorter than a slot gives none', async () => {
    for (const [closes, expected] of [
      ['09:14', []],
      ['09:29', ['09:05']],
      ['09:40', ['09:05', '09:20']],
    ] as const) {
      const { startsOn } = await arrange({ opens: '09:05', closes })
      assert.deepEqual(await startsOn(TUESDAY), expected, closes)
    }
  })

  it('are the free ones, and those that are booked on request', async () => {
    const { office, api, receptionist, ...offices } = await arrange({ opens: '09:45', closes: '10:30' })
    await newVisit({ ...offices, office, api, receptionist }, { time_slotted: '10:00' })
    const shown = async (query = {}) => {
      const { body } = await api.get(slotsOf(office, query), receptionist)
      return body.map((slot: Slot) => [slot.slot_start.slice(0, 5), slot.is_booked])
    }
    const free = [
      ['09:45', false],
      ['10:15', false],
    ]
    assert.deepEqual(await shown(), free)
    assert.deepEqual(await shown({ include_booked: 'false' }), free)
    assert.deepEqual(await shown({ include_booked: 'true' }), [free[0], ['10:00', true], free[1]])
  })

  it('are taken once, whichever host of the office it is, and free again when that is cancelled', async () => {
    const offices = await arrange()
    const { api, stage, office, admin, receptionist, startsOn } = offices
    const second = await newMember(app, stage, office, 'provider')
    const { id } = await newVisit(offices)
    const body = { citizen: newCitizen(), appointment: visitOf({ host: second, office }) }
    isFailure(await api.post('/appointments', receptionist, body), 409)
    assert.ok(!(await startsOn(TUESDAY)).includes('10:00'))
    await api.delete(`/appointments/${id}`, admin)
    assert.ok((await startsOn(TUESDAY)).includes('10:00'))
    assert.equal((await api.post('/appointments', receptionist, body)).status, 201)
  })

  it('are not touched by what is booked at another office', async () => {
    const offices = await arrange()
    const { stage, startsOn } = offices
    const office = await newOffice(app, stage)
    const host = await newMember(app, stage, office, 'provider')
    const receptionist = await newMember(app, stage, office, 'reception')
    const before = await startsOn(TUESDAY)
    await newVisit({ api: offices.api, office, host, receptionist })
    assert.deepEqual([before.length, await startsOn(TUESDAY)], [12, before])
    assert.ok(!(await startsOn(TUESDAY, office)).includes('10:00'))
  })

  it('have not begun', async () => {
    const { startsOn } = await arrange()
    app.setClock(`${TUESDAY}T11:30:01Z`)
    assert.deepEqual(await startsOn(TUESDAY), ['11:45'])
    app.setClock(`${TUESDAY}T12:00:00Z`)
    assert.deepEqual(await startsOn(TUESDAY), [])
    assert.deepEqual(await startsOn('2027-02-23'), [])
  })

  it('are none while the office, or everything, is closed', async () => {
    const { stage, office, startsOn, idsOf } = await arrange()
    const { token } = stage.admin
    const close = async (from: string, to: string, where: object) => {
      const body = { starts_at: `${TUESDAY}T${from}:00Z`, ends_at: `${TUESDAY}T${to}:00Z`, ...where }
      assert.equal((await app.post('/time-off', { token, body })).status, 201)
    }
    await close('09:05', '10:05', { location_id: office.id })
    assert.deepEqual((await startsOn(TUESDAY)).slice(0, 2), ['10:15', '10:30'])
    assert.equal((await idsOf(slotsOf(office, { include_booked: 'true' }))).length, 7)
    const other = await newOffice(app, stage)
    assert.equal((await startsOn(TUESDAY, other))[0], '09:00')
    await close('00:00', '23:00', {})
    assert.deepEqual([await startsOn(TUESDAY), await startsOn(TUESDAY, other)], [[], []])
    assert.equal((await startsOn('2027-03-09')).length, 12)
  })

  it('are none of an office that is deactivated, or has no hours that day', async () => {
    const { api, admin, office, startsOn } = await arrange()
    assert.deepEqual(await startsOn('2027-03-06'), [])
    await api.post(`/offices/${office.id}/deactivate`, admin)
    assert.deepEqual(await startsOn(TUESDAY), [])
  })

  it('follow the rules of notice and of how far ahead, where the authority has such', async () => {
    const { stage, startsOn } = await arrange()
    await setRules(app, stage, { notice_minutes: 26 * 60, horizon_minutes: 3 * 24 * 60 })
    assert.equal((await startsOn(TUESDAY))[0], '10:00')
    assert.deepEqual(await startsOn('2027-03-05'), [])
  })

  it('that cannot be asked for like this are refused, naming the field', async () => {
    const { api, admin, office } = await arrange()
    const ask = (query: string) => api.get(`/availability/hosts/${office.id}/slots${query}`, admin)
    isFailure(await ask(''), 422, /^target_date is missing\.$/)
    isFailure(await ask('?target_date=tomorrow'), 422, /^target_date must be/)
    isFailure(await ask('?target_date=2027-02-30'), 422, /^target_date must be a date/)
    isFailure(await ask(`?target_date=${TUESDAY}&include_booked=perhaps`), 422, /^include_booked /)
  })
})

describe('slots stand on the wall clock of the authority', () => {
  it('in summer, in winter, and on the days the clocks change', async () => {
    const { startsOn } = await arrange({ opens: '09:00', closes: '09:30' }, 'Europe/London')
    for (const date of ['2027-03-03', '2027-07-07', SPRING, AUTUMN]) {
      assert.deepEqual(await startsOn(date), ['09:00', '09:15'], date)
    }
  })

  it('of which the hour that is skipped in spring has none, and the one that comes twice has one row', async () => {
    const { startsOn } = await arrange({ opens: '00:30', closes: '03:00' }, 'Europe/London')
    const hours = async (date: string) => [
      ...Map.groupBy(await startsOn(date), (start) => start.slice(0, 2)).entries(),
    ]
    const counted = async (date: string) => (await hours(date)).map(([hour, slots]) => [hour, slots.length])
    assert.deepEqual(await counted(SPRING), [
      ['00', 2],
      ['02', 4],
    ])
    // Of the first time around the last is missing: at its end the clock shows one again.
    assert.deepEqual(await counted(AUTUMN), [
      ['00', 2],
      ['01', 3],
      ['02', 4],
    ])
  })

  it('also those of an office in another zone, whose hours are on its own clock', async () => {
    const { api, stage, admin, office, startsOn } = await arrange({ opens: '09:00', closes: '09:30' })
    const body = { time_zone: 'Asia/Kathmandu' }
    await app.request('PATCH', `/locations/${office.id}`, { token: stage.admin.token, body })
    assert.deepEqual(await startsOn(TUESDAY), ['03:15', '03:30'])
    assert.equal((await api.get(`/availability/hosts/${office.id}`, admin)).body[0].start_time, '09:00:00')
  })

  for (const [time_zone, date] of [
    ['UTC', TUESDAY],
    ['Europe/London', SPRING],
    ['Europe/London', AUTUMN],
    ['Asia/Kathmandu', TUESDAY],
  ] as const) {
    it(`and can be booked as they are written, every one: those of ${date} in ${time_zone}`, async () => {
      const offices = await arrange({ opens: '00:30', closes: '02:30' }, time_zone)
      const { startsOn } = offices
      const offered = await startsOn(date)
      assert.ok(offered.length >= 4)
      for (const time_slotted of offered) {
        const booked = await newVisit(offices, { appointment_date: date, time_slotted })
        assert.deepEqual([booked.appointment_date, booked.time_slotted], [date, `${time_slotted}:00`])
      }
      assert.deepEqual(await startsOn(date), [])
    })
  }
})

interface Slot {
  id: string
  slot_start: string
  is_booked: boolean
}

const slotsOf = ({ id }: { id: string }, query: Record<string, string> = {}) =>
  `/availability/hosts/${id}/slots?${new URLSearchParams({ target_date: TUESDAY, ...query })}`

/** An office that is open on every weekday and Sunday from nine to twelve, or at other hours, and who works there. */
async function arrange(hours: { opens?: string; closes?: string } = {}, time_zone = 'UTC') {
  const { stage, api, admin } = await newOffices(app, { time_zone })
  const office = await newOffice(app, stage, { weekdays: [1, 2, 3, 4, 5, 7], ...hours })
  const asking = async (path: string): Promise<Slot[]> => (await api.get(path, admin)).body
  return {
    stage,
    api,
    admin,
    office,
    host: await newMember(app, stage, office, 'provider'),
    secretary: await newMember(app, stage, office, 'secretary'),
    receptionist: await newMember(app, stage, office, 'reception'),
    idsOf: async (path: string) => (await asking(path)).map(({ id }) => id),
    startsOn: async (date: string, of: { id: string } = office) =>
      (await asking(slotsOf(of, { target_date: date }))).map(({ slot_start }) => slot_start.slice(0, 5)),
  }
}
