import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  visiting,
  worksAt,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, confirm_by: 'nobody' } as const
const TUESDAY = '2027-03-02'
const leave = { starts_at: '2027-03-02T14:00:00Z', ends_at: '2027-03-02T16:00:00Z', reason: 'Surgery' }

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the calendar', () => {
  it('shows each the appointments that are theirs to see', async () => {
    const { stage, anna, ben, carl, dora, desk } = await arrange()
    const one = await booked(carl, anna, 9)
    const two = await booked(dora, ben, 9)
    const three = await booked(dora, anna, 10)
    const table: [string, Person, { id: string }[]][] = [
      ['an administrator', stage.admin, [one, two, three]],
      ['a provider', anna, [one, three]],
      ['another provider', ben, [two]],
      ['a client', carl, [one]],
      ['another client', dora, [two, three]],
      ['the desk of a location', desk, [one, three]],
    ]
    for (const [who, person, expected] of table) {
      const { days, summary } = await look(person)
      assert.deepEqual(idsOf(days[0].appointments).toSorted(), idsOf(expected).toSorted(), who)
      assert.equal(summary.appointments, expected.length, who)
      assert.equal(summary.booked_minutes, expected.length * 60, who)
    }
  })

  it('never tells a client who else comes', async () => {
    const { stage, anna, carl, dora } = await arrange()
    await booked(carl, anna, 9)
    await booked(dora, anna, 10)
    const queries: Record<string, string>[] = [{}, { provider_id: anna.id }]
    for (const query of queries) {
      for (const view of ['day', 'week', 'month']) {
        const seen = JSON.stringify(await look(carl, query, view))
        assert.ok(seen.includes(carl.name))
        assert.ok(!seen.includes(dora.name) && !seen.includes(dora.id))
        assert.ok(JSON.stringify(await look(stage.admin, query, view)).includes(dora.name))
      }
    }
  })

  it('is of those who plan: oneself, the desk with its locations, and everybody for a client to choose from', async () => {
    const { stage, anna, ben, carl, desk } = await arrange()
    const table: [string, Person, Person[]][] = [
      ['an administrator', stage.admin, [anna, ben]],
      ['a provider', ben, [ben]],
      ['the desk of a location', desk, [anna]],
      ['a client', carl, [anna, ben]],
    ]
    for (const [who, person, expected] of table) {
      const [day] = (await look(person)).days
      assert.deepEqual(providersOf(day.slots), idsOf(expected).toSorted(), who)
      assert.deepEqual(providersOf(day.hours), idsOf(expected).toSorted(), who)
    }
  })

  it('shows the desk of one location also those who mostly work elsewhere, and of several locations all', async () => {
    const { stage, anna, ben, desk, here, there } = await arrange()
    await worksAt(app, stage, ben, here)
    assert.deepEqual(providersOf((await look(desk)).days[0].slots), idsOf([anna, ben]).toSorted())
    const cleo = await newProvider(app, stage)
    for (const person of [cleo, desk]) await worksAt(app, stage, person, there)
    const [day] = (await look(desk)).days
    assert.deepEqual(providersOf(day.slots), idsOf([anna, ben, cleo]).toSorted())
    assert.equal(day.slots.length, 24)
  })

  it('shows of a colleague the hours and free times, and not the appointments', async () => {
    const { anna, ben, carl } = await arrange()
    await booked(carl, anna, 9)
    const [day] = (await look(ben, { provider_id: anna.id })).days
    assert.deepEqual(day.appointments, [])
    assert.equal(day.hours.length, 1)
    assert.deepEqual(providersOf(day.slots), [anna.id])
    assert.equal(day.slots.length, 7)
  })

  it('still shows what somebody did who cannot be booked any more, and no hours of theirs', async () => {
    const { stage, anna, carl } = await arrange()
    const { id } = await booked(carl, anna, 9)
    const change = { token: stage.admin.token, body: { is_active: false } }
    assert.equal((await app.request('PATCH', `/providers/${anna.id}`, change)).status, 200)
    const { days, summary } = await look(stage.admin, { provider_id: anna.id })
    assert.deepEqual(idsOf(days[0].appointments), [id])
    assert.deepEqual([days[0].hours, days[0].slots, summary.utilisation], [[], [], 0])
  })

  it('still shows what somebody did at a location where they do not work any more', async () => {
    const { stage, anna, carl, here, there } = await arrange()
    const { id } = await booked(carl, anna, 9)
    await worksAt(app, stage, anna, there)
    const path = `/locations/${here.id}/members/${anna.id}`
    assert.equal((await app.request('DELETE', path, { token: stage.admin.token })).status, 204)
    const [day] = (await look(stage.admin, { provider_id: anna.id, location_id: here.id })).days
    assert.deepEqual([idsOf(day.appointments), day.slots], [[id], []])
  })

  it('is not for visitors', async () => {
    const { stage } = await arrange()
    const answer = await app.get('/calendar/day', { headers: visiting(stage.organization) })
    assert.equal(said(answer), '401 not_logged_in')
  })

  it('shows a program with a key no more than the key is for', async () => {
    const { stage, anna, carl } = await arrange()
    await booked(carl, anna, 9)
    await off(stage.admin, { provider_id: anna.id })
    const body = { name: 'Screen', scopes: ['appointments:read'] }
    const made = await app.post('/api-keys', { token: stage.admin.token, body })
    const [day] = (await look({ token: made.body.key })).days
    assert.equal(day.appointments.length, 1)
    assert.deepEqual([day.hours, day.slots, day.time_off], [[], [], []])
  })
})

