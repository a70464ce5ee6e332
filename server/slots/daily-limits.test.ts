import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newLocation, newOrganization, newProvider, worksAt } from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 30, clients_may_overlap: true } as const
const always = { weekdays: [1, 2, 3, 4, 5, 6, 7], opens: '00:00', closes: '24:00' }
const limitReached = '422 limit_reached'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

// The last minute of one day and the first of the next, in the organization's zone.
const midnights: [time_zone: string, last: string, first: string][] = [
  ['UTC', '2027-03-02T23:59:00Z', '2027-03-03T00:00:00Z'],
  ['America/New_York', '2027-03-03T04:59:00Z', '2027-03-03T05:00:00Z'],
  ['Asia/Kathmandu', '2027-03-02T18:14:00Z', '2027-03-02T18:15:00Z'],
  ['Pacific/Kiritimati', '2027-03-02T09:59:00Z', '2027-03-02T10:00:00Z'],
  // Clocks go forward at midnight: the day begins at one.
  ['America/Santiago', '2027-09-05T03:59:00Z', '2027-09-05T04:00:00Z'],
  ['Asia/Beirut', '2027-03-27T21:59:00Z', '2027-03-27T22:00:00Z'],
]

for (const limit of ['most_per_provider_and_day', 'most_per_client_and_day'] as const) {
  describe(`a day that is full (${limit})`, () => {
    for (const [time_zone, last, first] of midnights) {
      it(`is full until midnight in ${time_zone}, and no longer`, async () => {
        const { client, provider } = await arrange({ [limit]: 1 }, time_zone)
        const ask = (starts_at: string) => book(app, client, { provider_id: provider.id, starts_at })
        const at = (instant: string, minutes: number) =>
          `${Temporal.Instant.from(instant).subtract({ minutes })}`
        assert.equal(said(await ask(last)), '201')
        const refused = await ask(at(last, 60))
        assert.equal(said(refused), limitReached)
        assert.deepEqual([refused.body.limit, refused.body.most], [limit, 1])
        // Until half an hour into the next day the provider is busy.
        assert.equal(said(await ask(at(first, -30))), '201')
        assert.equal(said(await ask(at(first, -60))), limitReached)
      })
    }

    it('begins with the very first instant of it', async () => {
      const { client, provider } = await arrange({ [limit]: 1 }, 'America/New_York')
      const ask = (starts_at: string) => book(app, client, { provider_id: provider.id, starts_at })
      assert.equal(said(await ask('2027-03-03T05:00:00Z')), '201')
      assert.equal(said(await ask('2027-03-04T04:30:00Z')), limitReached)
      assert.equal(said(await ask('2027-03-04T05:00:00Z')), '201')
      assert.equal(said(await ask('2027-03-03T04:29:59.999Z')), '201')
    })

    it('is the organization’s day, wherever the location is', async () => {
      const { stage, client, provider } = await arrange({ [limit]: 1 }, 'Europe/London')
      const tokyo = await newLocation(app, stage, { time_zone: 'Asia/Tokyo' })
      await worksAt(app, stage, provider, tokyo)
      const ask = (starts_at: string) => book(app, client, { provider_id: provider.id, starts_at })
      assert.equal(said(await ask('2027-03-02T14:00:00Z')), '201')
      // In Tokyo this is the next day already.
      assert.equal(said(await ask('2027-03-02T16:00:00Z')), limitReached)
      assert.equal(said(await ask('2027-03-03T00:00:00Z')), '201')
    })

    it('has twenty-five hours when the clocks go back', async () => {
      const { client, provider } = await arrange({ [limit]: 1 }, 'Europe/London')
      const ask = (starts_at: string) => book(app, client, { provider_id: provider.id, starts_at })
      assert.equal(said(await ask('2027-10-30T23:00:00Z')), '201')
      assert.equal(said(await ask('2027-10-31T23:30:00Z')), limitReached)
      assert.equal(said(await ask('2027-11-01T00:00:00Z')), '201')
    })
  })
}

describe('the full day of a provider', () => {
  it('is not offered, and is offered again when somebody cancels', async () => {
    const { client, provider } = await arrange({ most_per_provider_and_day: 2 }, 'America/New_York')
    const ask = (starts_at: string) => book(app, client, { provider_id: provider.id, starts_at })
    const date = '2027-03-02'
    assert.equal(said(await ask('2027-03-02T05:00:00Z')), '201')
    assert.equal((await freeTimes(app, client, provider, { date })).length, 47)
    const second = await ask('2027-03-03T04:30:00Z')
    assert.deepEqual(await freeTimes(app, client, provider, { date }), [])
    assert.equal((await freeTimes(app, client, provider, { date: '2027-03-01' })).length > 0, true)
    assert.equal((await freeTimes(app, client, provider, { date: '2027-03-03' })).length, 48)
    await app.post(`/appointments/${second.body.id}/cancel`, { token: client.token })
    assert.equal((await freeTimes(app, client, provider, { date })).length, 47)
  })

  it('is not offered in part either, when a few hours of it are asked for', async () => {
    const { client, provider } = await arrange({ most_per_provider_and_day: 1 }, 'Europe/London')
    await book(app, client, { provider_id: provider.id, starts_at: '2027-10-30T23:00:00Z' })
    const asked = { provider_id: provider.id, from: '2027-10-31T23:00:00Z', to: '2027-11-01T01:00:00Z' }
    const answer = await app.get(`/slots?${new URLSearchParams(asked)}`, { token: client.token })
    const starts = answer.body.items.map(({ starts_at }: { starts_at: string }) => starts_at.slice(11, 16))
    assert.deepEqual(starts, ['00:00', '00:30'])
  })

  it('is no full day of a colleague', async () => {
    const { stage, client, provider } = await arrange({ most_per_provider_and_day: 1 })
    const colleague = await newProvider(app, stage, always)
    await book(app, client, { provider_id: provider.id, starts_at: '2027-03-02T09:00:00Z' })
    const answer = await app.get('/slots?from=2027-03-02&to=2027-03-02', { token: client.token })
    const providers = answer.body.items.map(({ provider_id }: { provider_id: string }) => provider_id)
    assert.deepEqual([...new Set(providers)], [colleague.id])
  })

  it('counts what is held, until the hold expires', async () => {
    const { client, provider } = await arrange({ most_per_provider_and_day: 1, hold_minutes: 5 })
    const wanted = { provider_id: provider.id, starts_at: '2027-03-02T09:00:00Z' }
    await app.post('/holds', { token: client.token, body: wanted })
    const later = { ...wanted, starts_at: '2027-03-02T11:00:00Z' }
    app.setClock('2027-03-01T08:04:59.999Z')
    assert.deepEqual(await freeTimes(app, client, provider, { date: '2027-03-02' }), [])
    assert.equal(said(await book(app, client, later)), limitReached)
    app.setClock('2027-03-01T08:05:00Z')
    assert.equal((await freeTimes(app, client, provider, { date: '2027-03-02' })).length, 48)
    assert.equal(said(await book(app, client, later)), '201')
  })
})

async function arrange(more: Partial<Rules>, time_zone = 'UTC') {
  const stage = await newOrganization(app, { rules: { ...rules, ...more }, time_zone })
  const [provider, client] = [await newProvider(app, stage, always), await newClient(app, stage)]
  return { stage, provider, client }
}
