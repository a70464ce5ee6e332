import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newLocation } from '../../test/cast.ts'
import {
  book,
  isFailure,
  newMember,
  newOwner,
  newPractice,
  newSlots,
  newVisit,
  type Practice,
  TEN,
  TUESDAY,
} from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

const at = (time: string) => `${TUESDAY}T${time}:00Z`
const step = ({ api }: Practice, id: string, verb: string, who: { token: string }, body?: object) =>
  api.ask('POST', `/appointments/${id}/${verb}`, { token: who.token, body })

async function arrange(wanted: object = {}) {
  const practice = await newPractice(app)
  return { practice, ...(await newVisit(practice, wanted)) }
}

describe('a visit', () => {
  it('is confirmed, begun and completed, each with its moment', async () => {
    const { practice, id } = await arrange({ estimated_cost: 60 })
    const { owner, receptionist, vet } = practice
    const confirmed = await step(practice, id, 'confirm', owner)
    assert.deepEqual([confirmed.status, confirmed.body.data.status], [200, 'confirmed'])
    assert.equal(confirmed.body.data.confirmed_at, MONDAY)
    app.setClock(TEN)
    const begun = (await step(practice, id, 'start', receptionist)).body.data
    assert.deepEqual([begun.status, begun.started_at], ['in_progress', TEN])
    app.setClock(at('10:25'))
    const { data } = (await step(practice, id, 'complete', vet, { actual_cost: 72.5 })).body
    const { status, completed_at, actual_cost, estimated_cost, confirmed_at } = data
    assert.deepEqual([status, completed_at, actual_cost], ['completed', at('10:25'), 72.5])
    assert.deepEqual([estimated_cost, confirmed_at], [60, MONDAY])
  })

  it('can begin without being confirmed, and be completed without a price', async () => {
    const { practice, id } = await arrange()
    await step(practice, id, 'start', practice.vet)
    const { data } = (await step(practice, id, 'complete', practice.vet)).body
    assert.deepEqual([data.status, data.actual_cost, data.confirmed_at], ['completed', null, null])
    isFailure(await step(practice, id, 'complete', practice.vet), 400)
  })

  it('is shown as confirmed once the pet is there, with the moment', async () => {
    const { practice, id } = await arrange()
    await app.post(`/appointments/${id}/arrive`, { token: practice.receptionist.token })
    const { data } = (await practice.api.get(`/appointments/${id}`, practice.owner)).body
    assert.deepEqual([data.status, data.checked_in_at], ['confirmed', MONDAY])
  })

  const refused: [string, string[]][] = [
    ['scheduled', ['complete']],
    ['confirmed', ['confirm', 'complete']],
    ['in_progress', ['confirm', 'start', 'cancel', 'reschedule']],
    ['completed', ['confirm', 'start', 'complete', 'cancel', 'reschedule']],
    ['cancelled', ['confirm', 'start', 'complete', 'cancel', 'reschedule']],
  ]
  const ways: Record<string, string[]> = {
    scheduled: [],
    confirmed: ['confirm'],
    in_progress: ['start'],
    completed: ['start', 'complete'],
    cancelled: ['cancel'],
  }
  for (const [status, verbs] of refused) {
    it(`that is ${status} is not open to: ${verbs.join(', ')}`, async () => {
      const { practice, id } = await arrange()
      for (const verb of ways[status]!) await step(practice, id, verb, practice.admin)
      for (const verb of verbs) {
        const answer = await step(practice, id, verb, practice.admin, { new_scheduled_at: at('12:00') })
        isFailure(answer, 400, new RegExp(`the appointment is ${status.replace('_', ' ')}`))
        assert.equal(answer.body.error.details.status, status)
      }
      const { data } = (await practice.api.get(`/appointments/${id}`, practice.admin)).body
      assert.equal(data.status, status)
    })
  }

  it('is the business of its owner, its vet and their desk, and of nobody else', async () => {
    const { practice, id } = await arrange()
    const { stage, api, owner } = practice
    const elsewhere = await newLocation(app, stage)
    const strangers = [(await newOwner(app, stage)).owner]
    for (const role of ['provider', 'reception', 'secretary'] as const) {
      strangers.push(await newMember(app, stage, elsewhere, role))
    }
    for (const verb of ['confirm', 'start', 'complete', 'cancel', 'reschedule']) {
      const body = { new_scheduled_at: at('12:00') }
      for (const who of strangers) {
        const { status } = await step(practice, id, verb, who, body)
        assert.ok(status === 404 || status === 403, `${verb} by ${who.name}: ${status}`)
      }
      isFailure(await api.post(`/appointments/${id}/${verb}`, undefined, body), 401)
    }
    for (const verb of ['start', 'complete']) isFailure(await step(practice, id, verb, owner), 403)
    const { data } = (await api.get(`/appointments/${id}`, owner)).body
    assert.deepEqual([data.status, data.scheduled_at], ['scheduled', TEN])
  })
})

