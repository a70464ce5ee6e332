import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  worksAt,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, confirm_by: 'nobody' } as const
const TUESDAY = '2027-03-02'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('statistics of others', () => {
  it('are shown to nobody but those who answer for them', async () => {
    const { stage, anna, ben, carl, dora, desk } = await arrange()
    await booked(carl, anna, 9)
    await booked(carl, ben, 10)
    await booked(dora, ben, 11)
    const table: [string, Person, number, number][] = [
      ['an administrator', stage.admin, 3, 960],
      ['a provider', anna, 1, 480],
      ['another provider', ben, 2, 480],
      ['the desk of a location', desk, 1, 480],
    ]
    for (const [who, person, appointments, open_minutes] of table) {
      const seen = await statistics(person, { from: TUESDAY, to: TUESDAY })
      assert.equal(seen.totals.appointments, appointments, who)
      assert.equal(seen.utilisation.open_minutes, open_minutes, who)
    }
    for (const person of [carl, dora]) assert.equal(said(await ask(person)), '403 not_allowed')
  })

  it('stay hidden from whoever asks for them by name', async () => {
    const { anna, ben, carl, dora, desk, there } = await arrange()
    await booked(dora, ben, 9)
    const asked: Record<string, string>[] = [
      { provider_id: ben.id },
      { client_id: dora.id },
      { location_id: there.id },
    ]
    for (const query of asked) {
      for (const person of [anna, desk]) {
        const { totals, groups, utilisation } = await statistics(person, { ...query, group_by: 'provider' })
        assert.deepEqual([totals.appointments, groups], [0, []], JSON.stringify(query))
        if (!query.client_id) assert.equal(utilisation.open_minutes, 0)
      }
    }
    assert.equal(said(await ask(carl, { client_id: carl.id })), '403 not_allowed')
  })

  it('do not count for a provider what they booked for themselves elsewhere', async () => {
    const { anna, ben } = await arrange()
    await booked(anna, ben, 9)
    assert.equal((await statistics(anna)).totals.appointments, 0)
  })

  it('can be asked for by each filter', async () => {
    const { stage, anna, ben, carl, dora, here } = await arrange()
    const { id: service_id } = await newService(app, stage, { minutes: 60 })
    await booked(carl, anna, 9)
    await booked(dora, anna, 10)
    await booked(dora, anna, 11, { service_id })
    await booked(dora, ben, 12)
    const table: [Record<string, string>, number][] = [
      [{ provider_id: anna.id }, 3],
      [{ client_id: carl.id }, 1],
      [{ location_id: here.id }, 3],
      [{ service_id }, 1],
      [{ client_id: dora.id, provider_id: anna.id }, 2],
    ]
    for (const [query, expected] of table) {
      assert.equal(
        (await statistics(stage.admin, query)).totals.appointments,
        expected,
        JSON.stringify(query),
      )
    }
  })

  it('are not there for who and what does not exist', async () => {
    const { stage } = await arrange()
    for (const field of ['provider_id', 'location_id', 'service_id']) {
      assert.equal(said(await ask(stage.admin, { [field]: crypto.randomUUID() })), '404 not_found', field)
    }
  })
})

/** Anna works here and Ben there; the desk is that of here; Carl and Dora are clients. */
async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
  const [anna, ben] = [await newProvider(app, stage), await newProvider(app, stage)]
  const [carl, dora] = [await newClient(app, stage), await newClient(app, stage)]
  const desk = await newPerson(app, stage.organization, ['reception'])
  for (const person of [anna, desk]) await worksAt(app, stage, person, here)
  await worksAt(app, stage, ben, there)
  return { stage, anna, ben, carl, dora, desk, here, there }
}

async function booked(client: Person, provider: Person, hour: number, more = {}) {
  const starts_at = `${TUESDAY}T${String(hour).padStart(2, '0')}:00:00Z`
  const answer = await book(app, client, { provider_id: provider.id, starts_at, ...more })
  assert.equal(said(answer), '201')
}

const ask = ({ token }: Person, query: Record<string, string> = {}) =>
  app.get(`/appointments/statistics?${new URLSearchParams(query)}`, { token })

async function statistics(person: Person, query: Record<string, string> = {}) {
  const answer = await ask(person, query)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}
