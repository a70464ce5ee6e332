import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newBranch, newCitizen, newMember, TUESDAY } from '../../dialects/office/testing/asking.ts'
import type { Person } from '../cast.ts'
import { type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'
import { officesOn, slot, type Visit } from './office.ts'
import { byStatus, inBetween } from './school.ts'

let ground: RaceGround
let races: ReturnType<typeof officesOn>
before(async () => {
  ground = await raceGround()
  races = officesOn(ground)
})
after(() => ground.stop())

describe('when many ask an office at once', () => {
  it('gives a slot to only one of sixty, whichever of its hosts they ask for', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, admin, office, host, crowd } = await races.arrange(60)
      const hosts = [host, await newMember(ground.app, stage, office, 'provider')]
      hosts.push(await newMember(ground.app, stage, office, 'provider'))
      const answers = await Promise.all(
        crowd.map((user, n) => races.book({ office, host: hosts[n % 3]! }, user)),
      )
      assert.deepEqual(byStatus(answers), { 201: 1, 409: 59 })
      const { id } = answers.find(({ status }) => status === 201)!.body.appointment
      assert.deepEqual(
        (await races.listed(admin)).map((visit) => visit.id),
        [id],
      )
      await races.nothingIsBroken()
    }
  })

  it('gives a citizen only one of several slots', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { admin, office, host, secretary, receptionist, crowd } = await races.arrange(1)
      const [asked, desk] = [{ office, host }, [host, secretary, receptionist, host]]
      const byUser = await Promise.all([0, 1, 2, 3].map((n) => races.book(asked, crowd[0]!, slot(n))))
      assert.deepEqual(byStatus(byUser), { 201: 1, 400: 3 })
      const citizen = newCitizen()
      const byDesk = await Promise.all(desk.map((who, n) => races.book(asked, who, slot(4 + n), citizen)))
      assert.deepEqual(byStatus(byDesk), { 201: 1, 400: 3 })
      assert.equal((await races.listed(admin)).length, 2)
      await races.nothingIsBroken()
    }
  })

  it('writes a citizen down once, whose phone several offices hear of in the same moment', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const offices = await races.arrange(0)
      const all = [offices, await newBranch(ground.app, offices), await newBranch(ground.app, offices)]
      const citizen = newCitizen()
      const answers = await Promise.all(
        all.map((office, n) => races.book(office, office.receptionist, slot(n), citizen)),
      )
      assert.deepEqual(byStatus(answers), { 201: 3 })
      assert.equal(new Set(answers.map(({ body }) => body.citizen.id)).size, 1)
      await races.nothingIsBroken()
    }
  })

  it('books in the hours of before or of afterwards, when those of the day are replaced in the same moment', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { admin, office, host, secretary, crowd } = await races.arrange(8)
      const afternoon = { specific_date: TUESDAY, start_time: '13:00', end_time: '15:00' }
      const hours = `/availability/hosts/${office.id}`
      const { answer: replaced, others } = await inBetween(
        crowd.map((user, n) => () => races.book({ office, host }, user, slot(n))),
        () => races.ask('POST', hours, secretary, afternoon),
      )
      const { 201: won = 0, 404: refused = 0 } = byStatus(others)
      assert.deepEqual([replaced.status, won + refused], [201, 8], JSON.stringify(byStatus(others)))
      const booked = others.flatMap(({ status, body }) => (status === 201 ? [body.appointment.id] : []))
      const listed = (await races.listed(admin)).map(({ id }) => id)
      assert.deepEqual(listed.toSorted(), booked.toSorted())
      const free = (await races.ask('GET', `${hours}/slots?target_date=${TUESDAY}`, secretary)).body
      assert.deepEqual([free.length, free[0].slot_start], [8, '13:00:00'])
      const late = others.findIndex(({ status }) => status === 404)
      if (late >= 0) assert.equal((await races.book({ office, host }, crowd[late]!, slot(late))).status, 404)
      await races.nothingIsBroken()
    }
  })

  it('either refuses a visit or names it when the office is closed for the day in the same moment', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { office, host, admin, crowd } = await races.arrange(8)
      const day = { starts_at: '2027-03-02T00:00:00Z', ends_at: '2027-03-03T00:00:00Z' }
      const body = { location_id: office.id, ...day }
      const { answer: closed, others } = await inBetween(
        crowd.map((user, n) => () => races.book({ office, host }, user, slot(n))),
        () => ground.ask('POST', '/time-off', { token: admin.token, body }),
      )
      const { 201: won = 0, 404: refused = 0 } = byStatus(others)
      assert.deepEqual([closed.status, won + refused], [201, 8], JSON.stringify(closed.body))
      const booked = others.flatMap(({ status, body: made }) => (status === 201 ? [made.appointment.id] : []))
      const named: string[] = closed.body.appointments.map(({ id }: { id: string }) => id)
      assert.deepEqual(named.toSorted(), booked.toSorted())
      await races.nothingIsBroken()
    }
  })

  it('moves only one visit into a slot, postponed or rescheduled, and leaves the others where they were', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { admin, office, host, secretary, crowd } = await races.arrange(8)
      const all: Visit[] = []
      for (const [n, user] of crowd.entries()) {
        all.push(await races.approved({ office, host }, user, slot(n)))
      }
      const to = { new_appointment_date: '2027-03-03', new_time_slot: '09:00' }
      const answers = await Promise.all(
        all.map((visit, n) =>
          races.step(n < 4 ? host : secretary, visit, n % 2 ? 'postpone' : 'reschedule', to),
        ),
      )
      assert.deepEqual(byStatus(answers), { 200: 1, 409: 7 })
      const kept = all.filter((_, n) => answers[n]!.status === 409)
      const winner = answers.find(({ status }) => status === 200)!.body
      assert.equal(winner.appointment_date, '2027-03-03')
      assert.deepEqual(await races.listed(admin), [...kept, winner])
      await races.nothingIsBroken()
    }
  })

  it('decides a visit once, whoever says what of it in the same moment', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { admin, office, host, secretary, crowd } = await races.arrange(1)
      const visit = await races.booked({ office, host }, crowd[0]!)
      const asked = shuffled([host, secretary, admin, host]).map((who, n) =>
        races.step(who, visit, 'decision', { decision: n % 2 ? 'approved' : 'denied' }),
      )
      const answers = await Promise.all(asked)
      assert.deepEqual(byStatus(answers), { 200: 1, 400: 3 })
      const decided = answers.find(({ status }) => status === 200)!.body
      assert.deepEqual(await races.listed(admin), [decided])
      await races.nothingIsBroken()
    }
  })

  it('ends a visit once, however it is decided, moved or cancelled in the same moment', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { admin, office, host, secretary, receptionist, crowd } = await races.arrange(6)
      const [user, ...rivals] = crowd as [Person, ...Person[]]
      const visit = await races.booked({ office, host }, user, slot(0))
      const to = (n: number) => ({ new_appointment_date: TUESDAY, new_time_slot: slot(n).time_slotted })
      const asked = shuffled([
        () => races.step(user, visit, 'cancel', { reason: 'Ill' }),
        () => races.step(receptionist, visit, 'cancel'),
        () => races.step(host, visit, 'decision', { decision: 'approved' }),
        () => races.step(secretary, visit, 'decision', { decision: 'denied' }),
        () => races.step(host, visit, 'reschedule', to(1)),
        () => races.step(secretary, visit, 'postpone', to(2)),
        () => races.ask('PATCH', `/appointments/${visit.id}`, receptionist, slot(3)),
      ])
      const answers = await Promise.all(asked.map((ask) => ask()))
      const { 200: done = 0, 400: refused = 0 } = byStatus(answers)
      assert.equal(done + refused, asked.length, JSON.stringify(byStatus(answers)))
      const ended = answers.filter(({ body }) => ['cancelled', 'denied'].includes(body.status))
      assert.equal(ended.length, 1)
      const [now] = await races.listed(admin)
      assert.deepEqual([now!.id, now!.status], [visit.id, ended[0]!.body.status])
      // Wherever it was in between, all of it is free again.
      for (const [n, rival] of rivals.slice(0, 4).entries()) {
        await races.booked({ office, host }, rival, slot(n))
      }
      await races.nothingIsBroken()
    }
  })

  it('lets a host go from an office, or books with them, and never both', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, admin, office, crowd } = await races.arrange(4)
      const host = await newMember(ground.app, stage, office, 'provider')
      const { answer: left, others } = await inBetween(
        crowd.map((user, n) => () => races.book({ office, host }, user, slot(n))),
        () => races.ask('DELETE', `/offices/hosts/${host.id}/office/${office.id}`, admin),
      )
      const { 201: won = 0, 404: refused = 0 } = byStatus(others)
      assert.equal(won + refused, 4, JSON.stringify(byStatus(others)))
      if (left.status === 204) assert.equal(won, 0)
      else assert.ok(left.status === 409 && won > 0, JSON.stringify(left.body))
      await races.nothingIsBroken()
    }
  })
})

it('an office never deadlocks', async () => {
  assert.equal(await ground.deadlocks(), 0)
})
