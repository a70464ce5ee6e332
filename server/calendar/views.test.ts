import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  newService,
  type Person,
  type Stage,
  worksAt,
} from '../../test/cast.ts'
import { freeSlots, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, confirm_by: 'nobody' } as const
const TUESDAY = '2027-03-02'
const everyDay = [1, 2, 3, 4, 5, 6, 7]

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the calendar of a day', () => {
  it('shows the hours, what is booked and what is free', async () => {
    const { stage, anna, carl } = await arrange({ opens: '09:00', closes: '12:00' })
    const { id } = await booked(carl, anna, '2027-03-02T10:00:00Z')
    const { days, summary, ...about } = await look(stage.admin, 'day', { date: TUESDAY })
    assert.deepEqual(about, { view: 'day', time_zone: 'UTC', from: TUESDAY, to: TUESDAY })
    const [day] = days
    assert.deepEqual(day.hours.map(times), ['2027-03-02T09:00:00Z 2027-03-02T12:00:00Z'])
    assert.equal(day.hours[0].provider_id, anna.id)
    assert.deepEqual(idsOf(day.appointments), [id])
    assert.equal(day.appointments[0].client_name, carl.name)
    assert.deepEqual(day.slots, await freeSlots(app, stage.admin, { from: TUESDAY, to: TUESDAY }))
    assert.deepEqual(starts(day.slots), ['2027-03-02T09:00:00Z', '2027-03-02T11:00:00Z'])
    const totals = { appointments: 1, free_slots: 2, open_minutes: 180, booked_minutes: 60 }
    const by_state = { ...noneOf(day.totals.by_state), confirmed: 1 }
    assert.deepEqual(day.totals, { ...totals, by_state })
    assert.deepEqual(summary, { ...totals, by_state, utilisation: 33.3 })
  })

  it('counts what was cancelled, and its time not as booked', async () => {
    const { stage, anna, carl } = await arrange()
    const { id } = await booked(carl, anna, '2027-03-02T10:00:00Z')
    await booked(carl, anna, '2027-03-02T11:00:00Z')
    await app.post(`/appointments/${id}/cancel`, { token: carl.token })
    const { totals } = (await look(stage.admin, 'day', { date: TUESDAY })).days[0]
    assert.deepEqual([totals.appointments, totals.by_state.cancelled, totals.booked_minutes], [2, 1, 60])
  })

  it('is that of today where no date is asked for, in the zone of the organization', async () => {
    const { stage } = await arrange({}, 'Pacific/Auckland')
    app.setClock('2027-03-01T12:00:00Z')
    assert.equal((await look(stage.admin, 'day')).from, TUESDAY)
    app.setClock('2027-03-01T10:00:00Z')
    assert.equal((await look(stage.admin, 'day')).from, '2027-03-01')
  })

  it('keeps what runs past midnight whole, on the day on which it starts', async () => {
    const night = { weekdays: [2], opens: '22:00', closes: '06:00' }
    const { stage, anna, carl } = await arrange(night, 'UTC', { slot_minutes: 90 })
    const { id } = await booked(carl, anna, '2027-03-02T23:30:00Z')
    const { days } = await look(stage.admin, 'week', { date: TUESDAY })
    const [, tuesday, wednesday] = days
    assert.deepEqual(tuesday.hours.map(times), ['2027-03-02T22:00:00Z 2027-03-03T06:00:00Z'])
    assert.deepEqual([tuesday.totals.open_minutes, tuesday.totals.booked_minutes], [480, 90])
    assert.deepEqual(idsOf(tuesday.appointments), [id])
    assert.deepEqual([wednesday.hours, wednesday.appointments], [[], []])
    assert.equal(wednesday.slots.length, 3)
    const alone = (await look(stage.admin, 'day', { date: '2027-03-03' })).days
    assert.deepEqual(alone, [wednesday])
  })

  it('counts the time once in which the hours of two days overlap', async () => {
    const { stage, anna } = await arrange({ weekdays: [1], opens: '22:00', closes: '06:00' })
    const early = { provider_id: anna.id, date: TUESDAY, windows: [{ opens: '05:00', closes: '09:00' }] }
    const answer = await app.request('PUT', '/hours/date', { token: stage.admin.token, body: early })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    const [day] = (await look(stage.admin, 'day', { date: TUESDAY })).days
    assert.deepEqual(day.hours.map(times), ['2027-03-02T06:00:00Z 2027-03-02T09:00:00Z'])
    assert.equal((await look(stage.admin, 'week', { date: TUESDAY })).summary.open_minutes, 11 * 60)
  })

  it('has its own hours where somebody never closes', async () => {
    const { stage } = await arrange({ weekdays: everyDay, opens: '00:00', closes: '24:00' })
    const { days, summary } = await look(stage.admin, 'week', { date: TUESDAY })
    for (const day of days)
      assert.deepEqual(day.hours.map(times), [`${day.date}T00:00:00Z ${next(day.date)}`])
    assert.equal(summary.open_minutes, 7 * 24 * 60)
  })

  it('has 23 and 25 hours where the clocks change', async () => {
    const always = { weekdays: everyDay, opens: '00:00', closes: '24:00' }
    const { stage, anna, carl } = await arrange(always, 'Europe/London')
    const { id } = await booked(carl, anna, '2027-03-28T22:00:00Z')
    const [spring] = (await look(stage.admin, 'day', { date: '2027-03-28' })).days
    assert.deepEqual(idsOf(spring.appointments), [id])
    assert.deepEqual([spring.totals.open_minutes, spring.slots.length], [23 * 60, 22])
    const [autumn] = (await look(stage.admin, 'day', { date: '2027-10-31' })).days
    assert.deepEqual([autumn.totals.open_minutes, autumn.slots.length], [25 * 60, 25])
    assert.equal(autumn.slots.at(-1).ends_at, '2027-11-01T00:00:00Z')
  })

  it('is that of the wall clock of the location that is asked for', async () => {
    const { stage, anna, carl } = await arrange({ weekdays: everyDay })
    const tokyo = await newLocation(app, stage, { time_zone: 'Asia/Tokyo' })
    await worksAt(app, stage, anna, tokyo)
    const { id } = await booked(carl, anna, '2027-03-02T00:00:00Z')
    const there = await look(stage.admin, 'day', { date: TUESDAY, location_id: tokyo.id })
    assert.equal(there.time_zone, 'Asia/Tokyo')
    assert.deepEqual(there.days[0].hours.map(times), ['2027-03-02T00:00:00Z 2027-03-02T08:00:00Z'])
    assert.deepEqual(idsOf(there.days[0].appointments), [id])
    assert.equal(there.days[0].slots[0].starts_at, '2027-03-02T01:00:00Z')
    const here = await look(stage.admin, 'day', { date: TUESDAY })
    assert.deepEqual([here.time_zone, here.days[0].hours], ['UTC', there.days[0].hours])
  })

  it('shows the published slots, open for themselves, whose seats take the time once', async () => {
    const { stage, anna, carl } = await arrange({ weekdays: [1] })
    const slot = { provider_id: anna.id, capacity: 3 }
    const at = { starts_at: '2027-03-02T10:00:00Z', ends_at: '2027-03-02T11:00:00Z' }
    const { token } = stage.admin
    const made = await app.post('/published-slots', { token, body: { ...slot, ...at } })
    const later = { starts_at: '2027-03-02T12:00:00Z', ends_at: '2027-03-02T13:00:00Z' }
    const blocked = await app.post('/published-slots', { token, body: { ...slot, ...later } })
    const change = { token, body: { is_blocked: true } }
    assert.equal((await app.request('PATCH', `/published-slots/${blocked.body.id}`, change)).status, 200)
    await newProvider(app, stage, { weekdays: [1] })
    for (const client of [carl, await newClient(app, stage)]) {
      assert.equal(said(await book(app, client, { slot_id: made.body.id })), '201')
    }
    const { days, summary } = await look(stage.admin, 'day', { date: TUESDAY })
    assert.deepEqual(days[0].hours.map(times), [`${at.starts_at} ${at.ends_at}`])
    assert.deepEqual(days[0].slots, [{ provider_id: anna.id, ...at, slot_id: made.body.id, seats_left: 1 }])
    assert.deepEqual([summary.appointments, summary.booked_minutes, summary.utilisation], [2, 60, 100])
  })

  it('shows of a service what is booked of it, and its free times', async () => {
    const { stage, anna, carl } = await arrange({ opens: '09:00', closes: '12:00' })
    const { id: service_id } = await newService(app, stage, { minutes: 90 })
    await booked(carl, anna, '2027-03-03T09:00:00Z')
    const { id } = await booked(carl, anna, '2027-03-03T10:30:00Z', { service_id })
    const { days } = await look(stage.admin, 'week', { date: TUESDAY, service_id })
    assert.deepEqual(idsOf(days[2].appointments), [id])
    assert.deepEqual(starts(days[1].slots), ['2027-03-02T09:00:00Z', '2027-03-02T10:30:00Z'])
  })
})

