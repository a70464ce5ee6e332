import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Answer } from '../app.ts'
import { newLocation, newOrganization, newProvider, type Person, type Stage, worksAt } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { counted, type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 15 } as const
const DAY = { starts_at: '2027-03-02T00:00:00Z', ends_at: '2027-03-03T00:00:00Z' }
const SIZE = 4

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('when time off is taken while people book', () => {
  const owners: Record<string, (arranged: Arranged) => object> = {
    'of a provider': ({ providers }) => ({ provider_id: providers[0]!.id }),
    'of a location': ({ location }) => ({ location_id: location.id }),
    'of a provider at a location': ({ providers, location }) => ({
      provider_id: providers[0]!.id,
      location_id: location.id,
    }),
    'of the organization': () => ({}),
  }
  for (const [whose, owner] of Object.entries(owners)) {
    it(`each is either refused or named by its answer (${whose})`, async () => {
      for (let round = 1; round <= ROUNDS * 3; round++) {
        const arranged = await arrange()
        const { stage, providers } = arranged
        const isOfOne = whose.startsWith('of a provider')
        const crowd = await newCrowd(ground.app, stage, 24)
        const ask = (client: Person, n: number) =>
          book(client, isOfOne ? providers[0]! : providers[n % SIZE]!, n * 15)
        const { answers, off } = await inBetween(
          crowd.map((client, n) => () => ask(client, n)),
          () => takeOff(stage, owner(arranged)),
        )
        const { '201': won = 0, '422 outside_hours': refused = 0 } = counted(answers)
        assert.equal(won + refused, 24)
        const booked = answers.flatMap(({ status, body }) => (status === 201 ? [body.id] : []))
        assert.deepEqual(named(off), booked.toSorted())
        await nothingIsBroken()
      }
    })
  }

  it('nobody is moved into it behind its back', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, providers } = await arrange()
      const crowd = await newCrowd(ground.app, stage, 8)
      const booked = await Promise.all(crowd.map((client, n) => book(client, providers[1]!, n * 15)))
      const move = ({ token }: Person, n: number) => {
        const body = { provider_id: providers[0]!.id }
        const starts_at = startAt(n * 15)
        return ground.ask('POST', `/appointments/${booked[n]!.body.id}/reschedule`, {
          token,
          body: { ...body, starts_at },
        })
      }
      const { answers, off } = await inBetween(
        crowd.map((client, n) => () => move(client, n)),
        () => takeOff(stage, { provider_id: providers[0]!.id }),
      )
      const { '200': won = 0, '422 outside_hours': refused = 0 } = counted(answers)
      assert.equal(won + refused, 8)
      const moved = answers.flatMap(({ status, body }) => (status === 200 ? [body.id] : []))
      assert.deepEqual(named(off), moved.toSorted())
      await nothingIsBroken()
    }
  })

  it('what it has been made longer by is kept clear as well', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, providers } = await arrange()
      const owner = { provider_id: providers[0]!.id }
      const short = { ...DAY, ends_at: '2027-03-02T01:00:00Z' }
      const { token } = stage.admin
      const { body: off } = await ground.ask('POST', '/time-off', { token, body: { ...owner, ...short } })
      const crowd = await newCrowd(ground.app, stage, 24)
      const { answers, off: longer } = await inBetween(
        crowd.map((client, n) => () => book(client, providers[0]!, n * 15)),
        () => ground.ask('PATCH', `/time-off/${off.id}`, { token, body: { ends_at: DAY.ends_at } }),
      )
      const booked = answers.flatMap(({ status, body }) => (status === 201 ? [body.id] : []))
      assert.deepEqual(named(longer), booked.toSorted())
    }
  })
})

describe('time off that two change at once', () => {
  it('is changed or refused, and never left ending before it starts', async () => {
    for (let round = 1; round <= ROUNDS * 5; round++) {
      const { stage } = await arrange()
      const { token } = stage.admin
      const { body: off } = await takeOff(stage, {})
      const noon = '2027-03-02T12:00:00Z'
      const changes = shuffled([{ starts_at: noon }, { ends_at: noon }])
      const change = (body: object) => ground.ask('PATCH', `/time-off/${off.id}`, { token, body })
      const answers = await Promise.all(changes.map((body) => change(body)))
      assert.deepEqual(counted(answers), { '200': 1, '422 invalid_input': 1 })
    }
  })

  it('is ended once', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage } = await arrange()
      const { token } = stage.admin
      const { body: off } = await takeOff(stage, {})
      const end = () => ground.ask('DELETE', `/time-off/${off.id}`, { token })
      const answers = await Promise.all([end(), end(), end()])
      assert.deepEqual(counted(answers), { '204': 1, '404 not_found': 2 })
    }
  })
})

it('time off and bookings never deadlock', async () => {
  assert.equal(await ground.deadlocks(), 0)
})

type Arranged = Awaited<ReturnType<typeof arrange>>
async function arrange() {
  const stage = await newOrganization(ground.app, { rules })
  const location = await newLocation(ground.app, stage)
  const providers: Person[] = []
  for (let n = 0; n < SIZE; n++) {
    const provider = await newProvider(ground.app, stage, { weekdays: [2] })
    await worksAt(ground.app, stage, provider, location)
    providers.push(provider)
  }
  return { stage, providers, location }
}

/** Takes the time off somewhere among all the others that ask. */
async function inBetween(asks: (() => Promise<Answer>)[], take: () => Promise<Answer>) {
  const cut = Math.floor(Math.random() * asks.length)
  const early = asks.slice(0, cut).map((ask) => ask())
  const taken = take()
  const late = asks.slice(cut).map((ask) => ask())
  const off = await taken
  assert.ok(off.status < 300, JSON.stringify(off.body))
  return { answers: await Promise.all([...early, ...late]), off }
}

const startAt = (minutes: number) => Temporal.Instant.from('2027-03-02T09:00:00Z').add({ minutes }).toString()

const book = ({ token }: Person, { id: provider_id }: Person, minutes: number) =>
  ground.ask('POST', '/appointments', { token, body: { provider_id, starts_at: startAt(minutes) } })

const takeOff = ({ admin: { token } }: Stage, owner: object) =>
  ground.ask('POST', '/time-off', { token, body: { ...owner, ...DAY } })

const named = ({ body }: Answer): string[] => body.appointments.map(({ id }: { id: string }) => id).toSorted()

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
