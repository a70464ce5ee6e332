import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, type Person, type Stage } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, confirm_by: 'nobody' } as const
const TUESDAY = '2027-03-02'
const everyDay = [1, 2, 3, 4, 5, 6, 7]

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('asking for a calendar', () => {
  it('takes as few queries for a month of many as for a day of one', async () => {
    const { stage, anna } = await arrange()
    for (let more = 0; more < 4; more++) await newProvider(app, stage)
    const queriesFor = async (view: string, query = {}) => {
      const before = app.connection.queries()
      await look(stage.admin, view, query)
      return app.connection.queries() - before
    }
    await queriesFor('day')
    const few = await queriesFor('day', { date: TUESDAY, provider_id: anna.id })
    assert.ok(few <= 8, `${few} queries`)
    assert.equal(await queriesFor('month', { month: '2027-04' }), few)
  })

  it('refuses what would be too much to look at', async () => {
    const { stage, anna, carl } = await arrange()
    const { id } = await booked(carl, anna, '2027-03-02T10:00:00Z')
    await app.connection.pool.query(
      `insert into appointments select (json_populate_record(a, json_build_object('id', gen_random_uuid()))).*
        from appointments a, generate_series(1, 5000) where id = $1`,
      [id],
    )
    const token = stage.admin.token
    const answer = await app.get(`/calendar/day?date=${TUESDAY}`, { token })
    assert.equal(said(answer), '422 calendar_too_full')
    assert.match(answer.body.detail, /5000 appointments/)
  })

  it('lists only so many free times, and counts them all', async () => {
    const always = { weekdays: everyDay, opens: '00:00', closes: '24:00' }
    const { stage } = await arrange(always, 'UTC', { slot_minutes: 5 })
    await newProvider(app, stage, always)
    const answer = await app.get('/calendar/month?month=2027-05', { token: stage.admin.token })
    assert.equal(said(answer), '422 calendar_too_full')
    const counted = await look(stage.admin, 'month', { month: '2027-05', slots: 'false' })
    assert.equal(counted.summary.free_slots, 2 * 31 * 24 * 12)
  })

  const refused = [
    ['a date that no calendar has', 'day', { date: '2027-02-30' }, 'date'],
    ['an instant', 'week', { date: '2027-03-02T09:00:00Z' }, 'date'],
    ['a thirteenth month', 'month', { month: '2027-13' }, 'month'],
    ['a month by its date', 'month', { month: '2027-03-01' }, 'month'],
    ['more than two months of days', 'day', { days: '63' }, 'days'],
    ['the date of a month', 'month', { date: TUESDAY }, 'date'],
  ] as const
  for (const [what, view, query, field] of refused) {
    it(`refuses ${what}, and names the field`, async () => {
      const { admin } = await newOrganization(app)
      const answer = await app.get(`/calendar/${view}?${new URLSearchParams(query)}`, { token: admin.token })
      assert.equal(said(answer), '422 invalid_input')
      assert.equal(answer.body.errors[0].field, field)
    })
  }
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