describe('the calendar of several days', () => {
  it('is of so many from the date on', async () => {
    const { stage, anna, carl } = await arrange()
    const inside = await booked(carl, anna, '2027-03-04T10:00:00Z')
    await booked(carl, anna, '2027-03-05T10:00:00Z')
    const { from, to, days, summary } = await look(stage.admin, 'day', { date: TUESDAY, days: '3' })
    assert.deepEqual([from, to, days.length], [TUESDAY, '2027-03-04', 3])
    assert.deepEqual([idsOf(days[2].appointments), summary.appointments], [[inside.id], 1])
  })
})

describe('the calendar of a week', () => {
  it('is the one from Monday to Sunday that holds the date', async () => {
    const { stage } = await arrange()
    for (const date of ['2027-03-01', '2027-03-04', '2027-03-07']) {
      const { from, to, days } = await look(stage.admin, 'week', { date })
      assert.deepEqual([from, to], ['2027-03-01', '2027-03-07'])
      assert.deepEqual(
        days.map((day: { weekday: number }) => day.weekday),
        everyDay,
      )
    }
  })

  it('shows time off on every day that it meets, and takes it off the open time', async () => {
    const { stage, anna } = await arrange()
    const off = { starts_at: '2027-03-02T16:00:00Z', ends_at: '2027-03-04T00:00:00Z', reason: 'Leave' }
    await app.post('/time-off', { token: stage.admin.token, body: { provider_id: anna.id, ...off } })
    const { days, summary } = await look(stage.admin, 'week', { date: TUESDAY })
    const shown = { provider_id: anna.id, location_id: null, ...off }
    assert.deepEqual(
      days.map((day: { time_off: unknown[] }) => day.time_off),
      [[], [shown], [shown], [], [], [], []],
    )
    assert.deepEqual(
      days.slice(0, 4).map((day: { totals: { open_minutes: number } }) => day.totals.open_minutes),
      [480, 420, 0, 480],
    )
    assert.equal(summary.open_minutes, 480 * 5 - 60 - 480)
  })
})

