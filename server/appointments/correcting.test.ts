import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  type Stage,
} from '../../test/cast.ts'
import { findBrokenPromises } from '../../test/checking.ts'
import { said } from '../../test/free.ts'

const rules: Partial<Rules> = {
  grid: 'none',
  length: 'service',
  slot_minutes: 60,
  clients_may_overlap: false,
  change_notice_minutes: 0,
  confirm_by: 'provider',
  completes_from: ['pending', 'confirmed', 'arrived', 'in_progress'],
  block_after_no_shows: 1,
}
const on = (time: string) => `2027-03-02T${time}:00Z`
const NINE = on('09:00')

let app: TestApp
before(async () => (app = await startApp({ alone: true })))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a correction by an administrator', () => {
  const ends = { completed: 'complete', cancelled: 'cancel', declined: 'decline', no_show: 'no-show' }
  const states = ['confirmed', 'completed', 'cancelled', 'declined', 'no_show']
  for (const [ended, step] of Object.entries(ends)) {
    it(`leads on from an appointment that is ${ended}, to any other state`, async () => {
      for (const state of states.filter((other) => other !== ended)) {
        const { stage, id } = await arrangeEnded(step)
        app.setClock(on('10:00'))
        const answer = await correct(stage.admin, id, { state, reason: 'It was the other one' })
        assert.deepEqual([said(answer), answer.body.state], ['200', state])
        await nothingIsBroken()
      }
    })
  }

  it('says of nothing that it was done or missed before it has begun', async () => {
    const { stage, id } = await arrangeEnded('cancel')
    for (const state of ['completed', 'no_show']) {
      const answer = await correct(stage.admin, id, { state, reason: 'It was the other one' })
      assert.equal(said(answer), '409 not_started_yet')
    }
  })

  it('needs a reason, which stays in the history with what was before', async () => {
    const { stage, id } = await arrangeEnded('complete')
    for (const reason of [undefined, '']) {
      const answer = await correct(stage.admin, id, { state: 'no_show', reason })
      assert.deepEqual([said(answer), answer.body.errors[0].field], ['422 invalid_input', 'reason'])
    }
    await correct(stage.admin, id, { state: 'no_show', reason: 'It was the neighbour' })
    const { body } = await app.get(`/appointments/${id}/history`, { token: stage.admin.token })
    const { action, actor_id, reason, before, after: then } = body.items.at(-1)
    assert.deepEqual(
      [action, actor_id, reason, before.state, then.state],
      ['correct', stage.admin.id, 'It was the neighbour', 'completed', 'no_show'],
    )
  })

  it('is refused to everybody else', async () => {
    const { stage, provider, client, id } = await arrangeEnded('complete')
    const secretary = await newPerson(app, stage.organization, ['secretary'])
    const table: [Person, string][] = [
      [provider, '403 not_allowed'],
      [client, '403 not_allowed'],
      [secretary, '403 not_allowed'],
      [(await newOrganization(app)).admin, '404 not_found'],
    ]
    for (const [who, expected] of table) {
      assert.equal(said(await correct(who, id, { state: 'no_show', reason: 'x' })), expected)
    }
  })

  it('to what it is already is none, unless it is about what was charged', async () => {
    const { stage, id } = await arrangeEnded('complete', { charged: 50 })
    const reason = 'The till was wrong'
    const same = await correct(stage.admin, id, { state: 'completed', reason })
    assert.deepEqual([said(same), same.body.errors[0].field], ['422 invalid_input', 'state'])
    const less = await correct(stage.admin, id, { state: 'completed', reason, charged: 45.5 })
    assert.deepEqual([said(less), less.body.charged], ['200', 45.5])
    const none = await correct(stage.admin, id, { state: 'completed', reason, charged: null })
    assert.equal(none.body.charged, null)
    const state = await correct(stage.admin, id, { state: 'no_show', reason })
    assert.equal(state.body.charged, null)
  })
})

describe('a missed appointment that was none', () => {
  it('is not counted any more, and unblocks whoever was blocked by it', async () => {
    const { stage, client, id } = await arrangeEnded('no-show')
    assert.deepEqual(await counted(stage, client), [1, true])
    await correct(stage.admin, id, { state: 'completed', reason: 'They were here' })
    assert.deepEqual(await counted(stage, client), [0, false])
  })

  it('unblocks nobody who has missed as many without it', async () => {
    const { stage, provider, client, id } = await arrange()
    const other = await book(app, client, { provider_id: provider.id, starts_at: on('11:00') })
    app.setClock(on('12:00'))
    for (const missed of [id, other.body.id]) await act(stage.admin, missed, 'no-show')
    await correct(stage.admin, id, { state: 'completed', reason: 'They were here' })
    assert.deepEqual(await counted(stage, client), [1, true])
  })

  it('that was one after all is counted, and blocks like any other', async () => {
    const { stage, client, id } = await arrangeEnded('complete')
    await correct(stage.admin, id, { state: 'no_show', reason: 'It was the neighbour' })
    assert.deepEqual(await counted(stage, client), [1, true])
  })

  it('blocks nobody where the rules block nobody', async () => {
    const { stage, client, id } = await arrangeEnded('complete', undefined, { block_after_no_shows: null })
    await correct(stage.admin, id, { state: 'no_show', reason: 'It was the neighbour' })
    assert.deepEqual(await counted(stage, client), [1, false])
  })
})

async function arrange(more: object = {}) {
  const stage = await newOrganization(app, { rules: { ...rules, ...more } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const { status, body } = await book(app, client, { provider_id: provider.id, starts_at: NINE })
  assert.equal(status, 201)
  return { stage, provider, client, id: body.id as string }
}

async function arrangeEnded(step: string, body?: object, more?: object) {
  app.setClock(MONDAY)
  const arranged = await arrange(more)
  if (step === 'complete' || step === 'no-show') app.setClock(on('10:00'))
  assert.equal(said(await act(arranged.stage.admin, arranged.id, step, body)), '200')
  return arranged
}

const act = ({ token }: Person, id: string, step: string, body?: object) =>
  app.post(`/appointments/${id}/${step}`, { token, body })

const correct = (who: Person, id: string, body: object) => act(who, id, 'correct', body)

async function counted({ admin: { token } }: Stage, { id }: Person) {
  const { body } = await app.get(`/clients/${id}`, { token })
  return [body.no_show_count, body.is_blocked]
}

async function nothingIsBroken() {
  assert.deepEqual(await findBrokenPromises(app.connection.pool), [])
}
