import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { allPages, MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newProvider,
  newSlot,
  type Stage,
  visiting,
  worksAt,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const rules = { hold_minutes: 5, change_notice_minutes: 0 }
const on = (time: string) => `2027-03-02T${time}:00Z`
const from = (starts: string, ends: string) => ({ starts_at: on(starts), ends_at: on(ends) })

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the list of published slots', () => {
  it('is in order of time, page by page, and by provider, place, time and what is to be had', async () => {
    const { stage, provider_id, id: evening } = await arrange()
    const { provider, location } = await another(stage)
    const of = { provider_id: provider.id, location_id: location.id }
    const noon = await newSlot(app, stage, { ...of, ...from('12:00', '13:00') })
    const early = await newSlot(app, stage, { ...of, ...from('07:00', '08:00') })
    await book(app, await newClient(app, stage), { slot_id: noon })
    const list = async (query: object) => {
      const search = new URLSearchParams({ limit: '1', ...query })
      const slots = await allPages(app, `/published-slots?${search}`, stage.admin.token)
      return slots.map((slot) => slot.id)
    }
    assert.deepEqual(await list({}), [early, noon, evening])
    assert.deepEqual(await list({ provider_id }), [evening])
    assert.deepEqual(await list({ location_id: location.id }), [early, noon])
    assert.deepEqual(await list({ from: on('12:00'), to: on('18:00') }), [noon])
    assert.deepEqual(await list({ available: 'true' }), [early, evening])
    app.setClock(on('07:01'))
    assert.deepEqual(await list({ available: 'true' }), [evening])
  })

  it('shows visitors nothing where free times are not for them', async () => {
    const stage = await newOrganization(app, { rules: { slots_are_public: false } })
    const { provider } = await another(stage)
    const id = await newSlot(app, stage, { provider_id: provider.id, ...from('18:00', '19:00') })
    const headers = visiting(stage.organization)
    for (const path of ['/published-slots', `/published-slots/${id}`]) {
      assert.equal(said(await app.get(path, { headers })), '401 not_logged_in')
    }
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules })
  const { id: provider_id } = await newProvider(app, stage)
  const id = await newSlot(app, stage, { provider_id, ...from('18:00', '19:00'), ...more })
  return { stage, provider_id, id }
}

async function another(stage: Stage) {
  const [provider, location] = [await newProvider(app, stage), await newLocation(app, stage)]
  await worksAt(app, stage, provider, location)
  return { provider, location }
}