describe('the calendar of a month', () => {
  it('fills its weeks with the days of its neighbours, and does not count these', async () => {
    const { stage, anna, carl } = await arrange()
    const inside = await booked(carl, anna, '2027-03-31T10:00:00Z')
    const outside = await booked(carl, anna, '2027-04-01T10:00:00Z')
    const { from, to, days, summary } = await look(stage.admin, 'month', { month: '2027-03' })
    assert.deepEqual([from, to, days.length], ['2027-03-01', '2027-04-04', 35])
    const at = (index: number) => [days[index].date, days[index].is_in_month, idsOf(days[index].appointments)]
    assert.deepEqual(at(30), ['2027-03-31', true, [inside.id]])
    assert.deepEqual(at(31), ['2027-04-01', false, [outside.id]])
    assert.deepEqual([summary.appointments, summary.open_minutes], [1, 23 * 480])
  })

  it('has four weeks to six', async () => {
    const { stage } = await arrange()
    const lengths = {
      '2027-02': 28,
      '2027-04': 35,
      '2027-05': 42,
      '2024-02': 35,
      '1000-01': 35,
      '2999-12': 42,
    }
    for (const [month, length] of Object.entries(lengths)) {
      assert.equal((await look(stage.admin, 'month', { month })).days.length, length, month)
    }
  })

  it('counts free times without listing them where that is enough', async () => {
    const { stage } = await arrange()
    const all = await look(stage.admin, 'month', { month: '2027-04' })
    const few = await look(stage.admin, 'month', { month: '2027-04', slots: 'false' })
    assert.equal(all.days[3].slots.length, 8)
    assert.ok(!('slots' in few.days[3]))
    assert.deepEqual(few.summary, all.summary)
    assert.equal(few.summary.free_slots, 22 * 8)
  })

  it('is of no length on a date that the zone skipped', async () => {
    const { stage } = await arrange({ weekdays: everyDay }, 'Pacific/Apia')
    const { days } = await look(stage.admin, 'month', { month: '2011-12' })
    const skipped = days.find(({ date }: { date: string }) => date === '2011-12-30')
    assert.deepEqual([skipped.hours, skipped.totals.open_minutes], [[], 0])
    const others = days.filter((day: { hours: unknown[] }) => day.hours.length === 1)
    assert.equal(others.length, days.length - 1)
  })
})

/** Anna can be booked, by Carl for instance. */
async function arrange(hours = {}, time_zone = 'UTC', more: { slot_minutes?: number } = {}) {
  const stage: Stage = await newOrganization(app, { time_zone, rules: { ...rules, ...more } })
  const [anna, carl] = [await newProvider(app, stage, hours), await newClient(app, stage)]
  return { stage, anna, carl }
}

async function booked(client: Person, provider: Person, starts_at: string, more = {}) {
  const answer = await book(app, client, { provider_id: provider.id, starts_at, ...more })
  assert.equal(said(answer), '201')
  return answer.body as { id: string }
}

async function look({ token }: Person, view: string, query: Record<string, string> = {}) {
  const answer = await app.get(`/calendar/${view}?${new URLSearchParams(query)}`, { token })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}

interface Times {
  starts_at: string
  ends_at: string
}

const idsOf = (appointments: { id: string }[]) => appointments.map(({ id }) => id)
const starts = (slots: Times[]) => slots.map(({ starts_at }) => starts_at)
const times = ({ starts_at, ends_at }: Times) => `${starts_at} ${ends_at}`
const noneOf = (counts: Record<string, number>) =>
  Object.fromEntries(Object.keys(counts).map((state) => [state, 0]))
const next = (date: string) => `${Temporal.PlainDate.from(date).add({ days: 1 })}T00:00:00Z`
