import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newSlot, type Person } from '../cast.ts'
import { type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'
import { at, byStatus, inBetween, schoolOn, type Slot } from './school.ts'

let ground: RaceGround
let school: ReturnType<typeof schoolOn>
before(async () => {
  ground = await raceGround()
  school = schoolOn(ground)
})
after(() => ground.stop())

describe('when many parents ask the school at once', () => {
  it('gives a slot to only one of a hundred', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { admin, teacher, crowd } = await school.arrange(100)
      const slot = await school.offered(teacher, at(9))
      const answers = await Promise.all(crowd.map((parent) => school.book(parent, slot)))
      assert.deepEqual(byStatus(answers), { 201: 1, 409: 99 })
      const { id } = answers.find(({ status }) => status === 201)!.body
      assert.deepEqual(await school.statusesOf(admin), { [id]: 'pending' })
      await school.nothingIsBroken()
    }
  })

  it('gives the last seat of a slot for two to only one', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, admin, teacher, crowd } = await school.arrange(31)
      const times = { starts_at: '2027-03-02T09:00:00Z', ends_at: '2027-03-02T09:30:00Z' }
      const id = await newSlot(ground.app, stage, { provider_id: teacher.id, capacity: 2, ...times })
      const [first, ...others] = crowd
      const { body: early } = await school.book(first!, { id })
      const isBooked = async () => (await school.ask('GET', `/slots/${id}`, admin)).body.is_booked
      assert.deepEqual([early.status, await isBooked()], ['pending', false])
      const answers = await Promise.all(others.map((parent) => school.book(parent, { id })))
      assert.deepEqual(byStatus(answers), { 201: 1, 409: 29 })
      assert.equal(await isBooked(), true)
      await school.nothingIsBroken()
    }
  })

  it('takes a parent to only one of several teachers at the same time', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, admin, teacher, crowd } = await school.arrange(1)
      const slots = [await school.offered(teacher, at(9))]
      for (const minute of [0, 10, 20, 29]) {
        slots.push(await school.offered(await school.newTeacher(stage), at(9, minute)))
      }
      const answers = await Promise.all(shuffled(slots).map((slot) => school.book(crowd[0]!, slot)))
      assert.deepEqual(byStatus(answers), { 201: 1, 409: 4 })
      assert.equal(Object.keys(await school.statusesOf(admin)).length, 1)
      await school.nothingIsBroken()
    }
  })

  it('gives a slot that is taken back to nobody, or leaves it there for who was first', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { admin, teacher, crowd } = await school.arrange(8)
      const slot = await school.offered(teacher, at(9))
      const back = await inBetween(
        crowd.map((parent) => () => school.book(parent, slot)),
        () => school.ask('DELETE', `/slots/${slot.id}`, teacher),
      )
      const meetings = Object.keys(await school.statusesOf(admin))
      if (back.answer.status === 200) {
        assert.deepEqual([byStatus(back.others), meetings], [{ 404: 8 }, []])
      } else {
        assert.equal(back.answer.status, 400)
        assert.deepEqual([byStatus(back.others), meetings.length], [{ 201: 1, 409: 7 }, 1])
      }
      await school.nothingIsBroken()
    }
  })

  it('books a slot where it was promised or not at all, when it is moved in the same moment', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { admin, teacher, crowd } = await school.arrange(8)
      const slot = await school.offered(teacher, at(9))
      const { answer: moved, others } = await inBetween(
        crowd.map((parent) => () => school.book(parent, slot)),
        () => school.ask('PUT', `/slots/${slot.id}`, teacher, at(12)),
      )
      const { 201: won = 0, 404: missed = 0, 409: lost = 0 } = byStatus(others)
      assert.deepEqual([won <= 1, won + missed + lost], [true, 8])
      assert.ok(moved.status === 200 || (moved.status === 400 && won === 1), JSON.stringify(moved.body))
      const { body } = await school.ask('GET', '/appointments', admin)
      const now = (await school.ask('GET', `/slots/${slot.id}`, admin)).body
      assert.equal(now.start_time, moved.status === 200 ? '12:00:00' : '09:00:00')
      for (const meeting of body.appointments) assert.equal(meeting.slot.start_time, now.start_time)
      await school.nothingIsBroken()
    }
  })

  for (const [whose, of] of [
    ['the teacher takes', ({ id: provider_id }: Person) => ({ provider_id })],
    ['the whole school takes', () => ({})],
  ] as const) {
    it(`either refuses a booking or names it when ${whose} the day off in the same moment`, async () => {
      for (let round = 1; round <= ROUNDS * 3; round++) {
        const { admin, teacher, crowd } = await school.arrange(8)
        const slots: Slot[] = []
        for (const n of crowd.keys()) slots.push(await school.offered(teacher, at(9 + n)))
        const day = { starts_at: '2027-03-02T00:00:00Z', ends_at: '2027-03-03T00:00:00Z' }
        const { answer: off, others } = await inBetween(
          crowd.map((parent, n) => () => school.book(parent, slots[n]!)),
          () => ground.ask('POST', '/time-off', { token: admin.token, body: { ...of(teacher), ...day } }),
        )
        const { 201: won = 0, 400: refused = 0 } = byStatus(others)
        assert.deepEqual([off.status, won + refused], [201, 8], JSON.stringify(off.body))
        const booked = others.flatMap(({ status, body }) => (status === 201 ? [body.id] : []))
        const named: string[] = off.body.appointments.map(({ id }: { id: string }) => id)
        assert.deepEqual(named.toSorted(), booked.toSorted())
        await school.nothingIsBroken()
      }
    })
  }
})

it('parents who book never deadlock', async () => {
  assert.equal(await ground.deadlocks(), 0)
})
