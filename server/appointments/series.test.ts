import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type Answer, MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, type Person, type Stage } from '../../test/cast.ts'
import { findBrokenPromises } from '../../test/checking.ts'
import { said } from '../../test/free.ts'

const rules = {
  grid: 'windows',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  change_notice_minutes: 1440,
} as const
const NINE = '2027-03-02T09:00:00Z'
const weekly = (count: number) => ({ repetition: { every: 'week', count } })

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a series', () => {
  it('books every one of its times, and each of them knows the series', async () => {
    const { client, provider } = await arrange()
    const answer = await bookSeries(client, provider, { ...weekly(3), notes: 'The knee' })
    assert.deepEqual([said(answer), answer.body.clashes], ['201', []])
    assert.deepEqual(startsOf(answer), [NINE, '2027-03-09T09:00:00Z', '2027-03-16T09:00:00Z'])
    const { body } = await app.get(`/appointments?series_id=${answer.body.id}`, { token: client.token })
    assert.deepEqual(body.items, answer.body.appointments)
    const written = body.items.map(({ series_id, notes, state }: Record<string, string>) => [
      series_id,
      notes,
      state,
    ])
    assert.deepEqual(new Set(written.map(String)), new Set([`${answer.body.id},The knee,confirmed`]))
    await nothingIsBroken()
  })

  it('keeps its time on the wall clock when the clocks change', async () => {
    const { client, provider } = await arrange({}, 'Europe/Berlin')
    const spring = await bookSeries(client, provider, {
      starts_at: '2027-03-22T09:00:00+01:00',
      ...weekly(3),
    })
    assert.deepEqual(startsOf(spring), [
      '2027-03-22T08:00:00Z',
      '2027-03-29T07:00:00Z',
      '2027-04-05T07:00:00Z',
    ])
    const autumn = await bookSeries(client, provider, {
      starts_at: '2027-10-25T09:00:00+02:00',
      repetition: { every: 'day', interval: 7, until: '2027-11-01' },
    })
    assert.deepEqual(startsOf(autumn), ['2027-10-25T07:00:00Z', '2027-11-01T08:00:00Z'])
  })

  it('comes on several days of a week, or each month, until a date that is counted in', async () => {
    const { client, provider } = await arrange()
    const until = '2027-03-11'
    const days = await bookSeries(client, provider, {
      repetition: { every: 'week', weekdays: [2, 4], until },
    })
    assert.deepEqual(
      startsOf(days).map((at) => at.slice(5, 10)),
      ['03-02', '03-04', '03-09', '03-11'],
    )
    const months = await bookSeries(client, provider, {
      starts_at: '2027-03-02T10:00:00Z',
      repetition: { every: 'month', count: 2 },
    })
    assert.deepEqual(startsOf(months), ['2027-03-02T10:00:00Z', '2027-04-02T10:00:00Z'])
  })

  it('is all or nothing: the times that clash are named, and nothing is kept', async () => {
    const { stage, client, provider } = await arrange()
    const rival = await newClient(app, stage)
    await book(app, rival, { provider_id: provider.id, starts_at: '2027-03-09T09:00:00Z' })
    await closeOn(stage, provider, '2027-03-23')
    const before = await rowsOf(stage)
    const answer = await bookSeries(client, provider, weekly(4))
    assert.equal(said(answer), '409 series_clashes')
    const clashes = answer.body.clashes.map(({ starts_at, code }: Record<string, string>) => [
      starts_at,
      code,
    ])
    assert.deepEqual(clashes, [
      ['2027-03-09T09:00:00Z', 'time_taken'],
      ['2027-03-23T09:00:00Z', 'outside_hours'],
    ])
    assert.match(answer.body.detail, /2 of 4/)
    assert.deepEqual(await rowsOf(stage), before)
    await nothingIsBroken()
  })

  it('books what can be had where that is enough, and says what it left out', async () => {
    const { stage, client, provider } = await arrange()
    const rival = await newClient(app, stage)
    await book(app, rival, { provider_id: provider.id, starts_at: '2027-03-09T09:00:00Z' })
    const answer = await bookSeries(client, provider, { ...weekly(3), skip_conflicts: true })
    assert.equal(said(answer), '201')
    assert.deepEqual(startsOf(answer), [NINE, '2027-03-16T09:00:00Z'])
    assert.deepEqual(
      answer.body.clashes.map(({ code }: { code: string }) => code),
      ['time_taken'],
    )
    const none = await bookSeries(client, provider, { ...weekly(1), skip_conflicts: true })
    assert.equal(said(none), '409 series_clashes')
    await nothingIsBroken()
  })

  it('counts against a limit what it has booked itself', async () => {
    const { client, provider } = await arrange({ most_per_client: 2 })
    const answer = await bookSeries(client, provider, weekly(4))
    assert.deepEqual(
      answer.body.clashes.map(({ starts_at, code }: Record<string, string>) => [starts_at, code]),
      [
        ['2027-03-16T09:00:00Z', 'limit_reached'],
        ['2027-03-23T09:00:00Z', 'limit_reached'],
      ],
    )
    const some = await bookSeries(client, provider, { ...weekly(4), skip_conflicts: true })
    assert.equal(startsOf(some).length, 2)
  })

  const wrong: [string, object, string][] = [
    ['that does not end', { every: 'week' }, 'repetition.count'],
    ['of more than sixty', { every: 'day', count: 61 }, 'repetition.count'],
    ['of more than sixty until its last date', { every: 'day', until: '2027-05-01' }, 'repetition.until'],
    ['that ends before it begins', { every: 'week', until: '2027-03-01' }, 'repetition.until'],
    [
      'whose first day is none of its weekdays',
      { every: 'week', weekdays: [1, 3], count: 2 },
      'repetition.weekdays',
    ],
    ['on weekdays of each month', { every: 'month', weekdays: [2], count: 2 }, 'repetition.weekdays'],
    ['every year', { every: 'year', count: 2 }, 'repetition.every'],
    ['of none', { every: 'week', count: 0 }, 'repetition.count'],
  ]
  for (const [what, repetition, field] of wrong) {
    it(`is refused ${what}, and the field is named`, async () => {
      const { client, provider } = await arrange()
      const answer = await bookSeries(client, provider, { repetition })
      assert.equal(said(answer), '422 invalid_input')
      assert.deepEqual(
        answer.body.errors.map((error: { field: string }) => error.field),
        [field],
      )
    })
  }

  it('is booked for others by those whose business it is, and not by those who are blocked', async () => {
    const { stage, client, provider } = await arrange()
    const body = { client_id: client.id, ...weekly(2) }
    const another = await newClient(app, stage)
    assert.equal(said(await bookSeries(another, provider, body)), '403 not_allowed')
    const byDesk = await bookSeries(stage.admin, provider, body)
    assert.equal(said(byDesk), '201')
    assert.equal(byDesk.body.appointments[1].booked_by, stage.admin.id)
    await app.connection.pool.query('update clients set blocked_at = now() where id = $1', [another.id])
    assert.equal(said(await bookSeries(another, provider, weekly(2))), '403 client_blocked')
  })
})

