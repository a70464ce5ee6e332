import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider } from '../../test/cast.ts'
import { freeSlots, freeTimes, said, setRules } from '../../test/free.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the day the clocks change', () => {
  const nine = [
    ['Europe/London', '2027-03-27', '2027-03-27T09:00:00Z'],
    ['Europe/London', '2027-03-28', '2027-03-28T08:00:00Z'],
    ['Europe/London', '2027-10-30', '2027-10-30T08:00:00Z'],
    ['Europe/London', '2027-10-31', '2027-10-31T09:00:00Z'],
    ['America/New_York', '2027-03-13', '2027-03-13T14:00:00Z'],
    ['America/New_York', '2027-03-14', '2027-03-14T13:00:00Z'],
    ['America/New_York', '2027-11-07', '2027-11-07T14:00:00Z'],
    ['America/Santiago', '2027-04-04', '2027-04-04T13:00:00Z'],
    ['Australia/Lord_Howe', '2027-04-03', '2027-04-02T22:00:00Z'],
    ['Australia/Lord_Howe', '2027-04-04', '2027-04-03T22:30:00Z'],
  ] as const
  for (const [time_zone, date, starts_at] of nine) {
    it(`still opens at nine in ${time_zone} on ${date}`, async () => {
      const { client, provider } = await arrange(time_zone, { opens: '09:00', closes: '10:00' })
      const asked = { provider_id: provider.id, from: date, to: date }
      const slots = await freeSlots(app, client, asked)
      assert.deepEqual([slots.length, slots[0]!.starts_at], [2, starts_at])
      assert.equal(said(await book(app, client, { provider_id: provider.id, starts_at })), '201')
    })
  }

  it('is an hour short in spring and an hour long in autumn for somebody who never closes', async () => {
    const { client, provider } = await arrange('Europe/London', { opens: '00:00', closes: '24:00' })
    const hours = async (date: string) => (await freeTimes(app, client, provider, { date })).length / 2
    assert.deepEqual([await hours('2027-03-28'), await hours('2027-10-31')], [23, 25])
  })

  it('offers the hour that happens twice, twice, and each can be booked', async () => {
    const { client, provider } = await arrange('Europe/London', { opens: '01:00', closes: '02:00' })
    const times = await freeTimes(app, client, provider, { date: '2027-10-31' })
    assert.deepEqual(times, ['00:00', '00:30', '01:00', '01:30'])
    for (const time of times) {
      const body = { provider_id: provider.id, starts_at: `2027-10-31T${time}:00Z` }
      assert.equal(said(await book(app, client, body)), '201')
    }
  })

  it('does not offer the hour that is skipped', async () => {
    const { client, provider } = await arrange('Europe/London', { opens: '01:00', closes: '02:00' })
    assert.deepEqual(await freeTimes(app, client, provider, { date: '2027-03-28' }), [])
    const body = { provider_id: provider.id, starts_at: '2027-03-28T01:00:00Z' }
    assert.equal(said(await book(app, client, body)), '422 outside_hours')
  })

  it('counts a notice of a day as twenty-four hours', async () => {
    const { client, provider, stage } = await arrange('Europe/London', { opens: '09:00', closes: '17:00' })
    await setRules(app, stage, { notice_minutes: 24 * 60 })
    app.setClock('2027-03-27T12:00:00Z')
    const [first] = await freeTimes(app, client, provider, { date: '2027-03-28' })
    assert.equal(first, '12:00')
  })

  it('keeps a grid of the clock on the clock', async () => {
    const { client, provider } = await arrange('Europe/London', { opens: '00:10', closes: '03:30' }, 'clock')
    const spring = await freeTimes(app, client, provider, { date: '2027-03-28' })
    assert.deepEqual(spring, ['00:30', '01:00', '01:30', '02:00'])
  })
})

describe('zones that are not whole hours apart', () => {
  for (const [time_zone, utc] of [
    ['Asia/Kolkata', '03:30'],
    ['Asia/Kathmandu', '03:15'],
    ['America/St_Johns', '11:30'],
  ] as const) {
    it(`open at nine in ${time_zone}`, async () => {
      const { client, provider } = await arrange(time_zone, { opens: '09:00', closes: '10:00' })
      const [first] = await freeTimes(app, client, provider, { date: '2027-05-04' })
      assert.equal(first, utc)
    })
  }
})

async function arrange(
  time_zone: string,
  hours: { opens: string; closes: string },
  grid: 'windows' | 'clock' = 'windows',
) {
  const rules = { grid, length: 'service', slot_minutes: 30 } as const
  const stage = await newOrganization(app, { rules, time_zone })
  const provider = await newProvider(app, stage, { weekdays: everyDay, ...hours })
  return { stage, provider, client: await newClient(app, stage) }
}
