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
import { said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, confirm_by: 'nobody' } as const
const TUESDAY = '2027-03-02'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('statistics of appointments', () => {
  it('count each state, the money, the time and how it went', async () => {
    const { stage, anna, carl } = await arrange()
    const { id: service_id } = await newService(app, stage, { minutes: 60, price: 50.1 })
    const states = ['completed', 'completed', 'cancelled', 'declined', 'no_show', 'pending'] as const
    const charges = [60.25, undefined, 30]
    for (const [at, state] of states.entries()) {
      const { id } = await booked(carl, anna, at + 9, { service_id })
      await putRight(stage, id, state, charges[at])
    }
    const { totals, groups } = await statistics(stage.admin)
    assert.deepEqual(groups, [])
    assert.deepEqual(totals, {
      appointments: 6,
      by_state: {
        pending: 1,
        confirmed: 0,
        arrived: 0,
        in_progress: 0,
        completed: 2,
        cancelled: 1,
        declined: 1,
        no_show: 1,
      },
      revenue: { agreed: 150.3, charged: 60.25, average: 60.25 },
      rates: { completion: 33.3, cancellation: 16.7, no_show: 16.7 },
      booked_minutes: 4 * 60,
    })
  })

  it('are all zeros where there is nothing', async () => {
    const { admin } = await newOrganization(app, { rules })
    const { totals, utilisation, groups } = await statistics(admin, { group_by: 'provider' })
    assert.deepEqual([totals.appointments, totals.by_state.confirmed, totals.booked_minutes], [0, 0, 0])
    assert.deepEqual(totals.revenue, { agreed: 0, charged: 0, average: 0 })
    assert.deepEqual(totals.rates, { completion: 0, cancellation: 0, no_show: 0 })
    assert.deepEqual([utilisation, groups], [{ open_minutes: 0, booked_minutes: 0, rate: 0 }, []])
  })

  it('average over what was charged', async () => {
    const { stage, anna, carl } = await arrange()
    for (const [at, charged] of [10, 20.01, 20.01].entries()) {
      const { id } = await booked(carl, anna, at + 9)
      await putRight(stage, id, 'completed', charged)
    }
    const { totals } = await statistics(stage.admin)
    assert.deepEqual(totals.revenue, { agreed: 0, charged: 50.02, average: 16.67 })
  })

  it('are of the current month unless a range is said, its first moment in and its last out', async () => {
    const { stage, anna, carl } = await arrange('America/New_York')
    const at = ['2027-04-01T03:00:00Z', '2027-04-01T04:00:00Z', '2027-04-02T02:00:00Z'] as const
    for (const starts_at of at) await booked(carl, anna, starts_at)
    const numberOf = async (query: Record<string, string>) =>
      (await statistics(stage.admin, query)).totals.appointments
    const { from, to, time_zone } = await statistics(stage.admin)
    const month = ['2027-03-01T05:00:00Z', '2027-04-01T04:00:00Z', 'America/New_York']
    assert.deepEqual([from, to, time_zone], month)
    assert.equal(await numberOf({}), 1)
    assert.equal(await numberOf({ from: at[0], to: at[1] }), 1)
    assert.equal(await numberOf({ from: '2027-04-01', to: '2027-04-01' }), 2)
    assert.equal(await numberOf({ from: at[0], to: '2027-04-01' }), 3)
    app.setClock('2027-04-01T03:59:59Z')
    assert.equal(await numberOf({}), 1)
    app.setClock('2027-04-01T04:00:00Z')
    assert.equal(await numberOf({}), 2)
  })

  it('are not those of an appointment: its address is another', async () => {
    const { stage } = await arrange()
    const { token } = stage.admin
    assert.ok((await app.get('/appointments/statistics', { token })).body.totals)
    assert.equal(said(await app.get('/appointments/statistic', { token })), '404 not_found')
  })

  it('take one query for the numbers, however many groups there are', async () => {
    const { stage, anna, carl } = await arrange()
    const queriesFor = async (query: Record<string, string>) => {
      const before = app.connection.queries()
      await statistics(stage.admin, query)
      return app.connection.queries() - before
    }
    await queriesFor({})
    const few = await queriesFor({ group_by: 'none' })
    for (let hour = 9; hour < 15; hour++)
      await booked(carl, anna, `2027-03-0${(hour % 3) + 2}T${String(hour).padStart(2, '0')}:00:00Z`)
    assert.ok(few <= 6, `${few} queries`)
    for (const group_by of ['day', 'provider', 'state']) assert.equal(await queriesFor({ group_by }), few)
  })

  const refused = [
    ['that end before they begin', { from: '2027-03-03', to: '2027-03-01' }, 'to'],
    ['from a date that no calendar has', { from: '2027-02-30' }, 'from'],
    ['by what is no group', { group_by: 'client' }, 'group_by'],
    ['of somebody who has no id', { provider_id: "' or 1=1 --" }, 'provider_id'],
  ] as const
  for (const [which, query, field] of refused) {
    it(`refuse to be those ${which}, and name the field`, async () => {
      const { admin } = await newOrganization(app)
      const answer = await ask(admin, query)
      assert.equal(said(answer), '422 invalid_input')
      assert.equal(answer.body.errors[0].field, field)
    })
  }
})

