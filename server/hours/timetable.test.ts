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
  type Person,
  type Stage,
  worksAt,
} from '../../test/cast.ts'
import { freeSlots, freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60 } as const
const TUESDAY = '2027-03-02'
const WEDNESDAY = '2027-03-03'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('whose hours count', () => {
  it('are those of the location where the provider has none', async () => {
    const { stage, client, provider, location } = await arrange()
    await week(stage, { location_id: location.id }, '09:00', '11:00')
    assert.deepEqual(await times(client, provider), ['09:00', '10:00'])
  })

  it('are those of the provider before those of the location', async () => {
    const { stage, client, provider, location } = await arrange()
    await week(stage, { location_id: location.id }, '09:00', '11:00')
    await week(stage, { provider_id: provider.id }, '14:00', '16:00')
    assert.deepEqual(await times(client, provider), ['14:00', '15:00'])
  })

  it('are those of the provider at this location before all others', async () => {
    const { stage, client, provider, location } = await arrange()
    const other = await newLocation(app, stage)
    await worksAt(app, stage, provider, other)
    await week(stage, { provider_id: provider.id }, '14:00', '16:00')
    await week(stage, { provider_id: provider.id, location_id: location.id }, '18:00', '20:00')
    const at = (location_id: string) => freeTimes(app, client, provider, { date: TUESDAY, location_id })
    assert.deepEqual(await at(location.id), ['18:00', '19:00'])
    assert.deepEqual(await at(other.id), ['14:00', '15:00'])
  })

  it('are all there are, of whoever has no week, where the rules need no hours', async () => {
    const stage = await newOrganization(app, { rules: { ...rules, hours_needed: false } })
    const [client, other] = [await newClient(app, stage), await newClient(app, stage)]
    const provider = await newPerson(app, stage.organization, ['provider'])
    assert.equal((await times(client, provider)).length, 24)
    const at = (time: string, who: Person) =>
      book(app, who, { provider_id: provider.id, starts_at: `${TUESDAY}T${time}:00Z` })
    assert.equal(said(await at('03:00', client)), '201')
    await week(stage, { provider_id: provider.id }, '09:00', '11:00')
    assert.deepEqual(await times(client, provider), ['09:00', '10:00'])
    assert.equal(said(await at('04:00', other)), '422 outside_hours')
  })

  it('hold for bookings as for what is offered', async () => {
    const { stage, client, provider, location } = await arrange()
    await week(stage, { provider_id: provider.id }, '14:00', '16:00')
    await week(stage, { location_id: location.id }, '09:00', '11:00')
    const at = (time: string) =>
      book(app, client, { provider_id: provider.id, starts_at: `${TUESDAY}T${time}:00Z` })
    assert.equal(said(await at('09:00')), '422 outside_hours')
    assert.equal(said(await at('14:00')), '201')
  })

  it('of a colleague count for nobody else', async () => {
    const { stage, client, provider } = await arrange()
    await newProvider(app, stage)
    assert.deepEqual(await times(client, provider), [])
  })
})

describe('the hours of a date', () => {
  it('take the place of the weekly ones', async () => {
    const { stage, client, provider } = await arrange({ dated_hours: 'replace' })
    await week(stage, { provider_id: provider.id }, '09:00', '11:00')
    await date(stage, { provider_id: provider.id }, TUESDAY, ['14:00', '15:00'])
    assert.deepEqual(await times(client, provider), ['14:00'])
    assert.deepEqual(await times(client, provider, WEDNESDAY), ['09:00', '10:00'])
  })

  it('add to the weekly ones where the rules say so', async () => {
    const { stage, client, provider } = await arrange({ dated_hours: 'add' })
    await week(stage, { provider_id: provider.id }, '09:00', '11:00')
    await date(stage, { provider_id: provider.id }, TUESDAY, ['14:00', '15:00'])
    assert.deepEqual(await times(client, provider), ['09:00', '10:00', '14:00'])
    assert.deepEqual(await times(client, provider, WEDNESDAY), ['09:00', '10:00'])
    const body = { provider_id: provider.id, starts_at: `${TUESDAY}T14:00:00Z` }
    assert.equal(said(await book(app, client, body)), '201')
  })

  it('make one window with weekly ones they touch', async () => {
    const { stage, client, provider } = await arrange({ dated_hours: 'add', slot_minutes: 90 })
    await week(stage, { provider_id: provider.id }, '09:00', '11:00')
    await date(stage, { provider_id: provider.id }, TUESDAY, ['11:00', '12:00'])
    assert.deepEqual(await times(client, provider), ['09:00', '10:30'])
  })

  for (const dated_hours of ['replace', 'add'] as const) {
    it(`close the day where there are none (${dated_hours})`, async () => {
      const { stage, client, provider } = await arrange({ dated_hours })
      await week(stage, { provider_id: provider.id }, '09:00', '11:00')
      await date(stage, { provider_id: provider.id }, TUESDAY)
      assert.deepEqual(await times(client, provider), [])
      assert.deepEqual(await times(client, provider, WEDNESDAY), ['09:00', '10:00'])
    })

    it(`of a closed location close it for everybody there, whatever their own are (${dated_hours})`, async () => {
      const { stage, client, provider, location } = await arrange({ dated_hours })
      await week(stage, { provider_id: provider.id }, '09:00', '11:00')
      await date(stage, { provider_id: provider.id }, TUESDAY, ['14:00', '15:00'])
      await date(stage, { location_id: location.id }, TUESDAY)
      assert.deepEqual(await times(client, provider), [])
      const body = { provider_id: provider.id, starts_at: `${TUESDAY}T14:00:00Z` }
      assert.equal(said(await book(app, client, body)), '422 outside_hours')
    })
  }

  it('of another location close nothing here', async () => {
    const { stage, client, provider } = await arrange()
    await week(stage, { provider_id: provider.id }, '09:00', '11:00')
    await date(stage, { location_id: (await newLocation(app, stage)).id }, TUESDAY)
    assert.deepEqual(await times(client, provider), ['09:00', '10:00'])
  })

  it('of the location open it for those whose week is closed', async () => {
    const { stage, client, provider, location } = await arrange({ dated_hours: 'replace' })
    await week(stage, { provider_id: provider.id }, '09:00', '11:00')
    const saturday = '2027-03-06'
    await date(stage, { location_id: location.id }, saturday, ['10:00', '11:00'])
    assert.deepEqual(await times(client, provider, saturday), ['10:00'])
  })
})

