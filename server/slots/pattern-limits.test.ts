import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type Answer, MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newOrganization, newProvider, type Person } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const TUESDAY = '2027-03-02'
const FRIDAY = '2027-03-05'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a pattern that makes no sense or too much', () => {
  const wrong: [string, object, string][] = [
    ['that ends before it begins', { to: '2027-02-28' }, 'to'],
    ['over more than a year', { to: '2028-03-02' }, 'to'],
    ['of more than 2000 slots', { to: '2027-12-31', slot_minutes: 5 }, 'to'],
    ['that closes as it opens', { closes: '09:00' }, 'closes'],
    ['that closes before it opens', { closes: '08:00' }, 'closes'],
    ['that opens when the day is over', { opens: '24:00', closes: '24:00' }, 'closes'],
    [
      'with a lunch that ends before it begins',
      { lunch: { opens: '13:00', closes: '12:00' } },
      'lunch.closes',
    ],
    ['with an empty exclusion', { exclude: [{ opens: '13:00', closes: '13:00' }] }, 'exclude.0.closes'],
    ['on no weekday', { weekdays: [] }, 'weekdays'],
    ['on the eighth day of the week', { weekdays: [8] }, 'weekdays.0'],
    ['of no length', { slot_minutes: 0 }, 'slot_minutes'],
    ['on a date that no calendar has', { from: '2027-02-30' }, 'from'],
    ['without a date that no calendar has', { exclude_dates: ['2027-02-30'] }, 'exclude_dates.0'],
  ]
  for (const [what, pattern, field] of wrong) {
    it(`is refused ${what}, and the field is named`, async () => {
      const { provider } = await arrange()
      for (const ask of [publish, preview]) {
        const answer = await ask(provider, { weekdays: [1, 2, 3, 4, 5, 6, 7], ...pattern })
        assert.equal(said(answer), '422 invalid_input')
        assert.equal(answer.body.errors[0].field, field)
      }
    })
  }

  it('may bring 2000 slots at once, and no more', async () => {
    const { provider } = await arrange()
    const pattern = { opens: '00:00', slot_minutes: 2 }
    const more = await publish(provider, { ...pattern, closes: '16:42' })
    assert.deepEqual([said(more), more.body.errors?.[0].field], ['422 invalid_input', 'to'])
    assert.equal(timesOf(await publish(provider, { ...pattern, closes: '16:40' })).length, 2000)
  })

  it('may reach over a year, with long breaks', async () => {
    const { provider } = await arrange()
    const days = { opens: '00:00', closes: '24:00', slot_minutes: 1440, break_minutes: 1440 }
    const year = await preview(provider, { ...days, from: '2028-01-01', to: '2028-12-31' })
    assert.equal(timesOf(year).length, 260)
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
