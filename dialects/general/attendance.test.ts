import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { newClient, newProvider, type Person } from '../../test/cast.ts'
import { type GeneralApi, from, newAppointment, newPractice, TUESDAY } from './testing/asking.ts'

const TEN = `${TUESDAY}T10:00:00Z`

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

for (const [verb, status] of [
  ['mark-completed', 'completed'],
  ['mark-no-show', 'no_show'],
] as const) {
  describe(verb, () => {
    for (const role of ['staff', 'admin'] as const) {
      it(`makes it ${status} from its start on, asked by the ${role}, with or without a body`, async () => {
        for (const body of [undefined, {}]) {
          app.setClock(MONDAY)
          const { api, appointment, ...people } = await arrange()
          app.setClock(TEN)
          const answer = await api.post(`/appointments/${appointment.id}/${verb}`, people[role], body)
          assert.deepEqual([answer.status, answer.body], [200, { ...appointment, status }])
          assert.deepEqual((await api.get('/appointments', people.client)).body, [answer.body])
        }
      })
    }

    it('waits until it has begun', async () => {
      const { staff, admin, api, appointment } = await arrange()
      app.setClock(`${TUESDAY}T09:59:59Z`)
      for (const who of [staff, admin]) {
        const answer = await api.post(`/appointments/${appointment.id}/${verb}`, who)
        assert.deepEqual([answer.status, answer.body.detail], [400, 'The appointment has not started yet.'])
      }
    })

    it('is for nobody else: not the client, a colleague, another business or a visitor', async () => {
      const { stage, client, api, appointment } = await arrange()
      const [colleague, stranger] = [await newProvider(app, stage), await newClient(app, stage)]
      const { stage: elsewhere, api: theirs } = await newPractice(app)
      app.setClock(TEN)
      const table = [
        [api, client, 403],
        [api, stranger, 403],
        [api, colleague, 404],
        [theirs, elsewhere.admin, 404],
        [api, undefined, 401],
      ] as const
      for (const [how, who, expected] of table) {
        const answer = await how.post(`/appointments/${appointment.id}/${verb}`, who)
        assert.equal(answer.status, expected, String(who?.name))
      }
      assert.equal((await api.get('/appointments', client)).body[0].status, 'scheduled')
    })

    it('is refused for what is over, by whichever way it ended', async () => {
      for (const end of ['mark-completed', 'mark-no-show', 'cancel']) {
        app.setClock(MONDAY)
        const { admin, staff, api, appointment } = await arrange()
        app.setClock(TEN)
        const path = `/appointments/${appointment.id}`
        const ended =
          end === 'cancel'
            ? await api.patch(path, admin, { status: 'cancelled' })
            : await api.post(`${path}/${end}`, staff)
        assert.equal(ended.status, 200)
        for (const who of [staff, admin]) {
          const answer = await api.post(`${path}/${verb}`, who)
          assert.equal(answer.status, 400, `after ${end}`)
          assert.match(answer.body.detail, /^Only scheduled appointments can be changed or closed/)
        }
        assert.deepEqual((await api.get('/appointments', staff)).body, [ended.body])
      }
    })
  })
}

