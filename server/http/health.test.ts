import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import packageJson from '../../package.json' with { type: 'json' }
import { startApp } from '../../test/app.ts'

const app = await startApp()
after(() => app.stop())

describe('the program, asked how it is', () => {
  it('says that it can work, which version it is and where it runs', async () => {
    for (const path of ['/health', '//health', '/health/ready', '//health/ready']) {
      const { status, body } = await app.get(path)
      assert.equal(status, 200, path)
      assert.deepEqual(body, {
        status: 'ok',
        environment: 'local',
        version: packageJson.version,
        dependencies: { database: 'ok' },
      })
    }
  })

  it('lives, and says so, when its database does not answer', async () => {
    const other = await startApp()
    await other.connection.close()
    try {
      for (const path of ['/health', '/health/ready']) {
        const { status, body } = await other.get(path)
        assert.equal(status, 503, path)
        assert.equal(body.status, 'failing')
        assert.equal(body.dependencies.database, 'failing')
      }
      const { status, body } = await other.get('/health/live')
      assert.equal(status, 200)
      assert.deepEqual(body, { status: 'ok' })
    } finally {
      await other.app.close()
    }
  })

  it('says the time of its own clock, in UTC', async () => {
    app.setClock('2027-10-31T01:30:00+02:00')
    for (const path of ['/time/now', '//time/now']) {
      const { status, body } = await app.get(path)
      assert.equal(status, 200)
      assert.deepEqual(body, { now: '2027-10-30T23:30:00Z' })
    }
  })
})
