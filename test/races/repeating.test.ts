import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { newClient, newOrganization, newProvider, type Person } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { counted, type RaceGround, raceGround, ROUNDS } from './ground.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 60, clients_may_overlap: true } as const
const NINE = '2027-03-02T09:00:00Z'

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('a request that is sent more than once', () => {
  it('books once, and is answered each time with what was booked', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { client, provider } = await arrange()
      const key = randomUUID()
      const body = { provider_id: provider.id, starts_at: NINE }
      const answers = await Promise.all(Array.from({ length: 8 }, () => book(client, key, body)))
      assert.deepEqual(counted(answers), { '201': 8 })
      assert.equal(new Set(answers.map((answer) => JSON.stringify(answer.body))).size, 1)
      assert.equal(await appointmentsOf(client), 1)
      await nothingIsBroken()
    }
  })

  it('books once what is held, too', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { client, provider } = await arrange()
      const wanted = { provider_id: provider.id, starts_at: NINE }
      const held = await ground.ask('POST', '/holds', { token: client.token, body: wanted })
      const [key, body] = [randomUUID(), { hold_id: held.body.id }]
      const answers = await Promise.all(Array.from({ length: 6 }, () => book(client, key, body)))
      assert.deepEqual(counted(answers), { '201': 6 })
      assert.equal(await appointmentsOf(client), 1)
    }
  })

  it('with another wish under the same key is refused, and only one of them is granted', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { client, provider } = await arrange()
      const key = randomUUID()
      const hours = ['09', '10', '11', '12', '13', '14']
      const answers = await Promise.all(
        hours.map((hour) =>
          book(client, key, { provider_id: provider.id, starts_at: `2027-03-02T${hour}:00:00Z` }),
        ),
      )
      assert.deepEqual(counted(answers), { '201': 1, '422 idempotency_key_reused': 5 })
      assert.equal(await appointmentsOf(client), 1)
      await nothingIsBroken()
    }
  })

  it('is no repetition when somebody else sends it', async () => {
    const { stage, client, provider } = await arrange()
    const [key, rival] = [randomUUID(), await newClient(ground.app, stage)]
    const body = { provider_id: provider.id, starts_at: NINE }
    const answers = await Promise.all([client, rival, client, rival].map((who) => book(who, key, body)))
    assert.deepEqual(counted(answers), { '201': 2, '409 time_taken': 2 })
  })

  it('may be tried again after a refusal', async () => {
    const { stage, client, provider } = await arrange()
    const rival = await newClient(ground.app, stage)
    const body = { provider_id: provider.id, starts_at: NINE }
    const theirs = await book(rival, randomUUID(), body)
    const key = randomUUID()
    assert.equal((await book(client, key, body)).status, 409)
    await ground.ask('POST', `/appointments/${theirs.body.id}/cancel`, { token: rival.token })
    assert.equal((await book(client, key, body)).status, 201)
  })

  it('never deadlocks', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

async function arrange() {
  const stage = await newOrganization(ground.app, { rules })
  return { stage, provider: await newProvider(ground.app, stage), client: await newClient(ground.app, stage) }
}

const book = ({ token }: Person, key: string, body: object) =>
  ground.ask('POST', '/appointments', { token, body, headers: { 'idempotency-key': key } })

async function appointmentsOf({ token }: Person): Promise<number> {
  return (await ground.ask('GET', '/appointments', { token })).body.items.length
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
