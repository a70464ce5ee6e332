import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { databaseKind } from '../database.ts'
import { type Program, startAndKill } from '../program.ts'
import { type Home, newHome } from './home.ts'
import { type Answered, type Business, findLost, keepBooking, setUpBusiness } from './load.ts'
import { measured } from '../measured.ts'

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 1)
const LONGEST_START_MS = 3_000

let home: Home
let business: Business
before(async () => {
  home = await newHome()
  business = await setUpBusiness(home)
})
after(() => home.remove())

describe('a program that is killed while people book', () => {
  it('has kept all that it answered, and starts again by itself', { timeout: ROUNDS * 60_000 }, async (t) => {
    const answered: Answered[] = []
    for (let round = 1; round <= ROUNDS; round++) {
      const now = await bookUntilKilled(await home.start())
      answered.push(...now)
      // Now and then it is killed once more, before it has found its feet.
      if (round % 4 === 0) await startAndKill(home.env, Math.random() * LONGEST_START_MS)

      for (const program of await home.start()) {
        assert.equal((await fetch(`${program.address}/health`)).status, 200)
        assert.equal(await program.end('SIGTERM'), 0, program.output())
      }
      const { lost, broken } = await home.look((pool) => findLost(pool, answered))
      assert.deepEqual({ lost, broken }, { lost: [], broken: [] })
      t.diagnostic(`round ${round}: ${now.length} answered, ${lost.length} lost`)
      measured('kill -9', { database: databaseKind, round, answered: now.length, lost: lost.length })
    }
  })
})

/** Kills one program after the other, each after some answers more; those that are left go on. */
async function bookUntilKilled(programs: Program[]): Promise<Answered[]> {
  const load = keepBooking(
    business,
    programs.map(({ address }) => address),
  )
  for (const program of programs) {
    await load.reaches(load.answered.length + 20 + Math.floor(Math.random() * 60))
    assert.equal(await program.end('SIGKILL'), 'SIGKILL', program.output())
  }
  await load.ended
  assert.deepEqual(
    load.others.filter((other) => !other.startsWith('no answer')),
    [],
  )
  return load.answered
}
