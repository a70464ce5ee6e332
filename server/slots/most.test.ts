import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  type Stage,
} from '../../test/cast.ts'
import { freeTimes, said } from '../../test/free.ts'

const rules = { grid: 'none', length: 'service', slot_minutes: 30, confirm_by: 'nobody' } as const
const TUESDAY = '2027-03-02'
const WEDNESDAY = '2027-03-03'
const limitReached = '422 limit_reached'
const limits = ['most_per_provider_and_day', 'most_per_client_and_day', 'most_per_client'] as const

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

for (const limit of limits) {
  describe(`a limit (${limit})`, () => {
    it('is reached by as many as it says, not by one less', async () => {
      const { ask } = await arrange({ [limit]: 2 })
      const answers = [await ask('09:00'), await ask('10:00'), await ask('11:00')]
      assert.deepEqual(answers.map(said), ['201', '201', limitReached])
      assert.deepEqual([answers[2]!.body.limit, answers[2]!.body.most], [limit, 2])
    })

    it('counts neither what was cancelled nor what was declined', async () => {
      const { ask, admin } = await arrange({ [limit]: 1, confirm_by: 'provider' })
      for (const step of ['cancel', 'decline']) {
        const { body } = await ask('09:00')
        assert.equal(said(await ask('10:00')), limitReached)
        assert.equal(said(await app.post(`/appointments/${body.id}/${step}`, { token: admin.token })), '200')
      }
      assert.equal(said(await ask('10:00')), '201')
    })

    it('cannot be walked past by cancelling and booking again', async () => {
      const { ask, client } = await arrange({ [limit]: 2 })
      const { body } = await ask('09:00')
      await ask('10:00')
      await app.post(`/appointments/${body.id}/cancel`, { token: client.token })
      assert.deepEqual([said(await ask('11:00')), said(await ask('09:00'))], ['201', limitReached])
    })

    it('cannot be walked past by holding first', async () => {
      const { ask, hold, client } = await arrange({ [limit]: 1 })
      const held = await hold('09:00')
      assert.deepEqual(
        [said(held), said(await hold('10:00')), said(await ask('11:00'))],
        ['201', limitReached, limitReached],
      )
      assert.equal(said(await book(app, client, { hold_id: held.body.id })), '201')
      assert.equal(said(await hold('10:00')), limitReached)
    })

    it('is for everybody but administrators: the desk, providers and clients', async () => {
      const { stage, admin, client, provider, ask } = await arrange({ [limit]: 1 })
      await ask('09:00')
      const wanted = { provider_id: provider.id, client_id: client.id, starts_at: `${TUESDAY}T10:00:00Z` }
      for (const role of ['secretary', 'reception'] as const) {
        const desk = await newPerson(app, stage.organization, [role])
        await deskOf(stage, desk)
        assert.equal(said(await book(app, desk, wanted)), limitReached, role)
      }
      assert.equal(said(await book(app, provider, wanted)), limitReached)
      assert.equal(said(await book(app, admin, wanted)), '201')
    })

    it('of a service counts that service alone, and stands in the place of the organization’s', async () => {
      const { stage, provider, client, admin } = await arrange({ [limit]: 2 })
      const own = await newService(app, stage, { rules: { [limit]: 1 } })
      const free = await newService(app, stage, { rules: { [limit]: null } })
      const ask = (time: string, service_id?: string) =>
        book(app, client, { provider_id: provider.id, service_id, starts_at: `${TUESDAY}T${time}:00Z` })
      assert.equal(said(await ask('09:00')), '201')
      assert.equal(said(await ask('10:00', own.id)), '201')
      assert.equal(said(await ask('11:00', own.id)), limitReached)
      assert.equal(said(await ask('11:00')), limitReached)
      assert.equal(said(await ask('11:00', free.id)), '201')
      const body = { rules: {} }
      await app.request('PATCH', `/services/${free.id}`, { token: admin.token, body })
      assert.equal(said(await ask('12:00', free.id)), limitReached)
    })
  })
}

describe('moving an appointment', () => {
  for (const limit of ['most_per_provider_and_day', 'most_per_client_and_day'] as const) {
    it(`onto a full day is refused, and inside its own day is not (${limit})`, async () => {
      const { ask, client } = await arrange({ [limit]: 1 })
      const { body } = await ask('09:00')
      await ask('09:00', WEDNESDAY)
      const move = (starts_at: string) =>
        app.post(`/appointments/${body.id}/reschedule`, { token: client.token, body: { starts_at } })
      assert.equal(said(await move(`${WEDNESDAY}T11:00:00Z`)), limitReached)
      assert.equal((await app.get(`/appointments/${body.id}`, { token: client.token })).body.sequence, 0)
      assert.equal(said(await move(`${TUESDAY}T11:00:00Z`)), '200')
    })
  }

  it('is no further appointment of the client', async () => {
    const { ask, client } = await arrange({ most_per_client: 1 })
    const { body } = await ask('09:00')
    const move = { token: client.token, body: { starts_at: `${WEDNESDAY}T11:00:00Z` } }
    assert.equal(said(await app.post(`/appointments/${body.id}/reschedule`, move)), '200')
  })
})

describe('the appointments of one client', () => {
  it('count until they have ended, and then no more', async () => {
    const { ask } = await arrange({ most_per_client: 1 })
    await ask('09:00')
    app.setClock(`${TUESDAY}T09:29:59Z`)
    assert.equal(said(await ask('15:00')), limitReached)
    app.setClock(`${TUESDAY}T09:30:00Z`)
    assert.equal(said(await ask('15:00')), '201')
  })

  it('count as well once they have ended, since the registration opened', async () => {
    const { ask } = await arrange({ most_per_client: 1, registration_opens_at: '2027-03-01T00:00:00Z' })
    await ask('09:00')
    app.setClock(`${TUESDAY}T12:00:00Z`)
    assert.equal(said(await ask('15:00')), limitReached)
  })

  it('are nobody else’s, and no other client is kept from the times', async () => {
    const { stage, ask, provider } = await arrange({ most_per_client: 1, most_per_client_and_day: 1 })
    await ask('09:00')
    const other = await newClient(app, stage)
    const wanted = { provider_id: provider.id, starts_at: `${TUESDAY}T10:00:00Z` }
    assert.equal((await freeTimes(app, other, provider, { date: TUESDAY })).length, 15)
    assert.equal(said(await book(app, other, wanted)), '201')
  })
})

async function arrange(more: Partial<Rules>) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const { token } = client
  const at = (time: string, date = TUESDAY) => ({
    provider_id: provider.id,
    starts_at: `${date}T${time}:00Z`,
  })
  const ask = (time: string, date?: string) => book(app, client, at(time, date))
  const hold = (time: string) => app.post('/holds', { token, body: at(time) })
  return { stage, admin: stage.admin, provider, client, ask, hold }
}

/** Makes somebody the desk of the organization's only location. */
async function deskOf({ organization, admin }: Stage, { id }: Person) {
  const { body } = await app.get('/locations', { token: admin.token })
  const path = `/locations/${body.items[0].id}/members/${id}`
  assert.equal(
    (await app.request('PUT', path, { token: admin.token, body: {} })).status,
    200,
    organization.slug,
  )
}
