import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { visitOf } from '../../dialects/veterinary/testing/asking.ts'
import { addDependent } from '../../server/people/dependents.ts'
import type { Answer } from '../app.ts'
import { newLocation, newOrganization, newPerson, type Person, worksAt } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'
import { byStatus, inBetween } from './school.ts'

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

const TUESDAY = '2027-03-02'
const at = (time: string) => `${TUESDAY}T${time}:00Z`

const ask = (method: string, path: string, { token }: Person, body?: unknown): Promise<Answer> =>
  ground.ask(method, `//veterinary/api/v1${path}`, { token, body })

/** A practice with a vet and so many owners, each of whom has a pet. */
async function arrange(size: number) {
  const { app } = ground
  const stage = await newOrganization(app, { trade: 'veterinary' })
  const { admin, organization } = stage
  const clinic = await newLocation(app, stage)
  const vet = await newPerson(app, organization, ['provider'])
  await worksAt(app, stage, vet, clinic)
  const by = { organization_id: organization.id, person_id: admin.id, session_id: '', location_ids: [] }
  const crowd: { owner: Person; pet: { id: string } }[] = []
  for (const owner of await newCrowd(app, stage, size)) {
    const wanted = { name: 'Rex', client_id: owner.id, details: { species: 'dog' } }
    const pet = await addDependent(app.connection.db, { ...by, roles: ['admin'] }, wanted, app.now())
    crowd.push({ owner, pet })
  }
  const book = ({ owner, pet }: (typeof crowd)[number], wanted: object = {}) =>
    ask('POST', '/appointments', owner, visitOf({ owner, pet, vet, clinic }, wanted))
  const of = { veterinarian_id: vet.id, clinic_id: clinic.id }
  const offer = (more: object = {}) =>
    ask('POST', '/appointments/slots/create', vet, { ...of, start_date: TUESDAY, end_date: TUESDAY, ...more })
  return { admin, vet, crowd, book, offer }
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}

describe('when many owners ask the practice at once', () => {
  it('gives a time to only one of a hundred, with a slot and without', async () => {
    for (const hasSlots of [true, false]) {
      const { crowd, book, offer } = await arrange(100)
      if (hasSlots) await offer()
      const answers = await Promise.all(crowd.map((one) => book(one)))
      assert.deepEqual(byStatus(answers), { 201: 1, 409: 99 })
      await nothingIsBroken()
    }
  })

  it('gives times that overlap to those alone who are in nobody’s way', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { admin, crowd, book } = await arrange(12)
      const asked = shuffled(crowd.map((one, n) => () => book(one, { scheduled_at: at(`10:${10 + n * 4}`) })))
      const answers = await Promise.all(asked.map((one) => one()))
      const { 201: won = 0, 409: lost } = byStatus(answers)
      assert.ok(won >= 1 && won <= 2)
      assert.equal(won + lost!, 12)
      const { total } = (await ask('GET', '/appointments', admin)).body.data
      assert.equal(total, won)
      await nothingIsBroken()
    }
  })

  it('gives the seats of a slot for two to two, whichever part of it they want', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { crowd, book, offer } = await arrange(10)
      await offer({ slot_duration: 60, max_bookings: 2 })
      const answers = await Promise.all(
        crowd.map((one, n) => book(one, { scheduled_at: at(n % 2 ? '10:00' : '10:20') })),
      )
      assert.deepEqual(byStatus(answers), { 201: 2, 409: 8 })
      await nothingIsBroken()
    }
  })

  it('books before the slots of the day are made or in one of them, and never beside them', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { crowd, book, offer } = await arrange(6)
      const { answer: made, others } = await inBetween(
        crowd.map(
          (one, n) => () => book(one, { scheduled_at: at(`10:${10 * n || '00'}`), duration_minutes: 15 }),
        ),
        () => offer({ slot_duration: 20, end_time: '11:00' }),
      )
      assert.equal(made.status, 201, JSON.stringify(made.body))
      for (const { status } of others) assert.ok([201, 400, 409].includes(status))
      await nothingIsBroken()
    }
  })
})

describe('when a visit is moved while something else becomes of it', () => {
  it('moves two who want the same time to it one at a time: the other stays where it was', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { crowd, book, vet } = await arrange(4)
      const booked = []
      for (const [n, one] of crowd.entries()) {
        booked.push((await book(one, { scheduled_at: at(`1${n}:00`) })).body.data)
      }
      const answers = await Promise.all(
        booked.map(({ id }, n) => {
          const who = n % 2 ? vet : crowd[n]!.owner
          return ask('POST', `/appointments/${id}/reschedule`, who, { new_scheduled_at: at('16:00') })
        }),
      )
      assert.deepEqual(byStatus(answers), { 200: 1, 409: 3 })
      await nothingIsBroken()
    }
  })

  it('is either begun and not moved, or moved and waits again', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { crowd, book, vet } = await arrange(1)
      const { id } = (await book(crowd[0]!)).body.data
      await ask('POST', `/appointments/${id}/confirm`, vet)
      const [moved, begun] = await Promise.all(
        shuffled(['reschedule', 'start']).map(async (verb) => {
          const body = verb === 'start' ? undefined : { new_scheduled_at: at('12:00') }
          return { verb, answer: await ask('POST', `/appointments/${id}/${verb}`, vet, body) }
        }),
      ).then((both) => ['reschedule', 'start'].map((name) => both.find(({ verb }) => verb === name)!.answer))
      assert.equal(begun!.status, 200, JSON.stringify(begun!.body))
      const { status, scheduled_at } = (await ask('GET', `/appointments/${id}`, vet)).body.data
      assert.equal(status, 'in_progress')
      assert.equal(scheduled_at, moved!.status === 200 ? at('12:00') : at('10:00'))
      await nothingIsBroken()
    }
  })
})

it('gives a licence to only one of those who enter it at once', async () => {
  for (let round = 1; round <= ROUNDS; round++) {
    const { app } = ground
    const stage = await newOrganization(app, { trade: 'veterinary' })
    const vets = []
    for (let n = 0; n < 6; n++) vets.push(await newPerson(app, stage.organization, ['provider']))
    const answers = await Promise.all(
      vets.map((vet) => ask('PUT', `/veterinarians/${vet.id}`, vet, { licence_number: 'L-1' })),
    )
    assert.deepEqual(byStatus(answers), { 200: 1, 409: 5 })
  }
})

it('owners who book never deadlock', async () => {
  assert.equal(await ground.deadlocks(), 0)
})
