import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Answer } from '../app.ts'
import {
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  newService,
  type Person,
  type Stage,
  worksAt,
} from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { databaseKind } from '../database.ts'
import { measured } from '../measured.ts'
import { counted, type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 60, clients_may_overlap: false } as const
const NINE = '2027-03-02T09:00:00Z'
const at = (minutes: number) => Temporal.Instant.from(NINE).add({ minutes }).toString()

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('when many ask at once', () => {
  it('gives a time to only one of two hundred', async (t) => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange()
      const crowd = await newCrowd(ground.app, stage, 200)
      const begun = performance.now()
      const answers = await Promise.all(crowd.map((client) => book(client, provider, NINE)))
      const milliseconds = Math.round(performance.now() - begun)
      t.diagnostic(`round ${round}: ${milliseconds} ms`)
      measured('200 at once for one time', { database: databaseKind, round, milliseconds })
      assert.deepEqual(counted(answers), { '201': 1, '409 time_taken': 199 })
      await oneWins(stage, answers)
    }
  })

  it('gives times that overlap to only one, wherever they start', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange()
      const crowd = await newCrowd(ground.app, stage, 40)
      const answers = await Promise.all(crowd.map((client, n) => book(client, provider, at(n % 30))))
      assert.deepEqual(counted(answers), { '201': 1, '409 time_taken': 39 })
      await oneWins(stage, answers)
    }
  })

  it('gives times that overlap to only one, however long they are and whatever is done', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange()
      const services = [
        await newService(ground.app, stage, { minutes: 30 }),
        await newService(ground.app, stage, { minutes: 45, buffer_before_minutes: 15 }),
        await newService(ground.app, stage, { minutes: 120, buffer_after_minutes: 30 }),
      ]
      const crowd = await newCrowd(ground.app, stage, 42)
      const answers = await Promise.all(
        crowd.map((client, n) => book(client, provider, at(n % 15), services[n % 3])),
      )
      assert.deepEqual(counted(answers), { '201': 1, '409 time_taken': 41 })
      await oneWins(stage, answers)
    }
  })

  it('refuses nobody whose time nobody else has', async () => {
    const { stage, provider } = await arrange()
    const crowd = await newCrowd(ground.app, stage, 100)
    const asked = crowd.map((client) => ({ client, minutes: Math.floor(Math.random() * 7 * 60) }))
    const answers = await Promise.all(asked.map(({ client, minutes }) => book(client, provider, at(minutes))))
    const won = asked.filter((_, n) => answers[n]!.status === 201).map(({ minutes }) => minutes)
    for (const [n, { minutes }] of asked.entries()) {
      const rivals = won.filter((other) => Math.abs(other - minutes) < 60)
      if (answers[n]!.status === 201) assert.deepEqual(rivals, [minutes])
      else assert.ok(rivals.length > 0, `${at(minutes)} was refused and is free`)
    }
    assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
  })

  it('sends one client to only one provider at a time', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange()
      const providers = [provider]
      for (let n = 0; n < 5; n++) providers.push(await newProvider(ground.app, stage))
      const client = await newClient(ground.app, stage)
      const asked = shuffled([...providers, ...providers])
      const answers = await Promise.all(asked.map((who, n) => book(client, who, at(n))))
      assert.deepEqual(counted(answers), { '201': 1, '409 time_taken': 11 })
      await oneWins(stage, answers)
    }
  })

  it('lets a room to only one, and keeps nothing of those who lose it half-way', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange({ location_takes_one: true })
      const room = await newLocation(ground.app, stage)
      const providers = [provider]
      for (let n = 0; n < 5; n++) providers.push(await newProvider(ground.app, stage))
      for (const who of providers) await worksAt(ground.app, stage, who, room)
      const crowd = await newCrowd(ground.app, stage, 30)
      const answers = await Promise.all(crowd.map((client, n) => book(client, providers[n % 6]!, at(n % 10))))
      assert.deepEqual(counted(answers), { '201': 1, '409 time_taken': 29 })
      await oneWins(stage, answers, 3)
    }
  })

  it('lets doctors who would all see each other be in one place at a time', async () => {
    for (let round = 1; round <= ROUNDS * 2; round++) {
      const { stage, provider } = await arrange()
      const doctors = [provider]
      for (let n = 0; n < 3; n++) doctors.push(await newProvider(ground.app, stage))
      const pairs = doctors.flatMap((one) =>
        doctors.filter((other) => other !== one).map((other) => [one, other]),
      )
      const asked = shuffled(pairs) as [Person, Person][]
      const answers = await Promise.all(asked.map(([who, whom]) => book(who, whom, NINE)))
      const busy = new Set(asked.filter((_, n) => answers[n]!.status === 201).flat())
      const { '201': won = 0, '409 time_taken': lost } = counted(answers)
      assert.deepEqual([busy.size, lost], [won * 2, 12 - won])
      assert.ok(
        asked.every((pair) => pair.some((doctor) => busy.has(doctor))),
        'two who were free were refused',
      )
      assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
    }
  })

  it('never deadlocks', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(ground.app, { rules: { ...rules, ...more } })
  return { stage, provider: await newProvider(ground.app, stage) }
}

function book(
  client: Person,
  provider: Person,
  starts_at: string,
  service?: { id: string },
): Promise<Answer> {
  const body = { provider_id: provider.id, starts_at, service_id: service?.id }
  return ground.ask('POST', '/appointments', { token: client.token, body })
}

/** There is the one appointment that was promised, with the time it takes, and nothing of all others. */
async function oneWins({ organization }: Stage, answers: Answer[], parties = 2): Promise<void> {
  const { pool } = ground.app.connection
  const { rows } = await pool.query(
    `select a.id, count(*) as reservations from appointments a
     join reservations r on r.organization_id = a.organization_id where a.organization_id = $1 group by a.id`,
    [organization.id],
  )
  const { id } = answers.find(({ status }) => status === 201)!.body
  assert.deepEqual(rows, [{ id, reservations: parties }])
  assert.deepEqual(await findBrokenPromises(pool), [])
}