describe('hours over midnight', () => {
  it('belong to the day on which they open', async () => {
    const { stage, client, provider } = await arrange()
    const windows = [{ weekday: 2, opens: '22:00', closes: '02:00' }]
    await put(stage, '/hours/week', { provider_id: provider.id, windows })
    const range = { provider_id: provider.id, from: '2027-03-01', to: '2027-03-04' }
    const starts = (await freeSlots(app, client, range)).map((slot) => slot.starts_at)
    assert.deepEqual(starts, [
      '2027-03-02T22:00:00Z',
      '2027-03-02T23:00:00Z',
      '2027-03-03T00:00:00Z',
      '2027-03-03T01:00:00Z',
    ])
  })

  it('let a visit run over midnight', async () => {
    const { stage, client, provider } = await arrange({ grid: 'none' })
    const windows = [{ weekday: 2, opens: '22:00', closes: '02:00' }]
    await put(stage, '/hours/week', { provider_id: provider.id, windows })
    const body = { provider_id: provider.id, starts_at: '2027-03-02T23:30:00Z' }
    assert.equal(said(await book(app, client, body)), '201')
  })

  it('go on into the next day when that is closed', async () => {
    const { stage, client, provider } = await arrange({ dated_hours: 'replace' })
    const windows = [{ weekday: 2, opens: '23:00', closes: '01:00' }]
    await put(stage, '/hours/week', { provider_id: provider.id, windows })
    await date(stage, { provider_id: provider.id }, WEDNESDAY)
    assert.deepEqual(await times(client, provider, WEDNESDAY), ['00:00'])
  })

  it('until 24:00 touch those of the next morning', async () => {
    const { stage, client, provider } = await arrange({ slot_minutes: 120 })
    const windows = [
      { weekday: 2, opens: '23:00', closes: '24:00' },
      { weekday: 3, opens: '00:00', closes: '01:00' },
    ]
    await put(stage, '/hours/week', { provider_id: provider.id, windows })
    assert.deepEqual(await times(client, provider), ['23:00'])
  })
})

/** A provider without hours who works at a location, and a client. */
async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, location] = [
    await newProvider(app, stage, { weekdays: [] }),
    await newLocation(app, stage),
  ]
  await worksAt(app, stage, provider, location, { is_primary: true })
  return { stage, provider, location, client: await newClient(app, stage) }
}

type Owner = { provider_id?: string; location_id?: string }

/** Hours from Monday to Friday. */
function week(stage: Stage, owner: Owner, opens: string, closes: string) {
  const windows = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens, closes }))
  return put(stage, '/hours/week', { ...owner, windows })
}

function date(stage: Stage, owner: Owner, on: string, ...windows: [opens: string, closes: string][]) {
  const body = { ...owner, date: on, windows: windows.map(([opens, closes]) => ({ opens, closes })) }
  return put(stage, '/hours/date', body)
}

async function put({ admin }: Stage, path: string, body: object) {
  assert.equal(said(await app.request('PUT', path, { token: admin.token, body })), '200')
}

const times = (asker: Person, provider: Person, on = TUESDAY) => freeTimes(app, asker, provider, { date: on })
