import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newOrganization, newProvider, newResource, newService, newSlot, type Person } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { counted, type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 60, clients_may_overlap: false } as const
const evening = { starts_at: '2027-03-02T18:00:00Z', ends_at: '2027-03-02T19:00:00Z' }

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('the seats of a group, asked for at once', () => {
  it('are given as often as there are, the last one once', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, slot_id } = await arrange({ capacity: 4 })
      const [first, second, third, ...crowd] = await newCrowd(ground.app, stage, 33)
      for (const client of [first!, second!, third!]) {
        assert.equal((await book(client, { slot_id })).status, 201)
      }
      const answers = await Promise.all(crowd.map((client) => book(client, { slot_id })))
      assert.deepEqual(counted(answers), { '201': 1, '409 slot_full': 29 })
      await nothingIsBroken()
    }
  })

  it('are given as often as there are, whether they are booked or held', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, slot_id } = await arrange({ capacity: 5 })
      const crowd = await newCrowd(ground.app, stage, 24)
      const answers = await Promise.all(
        crowd.map((client, n) => (n % 2 ? book(client, { slot_id }) : hold(client, { slot_id }))),
      )
      assert.deepEqual(counted(answers), { '201': 5, '409 slot_full': 19 })
      await nothingIsBroken()
    }
  })

  it('are one for each, and all in one room, though there are as many rooms as seats', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, slot_id } = await arrange({ capacity: 6, rooms: 6 })
      const crowd = await newCrowd(ground.app, stage, 6)
      const answers = await Promise.all(shuffled([...crowd, ...crowd]).map((one) => book(one, { slot_id })))
      const { '201': won, ...lost } = counted(answers)
      assert.equal(won, 6)
      // Whoever asks a second time is told so, or that the group is full.
      assert.deepEqual(
        Object.keys(lost).filter((kind) => kind !== '409 already_booked' && kind !== '409 slot_full'),
        [],
      )
      assert.equal(await roomsTaken(stage.organization.id), 1)
      await nothingIsBroken()
    }
  })

  it('are no more after the slot was moved, blocked or taken back in the same moment', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, slot_id } = await arrange({ capacity: 3 })
      const { token } = stage.admin
      const crowd = await newCrowd(ground.app, stage, 6)
      const path = `/published-slots/${slot_id}`
      const asked = shuffled([
        ...crowd.map((client) => () => book(client, { slot_id })),
        () => ground.ask('PATCH', path, { token, body: { ends_at: '2027-03-02T20:00:00Z' } }),
        () => ground.ask('PATCH', path, { token, body: { capacity: 1 } }),
        () => ground.ask('DELETE', path, { token }),
      ])
      const answers = await Promise.all(asked.map((ask) => ask()))
      const allowed = /^(20[014]|404 not_found|409 (slot_full|slot_booked))$/
      assert.deepEqual(
        Object.keys(counted(answers)).filter((kind) => !allowed.test(kind)),
        [],
      )
      await nothingIsBroken()
    }
  })

  it('never deadlock', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

async function arrange({ capacity, rooms = 0 }: { capacity: number; rooms?: number }) {
  const stage = await newOrganization(ground.app, { rules })
  const { id: provider_id } = await newProvider(ground.app, stage)
  for (let n = 0; n < rooms; n++) await newResource(ground.app, stage)
  const resource_kinds = rooms > 0 ? ['room'] : []
  const { id: service_id } = await newService(ground.app, stage, { minutes: 60, resource_kinds })
  const slot = { provider_id, service_id, capacity, ...evening }
  return { stage, slot_id: await newSlot(ground.app, stage, slot) }
}

const book = ({ token }: Person, body: object) => ground.ask('POST', '/appointments', { token, body })

const hold = ({ token }: Person, body: object) => ground.ask('POST', '/holds', { token, body })

async function roomsTaken(organization_id: string): Promise<number> {
  const text = 'select distinct resource_id from appointment_resources where organization_id = $1'
  return (await ground.app.connection.pool.query(text, [organization_id])).rows.length
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
