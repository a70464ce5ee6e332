import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { SECRET, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newService } from '../../test/cast.ts'
import { databaseKind } from '../../test/database.ts'
import { type Program, startProgram } from '../../test/program.ts'

const soon = { interval: 100, timeout: 30_000 }
const NOON = '2027-03-02T12:00:00Z'

describe(
  'several processes on one database',
  { skip: databaseKind === 'embedded' && 'which is for one' },
  () => {
    let app: TestApp
    const programs: Program[] = []
    // Of organizations that others have made there would be work for minutes.
    before(async () => (app = await startApp({ alone: true })))
    after(async () => {
      await Promise.all(programs.map((program) => program.end('SIGKILL')))
      await app.stop()
    })

    const start = async (ROLE: string) => {
      const env = { ROLE, DATABASE_URL: app.connection.url!, SECRET_KEY: SECRET, PUNCTUAL_NOW: NOON }
      programs.push(await startProgram(env))
    }

    it('share the work by their roles, and finish what one had in hand that was killed, once', async (t) => {
      const { db, pool } = app.connection
      const stage = await newOrganization(app, { rules: { no_show_after_minutes: 15, notice_minutes: 0 } })
      const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
      const { id: service_id } = await newService(app, stage)
      const wanted = { provider_id: provider.id, service_id, starts_at: '2027-03-02T10:00:00Z' }
      const { body: appointment } = await book(app, client, wanted)
      const readRun = () =>
        db
          .selectFrom('clockwork_runs')
          .selectAll()
          .where('organization_id', '=', stage.organization.id)
          .where('job', '=', 'mark-no-shows')
          .execute()

      // Whoever marks it has to wait for us, in the middle of its work.
      const holder = await pool.connect()
      t.after(() => holder.release(true))
      await holder.query('begin')
      await holder.query('select from appointments where id = $1 for update', [appointment.id])
      await Promise.all(['worker', 'worker', 'scheduler'].map(start))
      assert.deepEqual(
        programs.map(({ address }) => address),
        ['', '', ''],
      )
      await t.waitFor(async () => assert.equal((await readRun())[0]?.state, 'running'), soon)
      const worker_id = (await readRun())[0]!.worker_id
      const workers = await db.selectFrom('workers').selectAll().execute()
      assert.deepEqual(
        workers.map(({ role }) => role),
        ['worker', 'worker'],
      )

      process.kill(workers.find(({ id }) => id === worker_id)!.pid, 'SIGKILL')
      await Promise.race(programs.map(({ ended }) => ended))
      // As it is twenty seconds later.
      await pool.query(`update workers set seen_at = seen_at - interval '20 seconds' where id = $1`, [
        worker_id,
      ])
      await holder.query('rollback')
      app.setClock(NOON)
      await Promise.all([app.tick(), app.tick()])

      await t.waitFor(async () => assert.equal((await readRun())[0]?.state, 'completed'), soon)
      const [run] = await readRun()
      assert.deepEqual([run!.attempts, run!.result], [2, { marked: 1 }])
      assert.notEqual(run!.worker_id, worker_id)
      const { body } = await app.get(`/clients/${client.id}`, { token: stage.admin.token })
      assert.equal(body.no_show_count, 1)
    })
  },
)
