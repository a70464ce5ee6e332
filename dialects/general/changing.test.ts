import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, newProvider, type Person } from '../../test/cast.ts'
import { type GeneralApi, from, newAppointment, newPractice, TUESDAY } from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('changing an appointment in the general system', () => {
  it('writes other notes', async () => {
    const { client, api, appointment } = await arrange()
    const { status, body } = await change(api, client, appointment, { notes: 'I bring my sister' })
    assert.deepEqual([status, body], [200, { ...appointment, notes: 'I bring my sister' }])
    assert.deepEqual((await api.get('/appointments', client)).body, [body])
  })

  it('clears the notes where they are null, and takes null elsewhere for not said', async () => {
    const { client, api, appointment } = await arrange({ notes: 'Long' })
    const nothing = { start_time: null, end_time: null, status: null }
    const untouched = await change(api, client, appointment, nothing)
    assert.deepEqual(untouched.body, appointment)
    const cleared = await change(api, client, appointment, { ...nothing, notes: null })
    assert.deepEqual(cleared.body, { ...appointment, notes: null })
  })

  it('changes nothing where everything is sent back as it was', async () => {
    const { stage, client, api, appointment } = await arrange({ notes: 'Long' })
    const before = await historyOf(stage.admin, appointment)
    for (const same of [appointment, {}, { status: 'scheduled' }, { notes: 'Long' }]) {
      const { status, body } = await change(api, client, appointment, same)
      assert.deepEqual([status, body], [200, appointment])
    }
    assert.deepEqual(await historyOf(stage.admin, appointment), before)
    assert.deepEqual(actionsIn(before), ['booked'])
  })

  it('changes nothing either where the wall clock cannot say all of its time', async () => {
    const { stage, client, api } = await newPractice(app, { time_zone: 'Europe/London' })
    const staff = await newProvider(app, stage, { weekdays: [7], opens: '00:00', closes: '24:00' })
    // The clocks go back at two: half past one comes twice, and this is the second time.
    const times = { start_time: '2027-10-31T01:30:00Z', end_time: '2027-10-31T03:00:00Z' }
    const appointment = await newAppointment(api, client, staff, times)
    assert.equal(appointment.start_time, '2027-10-31T01:30:00')
    await change(api, client, appointment, { ...appointment, notes: 'Sleepy' })
    const shown = await app.get(`/appointments/${appointment.id}`, { token: client.token })
    assert.deepEqual([shown.body.starts_at, shown.body.notes], ['2027-10-31T01:30:00Z', 'Sleepy'])
  })

  it('moves it, with the notes in the same step of its history', async () => {
    const { stage, client, api, appointment } = await arrange({ notes: 'Long' })
    const wanted = { ...from('14:00', '15:30'), notes: 'Longer' }
    const { status, body } = await change(api, client, appointment, wanted)
    assert.deepEqual([status, body], [200, { ...appointment, ...wanted }])
    assert.deepEqual(actionsIn(await historyOf(stage.admin, appointment)), ['booked', 'reschedule'])
  })

  it('keeps the length where only a new start is said, and the start where only an end is', async () => {
    const { client, api, appointment } = await arrange()
    const moved = await change(api, client, appointment, { start_time: `${TUESDAY}T14:00:00` })
    assert.deepEqual(timesOf(moved.body), from('14:00', '15:00'))
    const longer = await change(api, client, appointment, { end_time: `${TUESDAY}T16:00:00` })
    assert.deepEqual(timesOf(longer.body), from('14:00', '16:00'))
  })

  it('is for its client, its staff and administrators; for others there is none', async () => {
    const { stage, staff, client, api, appointment } = await arrange()
    const [colleague, stranger] = [await newProvider(app, stage), await newClient(app, stage)]
    const { stage: elsewhere, api: theirs } = await newPractice(app)
    const table = [
      [api, client, 200],
      [api, staff, 200],
      [api, stage.admin, 200],
      [api, colleague, 404],
      [api, stranger, 404],
      [theirs, elsewhere.admin, 404],
      [api, undefined, 401],
    ] as const
    for (const [how, who, expected] of table) {
      for (const wanted of [{ notes: who?.name ?? 'A visitor' }, { status: 'scheduled' }]) {
        const { status } = await how.patch(`/appointments/${appointment.id}`, who, wanted)
        assert.equal(status, expected, String(who?.name))
      }
    }
    assert.equal((await api.patch('/appointments/7', client, {})).status, 404)
  })
})