describe('time off in the calendar', () => {
  it('is told to the staff, and its reason to those who may read it', async () => {
    const { stage, anna, ben, desk, here } = await arrange()
    await off(stage.admin, { provider_id: anna.id })
    const atHere = { provider_id: anna.id, location_id: here.id }
    const of = async (person: Person) =>
      (await look(person, { provider_id: anna.id })).days[0].time_off.map(reasonOf)
    assert.deepEqual([await of(stage.admin), await of(anna)], [['Surgery'], ['Surgery']])
    assert.deepEqual([await of(ben), await of(desk)], [[null], [null]])
    await off(stage.admin, atHere)
    assert.deepEqual(new Set(await of(desk)), new Set(['Surgery', null]))
    assert.deepEqual(await of(ben), [null, null])
  })

  it('is not to be learnt by a client: neither that somebody is away nor for how long', async () => {
    const { anna, carl, stage } = await arrange()
    await booked(carl, anna, 14)
    const before = await look(carl, { provider_id: anna.id })
    await off(stage.admin, { provider_id: anna.id })
    const after = await look(carl, { provider_id: anna.id })
    assert.deepEqual(after.days[0].time_off, [])
    assert.deepEqual(after.days[0].hours, before.days[0].hours)
    assert.equal(after.summary.open_minutes, before.summary.open_minutes)
    assert.equal(after.summary.free_slots, before.summary.free_slots - 1)
  })

  it('says to all that a place is closed, and to a client not why', async () => {
    const { stage, carl, here } = await arrange()
    await off(stage.admin, { location_id: here.id })
    const { days, summary } = await look(carl, { location_id: here.id })
    const { starts_at, ends_at } = leave
    const closed = { provider_id: null, location_id: here.id, starts_at, ends_at, reason: null }
    assert.deepEqual(days[0].time_off, [closed])
    assert.equal(summary.open_minutes, 360)
  })
})

/** Anna works here and Ben there; the desk is that of here; Carl and Dora are clients. */
async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
  const [anna, ben] = [await newProvider(app, stage), await newProvider(app, stage)]
  await worksAt(app, stage, anna, here)
  await worksAt(app, stage, ben, there, { is_primary: true })
  const desk = await newPerson(app, stage.organization, ['secretary'])
  await worksAt(app, stage, desk, here)
  const [carl, dora] = [await newClient(app, stage), await newClient(app, stage)]
  return { stage, anna, ben, carl, dora, desk, here, there }
}

async function booked(client: Person, provider: Person, hour: number) {
  const starts_at = `2027-03-02T${String(hour).padStart(2, '0')}:00:00Z`
  const answer = await book(app, client, { provider_id: provider.id, starts_at })
  assert.equal(said(answer), '201')
  return answer.body as { id: string }
}

async function off({ token }: Person, whose: object) {
  const answer = await app.post('/time-off', { token, body: { ...whose, ...leave } })
  assert.equal(said(answer), '201')
}

async function look({ token }: { token: string }, query: Record<string, string> = {}, view = 'day') {
  const about: Record<string, string> = view === 'month' ? { month: TUESDAY.slice(0, 7) } : { date: TUESDAY }
  const answer = await app.get(`/calendar/${view}?${new URLSearchParams({ ...about, ...query })}`, { token })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}

const idsOf = (things: { id: string }[]) => things.map(({ id }) => id)
const providersOf = (things: { provider_id: string }[]) =>
  [...new Set(things.map(({ provider_id }) => provider_id))].toSorted()
const reasonOf = ({ reason }: { reason: string | null }) => reason
