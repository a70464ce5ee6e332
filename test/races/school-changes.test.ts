import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Person } from '../cast.ts'
import { type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'
import { at, byStatus, inBetween, schoolOn, type Slot, WEEK } from './school.ts'

let ground: RaceGround
let school: ReturnType<typeof schoolOn>
before(async () => {
  ground = await raceGround()
  school = schoolOn(ground)
})
after(() => ground.stop())

describe('when a teacher’s slots are offered and moved at once', () => {
  it('makes only one of those that overlap', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { admin, teacher } = await school.arrange(0)
      const asked = shuffled([
        ...[0, 5, 10, 15, 20, 29].map((minute) => () => school.offer(teacher, at(9, minute))),
        ...[0, 29].map((minute) => () => school.offer(admin, at(9, minute), teacher)),
        () =>
          school.ask('POST', '/slots/bulk', teacher, {
            teacher_id: teacher.id,
            ...WEEK,
            time_slots: [at(14), at(9, 25)],
          }),
      ])
      const answers = await Promise.all(asked.map((one) => one()))
      const { 201: made, 409: refused } = byStatus(answers)
      const { body } = await school.ask('GET', '/slots', admin)
      const starts: string[] = body.slots.map(({ start_time }: Slot) => start_time.slice(0, 5))
      assert.equal(made! + refused!, asked.length)
      assert.equal(made, 1, starts.join())
      assert.deepEqual(starts.includes('14:00'), starts.includes('09:25'))
      await school.nothingIsBroken()
    }
  })

  it('moves only one slot to a time, and leaves the others where they were', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { admin, teacher } = await school.arrange(0)
      const slots: Slot[] = []
      for (let n = 0; n < 7; n++) slots.push(await school.offered(teacher, at(9 + n)))
      const answers = await Promise.all(
        slots.map(({ id }, n) => school.ask('PUT', `/slots/${id}`, n % 2 ? admin : teacher, at(18, n))),
      )
      assert.deepEqual(byStatus(answers), { 200: 1, 409: 6 })
      const winner = answers.find(({ status }) => status === 200)!.body
      const expected = slots.map((slot) => (slot.id === winner.id ? winner : slot))
      const { body } = await school.ask('GET', '/slots', admin)
      assert.deepEqual(body.slots.toSorted(byId), expected.toSorted(byId))
      await school.nothingIsBroken()
    }
  })
})

describe('when a meeting is cancelled while something else becomes of it', () => {
  it('ends in one way, which all are told, and its slot is free if it was cancelled', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { admin, teacher, crowd } = await school.arrange(2)
      const [parent, rival] = crowd as [Person, Person]
      const slot = await school.offered(teacher, at(9))
      const { body: meeting } = await school.book(parent, slot)
      const path = `/appointments/${meeting.id}`
      const become = (who: Person, status: string) => () =>
        school.ask('PUT', `${path}/status`, who, { status })
      const asked = shuffled([
        () => school.ask('DELETE', path, parent),
        () => school.ask('DELETE', path, teacher),
        become(teacher, 'confirmed'),
        become(admin, 'completed'),
        become(admin, 'cancelled'),
        () => school.ask('PUT', path, parent, { notes: 'Late' }),
      ])
      const answers = await Promise.all(asked.map((one) => one()))
      const { 200: done = 0, 400: refused = 0 } = byStatus(answers)
      assert.equal(done + refused, asked.length, JSON.stringify(byStatus(answers)))
      const { [meeting.id]: end } = await school.statusesOf(admin)
      assert.match(end!, /^(cancelled|completed)$/)
      const ends = answers.filter(({ status, body }) => status === 200 && isEnd(body))
      assert.equal(ends.length, 1)
      const again = await school.book(rival, slot)
      assert.equal(again.status, end === 'cancelled' ? 201 : 409)
      await school.nothingIsBroken()
    }
  })

  it('gives its slot to only one of those who wait for it', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { admin, teacher, crowd } = await school.arrange(12)
      const [parent, ...others] = crowd
      const slot = await school.offered(teacher, at(9))
      const { body: meeting } = await school.book(parent!, slot)
      const { answer, others: answers } = await inBetween(
        others.map((rival) => () => school.book(rival, slot)),
        () => school.ask('DELETE', `/appointments/${meeting.id}`, parent!),
      )
      const { 201: won = 0, 409: lost = 0 } = byStatus(answers)
      assert.deepEqual([answer.status, won <= 1, won + lost], [200, true, 11])
      const { [meeting.id]: status, ...rest } = await school.statusesOf(admin)
      assert.deepEqual([status, Object.values(rest)], ['cancelled', Array(won).fill('pending')])
      await school.nothingIsBroken()
    }
  })
})

it('slots and meetings that change never deadlock', async () => {
  assert.equal(await ground.deadlocks(), 0)
})

/** Whether an answer says that the meeting has ended: a message after cancelling, or the meeting as it is then. */
const isEnd = ({ message, status }: { message?: string; status?: string }) =>
  message !== undefined || status === 'cancelled' || status === 'completed'

const byId = (one: Slot, other: Slot) => one.id.localeCompare(other.id)
