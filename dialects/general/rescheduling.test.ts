import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, newProvider, type Person } from '../../test/cast.ts'
import { type GeneralApi, from, newAppointment, newPractice, TUESDAY } from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('rescheduling in the general system', () => {
  it('takes the new time and gives the old one back', async () => {
    const { stage, staff, client, api, appointment } = await arrange()
    const { status, body } = await move(api, client, appointment, ['14:00', '15:30'])
    assert.deepEqual([status, body], [200, { ...appointment, ...from('14:00', '15:30') }])
    assert.deepEqual((await api.get('/appointments', client)).body, [body])
    await newAppointment(api, await newClient(app, stage), staff)
  })

  it('takes times with an offset as well, and shows the wall clock', async () => {
    const { staff, client, api } = await newPractice(app, { time_zone: 'America/New_York' })
    const appointment = await newAppointment(api, client, staff)
    const wanted = { new_start_time: '2027-03-02T19:00:00Z', new_end_time: '2027-03-02T15:00:00-05:00' }
    const { status, body } = await api.post(`/appointments/${appointment.id}/reschedule`, client, wanted)
    assert.equal(status, 200)
    assert.deepEqual([body.start_time, body.end_time], Object.values(from('14:00', '15:00')))
  })

  it('by less than its length is no conflict with itself', async () => {
    const { client, api, appointment } = await arrange()
    const { status, body } = await move(api, client, appointment, ['10:30', '11:30'])
    assert.deepEqual([status, body.start_time], [200, `${TUESDAY}T10:30:00`])
  })

  it('writes each reason below the notes', async () => {
    const { client, api, appointment } = await arrange({ notes: 'Bring the key' })
    await move(api, client, appointment, ['11:00', '12:00'], { reason: 'The train' })
    const { body } = await move(api, client, appointment, ['12:00', '13:00'], { reason: 'The bus' })
    assert.equal(body.notes, 'Bring the key\nRescheduled: The train\nRescheduled: The bus')
    const without = await move(api, client, appointment, ['13:00', '14:00'])
    const empty = await move(api, client, appointment, ['14:00', '15:00'], { reason: '' })
    const none = await move(api, client, appointment, ['15:00', '16:00'], { reason: null })
    assert.deepEqual([without.body.notes, empty.body.notes, none.body.notes], Array(3).fill(body.notes))
  })

  it('leaves what can be sent back, however long the notes have become', async () => {
    const { client, api, appointment } = await arrange({ notes: 'x'.repeat(1900) })
    const { body } = await move(api, client, appointment, ['11:00', '12:00'], { reason: 'y'.repeat(500) })
    const { status, body: shown } = await api.patch(`/appointments/${appointment.id}`, client, body)
    assert.deepEqual([status, shown], [200, body])
  })

  it('needs no reason, and takes none where the notes have no room for it', async () => {
    const { client, api, appointment } = await arrange()
    const { body: full } = await api.patch(`/appointments/${appointment.id}`, client, {
      notes: 'x'.repeat(9_990),
    })
    const refused = await move(api, client, appointment, ['11:00', '12:00'], { reason: 'The train' })
    assert.equal(refused.status, 422)
    assert.match(refused.body.detail, /^reason has no room left in the notes/)
    assert.deepEqual((await api.get('/appointments', client)).body, [full])
    assert.equal((await move(api, client, appointment, ['11:00', '12:00'])).status, 200)
  })

  it('makes the reason the notes where there were none', async () => {
    const { client, api, appointment } = await arrange()
    const { body } = await move(api, client, appointment, ['11:00', '12:00'], { reason: 'The train' })
    assert.equal(body.notes, 'Rescheduled: The train')
  })

  it('is one step in its history, with the reason', async () => {
    const { stage, client, api, appointment } = await arrange()
    await move(api, client, appointment, ['11:00', '12:00'], { reason: 'The train' })
    const steps = (await historyOf(stage.admin, appointment)).map(({ action, reason }) => [action, reason])
    assert.deepEqual(steps, [
      ['booked', null],
      ['reschedule', 'The train'],
    ])
  })

  it('is for its client, its staff and administrators; for others there is no such appointment', async () => {
    const { stage, staff, client, api, appointment } = await arrange()
    const [colleague, stranger] = [await newProvider(app, stage), await newClient(app, stage)]
    const { stage: elsewhere, api: theirs } = await newPractice(app)
    const table = [
      [api, client, ['11:00', '12:00'], 200],
      [api, staff, ['12:00', '13:00'], 200],
      [api, stage.admin, ['13:00', '14:00'], 200],
      [api, colleague, ['14:00', '15:00'], 404],
      [api, stranger, ['14:00', '15:00'], 404],
      [theirs, elsewhere.admin, ['14:00', '15:00'], 404],
      [api, undefined, ['14:00', '15:00'], 401],
    ] as const
    for (const [how, who, times, expected] of table) {
      assert.equal((await move(how, who, appointment, times)).status, expected, String(who?.name))
    }
    assert.deepEqual((await api.get('/appointments', client)).body[0].start_time, `${TUESDAY}T13:00:00`)
    assert.equal((await move(api, client, { id: crypto.randomUUID() }, ['14:00', '15:00'])).status, 404)
  })
})