describe('a client who does not come', () => {
  it('is counted once for each time, and not for what was completed', async () => {
    const { staff, client, api } = await newPractice(app)
    const first = await newAppointment(api, client, staff, from('09:00', '10:00'))
    const second = await newAppointment(api, client, staff)
    app.setClock(TEN)
    assert.equal((await me(api, client)).no_show_count, 0)
    for (const expected of [200, 400]) {
      assert.equal((await api.post(`/appointments/${first.id}/mark-no-show`, staff)).status, expected)
    }
    await api.post(`/appointments/${second.id}/mark-completed`, staff)
    const { no_show_count, is_blocked } = await me(api, client)
    assert.deepEqual([no_show_count, is_blocked], [1, false])
  })

  it('is blocked by the third time, and told whom to ask', async () => {
    const { stage, staff, client, api } = await newPractice(app)
    await miss(api, staff, client, 2)
    assert.deepEqual(await standing(api, client), [2, false])
    assert.equal((await book(api, client, staff)).status, 201)
    await miss(api, staff, client, 1)
    assert.deepEqual(await standing(api, client), [3, true])
    const refused = await book(api, client, staff)
    assert.equal(refused.status, 403)
    assert.match(refused.body.detail, /too many were missed.* call us/)
    const other = await newClient(app, stage)
    assert.equal((await book(api, other, staff)).status, 201)
  })

  it('may still see, change and cancel what was booked before', async () => {
    const { staff, client, api } = await newPractice(app)
    const { id } = await newAppointment(api, client, staff, from('10:00', '11:00', '2027-03-31'))
    await miss(api, staff, client, 3)
    const listed = await api.get('/appointments?status=scheduled', client)
    assert.deepEqual([listed.body.length, listed.body[0].id], [1, id])
    assert.equal((await api.get(`/appointments/${id}/export.ics`, client)).status, 200)
    assert.equal((await api.patch(`/appointments/${id}`, client, { notes: 'Sorry' })).status, 200)
    const cancelled = await api.patch(`/appointments/${id}`, client, { status: 'cancelled' })
    assert.deepEqual([cancelled.status, cancelled.body.status], [200, 'cancelled'])
  })

  it('may book again once an administrator has lifted the block, and is counted anew', async () => {
    const { stage, staff, client, api } = await newPractice(app)
    await miss(api, staff, client, 3)
    for (const [who, expected] of [
      [client, 403],
      [staff, 403],
      [stage.admin, 200],
    ] as const) {
      assert.equal((await api.post(`/auth/users/${client.id}/unblock`, who)).status, expected)
    }
    assert.deepEqual(await standing(api, client), [0, false])
    assert.equal((await book(api, client, staff)).status, 201)
    await miss(api, staff, client, 2)
    assert.deepEqual(await standing(api, client), [2, false])
  })

  it('may book all the same as an administrator', async () => {
    const { stage, staff, api } = await newPractice(app)
    await miss(api, staff, stage.admin, 3)
    assert.deepEqual(await standing(api, stage.admin), [3, true])
    assert.equal((await book(api, stage.admin, staff)).status, 201)
  })

  it('gives back what is left of the time', async () => {
    const { stage, staff, client, api } = await newPractice(app)
    const { id } = await newAppointment(api, client, staff, from('10:00', '12:00'))
    app.setClock(`${TUESDAY}T10:30:00Z`)
    const rest = { staff_id: staff.id, ...from('11:00', '12:00') }
    const other = await newClient(app, stage)
    assert.equal((await api.post('/appointments', other, rest)).status, 409)
    await api.post(`/appointments/${id}/mark-no-show`, staff)
    assert.equal((await api.post('/appointments', other, rest)).status, 201)
  })
})

async function arrange() {
  const { stage, staff, client, api } = await newPractice(app)
  const appointment = await newAppointment(api, client, staff)
  return { stage, admin: stage.admin, staff, client, api, appointment }
}

/** Appointments that somebody books and does not come to, each on a day of its own from where the clock stands. */
async function miss(api: GeneralApi, staff: Person, client: Person, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const date = nextWeekday()
    const { id } = await newAppointment(api, client, staff, from('09:00', '10:00', date))
    app.setClock(`${date}T09:00:00Z`)
    const { status } = await api.post(`/appointments/${id}/mark-no-show`, staff)
    assert.equal(status, 200)
  }
}

function nextWeekday(): string {
  let date = app.now().toZonedDateTimeISO('UTC').toPlainDate()
  do date = date.add({ days: 1 })
  while (date.dayOfWeek > 5)
  return date.toString()
}

const book = (api: GeneralApi, client: Person, staff: Person) =>
  api.post('/appointments', client, { staff_id: staff.id, ...from('15:00', '16:00', nextWeekday()) })

const me = async (api: GeneralApi, person: Person) => (await api.get('/auth/me', person)).body

async function standing(api: GeneralApi, person: Person): Promise<[number, boolean]> {
  const { no_show_count, is_blocked } = await me(api, person)
  return [no_show_count, is_blocked]
}
