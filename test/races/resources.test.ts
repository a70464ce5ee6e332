import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newOrganization, newProvider, newResource, newService, type Person, type Stage } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { counted, type RaceGround, raceGround, ROUNDS } from './ground.ts'

const rules = { grid: 'none', length: 'service', clients_may_overlap: false } as const
const NINE = Temporal.Instant.from('2027-03-02T09:00:00Z')

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('rooms and devices that many need at once', () => {
  it('go to as many as there are, in whatever order they are asked for', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, providers } = await arrange({ room: 2, ultrasound: 2 })
      const services = [
        await newService(ground.app, stage, { minutes: 60, resource_kinds: ['room', 'ultrasound'] }),
        await newService(ground.app, stage, { minutes: 60, resource_kinds: ['ultrasound', 'room'] }),
      ]
      const crowd = await newCrowd(ground.app, stage, 24)
      const answers = await Promise.all(
        crowd.map((client, n) => book(client, providers[n % 8]!, services[n % 2]!, n % 30)),
      )
      assert.deepEqual(counted(answers), { '201': 2, '409 time_taken': 22 })
      await oneOfEachPer(stage, 2, 4)
    }
  })

  it('are not half taken by whoever finds a provider and no room, or a room and no device', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, providers } = await arrange({ room: 3, ultrasound: 1 })
      const scan = await newService(ground.app, stage, {
        minutes: 60,
        resource_kinds: ['room', 'ultrasound'],
      })
      const crowd = await newCrowd(ground.app, stage, 24)
      const answers = await Promise.all(crowd.map((client, n) => book(client, providers[n % 8]!, scan, n)))
      assert.deepEqual(counted(answers), { '201': 1, '409 time_taken': 23 })
      await oneOfEachPer(stage, 1, 4)
      // What the others did not get they have not kept: rooms and providers are there for what needs no device.
      const talk = await newService(ground.app, stage, { minutes: 60, resource_kinds: ['room'] })
      const more = await Promise.all(crowd.map((client, n) => book(client, providers[n % 8]!, talk, 0)))
      assert.deepEqual(counted(more), { '201': 2, '409 time_taken': 22 })
      await nothingIsBroken()
    }
  })

  it('never deadlock', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

async function arrange(kinds: Record<string, number>) {
  const stage = await newOrganization(ground.app, { rules })
  for (const [kind, count] of Object.entries(kinds)) {
    for (let n = 0; n < count; n++) {
      await newResource(ground.app, stage, { kind, name: `${kind} ${n}` })
    }
  }
  const providers: Person[] = []
  for (let n = 0; n < 8; n++) providers.push(await newProvider(ground.app, stage))
  return { stage, providers }
}

function book({ token }: Person, { id: provider_id }: Person, service: { id: string }, minutes: number) {
  const starts_at = NINE.add({ minutes }).toString()
  const body = { provider_id, service_id: service.id, starts_at }
  return ground.ask('POST', '/appointments', { token, body })
}

/** So many appointments there are, with so many reservations each, and nothing of all others. */
async function oneOfEachPer({ organization }: Stage, appointments: number, reservations: number) {
  const { rows } = await ground.app.connection.pool.query(
    `select r.appointment_id, count(*) as reservations from reservations r
     where r.organization_id = $1 group by r.appointment_id`,
    [organization.id],
  )
  assert.deepEqual(
    rows.map((row) => Number(row.reservations)),
    Array(appointments).fill(reservations),
  )
  await nothingIsBroken()
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
