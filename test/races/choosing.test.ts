import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newOrganization, newProvider, type Person } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { counted, type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 60, clients_may_overlap: false } as const
const on = (day: number) => `2027-03-0${day}T09:00:00Z`

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('whoever is free, asked for by many at once,', () => {
  it('is nobody twice: each of three is chosen once', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage } = await arrange(3)
      const crowd = await newCrowd(ground.app, stage, 20)
      const answers = await Promise.all(crowd.map((client) => book(client, { starts_at: on(2) })))
      assert.deepEqual(counted(answers), { '201': 3, '409 nobody_free': 17 })
      const chosen = answers.filter(({ status }) => status === 201).map(({ body }) => body.provider_id)
      assert.equal(new Set(chosen).size, 3)
      await nothingIsBroken()
    }
  })

  it('is nobody whom somebody else has asked for by name', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, providers } = await arrange(4)
      const crowd = await newCrowd(ground.app, stage, 20)
      const asked = crowd.map((client, n) => () => {
        const provider_id = n % 2 ? providers[n % 4]!.id : undefined
        return book(client, { starts_at: on(2), provider_id })
      })
      const answers = await Promise.all(shuffled(asked).map((ask) => ask()))
      const { '201': won = 0, '409 time_taken': named = 0, '409 nobody_free': any = 0 } = counted(answers)
      assert.deepEqual([won, named + any], [4, 16])
      await nothingIsBroken()
    }
  })

  it('never deadlocks', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

async function arrange(size: number) {
  const stage = await newOrganization(ground.app, { rules })
  const providers: Person[] = []
  for (let n = 0; n < size; n++) providers.push(await newProvider(ground.app, stage))
  return { stage, providers }
}

const book = ({ token }: Person, body: object) => ground.ask('POST', '/appointments', { token, body })

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
