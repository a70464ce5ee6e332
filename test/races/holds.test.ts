import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Answer } from '../app.ts'
import { newClient, newOrganization, newProvider, type Person } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { counted, type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 60, clients_may_overlap: false } as const
const NINE = '2027-03-02T09:00:00Z'

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('a held time', () => {
  it('is held by only one of many who ask at once', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange()
      const crowd = await newCrowd(ground.app, stage, 30)
      const answers = await Promise.all(crowd.map((client) => hold(client, provider)))
      assert.deepEqual(counted(answers), { '201': 1, '409 time_taken': 29 })
      await nothingIsBroken()
    }
  })

  it('is booked once, however often it is asked for at once', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange()
      const client = await newClient(ground.app, stage)
      const hold_id = (await hold(client, provider)).body.id
      const answers = await Promise.all(Array.from({ length: 10 }, () => book(client, { hold_id })))
      assert.deepEqual(counted(answers), { '201': 1, '409 hold_used': 9 })
      await nothingIsBroken()
    }
  })

  it('goes to whoever holds it, whoever else asks at the same time', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange()
      const [client, ...rivals] = await newCrowd(ground.app, stage, 20)
      const hold_id = (await hold(client!, provider)).body.id
      const asked = shuffled([
        () => book(client!, { hold_id }),
        ...rivals.map((rival) => () => book(rival, { provider_id: provider.id, starts_at: NINE })),
      ])
      const answers = await Promise.all(asked.map((ask) => ask()))
      assert.deepEqual(counted(answers), { '201': 1, '409 time_taken': 19 })
      assert.equal(answers.find(({ status }) => status === 201)!.body.client_id, client!.id)
      await nothingIsBroken()
    }
  })

  it('is booked or let go, not both', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, provider } = await arrange()
      const client = await newClient(ground.app, stage)
      const { token } = client
      const hold_id = (await hold(client, provider)).body.id
      const [booked, letGo] = await Promise.all([
        book(client, { hold_id }),
        ground.ask('DELETE', `/holds/${hold_id}`, { token }),
      ])
      const both = `${booked.status} ${letGo.status}`
      assert.match(both, /^(201 404|404 204)$/)
      await nothingIsBroken()
    }
  })

  it('that expires goes to whoever held it or to whoever comes after, never to both', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, provider } = await arrange()
      const [client, ...rivals] = await newCrowd(ground.app, stage, 4)
      const hold_id = (await hold(client!, provider)).body.id
      await expireSoon(hold_id)
      const answers = await askUntilItIsGiven(rivals, provider, () => book(client!, { hold_id }))
      const won = answers.filter(({ status }) => status === 201)
      assert.equal(won.length, 1)
      const kinds = Object.keys(counted(answers))
      assert.deepEqual(
        kinds.filter((kind) => !/^(201|409 (time_taken|hold_expired))$/.test(kind)),
        [],
      )
      await nothingIsBroken()
    }
  })

  it('never deadlocks', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

async function arrange() {
  const stage = await newOrganization(ground.app, { rules })
  return { stage, provider: await newProvider(ground.app, stage) }
}

const book = ({ token }: Person, body: object) => ground.ask('POST', '/appointments', { token, body })

const hold = ({ token }: Person, { id: provider_id }: Person) =>
  ground.ask('POST', '/holds', { token, body: { provider_id, starts_at: NINE } })

/** Lets a hold expire in a twentieth of a second of the program's clock. */
async function expireSoon(hold_id: string) {
  const { body } = await ground.ask('GET', '/time/now')
  const expires_at = Temporal.Instant.from(body.now).add({ milliseconds: 50 }).toString()
  await ground.app.connection.pool.query('update holds set expires_at = $2 where id = $1', [
    hold_id,
    expires_at,
  ])
}

/** Rivals ask again and again; somewhere in between, about when the hold expires, its holder books it. */
async function askUntilItIsGiven(rivals: Person[], provider: Person, bookHeld: () => Promise<Answer>) {
  const answers: Promise<Answer>[] = []
  const turn = Math.floor(Math.random() * 12)
  for (let isGiven = false, asked = 0; !isGiven; asked++) {
    if (asked === turn) answers.push(bookHeld())
    ground.tick()
    const body = { provider_id: provider.id, starts_at: NINE }
    const now = rivals.map((rival) => book(rival, body))
    answers.push(...now)
    isGiven =
      (await Promise.all(now)).some(({ status }) => status === 201) || (await haveOne(answers, asked > turn))
  }
  return Promise.all(answers)
}

async function haveOne(answers: Promise<Answer>[], isComplete: boolean): Promise<boolean> {
  return isComplete && (await Promise.all(answers)).some(({ status }) => status === 201)
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
