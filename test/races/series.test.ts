import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newOrganization, newProvider, type Person, type Stage } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { counted, type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 60, clients_may_overlap: false } as const
const NINE = '2027-03-02T09:00:00Z'
const FOURTH = '2027-03-23T09:00:00Z'
const weekly = { starts_at: NINE, repetition: { every: 'week', count: 6 } }

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('a series that is booked while others book', () => {
  it('is booked whole or not at all, when one of its times is asked for in the same moment', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, provider } = await arrange()
      const [regular, ...crowd] = await newCrowd(ground.app, stage, 6)
      const provider_id = provider.id
      const asked = shuffled([
        () => book(regular!, 'appointments/series', { provider_id, ...weekly }),
        ...crowd.map((one) => () => book(one, 'appointments', { provider_id, starts_at: FOURTH })),
      ])
      const answers = await Promise.all(asked.map((ask) => ask()))
      const series = answers.find(({ body }) => body.code === 'series_clashes' || body.appointments)!
      const isBooked = series.status === 201
      const others = isBooked ? { '409 time_taken': 5 } : { '201': 1, '409 time_taken': 4 }
      assert.deepEqual(counted(answers.filter((answer) => answer !== series)), others)
      const rows = isBooked ? { series: 1, appointments: 6 } : { series: 0, appointments: 1 }
      assert.deepEqual(await rowsOf(stage), rows)
      await nothingIsBroken()
    }
  })

  it('is booked by only one of several whose times meet once', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange()
      const crowd = await newCrowd(ground.app, stage, 4)
      const answers = await Promise.all(
        crowd.map((client, n) => {
          // All of them come together in the fourth week, and nowhere else.
          const starts_at = Temporal.Instant.from(FOURTH)
            .subtract({ hours: 24 * (n + 1) })
            .toString()
          const repetition = { every: 'day', interval: n + 1, count: 2 }
          return book(client, 'appointments/series', { provider_id: provider.id, starts_at, repetition })
        }),
      )
      assert.deepEqual(counted(answers), { '201': 1, '409 series_clashes': 3 })
      assert.deepEqual(await rowsOf(stage), { series: 1, appointments: 2 })
      await nothingIsBroken()
    }
  })

  it('never deadlocks', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

async function arrange() {
  const stage = await newOrganization(ground.app, { rules })
  const weekdays = [1, 2, 3, 4, 5, 6, 7]
  return { stage, provider: await newProvider(ground.app, stage, { weekdays }) }
}

const book = ({ token }: Person, path: string, body: object) =>
  ground.ask('POST', `/${path}`, { token, body })

async function rowsOf({ organization }: Stage) {
  const { rows } = await ground.app.connection.pool.query(
    `select (select count(*)::integer from series where organization_id = $1) as series,
       (select count(*)::integer from appointments where organization_id = $1) as appointments`,
    [organization.id],
  )
  return rows[0]
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
