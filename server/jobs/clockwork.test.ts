import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { allPages } from '../../test/app.ts'
import {
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  type Stage,
} from '../../test/cast.ts'
import { workOff } from '../../test/working.ts'
import { theClock } from '../permissions.ts'
import { clockwork } from './clockwork.ts'
import type { Circumstances, Job } from './job.ts'
import type { Run } from './runs.ts'
import { jobRunner } from './running.ts'
import { tick } from './tick.ts'

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

type Shown = Omit<Run, 'due_at'> & { due_at: string }

const runsOf = ({ admin }: Stage, query = '') =>
  allPages<Shown>(app, `/jobs/runs?limit=200${query}`, admin.token)
const dueTimes = async (stage: Stage, job: string) =>
  (await runsOf(stage, `&job=${job}`)).map(({ due_at }) => due_at).toReversed()
const run = (name: string, { token }: Person, body?: unknown) =>
  app.post(`/jobs/${name}/run`, { token, body })

/** Looks at the clock and does what is due. */
async function look(): Promise<void> {
  await app.tick()
  await workOff(app)
}

/** A job that is only there for a test, in an organization of its own; `doing` may fail. */
async function newJob(doing: (circumstances: Circumstances, times: number) => Promise<void>) {
  const stage = await newOrganization(app)
  const { id } = stage.organization
  let times = 0
  const job: Job = {
    name: 'sweep',
    does: 'What a test wants.',
    every: '0 * * * *',
    async run(circumstances) {
      if (circumstances.organization.id === id) await doing(circumstances, ++times)
      return { done: times }
    },
  }
  const { db } = app.connection
  const log = { info() {}, warn() {}, error() {} }
  const parts = { db, now: app.now, log, worker_id: app.worker_id, jobs: [job], soft_milliseconds: 60_000 }
  /** Plans it, and has it done as the queue would: once, and as often again as something is due. */
  const doIt = async (more: Partial<Parameters<typeof jobRunner>[0]> = {}) => {
    await tick(db, app.now(), [job])
    return workOff({ ...app, consumers: [jobRunner({ ...parts, ...more })] })
  }
  const [consumer] = [jobRunner(parts)]
  return { stage, doIt, consumer, job, times: () => times, runs: () => runsOf(stage, '&job=sweep') }
}

describe('the clockwork', () => {
  it('has each job once, at a time that a clock shows', () => {
    const names = clockwork.map(({ name }) => name)
    assert.deepEqual(names, [...new Set(names)])
    for (const { name } of clockwork) assert.match(name, /^[a-z]+(-[a-z]+)*$/)
  })

  it('runs a job at its time on the wall clock of the organization', async () => {
    const rules = { after_the_end: 'complete' } as const
    const kolkata = await newOrganization(app, { time_zone: 'Asia/Kolkata', rules })
    const paris = await newOrganization(app, { time_zone: 'Europe/Paris', rules })
    app.setClock('2027-03-02T01:00:00Z')
    await look()
    assert.deepEqual(await dueTimes(kolkata, 'complete-past'), ['2027-03-01T19:30:00Z'])
    assert.deepEqual(await dueTimes(paris, 'complete-past'), ['2027-03-02T00:00:00Z'])
  })

  it('runs a job once, however often one looks', async () => {
    const stage = await newOrganization(app)
    await look()
    await look()
    app.pass({ minutes: 59 })
    await look()
    assert.deepEqual(await dueTimes(stage, 'sweep'), ['2027-03-01T08:00:00Z'])
    app.pass({ minutes: 1 })
    await look()
    assert.deepEqual(await dueTimes(stage, 'sweep'), ['2027-03-01T08:00:00Z', '2027-03-01T09:00:00Z'])
  })

  it('plans a job once, although two look at the same moment', async () => {
    const stage = await newOrganization(app)
    await Promise.all([app.tick(), app.tick(), app.tick(), app.tick()])
    const handed = await workOff(app)
    const ours = handed.filter(
      ({ organization_id, kind }) => organization_id === stage.organization.id && kind === 'job.due',
    )
    assert.deepEqual(await dueTimes(stage, 'sweep'), ['2027-03-01T08:00:00Z'])
    assert.equal(ours.length, (await runsOf(stage)).length)
  })

  it('runs what was missed in an outage once, and not once for each time', async () => {
    const stage = await newOrganization(app, { rules: { no_show_after_minutes: 15 } })
    await look()
    app.pass({ hours: 3, minutes: 7 })
    await look()
    assert.deepEqual(await dueTimes(stage, 'sweep'), ['2027-03-01T08:00:00Z', '2027-03-01T11:00:00Z'])
    assert.deepEqual(await dueTimes(stage, 'mark-no-shows'), ['2027-03-01T08:00:00Z', '2027-03-01T11:07:00Z'])
  })

  it('owes an organization nothing from before it was there, and a daily job a day later', async () => {
    const stage = await newOrganization(app, { rules: { after_the_end: 'complete' } })
    await look()
    assert.deepEqual(await dueTimes(stage, 'complete-past'), [])
    app.pass({ hours: 24 })
    await look()
    assert.deepEqual(await dueTimes(stage, 'complete-past'), ['2027-03-02T01:00:00Z'])
  })

  it('plans nothing where the rules want nothing', async () => {
    const stage = await newOrganization(app, {
      rules: {
        no_show_after_minutes: null,
        cancel_unconfirmed_minutes_before: null,
        after_the_end: 'leave',
        unbooked_slots_kept_days: null,
        notifications_kept_days: null,
        reminders: [],
        messages: [],
      },
    })
    app.pass({ hours: 48 })
    await look()
    assert.deepEqual([...new Set((await runsOf(stage)).map(({ job }) => job))], ['sweep'])
  })

  it('plans no second run while one waits or goes on: nothing piles up where nobody works', async () => {
    const stage = await newOrganization(app, { rules: { no_show_after_minutes: 15 } })
    for (let minute = 0; minute < 5; minute++) {
      await app.tick()
      app.pass({ minutes: 1 })
    }
    assert.deepEqual(await dueTimes(stage, 'mark-no-shows'), ['2027-03-01T08:00:00Z'])
    await workOff(app)
    await look()
    assert.deepEqual(await dueTimes(stage, 'mark-no-shows'), ['2027-03-01T08:00:00Z', '2027-03-01T08:05:00Z'])
  })
})

