import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Field, Fields } from '../../presets/preset.ts'
import { book, newClient, newOrganization, newProvider, newService } from '../cast.ts'
import { counted, type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

const names = ['one', 'two', 'three', 'four', 'five', 'six']
const some: Field[] = names.map((name) => ({ name, label: name, kind: 'text' }))
const fields: Fields = { appointment: some, client: some, dependent: some, provider: some }

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('when several change one thing at once, each another field', () => {
  for (const kind of ['clients', 'dependents', 'providers', 'appointments'] as const) {
    it(`all have their way (${kind})`, async () => {
      for (let round = 1; round <= ROUNDS * 2; round++) {
        const { token, paths } = await arrange()
        const changes = shuffled(names).map((name) => {
          const body = { details: { [name]: 'said' } }
          return ground.ask('PATCH', paths[kind], { token, body })
        })
        assert.deepEqual(counted(await Promise.all(changes)), { '200': names.length })
        const { body } = await ground.ask('GET', paths[kind], { token })
        assert.deepEqual(body.details, Object.fromEntries(names.map((name) => [name, 'said'])))
      }
    })
  }

  it('never deadlocks', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

async function arrange() {
  const stage = await newOrganization(ground.app)
  const { token } = stage.admin
  await ground.app.connection.db
    .updateTable('organizations')
    .set({ fields: JSON.stringify(fields) })
    .where('id', '=', stage.organization.id)
    .execute()
  const [provider, client] = [await newProvider(ground.app, stage), await newClient(ground.app, stage)]
  const body = { name: 'Kim', client_id: client.id }
  const dependent = await ground.ask('POST', '/dependents', { token, body })
  const { id: service_id } = await newService(ground.app, stage)
  const wanted = { provider_id: provider.id, service_id, starts_at: '2027-03-02T10:00:00Z' }
  const booked = await book(ground.app, client, wanted)
  const paths = {
    clients: `/clients/${client.id}`,
    dependents: `/dependents/${dependent.body.id}`,
    providers: `/providers/${provider.id}`,
    appointments: `/appointments/${booked.body.id}`,
  }
  return { token, paths }
}
