import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newService, newSlot } from '../../test/cast.ts'
import { freeSlots, freeTimes, said } from '../../test/free.ts'

const TUESDAY = '2027-03-02'
const EVENING = `${TUESDAY}T18:00:00Z`
const rules = { grid: 'windows', length: 'service' } as const

const app = await startApp()
after(() => app.stop())

/** A provider who is open from nine to five, a class that has times of its own, and one of them. */
async function arrange() {
  const stage = await newOrganization(app, { rules })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const group = await newService(app, stage, { minutes: 60, rules: { published_slots_only: true } })
  const of = { provider_id: provider.id, service_id: group.id }
  const slot_id = await newSlot(app, stage, { ...of, starts_at: EVENING, ends_at: `${TUESDAY}T19:00:00Z` })
  return { stage, provider, client, of, slot_id }
}

describe('a service that is offered in published slots only', () => {
  it('is not offered in the hours', async () => {
    const { client, of, slot_id } = await arrange()
    const slots = await freeSlots(app, client, { ...of, from: TUESDAY, to: TUESDAY })
    assert.deepEqual(
      slots.map(({ slot_id: id }) => id),
      [slot_id],
    )
  })

  it('is not to be had in the hours by a hand-made request, not even by an administrator', async () => {
    const { stage, client, of } = await arrange()
    const wanted = { ...of, starts_at: `${TUESDAY}T09:00:00Z` }
    assert.equal(said(await book(app, client, wanted)), '422 published_slots_only')
    const forThem = { ...wanted, client_id: client.id }
    assert.equal(said(await book(app, stage.admin, forThem)), '422 published_slots_only')
  })

  it('is booked by its slot; whoever only names its time is told so', async () => {
    const { client, of, slot_id } = await arrange()
    assert.equal(said(await book(app, client, { ...of, starts_at: EVENING })), '422 set_aside')
    assert.equal(said(await book(app, client, { slot_id })), '201')
  })

  it('leaves the hours to all other services', async () => {
    const { stage, client, provider } = await arrange()
    const other = await newService(app, stage, { minutes: 60 })
    const times = await freeTimes(app, client, provider, { date: TUESDAY, service_id: other.id })
    assert.deepEqual([times[0], times.at(-1)], ['09:00', '16:00'])
  })
})