describe('a job', () => {
  it('is told for whom it runs, for when it was due, and acts in nobody’s name', async () => {
    const seen: Circumstances[] = []
    const { stage, doIt } = await newJob(async (circumstances) => void seen.push(circumstances))
    app.pass({ minutes: 10 })
    await doIt()
    const { organization, due_at, now, clock, asked } = seen[0]!
    assert.equal(seen.length, 1)
    assert.equal(organization.id, stage.organization.id)
    assert.deepEqual(clock, theClock(stage.organization.id))
    assert.deepEqual([`${due_at}`, `${now}`, asked], ['2027-03-01T08:00:00Z', '2027-03-01T08:10:00Z', null])
  })

  it('that is handed on twice is done once', async () => {
    const { doIt, consumer, times } = await newJob(async () => {})
    const handed = (await doIt()).filter(({ kind }) => kind === 'job.due')
    for (const event of handed) await consumer.handle(event)
    assert.equal(times(), 1)
  })

  it('that fails shows why, and is done when it is tried again', async () => {
    const { stage, doIt, consumer, runs } = await newJob(async (_, times) => {
      if (times === 1) throw new Error('the printer is out of paper')
    })
    await assert.rejects(doIt(), /out of paper/)
    const [failed] = await runs()
    assert.deepEqual(
      [failed!.state, failed!.error, failed!.attempts],
      ['failed', 'the printer is out of paper', 1],
    )
    const { body } = await app.get('/jobs', { token: stage.admin.token })
    assert.equal(body.items.find(({ name }: { name: string }) => name === 'sweep').failures, 1)

    const { organization_id, id: run_id } = await app.connection.db
      .selectFrom('clockwork_runs')
      .selectAll()
      .where('id', '=', failed!.id)
      .executeTakeFirstOrThrow()
    await consumer.handle({ id: failed!.id, organization_id, kind: 'job.due', data: { run_id } })
    const [done] = await runs()
    assert.deepEqual([done!.state, done!.error, done!.attempts], ['completed', null, 2])
    assert.deepEqual(done!.result, { done: 2 })
  })

  it('that takes too long is told to stop, and what is left is left to the next attempt', async () => {
    const { doIt, runs } = await newJob(async ({ signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    })
    await assert.rejects(doIt({ soft_milliseconds: 1 }), /stopped after/)
    const [{ state, error }] = (await runs()) as [Shown]
    assert.equal(state, 'failed')
    assert.match(error!, /with work left to do/)
  })

  it('of a worker that died is planned anew, and of one that lives is left alone', async () => {
    const { stage, doIt, job, times, runs } = await newJob(async () => {})
    const { db } = app.connection
    await tick(db, app.now(), [job])
    const inHand = (worker_id: string) =>
      db
        .updateTable('clockwork_runs')
        .set({ state: 'running', worker_id, started_at: app.now() })
        .where('organization_id', '=', stage.organization.id)
        .execute()
    const host = { role: 'worker', host: 'here', pid: 1, started_at: app.now() }
    const [living, dead] = [crypto.randomUUID(), crypto.randomUUID()]
    const soon = Temporal.Now.instant()
    await db
      .insertInto('workers')
      .values([
        { id: living, ...host, seen_at: soon },
        { id: dead, ...host, seen_at: soon.subtract({ minutes: 1 }) },
      ])
      .execute()

    await inHand(living)
    await doIt()
    assert.equal(times(), 0)
    await inHand(dead)
    await doIt()
    assert.equal(times(), 1)
    assert.deepEqual(
      (await runs()).map(({ state }) => state),
      ['completed'],
    )
    await db.deleteFrom('workers').execute()
  })
})

describe('administrators', () => {
  it('see each job with its rhythm, its next time and its last run', async () => {
    const stage = await newOrganization(app, {
      time_zone: 'Europe/Berlin',
      rules: { after_the_end: 'complete' },
    })
    await look()
    const { status, body } = await app.get('/jobs', { token: stage.admin.token })
    assert.equal(status, 200)
    const named = (name: string) => body.items.find((job: { name: string }) => job.name === name)
    assert.deepEqual(
      body.items.map(({ name }: Job) => name),
      clockwork.map(({ name }) => name),
    )
    assert.equal(named('complete-past').every, '0 1 * * *')
    assert.equal(named('complete-past').next_due_at, '2027-03-02T00:00:00Z')
    assert.equal(named('mark-no-shows').next_due_at, null)
    assert.equal(named('sweep').last_run.state, 'completed')
    assert.equal(named('sweep').last_run.due_at, '2027-03-01T08:00:00Z')
  })

  it('start a job, which is accepted, and then done', async () => {
    const stage = await newOrganization(app)
    const { status, body } = await run('complete-past', stage.admin)
    assert.equal(status, 202)
    assert.deepEqual([body.job, body.state, body.asked_by], ['complete-past', 'planned', stage.admin.id])
    await workOff(app)
    const { body: done } = await app.get(`/jobs/runs/${body.id}`, { token: stage.admin.token })
    assert.deepEqual([done.state, done.result], ['completed', { completed: 0, missed: 0 }])
  })

  it('are told of a job that there is not, and which there are', async () => {
    const { admin } = await newOrganization(app)
    const { status, body } = await run('make-tea', admin)
    assert.deepEqual([status, body.code], [404, 'no_such_job'])
    assert.match(body.detail, /mark-no-shows/)
  })

  it('say nothing to a job that takes nothing, and only what is right to one that does', async () => {
    const stage = await newOrganization(app)
    const provider = await newProvider(app, stage)
    assert.equal((await run('sweep', stage.admin, { all: true })).status, 422)
    const slots = (week: unknown, more = {}) =>
      run('generate-slots', stage.admin, { provider_id: provider.id, week, ...more })
    assert.equal((await slots({ 8: [] })).status, 422)
    assert.equal((await slots({ 1: [{ start: '10:00', end: '09:00' }] })).body.errors[0].field, 'week.1')
    assert.equal((await slots({ 1: [] }, { weeks: 53 })).status, 422)
    assert.equal((await slots({ 1: [] })).status, 202)
  })

  it('find runs by their job and their state, page by page, and none of others', async () => {
    const [stage, other] = [await newOrganization(app), await newOrganization(app)]
    for (let time = 0; time < 3; time++) await run('sweep', stage.admin)
    await run('complete-past', stage.admin)
    const { body: foreign } = await run('sweep', other.admin)
    await workOff(app)
    assert.equal(
      (await allPages(app, '/jobs/runs?limit=2&job=sweep&state=completed', stage.admin.token)).length,
      3,
    )
    assert.equal((await runsOf(stage)).length, 4)
    assert.deepEqual(await runsOf(stage, '&state=failed'), [])
    assert.equal((await app.get(`/jobs/runs/${foreign.id}`, { token: stage.admin.token })).status, 404)
  })

  it('alone see jobs and start them', async () => {
    const stage = await newOrganization(app)
    const others = [await newClient(app, stage), await newProvider(app, stage)]
    for (const role of ['secretary', 'reception'] as const)
      others.push(await newPerson(app, stage.organization, [role]))
    for (const person of others) {
      assert.equal((await run('sweep', person)).status, 403)
      assert.equal((await run('make-tea', person)).status, 403)
      assert.equal((await app.get('/jobs', { token: person.token })).status, 403)
    }
    assert.deepEqual(await runsOf(stage), [])
  })
})

describe('the page of the jobs', () => {
  it('is there for everybody, runs no script but its own, and shows nothing without a log-in', async () => {
    const page = await app.get('//jobs')
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-type')!, /^text\/html/)
    assert.match(page.headers.get('content-security-policy')!, /default-src 'none'; script-src 'self'/)
    assert.doesNotMatch(page.body, /<script(?![^>]* src=)|style=|onclick=|https?:\/\//)
    for (const [path, type] of [
      ['//jobs/page.js', /^text\/javascript/],
      ['//jobs/page.css', /^text\/css/],
    ] as const) {
      const { status, headers } = await app.get(path)
      assert.equal(status, 200)
      assert.match(headers.get('content-type')!, type)
      assert.ok(page.body.includes(path.slice(1)))
    }
    assert.equal((await app.get('/jobs', { headers: { 'x-organization': 'nobody' } })).status, 401)
  })

  it('finds every part of itself that its script speaks of', async () => {
    const [{ body: page }, { body: script }] = [await app.get('//jobs'), await app.get('//jobs/page.js')]
    const named = [...script.matchAll(/(?:byId|show)\(\s*'([\w-]+)'/g)].map(([, id]) => id)
    assert.ok(named.length > 8)
    for (const id of named) assert.ok(page.includes(`id="${id}"`), id)
    assert.match(page, /aria-live="polite"/)
    assert.equal([...page.matchAll(/<th /g)].length, [...page.matchAll(/<th scope="col">/g)].length)
  })
})