describe('cancelling', () => {
  it('gives the time back in the same moment', async () => {
    const { stage, staff, client, api, appointment } = await arrange()
    const rival = await newClient(app, stage)
    const slots = `/availability/slots?staff_id=${staff.id}&date=${TUESDAY}`
    const isOffered = async () =>
      (await api.get(slots)).body.slots.some(
        ({ start_time }: { start_time: string }) => start_time === appointment.start_time,
      )
    assert.equal(await isOffered(), false)
    const { status, body } = await change(api, client, appointment, { status: 'cancelled' })
    assert.deepEqual([status, body], [200, { ...appointment, status: 'cancelled' }])
    assert.equal(await isOffered(), true)
    await newAppointment(api, rival, staff)
  })

  it('may bring notes, and everything else as it was', async () => {
    const { stage, client, api, appointment } = await arrange()
    const wanted = { ...appointment, status: 'cancelled', notes: 'Ill' }
    const { status, body } = await change(api, client, appointment, wanted)
    assert.deepEqual([status, body], [200, wanted])
    assert.equal(actionsIn(await historyOf(stage.admin, appointment)).at(-1), 'cancel')
  })

  it('happens once: what is cancelled cannot be changed', async () => {
    const { stage, client, api, appointment } = await arrange()
    await change(api, client, appointment, { status: 'cancelled' })
    for (const wanted of [{ status: 'cancelled' }, { notes: 'Sorry' }, from('14:00', '15:00')]) {
      for (const who of [client, stage.admin]) {
        const { status, body } = await change(api, who, appointment, wanted)
        assert.equal(status, 400, JSON.stringify(wanted))
        assert.match(body.detail, /^Only scheduled appointments can be changed .* cancelled\.$/)
      }
    }
  })
})

describe('a change that is refused', () => {
  it('says why, and leaves all of it as it was', async () => {
    const { stage, staff, client, api, appointment } = await arrange({ notes: 'Long' })
    await newAppointment(api, await newClient(app, stage), staff, from('15:00', '16:00'))
    const before = await whatThereIs(api, stage.admin, appointment)
    const table: [string, object, number, RegExp][] = [
      ['taken', from('15:30', '16:30'), 409, /not free/],
      ['outside the hours', from('17:00', '18:00'), 400, /takes no appointments/],
      ['partly outside', from('16:30', '17:30'), 400, /takes no appointments/],
      ['in the past', from('10:00', '11:00', '2027-02-26'), 422, /has passed/],
      ['ending before it begins', from('12:00', '11:00'), 422, /^end_time must be after start_time\.$/],
      ['at no time', { start_time: 'soon' }, 422, /^start_time must/],
      ['completed', { status: 'completed' }, 400, /only cancelled can be set here/],
      ['missed', { status: 'no_show' }, 400, /mark-no-show/],
      ['to what there is not', { status: 'postponed' }, 422, /^status must be one of/],
      [
        'cancelled at another time',
        { status: 'cancelled', ...from('14:00', '15:00') },
        422,
        /^status cannot/,
      ],
      ['with a novel', { notes: 'x'.repeat(10_001) }, 422, /^notes must/],
    ]
    for (const [what, wanted, status, sentence] of table) {
      for (const who of [client, staff, stage.admin]) {
        const answer = await change(api, who, appointment, { notes: 'Longer', ...wanted })
        assert.equal(answer.status, status, `${what}: ${answer.body.detail}`)
        assert.match(answer.body.detail, sentence, what)
        assert.deepEqual(await whatThereIs(api, stage.admin, appointment), before, what)
      }
    }
  })

  it('says what has come in between, where a visit is under way', async () => {
    const { stage, client, api, appointment } = await arrange()
    for (const step of ['arrive', 'start']) {
      await app.post(`/appointments/${appointment.id}/${step}`, { token: stage.admin.token })
    }
    const { status, body } = await change(api, client, appointment, { status: 'cancelled' })
    assert.equal(status, 400)
    assert.match(body.detail, /^Only scheduled .* this one is in progress\.$/)
  })
})

interface Shown {
  id: string
  start_time: string
  end_time: string
}

async function arrange(wanted: object = {}) {
  const { stage, staff, client, api } = await newPractice(app)
  return { stage, staff, client, api, appointment: await newAppointment(api, client, staff, wanted) }
}

const change = (api: GeneralApi, who: Person, { id }: Shown, wanted: object) =>
  api.patch(`/appointments/${id}`, who, wanted)

const timesOf = ({ start_time, end_time }: Shown) => ({ start_time, end_time })

async function historyOf({ token }: { token: string }, { id }: Shown): Promise<{ action: string }[]> {
  return (await app.get(`/appointments/${id}/history`, { token })).body.items
}

const actionsIn = (history: { action: string }[]) => history.map(({ action }) => action)

/** All appointments, and what was done to this one. */
async function whatThereIs(api: GeneralApi, admin: Person, of: Shown) {
  return [(await api.get('/appointments', admin)).body, await historyOf(admin, of)]
}
