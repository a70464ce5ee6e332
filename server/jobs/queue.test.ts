import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import { newOrganization, type Stage } from '../../test/cast.ts'

const soon = { interval: 50, timeout: 20_000 }

let app: TestApp
let stage: Stage
before(async () => {
  app = await startApp({ queue: true })
  stage = await newOrganization(app, { rules: { no_show_after_minutes: 15 } })
})
after(() => app.stop())

const read = async (path: string) => (await app.get(path, { token: stage.admin.token })).body

async function becomes(t: TestContext, id: string, state: string) {
  await t.waitFor(async () => assert.equal((await read(`/jobs/runs/${id}`)).state, state), soon)
  return read(`/jobs/runs/${id}`)
}

describe('the queue of the jobs', () => {
  it('brings what an administrator asks for to a worker, who is known', async (t) => {
    const asked = await app.post('/jobs/sweep/run', { token: stage.admin.token })
    assert.equal(asked.status, 202)
    const run = await becomes(t, asked.body.id, 'completed')
    const { workers, queues } = await read('/jobs')
    assert.deepEqual(
      workers.map(({ id, role, pid }: { id: string; role: string; pid: number }) => [id, role, pid]),
      [[app.worker_id, 'all', process.pid]],
    )
    assert.equal(run.worker_id, app.worker_id)
    const names = new Set(queues.map(({ name }: { name: string }) => name))
    assert.ok(names.has('scheduled') && !names.has('clockwork'))
  })

  it('is asked to look at the clock each minute, and then plans what is due', async (t) => {
    const { pool } = app.connection
    const { rows } = await pool.query('select name, cron from pgboss.schedule')
    assert.deepEqual(rows, [{ name: 'clockwork', cron: '* * * * *' }])
    // As the schedule does, without waiting for the next minute.
    await pool.query(`insert into pgboss.job (name, policy) values ('clockwork', 'short')`)
    const due = '/jobs/runs?job=mark-no-shows'
    await t.waitFor(async () => assert.equal((await read(due)).items[0]?.state, 'completed'), soon)
    assert.equal((await read(due)).items[0].due_at, '2027-03-01T08:00:00Z')
  })

  it('shows what waits, and for how long, to whose it is', async () => {
    const other = await newOrganization(app)
    await app.connection.pool.query(
      `insert into pgboss.job (name, data, start_after, created_on)
       select 'scheduled', jsonb_build_object('organization_id', $1::text, 'kind', 'none', 'data', '{}'::jsonb),
         now() + at, now() - interval '1 hour' from unnest(array[interval '1 hour', interval '2 hours']) as at`,
      [stage.organization.id],
    )
    const scheduled = async ({ admin }: Stage) => {
      const { body } = await app.get('/jobs', { token: admin.token })
      return body.queues.find(({ name }: { name: string }) => name === 'scheduled')
    }
    assert.deepEqual(await scheduled(stage), {
      name: 'scheduled',
      waiting: 2,
      active: 0,
      failed: 0,
      oldest_seconds: null,
    })
    assert.equal((await scheduled(other)).waiting, 0)
  })
})
