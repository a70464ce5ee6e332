import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { schoolApi } from '../../dialects/school/testing/asking.ts'
import type { Rules } from '../../presets/preset.ts'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  newSlot,
  type Person,
  type Stage,
} from '../../test/cast.ts'
import { workOff } from '../../test/working.ts'

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

const TUESDAY_AT_TEN = '2027-03-02T10:00:00Z'
const rules = { notice_minutes: 0, confirm_by: 'provider', grid: 'windows', slot_minutes: 30 } as const

/** A practice with a provider and a client, whose first appointment is on Tuesday at ten. */
async function arrange(more: Partial<Rules> = {}, options: { trade?: string; time_zone?: string } = {}) {
  const stage = await newOrganization(app, { ...options, rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const { id: service_id } = await newService(app, stage)
  const bookAt = async (starts_at: string, by: Person = client): Promise<string> => {
    const { status, body } = await book(app, by, { provider_id: provider.id, service_id, starts_at })
    assert.equal(status, 201, JSON.stringify(body))
    return body.id
  }
  return { stage, provider, client, bookAt }
}

const step = (id: string, name: string, { token }: Person) =>
  app.post(`/appointments/${id}/${name}`, { token })
const stateOf = async ({ admin }: Stage, id: string) =>
  (await app.get(`/appointments/${id}`, { token: admin.token })).body.state

/** Goes to an instant, looks at the clock and does what is due. */
async function goTo(instant: string) {
  app.setClock(instant)
  await app.tick()
  return workOff(app)
}

/** Has a job done by hand; what it says that became of it. */
async function doJob(name: string, { admin: { token } }: Stage, body?: unknown) {
  const asked = await app.post(`/jobs/${name}/run`, { token, body })
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  await workOff(app)
  const { body: run } = await app.get(`/jobs/runs/${asked.body.id}`, { token })
  assert.equal(run.state, 'completed', run.error)
  return run.result
}

describe('whoever did not come', () => {
  const missing = { no_show_after_minutes: 15 }

  it('is marked so many minutes after the start, not a second before, and it is told', async () => {
    const { stage, bookAt } = await arrange(missing)
    const id = await bookAt(TUESDAY_AT_TEN)
    await goTo('2027-03-02T10:14:59Z')
    assert.equal(await stateOf(stage, id), 'pending')
    const told = await goTo('2027-03-02T10:15:00Z')
    assert.equal(await stateOf(stage, id), 'no_show')
    const ours = told.filter(({ organization_id }) => organization_id === stage.organization.id)
    assert.ok(
      ours.some(
        ({ kind, data }) =>
          kind === 'appointment.missed' && 'appointment_id' in data && data.appointment_id === id,
      ),
    )
  })

  it('is marked by nobody: so says the history', async () => {
    const { stage, bookAt } = await arrange(missing)
    const id = await bookAt(TUESDAY_AT_TEN)
    await goTo('2027-03-02T10:15:00Z')
    const { body } = await app.get(`/appointments/${id}/history`, { token: stage.admin.token })
    const { action, actor_id } = body.items.at(-1)
    assert.deepEqual([action, actor_id], ['no_show', null])
  })

  it('is counted once, however often it is asked', async () => {
    const { stage, client, bookAt } = await arrange({ ...missing, block_after_no_shows: 2 })
    await bookAt(TUESDAY_AT_TEN)
    await goTo('2027-03-02T10:20:00Z')
    await Promise.all([1, 2].map(() => app.post('/jobs/mark-no-shows/run', { token: stage.admin.token })))
    await workOff(app)
    assert.deepEqual(await doJob('mark-no-shows', stage), { marked: 0 })
    const { body } = await app.get(`/clients/${client.id}`, { token: stage.admin.token })
    assert.deepEqual([body.no_show_count, body.is_blocked], [1, false])
  })

  it('is never somebody who arrived, who is being seen, or who called it off', async () => {
    const { stage, provider, client, bookAt } = await arrange(missing)
    const ids = [
      await bookAt(TUESDAY_AT_TEN),
      await bookAt('2027-03-02T10:30:00Z'),
      await bookAt('2027-03-02T11:00:00Z'),
    ]
    const [arrived, begun, cancelled] = ids as [string, string, string]
    assert.equal((await step(cancelled, 'cancel', client)).status, 200)
    assert.equal((await step(arrived, 'arrive', provider)).status, 200)
    assert.equal((await step(begun, 'start', provider)).status, 200)
    await goTo('2027-03-02T12:00:00Z')
    assert.deepEqual(await Promise.all(ids.map((id) => stateOf(stage, id))), [
      'arrived',
      'in_progress',
      'cancelled',
    ])
  })

  it('is nobody where the organization does not want to know', async () => {
    const { stage, bookAt } = await arrange({ no_show_after_minutes: null, after_the_end: 'leave' })
    const id = await bookAt(TUESDAY_AT_TEN)
    await goTo('2027-03-03T12:00:00Z')
    assert.deepEqual(await doJob('mark-no-shows', stage), { marked: 0 })
    assert.equal(await stateOf(stage, id), 'pending')
  })

  it('years ago is left to whoever knows how it went', async () => {
    const { stage, bookAt } = await arrange(missing)
    const id = await bookAt(TUESDAY_AT_TEN)
    app.setClock('2027-05-01T08:00:00Z')
    assert.deepEqual(await doJob('mark-no-shows', stage), { marked: 0 })
    assert.equal(await stateOf(stage, id), 'pending')
  })

  it('is marked after fifteen minutes in a clinic, after thirty at the vet, and by no clock elsewhere', async () => {
    const minutes: (number | null)[] = []
    for (const trade of ['clinic', 'veterinary', 'general', 'school', 'office']) {
      const { organization } = await newOrganization(app, { trade })
      minutes.push(organization.rules.no_show_after_minutes)
    }
    assert.deepEqual(minutes, [15, 30, null, null, null])
  })
})

describe('what is over and was not closed', () => {
  it('is completed in the night where that is the rule: what was agreed, and not what nobody confirmed', async () => {
    const { stage, provider, bookAt } = await arrange({ after_the_end: 'complete' })
    const [confirmed, pending, tomorrow] = [
      await bookAt(TUESDAY_AT_TEN),
      await bookAt('2027-03-02T11:00:00Z'),
      await bookAt('2027-03-03T11:00:00Z'),
    ]
    for (const id of [confirmed, tomorrow]) await step(id, 'confirm', provider)
    await goTo('2027-03-02T23:59:00Z')
    assert.equal(await stateOf(stage, confirmed), 'confirmed')
    await goTo('2027-03-03T01:00:00Z')
    const states = await Promise.all([confirmed, pending, tomorrow].map((id) => stateOf(stage, id)))
    assert.deepEqual(states, ['completed', 'pending', 'confirmed'])
  })

  it('is taken to have been missed where that is the rule', async () => {
    const { stage, provider, bookAt } = await arrange({
      after_the_end: 'no_show',
      no_show_after_minutes: null,
    })
    const [missed, begun] = [await bookAt(TUESDAY_AT_TEN), await bookAt('2027-03-02T11:00:00Z')]
    await step(begun, 'start', provider)
    await goTo('2027-03-03T01:00:00Z')
    assert.deepEqual(await Promise.all([missed, begun].map((id) => stateOf(stage, id))), [
      'no_show',
      'in_progress',
    ])
  })
})

describe('what nobody confirmed', () => {
  const unconfirmed = { cancel_unconfirmed_minutes_before: 15 }

  it('is cancelled so shortly before its start, with the reason', async () => {
    const { stage, provider, bookAt } = await arrange(unconfirmed)
    const [waiting, confirmed] = [await bookAt(TUESDAY_AT_TEN), await bookAt('2027-03-02T10:30:00Z')]
    await step(confirmed, 'confirm', provider)
    await goTo('2027-03-02T09:44:00Z')
    assert.equal(await stateOf(stage, waiting), 'pending')
    await goTo('2027-03-02T09:45:00Z')
    const { body } = await app.get(`/appointments/${waiting}`, { token: stage.admin.token })
    assert.deepEqual(
      [body.state, body.state_reason],
      ['cancelled', 'It was not confirmed by 15 minutes before its start.'],
    )
    await goTo('2027-03-02T10:20:00Z')
    assert.equal(await stateOf(stage, confirmed), 'confirmed')
  })

  it('is left alone where it was booked later than that', async () => {
    const { stage, bookAt } = await arrange(unconfirmed)
    app.setClock('2027-03-02T09:50:00Z')
    const id = await bookAt(TUESDAY_AT_TEN)
    await goTo('2027-03-02T09:51:00Z')
    assert.equal(await stateOf(stage, id), 'pending')
  })
})

describe('published slots that nobody booked', () => {
  const slotsLeft = async ({ admin }: Stage, ids: string[]) => {
    const found = await Promise.all(
      ids.map((id) => app.get(`/published-slots/${id}`, { token: admin.token })),
    )
    return found.map(({ status }) => status === 200)
  }

  it('go a week after they passed, on the next Sunday, where that is the rule; what was booked stays', async () => {
    const { stage, provider, client } = await arrange({
      unbooked_slots_kept_days: 7,
      unbooked_slots_cleaned: 'weekly',
    })
    const slot = (day: string, hour: number) =>
      newSlot(app, stage, {
        provider_id: provider.id,
        starts_at: `2027-03-${day}T${hour}:00:00Z`,
        ends_at: `2027-03-${day}T${hour}:30:00Z`,
      })
    const [free, booked, cancelled, later] = [
      await slot('02', 10),
      await slot('02', 11),
      await slot('02', 12),
      await slot('09', 10),
    ]
    for (const slot_id of [booked, cancelled]) {
      const { status, body } = await book(app, client, { slot_id })
      assert.equal(status, 201, JSON.stringify(body))
      if (slot_id === cancelled) await step(body.id, 'cancel', client)
    }
    await goTo('2027-03-13T12:00:00Z')
    assert.deepEqual(await slotsLeft(stage, [free, booked, cancelled, later]), [true, true, true, true])
    await goTo('2027-03-14T00:00:00Z')
    assert.deepEqual(await slotsLeft(stage, [free, booked, cancelled, later]), [false, true, false, true])
  })

  it('stay where there is no such rule, and are gone in the night of the thirtieth day at the vet', async () => {
    const [general, veterinary] = [await arrange(), await arrange({}, { trade: 'veterinary' })]
    const slots = await Promise.all(
      [general, veterinary].map(({ stage, provider }) =>
        newSlot(app, stage, {
          provider_id: provider.id,
          starts_at: TUESDAY_AT_TEN,
          ends_at: '2027-03-02T10:30:00Z',
        }),
      ),
    )
    await goTo('2027-04-01T00:00:00Z')
    assert.deepEqual(await slotsLeft(veterinary.stage, [slots[1]!]), [true])
    await goTo('2027-04-02T00:00:00Z')
    assert.deepEqual(await slotsLeft(veterinary.stage, [slots[1]!]), [false])
    assert.deepEqual(await slotsLeft(general.stage, [slots[0]!]), [true])
  })
})

describe('a week of slots', () => {
  const week = {
    1: [
      { start: '09:00', end: '09:30' },
      { start: '07:00', end: '07:30' },
    ],
    3: [{ start: '14:00', end: '15:00' }],
  }
  const startsOf = async ({ admin }: Stage) => {
    const { body } = await app.get('/published-slots?limit=200', { token: admin.token })
    return body.items.map(({ starts_at }: { starts_at: string }) => starts_at)
  }

  it('is published for four weeks when asked, without what has passed, and twice publishes nothing anew', async () => {
    const { stage, provider } = await arrange()
    const asked = { provider_id: provider.id, week }
    assert.deepEqual(await doJob('generate-slots', stage, asked), { providers: 1, published: 11, refused: 0 })
    const starts = await startsOf(stage)
    assert.deepEqual(starts.slice(0, 3), [
      '2027-03-01T09:00:00Z',
      '2027-03-03T14:00:00Z',
      '2027-03-08T07:00:00Z',
    ])
    assert.equal(starts.at(-1), '2027-03-24T14:00:00Z')
    assert.deepEqual(await doJob('generate-slots', stage, asked), { providers: 1, published: 0, refused: 0 })
  })

  it('keeps its time on the wall when clocks change, and leaves out what is taken and who is away', async () => {
    const { stage, provider } = await arrange({}, { time_zone: 'Europe/Berlin' })
    await newSlot(app, stage, {
      provider_id: provider.id,
      starts_at: '2027-03-24T13:30:00Z',
      ends_at: '2027-03-24T14:00:00Z',
    })
    const away = {
      provider_id: provider.id,
      starts_at: '2027-03-22T00:00:00Z',
      ends_at: '2027-03-23T00:00:00Z',
    }
    assert.equal((await app.post('/time-off', { token: stage.admin.token, body: away })).status, 201)
    app.setClock('2027-03-20T08:00:00Z')
    await doJob('generate-slots', stage, {
      provider_id: provider.id,
      week: { 1: week[1].slice(0, 1), 3: week[3] },
      weeks: 2,
    })
    assert.deepEqual(await startsOf(stage), [
      '2027-03-24T13:30:00Z',
      '2027-03-29T07:00:00Z',
      '2027-03-31T12:00:00Z',
    ])
  })

  it('that a provider keeps is published each week, until it is forgotten', async () => {
    const { stage, provider } = await arrange()
    const path = `/providers/${provider.id}/slot-template`
    const put = await app.request('PUT', path, {
      token: provider.token,
      body: { week: { 2: [{ start: '09:00', end: '10:00' }] } },
    })
    assert.equal(put.status, 200)
    assert.deepEqual((await app.get(path, { token: provider.token })).body.week, {
      2: [{ start: '09:00', end: '10:00' }],
    })
    await goTo('2027-03-07T03:00:00Z')
    assert.deepEqual(
      await startsOf(stage),
      ['09', '16', '23', '30'].map((day) => `2027-03-${day}T09:00:00Z`),
    )
    assert.equal((await app.request('DELETE', path, { token: provider.token })).status, 204)
    assert.equal((await app.get(path, { token: provider.token })).status, 404)
    await goTo('2027-03-14T03:00:00Z')
    assert.equal((await startsOf(stage)).length, 4)
  })

  it('is kept by the provider and by whoever may publish for them, and has no slots that overlap', async () => {
    const { stage, provider, client } = await arrange()
    const path = `/providers/${provider.id}/slot-template`
    const others = [
      client,
      await newProvider(app, stage),
      await newPerson(app, stage.organization, ['secretary']),
    ]
    for (const { token } of others) {
      assert.equal((await app.request('PUT', path, { token, body: { week } })).status, 403)
      assert.equal((await app.get(path, { token })).status, 403)
    }
    const overlapping = {
      1: [
        { start: '09:00', end: '10:00' },
        { start: '09:30', end: '11:00' },
      ],
    }
    const { status, body } = await app.request('PUT', path, {
      token: stage.admin.token,
      body: { week: overlapping },
    })
    assert.deepEqual([status, body.errors[0].field], [422, 'week.1'])
  })
})

describe('sweeping', () => {
  const count = async (
    table: 'reservations' | 'holds' | 'events' | 'idempotency_keys' | 'refresh_tokens',
    { organization }: Stage,
  ) => {
    const rows = await app.connection.db
      .selectFrom(table)
      .select('organization_id')
      .where('organization_id', '=', organization.id)
      .execute()
    return rows.length
  }

  it('removes what is of no use any more, and nothing that is', async () => {
    const { stage, client, bookAt, provider } = await arrange({ published_slots_only: false })
    const headers = { 'idempotency-key': 'once' }
    await app.post('/published-slots', {
      token: stage.admin.token,
      headers,
      body: { provider_id: provider.id, starts_at: '2027-03-03T16:00:00Z', ends_at: '2027-03-03T16:30:00Z' },
    })
    const slot_id = await newSlot(app, stage, {
      provider_id: provider.id,
      starts_at: '2027-03-02T16:00:00Z',
      ends_at: '2027-03-02T16:30:00Z',
    })
    assert.equal((await book(app, client, { slot_id })).status, 201)
    await bookAt(TUESDAY_AT_TEN)
    await bookAt('2027-03-09T10:00:00Z')
    const held = await app.post('/holds', {
      token: client.token,
      body: { provider_id: provider.id, starts_at: '2027-03-02T12:00:00Z' },
    })
    assert.equal(held.status, 201, JSON.stringify(held.body))
    await workOff(app)
    assert.deepEqual(await doJob('sweep', stage), {
      reservations: 0,
      holds: 0,
      events: 0,
      idempotency_keys: 0,
      login_failures: 0,
      refresh_tokens: 0,
      sessions: 0,
      clockwork_runs: 0,
    })

    app.setClock('2027-03-05T10:00:00Z')
    const swept = await doJob('sweep', stage)
    assert.deepEqual([swept.holds, swept.idempotency_keys, swept.clockwork_runs], [1, 1, 0])
    assert.equal(swept.reservations, 2)
    assert.ok(swept.events > 5)
    // The seat of the slot stays, and what is to come.
    assert.equal(await count('reservations', stage), 2)
    const { body: slot } = await app.get(`/published-slots/${slot_id}`, { token: stage.admin.token })
    assert.equal(slot.seats_left, 0)
    assert.equal(await count('refresh_tokens', stage), 3)
  })

  it('keeps what became of a job an hour at least and a week at most, and the last one always', async () => {
    const { stage } = await arrange({ no_show_after_minutes: 15 })
    const runs = async (job: string) =>
      (await app.get(`/jobs/runs?limit=200&job=${job}`, { token: stage.admin.token })).body.items.length
    for (let time = 0; time < 55; time++)
      await app.post('/jobs/mark-no-shows/run', { token: stage.admin.token })
    await doJob('complete-past', stage)
    app.pass({ minutes: 59 })
    await doJob('sweep', stage)
    assert.equal(await runs('mark-no-shows'), 55)
    app.pass({ minutes: 2 })
    await doJob('sweep', stage)
    assert.equal(await runs('mark-no-shows'), 50)
    app.pass({ hours: 24 * 8 })
    await doJob('sweep', stage)
    assert.deepEqual([await runs('mark-no-shows'), await runs('complete-past')], [1, 1])
  })
})

describe('the tasks of a school', () => {
  it('are started by an administrator, by the names that they have there', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    const api = schoolApi(app, stage)
    for (const task of [
      'mark_completed_appointments',
      'reset_weekly_slots',
      'generate_weekly_slots',
      'complete-past',
    ]) {
      const { status, body } = await api.post(`/jobs/${task}/run`, stage.admin)
      assert.equal(status, 202, JSON.stringify(body))
      assert.equal(body.task, task)
      await workOff(app)
      assert.equal(
        (await app.get(`/jobs/runs/${body.job_id}`, { token: stage.admin.token })).body.state,
        'completed',
      )
    }
  })

  it('are started by nobody else, and are not found where there is no such task', async () => {
    const stage = await newOrganization(app, { trade: 'school' })
    const api = schoolApi(app, stage)
    const teacher = await newProvider(app, stage)
    assert.equal((await api.post('/jobs/reset_weekly_slots/run', teacher)).status, 403)
    assert.equal((await api.post('/jobs/make_tea/run', stage.admin)).status, 404)
  })

  it('make the slots of a template, whose weekdays are named or counted from Monday', async () => {
    const stage = await newOrganization(app, { trade: 'school', time_zone: 'Europe/Istanbul' })
    const api = schoolApi(app, stage)
    const teacher = await newProvider(app, stage)
    const template = {
      1: [{ start: '09:00', end: '09:30' }],
      Friday: [{ start: '23:00:00', end: '23:59:59' }],
    }
    const { status } = await api.post('/jobs/generate_weekly_slots/run', stage.admin, {
      teacher_id: teacher.id,
      template,
      weeks: 1,
    })
    assert.equal(status, 202)
    await workOff(app)
    const { body } = await app.get('/published-slots', { token: stage.admin.token })
    assert.deepEqual(
      body.items.map(({ starts_at, ends_at }: Record<string, string>) => [starts_at, ends_at]),
      [
        ['2027-03-02T06:00:00Z', '2027-03-02T06:30:00Z'],
        ['2027-03-05T20:00:00Z', '2027-03-05T21:00:00Z'],
      ],
    )
    for (const wrong of [
      { template },
      { teacher_id: teacher.id },
      { teacher_id: teacher.id, template: { someday: [] } },
    ]) {
      assert.equal((await api.post('/jobs/generate_weekly_slots/run', stage.admin, wrong)).status, 422)
    }
  })
})