describe('groups of statistics', () => {
  it('are by day and by month of the organization, whatever the day in London is', async () => {
    const { stage, anna, carl } = await arrange('Pacific/Auckland')
    const at = [
      '2027-03-30T11:00:00Z',
      '2027-03-31T10:00:00Z',
      '2027-03-31T11:00:00Z',
      '2027-03-31T12:00:00Z',
    ]
    for (const starts_at of at) await booked(carl, anna, starts_at)
    const range = { from: '2027-03-01', to: '2027-04-30' }
    assert.deepEqual(await groupsOf(stage.admin, { ...range, group_by: 'day' }), [
      ['2027-03-31', '2027-03-31', 2],
      ['2027-04-01', '2027-04-01', 2],
    ])
    assert.deepEqual(await groupsOf(stage.admin, { ...range, group_by: 'month' }), [
      ['2027-03', '2027-03', 2],
      ['2027-04', '2027-04', 2],
    ])
  })

  it('are by provider, service, location and state, by name, those without one last', async () => {
    const { stage, anna, carl } = await arrange()
    const [ben, { id: service_id }] = [
      await newProvider(app, stage),
      await newService(app, stage, { name: 'Cut' }),
    ]
    const here = await newLocation(app, stage, { name: 'Aix' })
    await worksAt(app, stage, ben, here)
    const one = await booked(carl, anna, 9, { service_id })
    await booked(carl, anna, 10)
    await booked(carl, ben, 11)
    await app.post(`/appointments/${one.id}/cancel`, { token: carl.token })
    const by = (group_by: string) => groupsOf(stage.admin, { group_by })
    for (const [name, { id }] of Object.entries({ Zoe: anna, Abe: ben })) {
      await app.request('PATCH', `/providers/${id}`, { token: stage.admin.token, body: { name } })
    }
    assert.deepEqual(await by('provider'), [
      [ben.id, 'Abe', 1],
      [anna.id, 'Zoe', 2],
    ])
    assert.deepEqual(await by('service'), [
      [service_id, 'Cut', 1],
      [null, null, 2],
    ])
    const [first, ...others] = await by('location')
    assert.deepEqual([first, others.length, others[0]![2]], [[here.id, 'Aix', 1], 1, 2])
    assert.deepEqual(await by('state'), [
      ['cancelled', 'cancelled', 1],
      ['confirmed', 'confirmed', 2],
    ])
  })

  it('have the same numbers as all together', async () => {
    const { stage, anna, carl } = await arrange()
    const { id: service_id } = await newService(app, stage, { minutes: 60, price: 12.5 })
    const { id } = await booked(carl, anna, 9, { service_id })
    await putRight(stage, id, 'completed', 15)
    const { totals, groups } = await statistics(stage.admin, { group_by: 'day' })
    assert.deepEqual(groups, [{ key: TUESDAY, label: TUESDAY, ...totals }])
    assert.equal(totals.revenue.charged, 15)
  })
})

/** Anna can be booked, by Carl for instance. */
async function arrange(time_zone = 'UTC') {
  const stage = await newOrganization(app, { rules, time_zone })
  const hours = { weekdays: [1, 2, 3, 4, 5, 6, 7], opens: '00:00', closes: '24:00' }
  const [anna, carl] = [await newProvider(app, stage, hours), await newClient(app, stage)]
  return { stage, anna, carl }
}

/** At an hour of Tuesday, or at an instant. */
async function booked(client: Person, provider: Person, when: number | string, more = {}) {
  const starts_at = typeof when === 'string' ? when : `${TUESDAY}T${String(when).padStart(2, '0')}:00:00Z`
  const answer = await book(app, client, { provider_id: provider.id, starts_at, ...more })
  assert.equal(said(answer), '201', starts_at)
  return answer.body as { id: string }
}

/** As it will have been once the year is over; then it is the same moment again. */
async function putRight({ admin }: Stage, id: string, state: string, charged?: number) {
  const now = app.now().toString()
  app.setClock('2028-01-01T00:00:00Z')
  const body = { state, reason: 'As it was', ...(charged !== undefined && { charged }) }
  assert.equal(said(await app.post(`/appointments/${id}/correct`, { token: admin.token, body })), '200')
  app.setClock(now)
}

const ask = ({ token }: Person, query: Record<string, string> = {}) =>
  app.get(`/appointments/statistics?${new URLSearchParams(query)}`, { token })

async function statistics(person: Person, query: Record<string, string> = {}) {
  const answer = await ask(person, query)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}

async function groupsOf(person: Person, query: Record<string, string>): Promise<(string | number)[][]> {
  const { groups } = await statistics(person, query)
  return groups.map(({ key, label, appointments }: Record<string, string | number>) => [
    key,
    label,
    appointments,
  ])
}
