import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, type Person } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, confirm_by: 'nobody' } as const
const TUESDAY = '2027-03-02'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('utilisation', () => {
  it('is how much of the open time is booked, less time off', async () => {
    const { stage, anna, carl } = await arrange()
    await booked(carl, anna, 9)
    await booked(carl, anna, 10)
    const off = { starts_at: '2027-03-02T15:00:00Z', ends_at: '2027-03-03T11:00:00Z' }
    await app.post('/time-off', { token: stage.admin.token, body: { provider_id: anna.id, ...off } })
    const { utilisation } = await statistics(stage.admin, { from: TUESDAY, to: '2027-03-03' })
    assert.deepEqual(utilisation, { open_minutes: 360 + 360, booked_minutes: 120, rate: 16.7 })
  })

  it('counts a published slot as open, and its seats once', async () => {
    const { stage, anna, carl } = await arrange([1])
    const at = { starts_at: '2027-03-02T10:00:00Z', ends_at: '2027-03-02T11:00:00Z' }
    const slot = { provider_id: anna.id, ...at, capacity: 3 }
    const made = await app.post('/published-slots', { token: stage.admin.token, body: slot })
    const ids = []
    for (const client of [carl, await newClient(app, stage), await newClient(app, stage)]) {
      const { body } = await book(app, client, { slot_id: made.body.id })
      ids.push(body.id)
    }
    await app.post(`/appointments/${ids[0]}/cancel`, { token: carl.token })
    const missed = { state: 'no_show', reason: 'Nobody came' }
    app.setClock(at.ends_at)
    const corrected = { token: stage.admin.token, body: missed }
    assert.equal((await app.post(`/appointments/${ids[1]}/correct`, corrected)).status, 200)
    const { totals, utilisation, groups } = await statistics(stage.admin, {
      from: TUESDAY,
      to: TUESDAY,
      group_by: 'state',
    })
    assert.deepEqual(utilisation, { open_minutes: 60, booked_minutes: 60, rate: 100 })
    assert.deepEqual([totals.appointments, totals.booked_minutes], [3, 60])
    assert.deepEqual(
      groups.map((group: { booked_minutes: number }) => group.booked_minutes),
      [0, 30, 30],
    )
  })

  it('is of those who can be booked, and left out over more than a year', async () => {
    const { stage, anna, carl } = await arrange()
    await newProvider(app, stage, { weekdays: [2], opens: '09:00', closes: '10:00' })
    await booked(carl, anna, 9)
    const body = { is_active: false }
    await app.request('PATCH', `/providers/${anna.id}`, { token: stage.admin.token, body })
    const day = await statistics(stage.admin, { from: TUESDAY, to: TUESDAY })
    assert.deepEqual(day.utilisation, { open_minutes: 60, booked_minutes: 0, rate: 0 })
    assert.equal(day.totals.booked_minutes, 60)
    const year = { from: '2027-01-01', to: '2028-01-01' }
    assert.equal((await statistics(stage.admin, year)).utilisation.open_minutes, 52 * 60)
    const longer = await statistics(stage.admin, { ...year, to: '2028-01-02' })
    assert.deepEqual([longer.utilisation, longer.totals.appointments], [null, 1])
  })
})

/** Anna is open from nine to five, on working days unless others are said; Carl is a client. */
async function arrange(weekdays = [1, 2, 3, 4, 5]) {
  const stage = await newOrganization(app, { rules })
  const [anna, carl] = [await newProvider(app, stage, { weekdays }), await newClient(app, stage)]
  return { stage, anna, carl }
}

async function booked(client: Person, provider: Person, hour: number) {
  const starts_at = `${TUESDAY}T${String(hour).padStart(2, '0')}:00:00Z`
  assert.equal(said(await book(app, client, { provider_id: provider.id, starts_at })), '201')
}

async function statistics({ token }: Person, query: Record<string, string>) {
  const answer = await app.get(`/appointments/statistics?${new URLSearchParams(query)}`, { token })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}
