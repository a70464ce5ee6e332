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

const rules = { grid: 'windows', length: 'service', slot_minutes: 60 } as const
const on = (date: number, hour: number) => `2027-03-0${date}T${String(hour).padStart(2, '0')}:00:00Z`

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the list of appointments', () => {
  it('shows each what is theirs to see, by start', async () => {
    const { stage, anna, ben, carl, dora, here, there } = await arrange()
    const both = [
      await newPerson(app, stage.organization, ['reception']),
      await newClient(app, stage),
    ] as const
    const [desk, stranger] = both
    await worksAt(app, stage, desk, here)
    const one = await booked(carl, anna, on(3, 9))
    const two = await booked(dora, ben, on(2, 9))
    const three = await booked(carl, ben, on(2, 10))
    assert.deepEqual([one.location_id, two.location_id], [here.id, there.id])
    const table: [string, Person, { id: string }[]][] = [
      ['an administrator', stage.admin, [two, three, one]],
      ['a provider', anna, [one]],
      ['another provider', ben, [two, three]],
      ['a client', carl, [three, one]],
      ['another client', dora, [two]],
      ['the desk of a location', desk, [one]],
      ['a stranger', stranger, []],
    ]
    for (const [who, person, expected] of table) assert.deepEqual(await ids(person), idsOf(expected), who)
  })

  it('shows a provider also what they booked for themselves', async () => {
    const { anna, ben, carl } = await arrange()
    const theirs = await booked(carl, anna, on(2, 9))
    const own = await booked(anna, ben, on(3, 9))
    assert.deepEqual(await ids(anna), idsOf([theirs, own]))
  })

  it('shows nothing of another organization', async () => {
    const [mine, theirs] = [await arrange(), await arrange()]
    await booked(theirs.carl, theirs.anna, on(2, 9))
    assert.deepEqual(await ids(mine.stage.admin), [])
    assert.deepEqual(await ids(mine.stage.admin, { provider_id: theirs.anna.id }), [])
  })

  it('is not for visitors', async () => {
    const { stage } = await arrange()
    const headers = { 'x-organization': stage.organization.slug }
    assert.equal(said(await app.get('/appointments', { headers })), '401 not_logged_in')
  })
})

describe('the filters of the list', () => {
  it('each keep what they name', async () => {
    const { stage, anna, ben, carl, dora, here } = await arrange()
    const service = await newService(app, stage, { minutes: 60 })
    const one = await booked(carl, anna, on(2, 9))
    const two = await booked(carl, ben, on(2, 10), { service_id: service.id })
    const three = await booked(dora, anna, on(3, 9))
    await app.post(`/appointments/${three.id}/cancel`, { token: dora.token })
    const table: [Record<string, string>, { id: string }[]][] = [
      [{ provider_id: anna.id }, [one, three]],
      [{ client_id: carl.id }, [one, two]],
      [{ location_id: here.id }, [one, three]],
      [{ service_id: service.id }, [two]],
      [{ state: 'cancelled' }, [three]],
      [{ state: 'confirmed' }, [one, two]],
      [{ from: on(2, 10) }, [two, three]],
      [{ to: on(2, 10) }, [one]],
      [{ from: on(2, 10), to: on(3, 9) }, [two]],
      [{ from: '2027-03-02T11:00:00+01:00' }, [two, three]],
    ]
    for (const [query, expected] of table) {
      assert.deepEqual(await ids(stage.admin, query), idsOf(expected), JSON.stringify(query))
    }
  })

  it('combine', async () => {
    const { stage, anna, ben, carl, dora } = await arrange()
    await booked(carl, anna, on(2, 9))
    const wanted = await booked(dora, anna, on(2, 10))
    await booked(dora, ben, on(2, 11))
    await booked(dora, anna, on(3, 9))
    const query = { provider_id: anna.id, client_id: dora.id, to: on(3, 0), state: 'confirmed' }
    assert.deepEqual(await ids(stage.admin, query), [wanted.id])
  })

  it('never show more than may be seen', async () => {
    const { stage, anna, ben, carl, dora, here, there } = await arrange()
    const desk = await newPerson(app, stage.organization, ['secretary'])
    await worksAt(app, stage, desk, here)
    const mine = await booked(carl, anna, on(2, 9))
    await booked(dora, ben, on(2, 9))
    const others: Record<string, string>[] = [
      { provider_id: ben.id },
      { client_id: dora.id },
      { location_id: there.id },
    ]
    for (const query of others) {
      for (const who of [carl, anna, desk]) assert.deepEqual(await ids(who, query), [], JSON.stringify(query))
    }
    assert.deepEqual(await ids(carl, { provider_id: anna.id }), [mine.id])
  })

  it('are data, and refused where they make no sense', async () => {
    const { stage } = await arrange()
    const wrong: [Record<string, string>, string][] = [
      [{ provider_id: "' or 1=1 --" }, 'provider_id'],
      [{ state: 'confirmed; drop table appointments' }, 'state'],
      [{ from: '2027-03-02' }, 'from'],
      [{ to: '0000-01-01T00:00:00Z' }, 'to'],
      [{ colour: 'red' }, 'colour'],
      [{ limit: '0' }, 'limit'],
      [{ limit: '201' }, 'limit'],
      [{ cursor: 'next' }, 'cursor'],
      [{ cursor: Buffer.from(`["2027-03-02T09:00:00Z","' or 1=1"]`).toString('base64url') }, 'cursor'],
    ]
    for (const [query, field] of wrong) {
      const answer = await list(stage.admin, query)
      assert.equal(said(answer), '422 invalid_input', JSON.stringify(query))
      assert.equal(answer.body.errors[0].field, field)
    }
  })
})

