import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import {
  isFailure,
  newMeeting,
  newSchool,
  newSlot,
  newTeacher,
  NEXT_WEEK,
  slotOn,
  WEEK,
} from './testing/asking.ts'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())

describe('moving a slot', () => {
  it('changes what is said, and leaves the rest', async () => {
    const changes: [object, object][] = [
      [{ day_of_week: 3 }, { day_of_week: 3 }],
      [{ end_time: '11:00' }, { end_time: '11:00:00' }],
      [{ start_time: '09:15' }, { start_time: '09:15:00' }],
      [{ week_start_date: NEXT_WEEK }, { week_start_date: NEXT_WEEK }],
      [{ week_start_date: null, day_of_week: 2 }, { day_of_week: 2 }],
      [
        { start_time: '14:00:00', end_time: '15:00:00' },
        { start_time: '14:00:00', end_time: '15:00:00' },
      ],
      [{}, {}],
    ]
    const { api, stage } = await newSchool(app, { time_zone: 'Europe/London' })
    for (const [change, expected] of changes) {
      const teacher = await newTeacher(app, stage)
      const slot = await newSlot(api, teacher)
      const { status, body } = await api.put(`/slots/${slot.id}`, teacher, change)
      assert.equal(status, 200, JSON.stringify(body))
      assert.deepEqual(body, { ...slot, ...expected }, JSON.stringify(change))
      assert.deepEqual((await api.get(`/slots/${slot.id}`, teacher)).body, body)
    }
  })

  it('keeps its time on the wall clock when it goes to the day the clocks change', async () => {
    const { api, admin, teacher } = await newSchool(app, { time_zone: 'Europe/London' })
    const slot = await newSlot(api, teacher, slotOn(5, '10:00', '10:30', '2027-03-22'))
    const { body } = await api.put(`/slots/${slot.id}`, teacher, { day_of_week: 6 })
    assert.deepEqual([body.day_of_week, body.start_time, body.end_time], [6, '10:00:00', '10:30:00'])
    const { body: published } = await app.get(`/published-slots/${slot.id}`, { token: admin.token })
    assert.equal(published.starts_at, '2027-03-28T09:00:00Z')
  })

  it('may meet where the slot itself was, but no other', async () => {
    const { api, teacher } = await newSchool(app)
    const slot = await newSlot(api, teacher)
    await newSlot(api, teacher, slotOn(1, '11:00', '11:30'))
    const longer = await api.put(`/slots/${slot.id}`, teacher, { end_time: '11:00' })
    assert.deepEqual([longer.status, longer.body.end_time], [200, '11:00:00'])
    const clash = await api.put(`/slots/${slot.id}`, teacher, { end_time: '11:15' })
    isFailure(clash, 409, /2027-03-02T11:00:00 to 11:30:00/)
    isFailure(await api.put(`/slots/${slot.id}`, teacher, { start_time: '11:00', end_time: '11:30' }), 409)
    assert.equal((await api.get(`/slots/${slot.id}`, teacher)).body.end_time, '11:00:00')
  })

  it('is refused where the whole would be wrong', async () => {
    const { api, teacher } = await newSchool(app)
    const slot = await newSlot(api, teacher)
    const table: [object, string][] = [
      [{ start_time: '10:30' }, 'end_time'],
      [{ end_time: '09:00' }, 'end_time'],
      [{ week_start_date: '2027-03-09' }, 'week_start_date'],
      [{ day_of_week: 7 }, 'day_of_week'],
      [{ day_of_week: 0, start_time: '07:00' }, 'start_time'],
    ]
    for (const [change, field] of table) {
      const answer = await api.put(`/slots/${slot.id}`, teacher, change)
      isFailure(answer, 422)
      assert.equal(answer.body.errors[0].field, field, JSON.stringify(change))
    }
    assert.deepEqual((await api.get(`/slots/${slot.id}`, teacher)).body, slot)
  })

  it('is not possible once it is booked, and possible again once the meeting is cancelled', async () => {
    const { api, admin, teacher, parent, slot, id } = await newSchoolWithMeeting()
    for (const who of [teacher, admin]) {
      isFailure(await api.put(`/slots/${slot.id}`, who, { day_of_week: 3 }), 400, /booked/)
    }
    assert.equal((await api.get(`/slots/${slot.id}`, teacher)).body.day_of_week, 1)
    await api.delete(`/appointments/${id}`, parent)
    assert.equal((await api.put(`/slots/${slot.id}`, teacher, { day_of_week: 3 })).status, 200)
  })
})

describe('taking a slot back', () => {
  it('removes it, and says so', async () => {
    const { api, teacher } = await newSchool(app)
    const slot = await newSlot(api, teacher)
    const { status, body } = await api.delete(`/slots/${slot.id}`, teacher)
    assert.deepEqual([status, Object.keys(body)], [200, ['message']])
    isFailure(await api.get(`/slots/${slot.id}`, teacher), 404)
    isFailure(await api.delete(`/slots/${slot.id}`, teacher), 404)
    await newSlot(api, teacher)
  })

  it('is not possible once there is a meeting in it, also when that is over', async () => {
    for (const status of ['pending', 'confirmed', 'completed', 'no_show']) {
      const { api, admin, teacher, slot, id } = await newSchoolWithMeeting()
      if (status !== 'pending') await api.put(`/appointments/${id}/status`, teacher, { status })
      for (const who of [teacher, admin]) {
        isFailure(await api.delete(`/slots/${slot.id}`, who), 400, /booked/)
        assert.equal((await api.get(`/slots/${slot.id}`, who)).status, 200)
      }
    }
  })

  it('is possible again once the meeting is cancelled', async () => {
    const { api, teacher, parent, slot, id } = await newSchoolWithMeeting()
    await api.delete(`/appointments/${id}`, parent)
    assert.equal((await api.delete(`/slots/${slot.id}`, teacher)).status, 200)
    isFailure(await api.get(`/slots/${slot.id}`, teacher), 404)
  })
})

describe('a slot is changed by', () => {
  it('its teacher and administrators, and by nobody else', async () => {
    const { api, stage, admin, teacher, parent } = await newSchool(app)
    const slot = await newSlot(api, teacher)
    for (const [who, expected] of [
      [await newTeacher(app, stage), 403],
      [parent, 403],
      [undefined, 401],
    ] as const) {
      isFailure(
        await api.ask('PUT', `/slots/${slot.id}`, { token: who?.token, body: { day_of_week: 3 } }),
        expected,
      )
      isFailure(await api.delete(`/slots/${slot.id}`, who), expected)
    }
    assert.deepEqual((await api.get(`/slots/${slot.id}`, admin)).body, slot)
    assert.equal((await api.put(`/slots/${slot.id}`, admin, { day_of_week: 3 })).status, 200)
    assert.equal((await api.put(`/slots/${slot.id}`, teacher, { week_start_date: WEEK })).status, 200)
    assert.equal((await api.delete(`/slots/${slot.id}`, admin)).status, 200)
  })
})

async function newSchoolWithMeeting() {
  const school = await newSchool(app)
  const slot = await newSlot(school.api, school.teacher)
  const { id } = await newMeeting(school.api, school.parent, slot)
  return { ...school, slot, id: id as string }
}
