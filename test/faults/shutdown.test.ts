import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Home, newHome } from './home.ts'
import { type Business, findLost, keepBooking, setUpBusiness } from './load.ts'

let home: Home
let business: Business
before(async () => {
  home = await newHome()
  business = await setUpBusiness(home)
})
after(() => home.remove())

describe('a program that is told to stop while people book', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`answers or refuses each of them, and ends in order (${signal})`, { timeout: 60_000 }, async (t) => {
      const programs = await home.start()
      const load = keepBooking(
        business,
        programs.map(({ address }) => address),
      )
      await load.reaches(40)
      const begun = performance.now()
      const codes = await Promise.all(programs.map((program) => program.end(signal)))
      t.diagnostic(`ended after ${Math.round(performance.now() - begun)} ms`)
      assert.ok(performance.now() - begun < 10_000, 'it took longer than a service manager waits')
      assert.deepEqual(
        codes,
        programs.map(() => 0),
      )
      assert.deepEqual(
        programs.map((program) => program.output().split('\n').slice(1).join('')),
        programs.map(() => ''),
      )
      await load.ended
      assert.deepEqual(
        load.others.filter((other) => !/^(503|no answer)/.test(other)),
        [],
      )
      const { lost, broken } = await home.look((pool) => findLost(pool, load.answered))
      assert.deepEqual({ lost, broken }, { lost: [], broken: [] })
    })
  }
})
