import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  type Person,
  worksAt,
} from '../../test/cast.ts'
import { freeSlots, said } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, clients_may_overlap: true } as const
const everyDay = [1, 2, 3, 4, 5, 6, 7]

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a day that begins at one, as midnight is skipped', () => {
  for (const [time_zone, date, first] of [
    ['America/Santiago', '2027-09-05', '2027-09-05T04:00:00Z'],
    ['Asia/Beirut', '2027-03-28', '2027-03-27T22:00:00Z'],
  ] as const) {
    it(`opens at one in ${time_zone} for whoever opens at midnight, and an hour is missing`, async () => {
      const { client, provider } = await arrange(time_zone, { opens: '00:00', closes: '03:00' })
      const { starts, bookFirst } = await onDate(client, provider, date)
      assert.deepEqual([starts.length, starts[0]], [2, first])
      assert.equal(said(await bookFirst()), '201')
    })
  }
})

describe('a day that has its last hour twice', () => {
  it('offers it twice in Santiago, on the one day, and each can be booked', async () => {
    const { client, provider } = await arrange('America/Santiago', { opens: '22:00', closes: '24:00' })
    const { starts } = await onDate(client, provider, '2027-04-03')
    assert.deepEqual(starts, ['2027-04-04T01:00:00Z', '2027-04-04T02:00:00Z', '2027-04-04T03:00:00Z'])
    const answers = []
    for (const starts_at of starts) {
      answers.push(said(await book(app, client, { provider_id: provider.id, starts_at })))
    }
    assert.deepEqual(answers, ['201', '201', '201'])
  })

  it('is one day for a daily limit', async () => {
    const limit = { most_per_provider_and_day: 1 }
    const { client, provider } = await arrange('America/Santiago', { opens: '00:00', closes: '24:00' }, limit)
    const ask = (starts_at: string) => book(app, client, { provider_id: provider.id, starts_at })
    assert.equal(said(await ask('2027-04-04T03:00:00Z')), '201')
    assert.equal(said(await ask('2027-04-03T03:00:00Z')), '422 limit_reached')
    assert.equal(said(await ask('2027-04-04T04:00:00Z')), '201')
  })
})

describe('the day that Apia skipped', () => {
  beforeEach(() => app.setClock('2011-12-20T00:00:00Z'))

  it('has no times, and those before and after it are a night apart', async () => {
    const { client, provider } = await arrange('Pacific/Apia', { opens: '09:00', closes: '10:00' })
    assert.deepEqual((await onDate(client, provider, '2011-12-30')).starts, [])
    const asked = { provider_id: provider.id, from: '2011-12-29', to: '2011-12-31' }
    const slots = await freeSlots(app, client, asked)
    assert.deepEqual(
      slots.map(({ starts_at }) => starts_at),
      ['2011-12-29T19:00:00Z', '2011-12-30T19:00:00Z'],
    )
  })

  it('is counted to neither of its neighbours', async () => {
    const limit = { most_per_provider_and_day: 1 }
    const { client, provider } = await arrange('Pacific/Apia', { opens: '00:00', closes: '24:00' }, limit)
    const ask = (starts_at: string) => book(app, client, { provider_id: provider.id, starts_at })
    // The last hour of the 29th, and the first of the 31st.
    assert.equal(said(await ask('2011-12-30T09:00:00Z')), '201')
    assert.equal(said(await ask('2011-12-29T10:00:00Z')), '422 limit_reached')
    assert.equal(said(await ask('2011-12-30T10:00:00Z')), '201')
    assert.equal(said(await ask('2011-12-31T09:00:00Z')), '422 limit_reached')
  })
})

describe('a location on the other side of the date line', () => {
  it('opens on its own Tuesday, which is the organization’s Monday', async () => {
    const { stage, client, provider } = await arrange('Pacific/Honolulu', {})
    const kiritimati = await newLocation(app, stage, { time_zone: 'Pacific/Kiritimati' })
    const there = await newProvider(app, stage, { weekdays: [2], opens: '09:00', closes: '10:00' })
    await worksAt(app, stage, there, kiritimati)
    assert.deepEqual((await onDate(client, there, '2027-03-02')).starts, [])
    const { starts, bookFirst } = await onDate(client, there, '2027-03-01')
    assert.deepEqual(starts, ['2027-03-01T19:00:00Z'])
    assert.equal(said(await bookFirst()), '201')
    assert.equal((await onDate(client, provider, '2027-03-02')).starts[0], '2027-03-02T19:00:00Z')
  })

  it('has its days counted as those of the organization', async () => {
    const limit = { most_per_client_and_day: 1 }
    const { stage, client, provider } = await arrange('Pacific/Honolulu', {}, limit)
    const kiritimati = await newLocation(app, stage, { time_zone: 'Pacific/Kiritimati' })
    const there = await newProvider(app, stage, { weekdays: everyDay, opens: '09:00', closes: '18:00' })
    await worksAt(app, stage, there, kiritimati)
    const ask = ({ id: provider_id }: Person, starts_at: string) =>
      book(app, client, { provider_id, starts_at })
    // Tuesday at nine in Kiritimati is Monday at nine in Honolulu.
    assert.equal(said(await ask(there, '2027-03-01T19:00:00Z')), '201')
    assert.equal(said(await ask(provider, '2027-03-01T21:00:00Z')), '422 limit_reached')
    assert.equal(said(await ask(provider, '2027-03-02T21:00:00Z')), '201')
  })
})

async function onDate(client: Person, { id: provider_id }: Person, date: string) {
  const slots = await freeSlots(app, client, { provider_id, from: date, to: date })
  const starts = slots.map(({ starts_at }) => starts_at)
  return { starts, bookFirst: () => book(app, client, { provider_id, starts_at: starts[0] }) }
}

async function arrange(
  time_zone: string,
  hours: { opens?: string; closes?: string },
  more: Partial<Rules> = {},
) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more }, time_zone })
  const provider = await newProvider(app, stage, { weekdays: everyDay, ...hours })
  return { stage, provider, client: await newClient(app, stage) }
}