describe('rescheduling that is refused', () => {
  it('says why, and leaves everything as it was', async () => {
    const { stage, staff, client, api, appointment } = await arrange({ notes: 'Bring the key' })
    await newAppointment(api, await newClient(app, stage), staff, from('15:00', '16:00'))
    const before = await whatThereIs(api, stage.admin, appointment)
    const table: [string, object, number, RegExp][] = [
      ['taken', to('15:00', '16:00'), 409, /not free/],
      ['taken from another start', to('15:30', '16:30'), 409, /not free/],
      ['taken, and outside the hours', to('15:30', '17:30'), 409, /not free/],
      ['outside the hours', to('17:00', '18:00'), 400, /takes no appointments/],
      ['partly outside', to('08:30', '09:30'), 400, /takes no appointments/],
      ['on a Sunday', to('10:00', '11:00', '2027-03-07'), 400, /takes no appointments/],
      ['in the past', to('10:00', '11:00', '2027-02-26'), 422, /has passed/],
      ['ending before it begins', to('12:00', '11:00'), 422, /end_time must be after /],
      ['without an end', { new_start_time: `${TUESDAY}T12:00:00` }, 422, /^new_end_time is missing\.$/],
      ['at no time', { ...to('12:00', '13:00'), new_start_time: 'soon' }, 422, /^new_start_time must/],
      ['with a novel', { ...to('12:00', '13:00'), reason: 'x'.repeat(501) }, 422, /^reason must/],
    ]
    for (const [what, wanted, status, sentence] of table) {
      for (const who of [client, staff, stage.admin]) {
        const body = { reason: 'Because', ...wanted }
        const answer = await api.post(`/appointments/${appointment.id}/reschedule`, who, body)
        assert.equal(answer.status, status, `${what}: ${answer.body.detail}`)
        assert.match(answer.body.detail, sentence, what)
        assert.deepEqual(await whatThereIs(api, stage.admin, appointment), before, what)
      }
    }
  })

  it('is refused for what is over', async () => {
    for (const [clock, path, body] of [
      [MONDAY, '', { status: 'cancelled' }],
      [`${TUESDAY}T10:00:00Z`, '/mark-completed', undefined],
      [`${TUESDAY}T10:00:00Z`, '/mark-no-show', undefined],
    ] as const) {
      app.setClock(MONDAY)
      const { stage, staff, client, api, appointment } = await arrange()
      app.setClock(clock)
      const closed = path
        ? await api.post(`/appointments/${appointment.id}${path}`, staff)
        : await api.patch(`/appointments/${appointment.id}`, staff, body)
      assert.equal(closed.status, 200)
      for (const who of [client, staff, stage.admin]) {
        const answer = await move(api, who, appointment, ['14:00', '15:00'])
        const is = closed.body.status.replace('_', ' ')
        const sentence = `Only scheduled appointments can be changed or closed, and this one is ${is}.`
        assert.deepEqual([answer.status, answer.body], [400, { detail: sentence }])
      }
    }
  })
})

async function arrange(wanted: object = {}) {
  const { stage, staff, client, api } = await newPractice(app)
  return { stage, staff, client, api, appointment: await newAppointment(api, client, staff, wanted) }
}

function to(start: string, end: string, date?: string) {
  const { start_time: new_start_time, end_time: new_end_time } = from(start, end, date)
  return { new_start_time, new_end_time }
}

function move(
  api: GeneralApi,
  who: Person | undefined,
  { id }: { id: string },
  [start, end]: readonly [string, string],
  more: object = {},
) {
  return api.post(`/appointments/${id}/reschedule`, who, { ...to(start, end), ...more })
}

async function historyOf({ token }: Person, { id }: { id: string }) {
  const { body } = await app.get(`/appointments/${id}/history`, { token })
  return body.items as { action: string; reason: string | null }[]
}

/** All appointments, and what was done to this one. */
async function whatThereIs(api: GeneralApi, admin: Person, of: { id: string }) {
  return [(await api.get('/appointments', admin)).body, await historyOf(admin, of)]
}