describe('cancelling', () => {
  it('keeps the reason and the moment, and gives the slot back', async () => {
    const practice = await newPractice(app)
    await newSlots(practice)
    const { id } = await newVisit(practice)
    const reason = { cancellation_reason: 'We move away' }
    const { status, body } = await step(practice, id, 'cancel', practice.owner, reason)
    assert.deepEqual([status, body.data.status, body.data.cancelled_at], [200, 'cancelled', MONDAY])
    assert.equal(body.data.cancellation_reason, 'We move away')
    assert.equal((await book(practice)).status, 201)
  })

  it('needs no reason, and is for receptionists, managers, vets and administrators, too', async () => {
    for (const who of ['receptionist', 'manager', 'vet', 'admin'] as const) {
      const { practice, id } = await arrange()
      const { body } = await step(practice, id, 'cancel', practice[who])
      assert.deepEqual([body.data.status, body.data.cancellation_reason], ['cancelled', null])
    }
  })

  it('shows what the staff declined as cancelled', async () => {
    const { practice, id } = await arrange()
    await app.post(`/appointments/${id}/decline`, { token: practice.vet.token, body: { reason: 'Ill' } })
    const { data } = (await practice.api.get(`/appointments/${id}`, practice.owner)).body
    assert.deepEqual([data.status, data.cancelled_at, data.cancellation_reason], ['cancelled', MONDAY, 'Ill'])
  })
})

describe('moving a visit', () => {
  it('lets it be scheduled again: it is not confirmed any more, and can be once more', async () => {
    const { practice, id } = await arrange({ duration_minutes: 45 })
    await step(practice, id, 'confirm', practice.vet)
    app.pass({ minutes: 1 })
    const { body } = await step(practice, id, 'reschedule', practice.owner, { new_scheduled_at: at('14:00') })
    const { status, scheduled_at, duration_minutes, confirmed_at } = body.data
    assert.deepEqual([status, scheduled_at, duration_minutes], ['scheduled', at('14:00'), 45])
    assert.equal(confirmed_at, null)
    app.pass({ minutes: 1 })
    const again = (await step(practice, id, 'confirm', practice.owner)).body.data
    assert.deepEqual([again.status, again.confirmed_at], ['confirmed', '2027-03-01T08:02:00Z'])
  })

  it('takes the slot of the new time and gives the old one back', async () => {
    const practice = await newPractice(app)
    const slots = await newSlots(practice)
    const { id } = await newVisit(practice)
    const moved = await step(practice, id, 'reschedule', practice.owner, { new_scheduled_at: at('09:30') })
    assert.equal(moved.body.data.slot_id, slots[1].id)
    const other = { ...practice, ...(await newOwner(app, practice.stage)) }
    assert.equal((await book(other)).status, 201)
    isFailure(await step(practice, id, 'reschedule', practice.owner, { new_scheduled_at: at('14:00') }), 400)
  })

  it('is refused into the past and onto another one, and leaves everything as it was', async () => {
    const { practice, id } = await arrange()
    await step(practice, id, 'confirm', practice.vet)
    const other = { ...practice, ...(await newOwner(app, practice.stage)) }
    const blocking = await newVisit(other, { scheduled_at: at('11:00') })
    const before = (await practice.api.get(`/appointments/${id}`, practice.vet)).body.data
    const move = (new_scheduled_at: string) =>
      step(practice, id, 'reschedule', practice.vet, { new_scheduled_at })
    isFailure(await move('2027-03-01T07:00:00Z'), 400, /still to come/)
    const taken = await move(at('10:45'))
    isFailure(taken, 409, /from 2027-03-02T11:00:00Z to 2027-03-02T11:30:00Z/)
    assert.deepEqual(
      taken.body.error.details.conflicts.map((one: { id: string }) => one.id),
      [blocking.id],
    )
    isFailure(await move('whenever'), 422, /new_scheduled_at/)
    assert.deepEqual((await practice.api.get(`/appointments/${id}`, practice.vet)).body.data, before)
  })

  it('may overlap its own old time', async () => {
    const { practice, id } = await arrange()
    const moved = await step(practice, id, 'reschedule', practice.owner, { new_scheduled_at: at('10:15') })
    assert.equal(moved.body.data.scheduled_at, at('10:15'))
  })
})

