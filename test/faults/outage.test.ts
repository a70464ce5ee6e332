import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connect } from '../../server/database/connect.ts'
import { ask, SECRET } from '../app.ts'
import { quiet } from '../database.ts'
import { howToInstall, type Postgres, postgresBinaries, startPostgres } from '../postgres.ts'
import { type Program, startProgram } from '../program.ts'
import { type Business, findLost, keepBooking, setUpBusiness } from './load.ts'

describe('a database that is gone for a while', { skip: postgresBinaries() ? false : howToInstall }, () => {
  let postgres: Postgres
  let url: string
  let program: Program
  let business: Business
  before(async () => {
    postgres = await startPostgres()
    url = await postgres.createDatabase()
    const env = { DATABASE_URL: url, SECRET_KEY: SECRET }
    const start = async () => [await startProgram(env)]
    business = await setUpBusiness({ env, start })
    program = (await start())[0]!
  })
  after(async () => {
    await program.end('SIGKILL')
    await postgres.stop()
  })

  it('is told as such, hangs nobody, loses nothing, and is used again when it is back', async () => {
    const load = keepBooking(business, [program.address])
    await load.reaches(20)
    await postgres.stopHard()
    const refused = await ask(program.address, 'GET', '/appointments', { token: business.tokens[0] })
    assert.deepEqual([refused.status, refused.body.code], [503, 'database_unavailable'])
    assert.equal((await ask(program.address, 'GET', '//health')).status, 503)
    assert.equal((await ask(program.address, 'GET', '//health/live')).status, 200)

    await postgres.start()
    await load.reaches(load.answered.length + 20)
    load.stop()
    await load.ended
    assert.deepEqual([...new Set(load.others)], ['503 database_unavailable'])
    const connection = await connect({ database_url: url, log: quiet })
    const { lost, broken } = await findLost(connection.pool, load.answered)
    await connection.close()
    assert.deepEqual({ lost, broken }, { lost: [], broken: [] })
  })
})
