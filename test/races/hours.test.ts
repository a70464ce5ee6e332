import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newLocation, newOrganization, newProvider, type Person, type Stage, worksAt } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { counted, type RaceGround, raceGround, ROUNDS } from './ground.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 15, dated_hours: 'replace' } as const
const TUESDAY = '2027-03-02'

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('when a day is closed while people book it', () => {
  for (const whose of ['provider', 'location'] as const) {
    it(`knows at once whom the closing meets: nobody comes after them (${whose})`, async () => {
      for (let round = 1; round <= ROUNDS * 2; round++) {
        const size = whose === 'provider' ? 1 : 6
        const { stage, providers, location } = await arrange(size)
        const owner = whose === 'provider' ? { provider_id: providers[0]!.id } : { location_id: location.id }
        const crowd = await newCrowd(ground.app, stage, 24)
        const closing = async () => {
          assert.equal((await close(stage, owner)).status, 200)
          return appointmentsOf(stage)
        }
        const ask = (client: Person, n: number) => book(client, providers[n % size]!, n * 15)
        const cut = Math.floor(Math.random() * crowd.length)
        const early = crowd.slice(0, cut).map(ask)
        const met = closing()
        const late = crowd.slice(cut).map((client, n) => ask(client, cut + n))
        const answers = await Promise.all([...early, ...late])
        assert.deepEqual(await appointmentsOf(stage), await met)
        const { '201': won = 0, '422 outside_hours': refused = 0 } = counted(answers)
        assert.deepEqual([won, won + refused], [(await met).length, 24])
        assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
      }
    })
  }

  it('keeps what two change of one window at once', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, providers } = await arrange(1)
      const { token } = stage.admin
      const { body } = await ground.ask('GET', `/hours?provider_id=${providers[0]!.id}`, { token })
      const path = `/hours/${body.items[0].id}`
      const changes = [{ opens: '10:00' }, { closes: '16:00' }, { weekday: 3 }]
      const answers = await Promise.all(
        changes.map((change) => ground.ask('PATCH', path, { token, body: change })),
      )
      assert.deepEqual(counted(answers), { '200': 3 })
      const { body: after } = await ground.ask('GET', `/hours?provider_id=${providers[0]!.id}`, { token })
      const { weekday, opens, closes } = after.items[0]
      assert.deepEqual({ weekday, opens, closes }, { weekday: 3, opens: '10:00', closes: '16:00' })
    }
  })

  it('never deadlocks', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

async function arrange(size: number) {
  const stage = await newOrganization(ground.app, { rules })
  const location = await newLocation(ground.app, stage)
  const providers = []
  for (let n = 0; n < size; n++) {
    const provider = await newProvider(ground.app, stage, { weekdays: [2] })
    await worksAt(ground.app, stage, provider, location)
    providers.push(provider)
  }
  return { stage, providers, location }
}

function book({ token }: Person, { id: provider_id }: Person, minutes: number) {
  const starts_at = Temporal.Instant.from(`${TUESDAY}T09:00:00Z`).add({ minutes }).toString()
  return ground.ask('POST', '/appointments', { token, body: { provider_id, starts_at } })
}

function close({ admin: { token } }: Stage, owner: object) {
  return ground.ask('PUT', '/hours/date', { token, body: { ...owner, date: TUESDAY, windows: [] } })
}

async function appointmentsOf({ admin: { token } }: Stage): Promise<string[]> {
  const { body } = await ground.ask('GET', `/appointments?from=${TUESDAY}T00:00:00Z`, { token })
  return body.items.map((appointment: { id: string }) => appointment.id)
}
