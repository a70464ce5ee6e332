import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newService, newSlot } from '../../test/cast.ts'
import { freeSlots, freeTimes, said, setRules } from '../../test/free.ts'

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

describe('a day with published slots, where these close their day', () => {
  it('offers nothing besides them, and the other days what they always do', async () => {
    const { stage, client, provider, slot_id } = await arrange()
    await setRules(app, stage, { slots_close_their_day: true })
    const days = { provider_id: provider.id, from: TUESDAY, to: '2027-03-03' }
    const [first, ...others] = await freeSlots(app, client, days)
    assert.equal(first!.slot_id, slot_id)
    assert.ok(others.length > 0)
    assert.ok(others.every(({ starts_at }) => starts_at.startsWith('2027-03-03')))
  })

  it('is closed to whoever names another time of it, an administrator too', async () => {
    const { stage, client, provider } = await arrange()
    await setRules(app, stage, { slots_close_their_day: true })
    const nine = (date: string) => ({ provider_id: provider.id, starts_at: `${date}T09:00:00Z` })
    const forThem = { ...nine(TUESDAY), client_id: client.id }
    assert.equal(said(await book(app, client, nine(TUESDAY))), '422 published_slots_only')
    assert.equal(said(await book(app, stage.admin, forThem)), '422 published_slots_only')
    assert.equal(said(await book(app, client, nine('2027-03-03'))), '201')
  })
})

describe('a part of a slot, where slots are taken in parts', () => {
  it('is what the appointment takes, and the seat is the whole one', async () => {
    const { stage, client, slot_id } = await arrange()
    await setRules(app, stage, { slots_in_parts: true, length: 'request' })
    const part = { slot_id, starts_at: `${TUESDAY}T18:15:00Z`, ends_at: `${TUESDAY}T18:45:00Z` }
    const { status, body } = await book(app, client, part)
    assert.deepEqual([status, body.starts_at, body.ends_at], [201, part.starts_at, part.ends_at])
    const other = await newClient(app, stage)
    const rest = { slot_id, starts_at: EVENING, ends_at: `${TUESDAY}T18:15:00Z` }
    assert.equal(said(await book(app, other, rest)), '409 slot_full')
  })

  it('is no more than the slot, and cannot be had where rules do not say so', async () => {
    const { stage, client, slot_id } = await arrange()
    const part = { slot_id, starts_at: EVENING, ends_at: `${TUESDAY}T18:30:00Z` }
    assert.equal(said(await book(app, client, part)), '422 invalid_input')
    await setRules(app, stage, { slots_in_parts: true, length: 'request' })
    const late = { slot_id, starts_at: `${TUESDAY}T18:45:00Z`, ends_at: `${TUESDAY}T19:15:00Z` }
    const { body } = await book(app, client, late)
    assert.deepEqual(body.errors, [
      { field: 'starts_at', message: 'must, with the whole appointment, be in the slot' },
    ])
    assert.equal(said(await book(app, client, { slot_id })), '201')
  })
})
