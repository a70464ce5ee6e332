import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
import { newClient, newOrganization, newProvider, type Person } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { counted, type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 15, most_holds: 100 } as const
// A day of the organization that is no day in UTC: from 15:00 to 15:00.
const time_zone = 'Asia/Tokyo'
const limitReached = '422 limit_reached'

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('when many ask at once for what there is only some of', () => {
  it('a provider has no more on one day than the rules allow, and as many on the next', async () => {
    for (let round = 1; round <= ROUNDS * 2; round++) {
      const { stage, provider } = await arrange({ most_per_provider_and_day: 5 })
      const crowd = await newCrowd(ground.app, stage, 24)
      // Twelve before midnight in Tokyo and twelve from then on.
      const asks = crowd.map((client, n) => () => book(client, provider, { minutes: (n - 12) * 15 }))
      const answers = await Promise.all(shuffled(asks).map((ask) => ask()))
      assert.deepEqual(counted(answers), { '201': 10, [limitReached]: 14 })
      const starts = answers.filter(({ status }) => status === 201).map(({ body }) => body.starts_at)
      assert.equal(starts.filter((start) => start < MIDNIGHT).length, 5)
      await nothingIsBroken()
    }
  })

  it('holds and bookings are counted together', async () => {
    for (let round = 1; round <= ROUNDS * 2; round++) {
      const { stage, provider } = await arrange({ most_per_provider_and_day: 5 })
      const crowd = await newCrowd(ground.app, stage, 20)
      const asks = crowd.map((client, n) => () => {
        const path = n % 2 === 0 ? '/appointments' : '/holds'
        return book(client, provider, { path, minutes: n * 15 })
      })
      const answers = await Promise.all(shuffled(asks).map((ask) => ask()))
      assert.deepEqual(counted(answers), { '201': 5, [limitReached]: 15 })
    }
  })

  for (const limit of ['most_per_client_and_day', 'most_per_client'] as const) {
    it(`a client has no more than the rules allow, with whomever they book (${limit})`, async () => {
      for (let round = 1; round <= ROUNDS * 2; round++) {
        const { stage, provider } = await arrange({ [limit]: 3 })
        const others = [provider, await newProvider(ground.app, stage, always)]
        const client = await newClient(ground.app, stage)
        const asks = Array.from({ length: 12 }, (_, n) => () => {
          return book(client, others[n % 2]!, { minutes: n * 15 })
        })
        const answers = await Promise.all(shuffled(asks).map((ask) => ask()))
        assert.deepEqual(counted(answers), { '201': 3, [limitReached]: 9 })
        await nothingIsBroken()
      }
    })
  }

  it('nobody keeps more times than the rules allow, whomever they are of', async () => {
    for (let round = 1; round <= ROUNDS * 2; round++) {
      const { stage, provider } = await arrange({ most_holds: 3 })
      const others = [provider, await newProvider(ground.app, stage, always)]
      const client = await newClient(ground.app, stage)
      const asks = Array.from({ length: 12 }, (_, n) => () => {
        return book(client, others[n % 2]!, { path: '/holds', minutes: n * 15 })
      })
      const answers = await Promise.all(shuffled(asks).map((ask) => ask()))
      assert.deepEqual(counted(answers), { '201': 3, [limitReached]: 9 })
    }
  })

  it('two guardians do not both get the same teacher for one child', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, provider } = await arrange({ one_per_provider_and_dependent: true })
      const [mother, father] = await newCrowd(ground.app, stage, 2)
      const { token } = stage.admin
      const { body: child } = await ground.ask('POST', '/dependents', {
        token,
        body: { name: 'Kim', client_id: mother!.id },
      })
      await ground.ask('PUT', `/dependents/${child.id}/guardians/${father!.id}`, { token })
      const asks = [mother!, father!, mother!, father!].map((guardian, n) => () => {
        const path = n < 2 ? '/appointments' : '/holds'
        return book(guardian, provider, { path, minutes: n * 30, dependent_id: child.id })
      })
      const answers = await Promise.all(shuffled(asks).map((ask) => ask()))
      assert.deepEqual(counted(answers), { '201': 1, '422 one_per_provider_and_dependent': 3 })
    }
  })

  it('moving onto a full day is as booking on it', async () => {
    for (let round = 1; round <= ROUNDS * 2; round++) {
      const { stage, provider } = await arrange({ most_per_provider_and_day: 3 })
      const crowd = await newCrowd(ground.app, stage, 10)
      const asks = crowd.map((client, n) => async () => {
        // Each has an appointment on a day of their own and moves it onto the one day.
        const booked = await book(client, provider, { minutes: (n + 2) * 24 * 60 })
        const { token } = client
        const body = { starts_at: startAt(n * 15) }
        return ground.ask('POST', `/appointments/${booked.body.id}/reschedule`, { token, body })
      })
      const answers = await Promise.all(asks.map((ask) => ask()))
      assert.deepEqual(counted(answers), { '200': 3, [limitReached]: 7 })
      await nothingIsBroken()
    }
  })

  it('never deadlocks', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

const MIDNIGHT = '2027-03-02T15:00:00Z'
const always = { weekdays: [1, 2, 3, 4, 5, 6, 7], opens: '00:00', closes: '24:00' }

async function arrange(more: Partial<Rules>) {
  const stage = await newOrganization(ground.app, { rules: { ...rules, ...more }, time_zone })
  return { stage, provider: await newProvider(ground.app, stage, always) }
}

const startAt = (minutes: number) => Temporal.Instant.from(MIDNIGHT).add({ minutes }).toString()

function book(
  { token }: Person,
  { id: provider_id }: Person,
  { path = '/appointments', minutes, ...more }: { path?: string; minutes: number; dependent_id?: string },
) {
  return ground.ask('POST', path, { token, body: { provider_id, starts_at: startAt(minutes), ...more } })
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
