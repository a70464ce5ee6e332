import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newService, visiting } from '../../test/cast.ts'
import { freeSlots, said, setRules } from '../../test/free.ts'

const rules = { grid: 'windows', length: 'service', slot_minutes: 60, confirm_by: 'nobody' } as const
const TUESDAY = '2027-03-02'
const WEDNESDAY = '2027-03-03'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('suggestions', () => {
  it('fill gaps first, then lengthen what is taken or lie at an end of the day', async () => {
    const { stage, anna, suggested } = await arrange([10, 12])
    assert.deepEqual(await suggested(), [
      'gap 09:00',
      'gap 11:00',
      'edge 13:00',
      'edge 16:00',
      'open 14:00',
      'open 15:00',
    ])
    const query = { provider_id: anna.id, from: TUESDAY, to: TUESDAY }
    assert.equal((await freeSlots(app, stage.admin, query)).length, 6)
  })

  it('count time off as an end of the day', async () => {
    const { stage, anna, suggested } = await arrange([])
    const off = { starts_at: '2027-03-02T10:00:00Z', ends_at: '2027-03-02T16:00:00Z' }
    await app.post('/time-off', { token: stage.admin.token, body: { provider_id: anna.id, ...off } })
    assert.deepEqual(await suggested(), ['gap 09:00', 'gap 16:00'])
  })

  it('are as many as are wanted, of all days and of each', async () => {
    const { suggested } = await arrange([10, 12])
    assert.deepEqual(await suggested({ most: '2' }), ['gap 09:00', 'gap 11:00'])
    const ofEach = await suggested({ to: WEDNESDAY, most_per_day: '1' })
    assert.deepEqual(ofEach, ['gap 09:00', 'edge 09:00'])
    assert.equal((await suggested({ to: '2027-03-05' })).length, 10)
  })

  it('are as long as the service, or as is asked for where that is for choosing', async () => {
    const { stage, suggested } = await arrange([])
    const { id: service_id } = await newService(app, stage, { minutes: 240 })
    assert.deepEqual(await suggested({ service_id }), ['edge 09:00', 'edge 13:00'])
    assert.deepEqual(await suggested({ service_id, minutes: '120' }), ['422 invalid_input'])
    await setRules(app, stage, { length: 'request', most_minutes: 480 })
    assert.deepEqual((await suggested({ minutes: '120' })).slice(0, 2), ['edge 09:00', 'edge 15:00'])
  })

  it('name the published slot by which to book', async () => {
    const { stage, anna, suggested } = await arrange([], [1])
    const ends = { '10:00:00': '10:30:00', '10:30:00': '11:00:00', '11:00:00': '11:30:00' }
    for (const [starts_at, ends_at] of Object.entries(ends)) {
      const at = { starts_at: `2027-03-02T${starts_at}Z`, ends_at: `2027-03-02T${ends_at}Z` }
      await app.post('/published-slots', { token: stage.admin.token, body: { provider_id: anna.id, ...at } })
    }
    assert.deepEqual(await suggested(), ['edge 10:00', 'edge 11:00', 'open 10:30'])
    const query = new URLSearchParams({ provider_id: anna.id, from: TUESDAY, to: TUESDAY })
    const { body } = await app.get(`/calendar/suggestions?${query}`, { token: stage.admin.token })
    const [first] = body.items
    const [slot] = await freeSlots(app, stage.admin, Object.fromEntries(query))
    assert.deepEqual(first, { ...slot, fills: 'edge' })
    assert.ok(first.slot_id)
  })

  it('are for everybody to whom free times are shown', async () => {
    const { stage, anna } = await arrange([])
    const query = new URLSearchParams({ provider_id: anna.id, from: TUESDAY, to: TUESDAY })
    const visit = () => app.get(`/calendar/suggestions?${query}`, { headers: visiting(stage.organization) })
    await setRules(app, stage, { slots_are_public: true })
    assert.equal((await visit()).body.items.length, 8)
    await setRules(app, stage, { slots_are_public: false })
    assert.equal(said(await visit()), '401 not_logged_in')
  })

  it('are looked for within two months, of one provider', async () => {
    const { stage, anna } = await arrange([])
    const refused: [Record<string, string>, string][] = [
      [{ from: TUESDAY, to: '2027-02-28' }, 'to'],
      [{ from: '2027-03-01', to: '2027-05-02' }, 'to'],
      [{ from: TUESDAY, to: TUESDAY, most: '101' }, 'most'],
      [{ from: TUESDAY, to: TUESDAY, most_per_day: '0' }, 'most_per_day'],
      [{ from: TUESDAY, to: TUESDAY, provider_id: 'anna' }, 'provider_id'],
      [{ to: TUESDAY }, 'from'],
    ]
    const ask = (query: Record<string, string>) =>
      app.get(`/calendar/suggestions?${new URLSearchParams(query)}`, { token: stage.admin.token })
    for (const [query, field] of refused) {
      const answer = await ask({ provider_id: anna.id, ...query })
      assert.equal(said(answer), '422 invalid_input', JSON.stringify(query))
      assert.equal(answer.body.errors[0].field, field)
    }
    const nobody = await ask({ from: TUESDAY, to: TUESDAY })
    assert.equal(nobody.body.errors[0].field, 'provider_id')
    for (const range of [
      { from: '2027-03-01', to: '2027-05-01' },
      { from: '2027-10-01', to: '2027-12-01' },
    ]) {
      assert.equal(
        said(await ask({ provider_id: anna.id, ...range })),
        '200',
        'also where the clocks go back',
      )
    }
  })
})

/** Anna is open from nine to five and has visits of an hour on Tuesday. */
async function arrange(hours: number[], weekdays = [1, 2, 3, 4, 5]) {
  const stage = await newOrganization(app, { rules, time_zone: 'Europe/London' })
  const anna = await newProvider(app, stage, { weekdays })
  const carl = await newClient(app, stage)
  for (const hour of hours) {
    const answer = await book(app, carl, { provider_id: anna.id, starts_at: `${TUESDAY}T${hour}:00:00Z` })
    assert.equal(said(answer), '201')
  }
  const suggested = async (more: Record<string, string> = {}): Promise<string[]> => {
    const query = new URLSearchParams({ provider_id: anna.id, from: TUESDAY, to: TUESDAY, ...more })
    const answer = await app.get(`/calendar/suggestions?${query}`, { token: carl.token })
    if (answer.status !== 200) return [said(answer)]
    return answer.body.items.map(
      ({ fills, starts_at }: Record<string, string>) => `${fills} ${starts_at!.slice(11, 16)}`,
    )
  }
  return { stage, anna, carl, suggested }
}