describe('the pages of the list', () => {
  it('show each appointment once, also those that start together', async () => {
    const { stage, anna, ben, carl } = await arrange()
    const colleagues = [anna, ben, await newProvider(app, stage)]
    const all = []
    for (const hour of [9, 10]) for (const who of colleagues) all.push(await booked(carl, who, on(2, hour)))
    const pages = await pagesOf(stage.admin, { limit: '2' })
    assert.deepEqual(
      pages.map((page) => page.length),
      [2, 2, 2],
    )
    assert.deepEqual(pages.flat(), idsOf(all))
  })

  it('do not shift when something is booked or cancelled in between', async () => {
    const { stage, anna, carl } = await arrange()
    const all = []
    for (const hour of [10, 11, 12, 13]) all.push(await booked(carl, anna, on(2, hour)))
    const first = await list(stage.admin, { limit: '2' })
    await booked(carl, anna, on(2, 9))
    await app.post(`/appointments/${all[0]!.id}/cancel`, { token: stage.admin.token })
    const second = await list(stage.admin, { limit: '2', cursor: first.body.next_cursor })
    assert.deepEqual(idsOf(second.body.items), idsOf(all.slice(2)))
    assert.equal(second.body.next_cursor, null)
  })

  it('keep to the filters', async () => {
    const { stage, anna, ben, carl } = await arrange()
    const wanted = []
    for (const hour of [9, 10, 11]) {
      wanted.push(await booked(carl, anna, on(2, hour)))
      await booked(carl, ben, on(2, hour))
    }
    const pages = await pagesOf(stage.admin, { limit: '2', provider_id: anna.id })
    assert.deepEqual(pages, [idsOf(wanted.slice(0, 2)), idsOf(wanted.slice(2))])
  })
})

/** Anna works here and Ben there; Carl and Dora are clients. */
async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [here, there] = [await newLocation(app, stage), await newLocation(app, stage)]
  const [anna, ben] = [await newProvider(app, stage), await newProvider(app, stage)]
  await worksAt(app, stage, anna, here)
  await worksAt(app, stage, ben, there)
  const [carl, dora] = [await newClient(app, stage), await newClient(app, stage)]
  return { stage, anna, ben, carl, dora, here, there }
}

async function booked(client: Person, provider: Person, starts_at: string, more: object = {}) {
  const answer = await book(app, client, { provider_id: provider.id, starts_at, ...more })
  assert.equal(said(answer), '201')
  return answer.body as { id: string; location_id: string }
}

const list = ({ token }: Person, query: Record<string, string> = {}) =>
  app.get(`/appointments?${new URLSearchParams(query)}`, { token })

const idsOf = (appointments: { id: string }[]) => appointments.map(({ id }) => id)

const ids = async (person: Person, query?: Record<string, string>) =>
  idsOf((await list(person, query)).body.items)

async function pagesOf(person: Person, query: Record<string, string>): Promise<string[][]> {
  const pages = []
  for (let cursor: string | null = ''; cursor !== null && pages.length < 20;) {
    const { body } = await list(person, { ...query, ...(cursor && { cursor }) })
    pages.push(idsOf(body.items))
    cursor = body.next_cursor
  }
  return pages
}
