import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Answer } from '../app.ts'
import { newClient, newOrganization, newProvider, type Person, type Stage } from '../cast.ts'
import { findBrokenPromises } from '../checking.ts'
import { newCrowd } from '../crowd.ts'
import { counted, type RaceGround, raceGround, ROUNDS, shuffled } from './ground.ts'

const rules = {
  grid: 'none',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  change_notice_minutes: 0,
} as const
const on = (date: number, hour: number) => `2027-03-0${date}T${String(hour).padStart(2, '0')}:00:00Z`

let ground: RaceGround
before(async () => (ground = await raceGround()))
after(() => ground.stop())

describe('when many change what there is at once', () => {
  it('moves only one appointment to a time, and leaves the others where they were', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange()
      const all = []
      for (const client of await newCrowd(ground.app, stage, 8)) {
        all.push({ client, ...(await booked(client, provider, on(2, 9 + all.length))) })
      }
      const answers = await Promise.all(
        all.map(({ client, id }) => move(client, id, { starts_at: on(3, 9) })),
      )
      assert.deepEqual(counted(answers), { '200': 1, '409 time_taken': 7 })
      const starts = await startsOf(stage)
      const kept = all.filter((_, n) => answers[n]!.status === 409).map(({ starts_at }) => starts_at)
      assert.deepEqual(starts, [...kept, on(3, 9)])
      await nothingIsBroken()
    }
  })

  it('gives a time to whoever moves there or whoever books it, never to both', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const { stage, provider } = await arrange()
      const [mover, ...crowd] = await newCrowd(ground.app, stage, 10)
      const { id } = await booked(mover!, provider, on(2, 9))
      const asked = shuffled([
        () => move(mover!, id, { starts_at: on(3, 9) }),
        ...crowd.map((client) => () => book(client, { provider_id: provider.id, starts_at: on(3, 9) })),
      ])
      const answers = await Promise.all(asked.map((ask) => ask()))
      assert.equal(answers.filter(({ status }) => status < 300).length, 1)
      assert.equal(counted(answers)['409 time_taken'], 9)
      await nothingIsBroken()
    }
  })

  it('ends with a cancelled appointment, whatever else is done to it in the same moment', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, provider } = await arrange()
      const client = await newClient(ground.app, stage)
      const { id } = await booked(client, provider, on(2, 9))
      const asked = shuffled([
        () => act(client, id, 'cancel'),
        () => act(provider, id, 'cancel'),
        ...[10, 11, 12].map((hour) => () => move(client, id, { starts_at: on(2, hour) })),
      ])
      const answers = await Promise.all(asked.map((ask) => ask()))
      assert.equal(answers.filter(({ body }) => body.state === 'cancelled' && !body.code).length, 1)
      assert.deepEqual(
        Object.keys(counted(answers)).filter((kind) => !/^(200|409 wrong_state)$/.test(kind)),
        [],
      )
      const { body } = await ground.ask('GET', `/appointments/${id}`, { token: client.token })
      assert.equal(body.state, 'cancelled')
      await nothingIsBroken()
    }
  })

  it('loses no move: each goes on from where the last one ended', async () => {
    for (let round = 1; round <= ROUNDS * 3; round++) {
      const { stage, provider } = await arrange()
      const client = await newClient(ground.app, stage)
      const colleague = await newProvider(ground.app, stage)
      const { id } = await booked(client, provider, on(2, 9))
      const asked = shuffled([
        () => move(stage.admin, id, { starts_at: on(2, 9), provider_id: colleague.id }),
        () => move(client, id, { starts_at: on(2, 11) }),
      ])
      const answers = await Promise.all(asked.map((ask) => ask()))
      assert.deepEqual(counted(answers), { '200': 2 })
      // Whoever moved the time alone has not meant to take it from the colleague again.
      const { body } = await ground.ask('GET', `/appointments/${id}`, { token: client.token })
      assert.equal(body.provider_id, colleague.id)
      await nothingIsBroken()
    }
  })

  it('confirms once, and never what was declined', async () => {
    for (let round = 1; round <= ROUNDS * 2; round++) {
      const { stage, provider } = await arrange({ confirm_by: 'provider' })
      const client = await newClient(ground.app, stage)
      const { id } = await booked(client, provider, on(2, 9))
      const asked = shuffled(['confirm', 'confirm', 'confirm', 'decline', 'decline'])
      const answers = await Promise.all(asked.map((step) => act(provider, id, step)))
      assert.deepEqual(counted(answers), { '200': 1, '409 wrong_state': 4 })
      await nothingIsBroken()
    }
  })

  it('counts a missed appointment once, and each of several', async () => {
    const { stage, provider } = await arrange({ block_after_no_shows: 3 })
    const client = await newClient(ground.app, stage)
    const ids = []
    for (const hour of [9, 10]) ids.push((await booked(client, provider, on(2, hour))).id)
    const text = `update appointments set starts_at = starts_at - interval '2 days', ends_at = ends_at - interval '2 days'
      where client_id = $1`
    await ground.app.connection.pool.query(text, [client.id])
    const asked = shuffled([...ids, ...ids, ...ids])
    const answers = await Promise.all(asked.map((id) => act(provider, id, 'no-show')))
    assert.deepEqual(counted(answers), { '200': 2, '409 wrong_state': 4 })
    const { body } = await ground.ask('GET', `/clients/${client.id}`, { token: stage.admin.token })
    assert.deepEqual([body.no_show_count, body.is_blocked], [2, false])
  })

  it('never deadlocks', async () => {
    assert.equal(await ground.deadlocks(), 0)
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(ground.app, { rules: { ...rules, ...more } })
  return { stage, provider: await newProvider(ground.app, stage) }
}

const act = ({ token }: Person, id: string, step: string, body?: object): Promise<Answer> =>
  ground.ask('POST', `/appointments/${id}/${step}`, { token, body })

const move = (person: Person, id: string, to: object) => act(person, id, 'reschedule', to)

const book = ({ token }: Person, body: object) => ground.ask('POST', '/appointments', { token, body })

async function booked(client: Person, provider: Person, starts_at: string) {
  const { status, body } = await book(client, { provider_id: provider.id, starts_at })
  assert.equal(status, 201)
  return { id: body.id as string, starts_at }
}

async function startsOf({ admin: { token } }: Stage): Promise<string[]> {
  const { body } = await ground.ask('GET', '/appointments', { token })
  return body.items.map((appointment: { starts_at: string }) => appointment.starts_at)
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(ground.app.connection.pool), [])
}
