import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Answer } from '../app.ts'
import { newOrganization, newProvider, type Person } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('when many ask the general system at once', () => {
  it('gives a time to only one of a hundred', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { staff, admin, crowd } = await arrange(100)
      const answers = await Promise.all(crowd.map((client) => book(client, staff, at(9))))
      assert.deepEqual(counted(answers), { 201: 1, 409: 99 })
      const { id } = answers.find(({ status }) => status === 201)!.body
      assert.deepEqual(await idsOf(admin), [id])
      await nothingIsBroken()
    }
  })

  it('gives times that overlap to only one, wherever they start and however long they are', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { staff, admin, crowd } = await arrange(40)
      const answers = await Promise.all(
        crowd.map((client, n) => book(client, staff, at(9, n % 30, 30 + (n % 3) * 45))),
      )
      assert.deepEqual(counted(answers), { 201: 1, 409: 39 })
      const { id } = answers.find(({ status }) => status === 201)!.body
      assert.deepEqual(await idsOf(admin), [id])
      await nothingIsBroken()
    }
  })

  for (const [way, move] of [
    ['rescheduling', reschedule],
    ['changing its times', changeTimes],
  ] as const) {
    it(`moves only one appointment to a time by ${way}, and leaves the others where they were`, async () => {
      for (let round = 1; round <= ROUNDS; round++) {
        const { staff, admin, crowd } = await arrange(7)
        const all = []
        for (const [n, client] of crowd.entries()) all.push(await booked(client, staff, at(9 + n)))
        const to = at(9, 0, 60, '2027-03-03')
        const answers = await Promise.all(all.map(({ id }, n) => move(crowd[n]!, id, to)))
        assert.deepEqual(counted(answers), { 200: 1, 409: 6 })
        const kept = all.filter((_, n) => answers[n]!.status === 409)
        const winner = answers.find(({ status }) => status === 200)!.body
        assert.equal(winner.start_time, to.start_time)
        assert.deepEqual(await listed(admin), [...kept, winner])
        await nothingIsBroken()
      }
    })
  }

  it('ends with a cancelled appointment, however it is moved in the same moment', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { staff, admin, crowd } = await arrange(2)
      const [client, rival] = crowd as [Person, Person]
      const { id } = await booked(client, staff, at(9))
      const asked = shuffled([
        () => cancel(client, id),
        () => cancel(staff, id),
        () => reschedule(client, id, at(10)),
        () => changeTimes(staff, id, at(11)),
        () => reschedule(client, id, at(12)),
      ])
      const answers = await Promise.all(asked.map((ask) => ask()))
      const { 200: done = 0, 400: refused = 0 } = counted(answers)
      assert.equal(done + refused, answers.length, JSON.stringify(counted(answers)))
      assert.equal(answers.filter(({ body }) => body.status === 'cancelled').length, 1)
      const late = answers.filter(({ status }) => status === 400)
      for (const { body } of late) assert.match(body.detail, /^Only scheduled .* this one is cancelled\.$/)
      assert.deepEqual(
        (await listed(admin)).map(({ status }) => status),
        ['cancelled'],
      )
      // Wherever it was in between, all of it is free again.
      for (const hour of [9, 10, 11, 12]) await booked(rival, staff, at(hour))
      await nothingIsBroken()
    }
  })

  it('never deadlocks', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

interface Times {
  start_time: string
  end_time: string
}

interface Shown extends Times {
  id: string
  status: string
}

async function arrange(size: number) {
  const stage = await newOrganization(ground.app, { trade: 'general' })
  const staff = await newProvider(ground.app, stage)
  return { admin: stage.admin, staff, crowd: await newCrowd(ground.app, stage, size) }
}

function at(hour: number, minute = 0, minutes = 60, date = '2027-03-02'): Times {
  const start = Temporal.PlainDateTime.from(date).add({ hours: hour, minutes: minute })
  return { start_time: `${start}`, end_time: `${start.add({ minutes })}` }
}

const ask = (method: string, path: string, { token }: Person, body?: unknown): Promise<Answer> =>
  ground.ask(method, `//general/api/v1/appointments${path}`, { token, body })

const book = (client: Person, { id: staff_id }: Person, times: Times) =>
  ask('POST', '', client, { staff_id, ...times })

const cancel = (person: Person, id: string) => ask('PATCH', `/${id}`, person, { status: 'cancelled' })

function changeTimes(person: Person, id: string, times: Times) {
  return ask('PATCH', `/${id}`, person, times)
}

function reschedule(person: Person, id: string, { start_time, end_time }: Times) {
  const times = { new_start_time: start_time, new_end_time: end_time }
  return ask('POST', `/${id}/reschedule`, person, { ...times, reason: 'Because' })
}

async function booked(client: Person, staff: Person, times: Times): Promise<Shown> {
  const { status, body } = await book(client, staff, times)
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

async function listed(admin: Person): Promise<Shown[]> {
  return (await ask('GET', '', admin)).body
}

const idsOf = async (admin: Person) => (await listed(admin)).map(({ id }) => id)

/** How many answers there were of each status. */
function counted(answers: Answer[]): Record<number, number> {
  const statuses = [...Map.groupBy(answers, ({ status }) => status)]
  return Object.fromEntries(statuses.map(([status, all]) => [status, all.length]))
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
