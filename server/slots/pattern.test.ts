import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type Answer, MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newSlot, type Person } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const TUESDAY = '2027-03-02'
const FRIDAY = '2027-03-05'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a pattern of slots', () => {
  it('publishes slots on its days, with breaks between them', async () => {
    const { provider } = await arrange()
    const answer = await publish(provider, { weekdays: [2, 4], break_minutes: 15, capacity: 2 })
    assert.equal(said(answer), '201')
    assert.deepEqual(timesOf(answer), [
      '2027-03-02 09:00-09:45',
      '2027-03-02 10:00-10:45',
      '2027-03-02 11:00-11:45',
      '2027-03-04 09:00-09:45',
      '2027-03-04 10:00-10:45',
      '2027-03-04 11:00-11:45',
    ])
    assert.deepEqual(
      new Set(answer.body.items.map((slot: { capacity: number }) => slot.capacity)),
      new Set([2]),
    )
  })

  it('leaves out lunch, times and dates that are excluded, and what only touches them stays', async () => {
    const { provider } = await arrange()
    const answer = await publish(provider, {
      weekdays: [2, 3, 4],
      slot_minutes: 60,
      closes: '16:00',
      lunch: { opens: '12:00', closes: '13:00' },
      exclude: [{ opens: '14:30', closes: '15:00' }],
      exclude_dates: ['2027-03-03', '2027-03-03', '2027-05-01'],
    })
    const hours = ['09:00-10:00', '10:00-11:00', '11:00-12:00', '13:00-14:00', '15:00-16:00']
    assert.deepEqual(timesOf(answer), [
      ...hours.map((time) => `2027-03-02 ${time}`),
      ...hours.map((time) => `2027-03-04 ${time}`),
    ])
  })

  it('can be looked at before, which publishes nothing', async () => {
    const { provider } = await arrange()
    const seen = await preview(provider, {})
    assert.equal(said(seen), '200')
    assert.equal((await listed(provider)).length, 0)
    const published = await publish(provider, {})
    assert.deepEqual(timesOf(seen), timesOf(published))
    assert.equal(timesOf(seen).length, 16)
  })

  it('publishes nothing anew when it is published twice', async () => {
    const { provider } = await arrange()
    await publish(provider, {})
    const again = await publish(provider, {})
    assert.deepEqual([said(again), again.body.items], ['201', []])
    assert.equal((await listed(provider)).length, 16)
    // One that is longer leaves out what there is, and brings the rest.
    const longer = await publish(provider, { to: '2027-03-09' })
    assert.deepEqual(
      timesOf(longer).map((time) => time.slice(0, 10)),
      ['2027-03-08', '2027-03-09'].flatMap((date) => Array(4).fill(date)),
    )
  })

  it('leaves out what meets a slot, an appointment or a hold, or has passed', async () => {
    const { stage, provider } = await arrange({ length: 'request' })
    const on = (time: string) => `${TUESDAY}T${time}:00Z`
    const of = { provider_id: provider.id }
    const client = await newClient(app, stage)
    await newSlot(app, stage, { ...of, starts_at: on('09:50'), ends_at: on('10:00') })
    await book(app, client, { ...of, starts_at: on('10:30'), ends_at: on('10:40') })
    const held = { ...of, starts_at: on('11:15'), ends_at: on('11:20') }
    assert.equal(said(await app.post('/holds', { token: client.token, body: held })), '201')
    const day = { from: TUESDAY, to: TUESDAY, slot_minutes: 30 }
    const before = await preview(provider, day)
    assert.deepEqual(
      timesOf(before).map((time) => time.slice(11, 16)),
      ['09:00', '10:00', '11:30'],
    )
    app.setClock(on('09:01'))
    const later = await preview(provider, day)
    assert.deepEqual(
      timesOf(later).map((time) => time.slice(11, 16)),
      ['10:00', '11:00', '11:30'],
    )
  })

  it('is read on the wall clock, also on the day the clocks change', async () => {
    const { provider } = await arrange({}, 'Europe/Berlin')
    const answer = await preview(provider, {
      from: '2027-03-27',
      to: '2027-03-29',
      weekdays: [6, 7, 1],
      opens: '01:00',
      closes: '04:00',
      slot_minutes: 60,
    })
    assert.deepEqual(
      answer.body.items.map((slot: { starts_at: string }) => slot.starts_at),
      [
        '2027-03-27T00:00:00Z',
        '2027-03-27T01:00:00Z',
        '2027-03-27T02:00:00Z',
        // From one to four the clock shows three hours, of which one does not exist.
        '2027-03-28T00:00:00Z',
        '2027-03-28T01:00:00Z',
        '2027-03-28T23:00:00Z',
        '2027-03-29T00:00:00Z',
        '2027-03-29T01:00:00Z',
      ],
    )
  })

  it('may open until midnight', async () => {
    const { provider } = await arrange()
    const answer = await preview(provider, { from: TUESDAY, to: TUESDAY, opens: '22:30', closes: '24:00' })
    assert.deepEqual(timesOf(answer), ['2027-03-02 22:30-23:15', '2027-03-02 23:15-00:00'])
  })

  it('is for those who may publish there', async () => {
    const { stage, provider } = await arrange()
    const others = [await newProvider(app, stage), await newClient(app, stage)]
    for (const { token } of others) {
      for (const path of ['pattern', 'preview']) {
        const answer = await app.post(`/published-slots/${path}`, { token, body: patternOf(provider, {}) })
        assert.equal(said(answer), '403 not_allowed')
      }
    }
  })
})

async function arrange(more: object = {}, time_zone = 'UTC') {
  const stage = await newOrganization(app, { rules: { hold_minutes: 60, ...more }, time_zone })
  return { stage, provider: await newProvider(app, stage) }
}

/** Tuesday to Friday, from nine to twelve, in slots of three quarters of an hour. */
function patternOf({ id: provider_id }: Person, pattern: object) {
  const days = { from: TUESDAY, to: FRIDAY, weekdays: [1, 2, 3, 4, 5], opens: '09:00', closes: '12:00' }
  return { provider_id, ...days, slot_minutes: 45, ...pattern }
}

const publish = (provider: Person, pattern: object) =>
  app.post('/published-slots/pattern', { token: provider.token, body: patternOf(provider, pattern) })

const preview = (provider: Person, pattern: object) =>
  app.post('/published-slots/preview', { token: provider.token, body: patternOf(provider, pattern) })

function timesOf({ status, body }: Answer): string[] {
  assert.ok(status < 300, JSON.stringify(body))
  return body.items.map(
    ({ starts_at, ends_at }: Record<string, string>) =>
      `${starts_at!.slice(0, 10)} ${starts_at!.slice(11, 16)}-${ends_at!.slice(11, 16)}`,
  )
}

async function listed({ token }: Person): Promise<object[]> {
  return (await app.get('/published-slots?limit=200', { token })).body.items
}
