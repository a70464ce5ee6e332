import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newProvider, type Person } from '../../test/cast.ts'
import { type GeneralApi, from, newAppointment, newPractice, TUESDAY } from './testing/asking.ts'

/** Two hours before ten o'clock. */
const IN_TIME = `${TUESDAY}T08:00:00Z`
const TOO_LATE = `${TUESDAY}T08:00:01Z`

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

/** The three ways in which an appointment is given back or moved. */
const ways: [string, (api: GeneralApi, who: Person, path: string) => ReturnType<GeneralApi['patch']>][] = [
  ['cancelling', (api, who, path) => api.patch(path, who, { status: 'cancelled' })],
  ['moving by a change', (api, who, path) => api.patch(path, who, from('15:00', '16:00'))],
  [
    'rescheduling',
    (api, who, path) => {
      const { start_time: new_start_time, end_time: new_end_time } = from('15:00', '16:00')
      return api.post(`${path}/reschedule`, who, { new_start_time, new_end_time, reason: 'Because' })
    },
  ],
]

for (const [what, ask] of ways) {
  describe(what, () => {
    for (const role of ['client', 'staff'] as const) {
      it(`is possible for the ${role} exactly two hours before the start`, async () => {
        const { api, appointment, ...people } = await arrange()
        app.setClock(IN_TIME)
        const { status, body } = await ask(api, people[role], `/appointments/${appointment.id}`)
        assert.equal(status, 200)
        assert.notDeepEqual(body, appointment)
      })

      it(`is not possible for the ${role} a second later`, async () => {
        const { api, appointment, ...people } = await arrange()
        app.setClock(TOO_LATE)
        const { status, body } = await ask(api, people[role], `/appointments/${appointment.id}`)
        assert.equal(status, 400)
        assert.match(body.detail, /too late .* up to 2 hours before/)
        assert.deepEqual((await api.get('/appointments', people[role])).body, [appointment])
      })
    }

    it('is possible for administrators until it starts, and after', async () => {
      for (const clock of [TOO_LATE, `${TUESDAY}T09:59:59Z`, `${TUESDAY}T10:30:00Z`]) {
        app.setClock(MONDAY)
        const { api, appointment, admin } = await arrange()
        app.setClock(clock)
        const { status, body } = await ask(api, admin, `/appointments/${appointment.id}`)
        assert.equal(status, 200, clock)
        assert.notDeepEqual(body, appointment)
      }
    })
  })
}

describe('the two hours', () => {
  it('count to the old start, however far away the new one is', async () => {
    const { api, appointment, client } = await arrange()
    app.setClock(TOO_LATE)
    const path = `/appointments/${appointment.id}`
    const { status } = await api.patch(path, client, from('10:00', '11:00', '2027-03-31'))
    assert.equal(status, 400)
  })

  it('count to the new start once it has been moved', async () => {
    const { api, appointment, client } = await arrange()
    const path = `/appointments/${appointment.id}`
    await api.patch(path, client, from('10:00', '11:00', '2027-03-03'))
    app.setClock(`${TUESDAY}T09:30:00Z`)
    assert.equal((await api.patch(path, client, { status: 'cancelled' })).status, 200)
  })

  it('let an appointment be moved nearer than that', async () => {
    const { api, appointment, client } = await arrange()
    app.setClock(IN_TIME)
    const moved = await api.patch(`/appointments/${appointment.id}`, client, from('09:00', '10:00'))
    assert.equal(moved.status, 200)
    const cancelled = await api.patch(`/appointments/${appointment.id}`, client, { status: 'cancelled' })
    assert.equal(cancelled.status, 400)
  })

  it('keep nobody from writing notes, nor from booking', async () => {
    const { api, appointment, client, staff } = await arrange()
    app.setClock(`${TUESDAY}T09:59:00Z`)
    const noted = await api.patch(`/appointments/${appointment.id}`, client, { notes: 'I am here' })
    assert.deepEqual([noted.status, noted.body.notes], [200, 'I am here'])
    await newAppointment(api, client, staff, from('11:00', '12:00'))
  })

  it('keep the notes as they were, too, where a change comes with a move that is too late', async () => {
    const { api, appointment, client } = await arrange()
    app.setClock(TOO_LATE)
    for (const wanted of [{ status: 'cancelled' }, from('15:00', '16:00')]) {
      const body = { notes: 'Late', ...wanted }
      assert.equal((await api.patch(`/appointments/${appointment.id}`, client, body)).status, 400)
    }
    assert.deepEqual((await api.get('/appointments', client)).body, [appointment])
  })

  it('are two hours of real time, also in the night in which the clocks go forward', async () => {
    const { stage, client, api } = await newPractice(app, { time_zone: 'Europe/London' })
    const staff = await newProvider(app, stage, { weekdays: [7], opens: '00:00', closes: '24:00' })
    // At one o'clock it is two: from half past midnight until half past three it is two hours.
    const times = from('03:30', '04:30', '2027-03-28')
    const { id } = await newAppointment(api, client, staff, times)
    app.setClock('2027-03-28T00:30:01Z')
    assert.equal((await api.patch(`/appointments/${id}`, client, { status: 'cancelled' })).status, 400)
    app.setClock('2027-03-28T00:30:00Z')
    assert.equal((await api.patch(`/appointments/${id}`, client, { status: 'cancelled' })).status, 200)
  })
})

async function arrange() {
  const { stage, staff, client, api } = await newPractice(app)
  const appointment = await newAppointment(api, client, staff)
  return { admin: stage.admin, staff, client, api, appointment }
}
