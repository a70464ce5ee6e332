import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newClinic } from '../../dialects/clinic/testing/asking.ts'
import type { Answer } from '../app.ts'
import { newSlot, PASSWORD, type Person, visiting } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

const NINE = '2027-03-02T09:00:00Z'

describe('when many patients ask the clinic at once', () => {
  it('gives a half hour to only one of a hundred', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { doctor, admin, crowd } = await arrange(100)
      const answers = await Promise.all(crowd.map((patient) => book(patient, doctor, NINE)))
      assert.deepEqual(byStatus(answers), { 201: 1, 409: 99 })
      const winner = answers.find(({ status }) => status === 201)!.body
      assert.deepEqual((await ask('GET', '/appointments', admin)).body, [winner])
      await nothingIsBroken()
    }
  })

  it('gives an explicit slot to only one of thirty', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { doctor, stage, crowd } = await arrange(30)
      const [starts_at, ends_at] = ['2027-03-02T19:10:00Z', '2027-03-02T19:40:00Z']
      await newSlot(ground.app, stage, { provider_id: doctor.id, starts_at, ends_at })
      const answers = await Promise.all(crowd.map((patient) => book(patient, doctor, starts_at)))
      assert.deepEqual(byStatus(answers), { 201: 1, 409: 29 })
      await nothingIsBroken()
    }
  })

  it('gives a half hour that is given back to only one, or it was not back yet', async () => {
    for (let round = 1; round <= ROUNDS * 2; round++) {
      const { doctor, admin, crowd } = await arrange(12)
      const [first, ...others] = crowd
      const { body: held } = await book(first!, doctor, NINE)
      const cancelled = ask('PATCH', `/appointments/${held._id}/cancel`, first!)
      const answers = await Promise.all(others.map((patient) => book(patient, doctor, NINE)))
      assert.equal((await cancelled).status, 200)
      const { 201: won = 0, 409: lost, ...rest } = byStatus(answers)
      assert.deepEqual([won <= 1, won + lost!, rest], [true, 11, {}])
      const { body: waiting } = await ask('GET', '/appointments?status=scheduled', admin)
      assert.equal(waiting.length, won)
      await nothingIsBroken()
    }
  })

  it('ends an appointment only once, whether it is cancelled or completed', async () => {
    for (let round = 1; round <= ROUNDS * 2; round++) {
      const { doctor, crowd } = await arrange(1)
      const [patient] = crowd as [Person]
      const { body: visit } = await book(patient, doctor, NINE)
      const step = (who: Person, name: string) => () =>
        ask('PATCH', `/appointments/${visit._id}/${name}`, who)
      const steps = [step(patient, 'cancel'), step(doctor, 'cancel'), step(doctor, 'complete')]
      const answers = await Promise.all(shuffled(steps).map((take) => take()))
      assert.deepEqual(byStatus(answers), { 200: 1, 400: 2 })
      const { status } = answers.find((one) => one.status === 200)!.body
      const { body } = await ask('GET', `/appointments/${visit._id}`, patient)
      assert.equal(body.status, status)
      await nothingIsBroken()
    }
  })

  it('makes one account of six who sign up with one phone', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage } = await arrange(0)
      const signUp = (n: number) => {
        const body = { name: 'Ada', email: `ada${n}@example.com`, phone: '+441632960001', password: PASSWORD }
        return ground.ask('POST', '//clinic/api/v1/auth/patient/signup', {
          body,
          headers: visiting(stage.organization),
        })
      }
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(signUp))
      assert.deepEqual(byStatus(answers), { 201: 1, 409: 5 })
    }
  })
})

async function arrange(size: number) {
  const { stage, admin, doctor } = await newClinic(ground.app)
  return { stage, admin, doctor, crowd: size > 0 ? await newCrowd(ground.app, stage, size) : [] }
}

const ask = (method: string, path: string, { token }: Person, body?: unknown): Promise<Answer> =>
  ground.ask(method, `//clinic/api/v1${path}`, { token, body })

const book = (patient: Person, { id: doctorId }: Person, start: string) =>
  ask('POST', '/appointments', patient, { doctorId, start, reason: 'A cough' })

function byStatus(answers: Answer[]): Record<number, number> {
  const statuses = [...Map.groupBy(answers, ({ status }) => status)]
  return Object.fromEntries(statuses.map(([status, all]) => [status, all.length]))
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