async function arrange(more: object = {}, time_zone = 'UTC') {
  const stage = await newOrganization(app, { rules: { ...rules, ...more }, time_zone })
  return { stage, provider: await newProvider(app, stage), client: await newClient(app, stage) }
}

function bookSeries({ token }: Person, { id: provider_id }: Person, body: object): Promise<Answer> {
  return app.post('/appointments/series', { token, body: { provider_id, starts_at: NINE, ...body } })
}

const startsOf = ({ body }: Answer): string[] =>
  body.appointments.map(({ starts_at }: { starts_at: string }) => starts_at)

async function closeOn({ admin: { token } }: Stage, { id: provider_id }: Person, date: string) {
  const off = { provider_id, starts_at: `${date}T00:00:00Z`, ends_at: `${date}T23:00:00Z` }
  assert.equal(said(await app.post('/time-off', { token, body: off })), '201')
}

/** How many rows there are of all that a booking writes. */
async function rowsOf({ organization }: Stage): Promise<object> {
  const tables = ['series', 'appointments', 'reservations', 'appointment_events', 'events']
  const counts = tables.map(
    (table) => `(select count(*) from ${table} where organization_id = $1) as ${table}`,
  )
  const { rows } = await app.connection.pool.query(`select ${counts.join()}`, [organization.id])
  return rows[0]
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(app.connection.pool), [])
}
