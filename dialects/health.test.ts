import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../test/app.ts'

const app = await startApp()
after(() => app.stop())
const trades = ['general', 'school', 'clinic']
const probes = ['health', 'health/live', 'health/ready']

describe('the program, asked how it is inside a dialect', () => {
  it('says the same as outside, to everybody and with no organization there yet', async () => {
    for (const probe of probes) {
      const outside = await app.get(`//${probe}`)
      assert.match(outside.body.status, /^ok$/)
      for (const trade of trades) {
        for (const path of [`//${trade}/${probe}`, `//${trade}/${probe}/`]) {
          const { status, body } = await app.get(path)
          assert.deepEqual([status, body], [200, outside.body], path)
        }
      }
    }
  })

  it('lives and is not ready while its database does not answer', async () => {
    const other = await startApp()
    await other.connection.close()
    try {
      for (const trade of trades) {
        const answers = []
        for (const probe of probes) answers.push(await other.get(`//${trade}/${probe}`))
        assert.deepEqual(
          answers.map(({ status }) => status),
          [503, 200, 503],
        )
        assert.deepEqual(
          answers.map(({ body }) => body.status),
          ['failing', 'ok', 'failing'],
        )
        assert.equal(answers[2]!.body.dependencies.database, 'failing')
      }
    } finally {
      await other.app.close()
    }
  })
})