describe('changing a visit', () => {
  it('writes what is said, keeps the rest, and null takes it away', async () => {
    const { practice, id, ...before } = await arrange({ symptoms: 'Limps', notes: 'By bus' })
    const change = {
      priority: 'urgent',
      reason: 'Limps more',
      symptoms: null,
      special_instructions: 'Muzzle',
      estimated_cost: 99,
      follow_up_required: true,
      follow_up_date: '2027-04-01',
      follow_up_notes: 'Again',
    }
    const { status, body } = await practice.api.put(`/appointments/${id}`, practice.owner, change)
    assert.equal(status, 200)
    assert.deepEqual(body.data, { id, ...before, ...change })
  })

  it('moves it and makes it longer, unless something is in the way', async () => {
    const { practice, id } = await arrange()
    const other = { ...practice, ...(await newOwner(app, practice.stage)) }
    await newVisit(other, { scheduled_at: at('11:00') })
    const put = (body: object) => practice.api.put(`/appointments/${id}`, practice.vet, body)
    isFailure(await put({ duration_minutes: 61, notes: 'Longer' }), 409)
    const { notes } = (await practice.api.get(`/appointments/${id}`, practice.vet)).body.data
    assert.equal(notes, null)
    const longer = (await put({ duration_minutes: 60 })).body.data
    assert.deepEqual([longer.scheduled_at, longer.duration_minutes], [TEN, 60])
    const moved = (await put({ scheduled_at: at('11:30') })).body.data
    assert.deepEqual([moved.scheduled_at, moved.duration_minutes], [at('11:30'), 60])
    isFailure(await put({ scheduled_at: MONDAY.replace('08', '07') }), 400)
  })

  it('makes it one of another type without moving it, also when it has begun in its slot', async () => {
    const practice = await newPractice(app)
    await newSlots(practice)
    const { id, slot_id } = await newVisit(practice)
    await step(practice, id, 'confirm', practice.vet)
    app.setClock(at('10:05'))
    await step(practice, id, 'start', practice.vet)
    const path = `/appointments/${id}`
    const { data } = (await practice.api.put(path, practice.vet, { appointment_type: 'surgery' })).body
    const { appointment_type, status, duration_minutes, scheduled_at } = data
    assert.deepEqual([appointment_type, status, duration_minutes], ['surgery', 'in_progress', 30])
    assert.deepEqual([scheduled_at, data.slot_id], [TEN, slot_id])
  })

  it('is not possible once it has ended', async () => {
    const { practice, id } = await arrange()
    await step(practice, id, 'cancel', practice.owner)
    isFailure(await practice.api.put(`/appointments/${id}`, practice.admin, { reason: 'More' }), 400)
  })
})

it('cancels for an administrator who deletes, and for nobody else', async () => {
  const { practice, id } = await arrange()
  const { api, admin, owner, vet, manager, receptionist } = practice
  for (const who of [owner, vet, manager, receptionist]) {
    isFailure(await api.delete(`/appointments/${id}`, who), 403)
  }
  const { status, body } = await api.delete(`/appointments/${id}/`, admin)
  assert.deepEqual([status, body.data.id, typeof body.data.message], [200, id, 'string'])
  assert.equal((await api.get(`/appointments/${id}`, admin)).body.data.status, 'cancelled')
  isFailure(await api.delete(`/appointments/${crypto.randomUUID()}`, admin), 404)
})
