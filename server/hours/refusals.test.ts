import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newOrganization, newProvider, type Person } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const TUESDAY = '2027-03-02'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('hours that make no sense', () => {
  const nobody = { weekday: 1, opens: '09:00', closes: '10:00' }
  const refused: [string, object, string][] = [
    ['of nobody', { provider_id: null, ...nobody }, 'provider_id'],
    ['without a day', { opens: '09:00', closes: '10:00' }, 'weekday'],
    ['on a weekday and a date', { weekday: 1, date: TUESDAY, opens: '09:00', closes: '10:00' }, 'weekday'],
    ['that do not open', { weekday: 1, closes: '10:00' }, 'opens'],
    ['that do not close', { weekday: 1, opens: '10:00' }, 'closes'],
    ['of a weekday that is closed', { weekday: 1 }, 'opens'],
    ['that close as they open', { weekday: 1, opens: '09:00', closes: '09:00' }, 'closes'],
    ['that open at the end of the day', { weekday: 1, opens: '24:00', closes: '10:00' }, 'opens'],
    ['on an eighth day', { weekday: 8, opens: '09:00', closes: '10:00' }, 'weekday'],
    ['on a day that is half', { weekday: 1.5, opens: '09:00', closes: '10:00' }, 'weekday'],
    ['at half past twenty-four', { weekday: 1, opens: '09:00', closes: '24:30' }, 'closes'],
    ['at nine without a minute', { weekday: 1, opens: '9', closes: '10:00' }, 'opens'],
    ['on a date that no calendar has', { date: '2027-02-29', opens: '09:00', closes: '10:00' }, 'date'],
    ['in the year 0', { date: '0000-01-01', opens: '09:00', closes: '10:00' }, 'date'],
    ['with a colour', { ...nobody, colour: 'red' }, 'colour'],
  ]
  for (const [how, content, field] of refused) {
    it(`are refused, and the field is named: ${how}`, async () => {
      const { provider } = await arrange()
      const body = { provider_id: provider.id, ...content }
      const answer = await app.post('/hours', { token: provider.token, body })
      assert.equal(said(answer), '422 invalid_input')
      assert.equal(answer.body.errors[0].field, field)
      assert.equal((await hoursOf(provider)).length, 5)
    })
  }

  it('are refused when a change would make them so', async () => {
    const { provider } = await arrange()
    const [{ id }] = await hoursOf(provider)
    const body = { opens: '17:00' }
    const answer = await app.request('PATCH', `/hours/${id}`, { token: provider.token, body })
    assert.equal(said(answer), '422 invalid_input')
    assert.equal(answer.body.errors[0].field, 'closes')
  })
})

async function arrange() {
  return { provider: await newProvider(app, await newOrganization(app)) }
}

async function hoursOf({ id, token }: Person) {
  return (await app.get(`/hours?provider_id=${id}`, { token })).body.items
}
