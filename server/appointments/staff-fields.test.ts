import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { Field } from '../../presets/preset.ts'
import { startApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  worksAt,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const app = await startApp()
after(() => app.stop())

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: name,
  kind: 'text',
  ...more,
})
const NINE = '2027-03-02T09:00:00Z'
const TEN = '2027-03-02T10:00:00Z'
const all = { open: 'for all', closed: 'for the staff' }
const theirs = { open: 'for all' }

const patch = ({ token }: Person, id: string, details: object) =>
  app.request('PATCH', `/appointments/${id}`, { token, body: { details } })

describe('what only the staff sees of an appointment', () => {
  it('is shown to whoever attends it, and to the client in no answer', async () => {
    const { client, provider, desk, booked } = await arrange()
    const path = `/appointments/${booked.id}`
    const body = { starts_at: TEN }
    assert.deepEqual((await patch(desk, booked.id, all)).body.details, all)
    for (const { token } of [desk, provider]) {
      assert.deepEqual((await app.get(path, { token })).body.details, all)
    }
    const { token } = client
    assert.deepEqual((await app.get(path, { token })).body.details, theirs)
    assert.deepEqual((await app.get('/appointments', { token })).body.items[0].details, theirs)
    const done = ['reschedule', 'cancel'] as const
    for (const step of done) {
      const answer = await app.post(`${path}/${step}`, { token, body: step === 'reschedule' ? body : {} })
      assert.deepEqual([answer.status, answer.body.details], [200, theirs], step)
    }
    const history = await app.get(`${path}/history`, { token })
    assert.equal(history.body.items.length, 4)
    assert.doesNotMatch(JSON.stringify(history.body), /for the staff/)
    const known = await app.get(`${path}/history`, { token: desk.token })
    assert.deepEqual(known.body.items.at(-1).after.details, all)
  })

  it('is refused when the client books, holds, or changes with it, and stays when they change the rest', async () => {
    const { client, provider, desk, booked } = await arrange()
    const wanted = { provider_id: provider.id, starts_at: TEN }
    const { token } = client
    const held = (await app.post('/holds', { token, body: wanted })).body
    const repetition = { every: 'week', count: 2 }
    const answers = [
      await book(app, client, { ...wanted, starts_at: '2027-03-02T12:00:00Z', details: all }),
      await book(app, client, { hold_id: held.id, details: all }),
      await app.post('/appointments/series', { token, body: { ...wanted, repetition, details: all } }),
      await patch(client, booked.id, { closed: 'mine' }),
    ]
    for (const { status, body } of answers) {
      assert.deepEqual([status, body.errors?.[0].field], [422, 'details.closed'])
    }
    await patch(desk, booked.id, all)
    assert.deepEqual((await patch(client, booked.id, { open: 'new' })).body.details, { open: 'new' })
    const { body } = await app.get(`/appointments/${booked.id}`, { token: desk.token })
    assert.deepEqual(body.details, { open: 'new', closed: 'for the staff' })
  })

  it('is written with the booking by whoever attends it', async () => {
    const { client, provider, desk, location } = await arrange()
    const wanted = { provider_id: provider.id, client_id: client.id, details: all, location_id: location.id }
    for (const [who, starts_at] of [
      [desk, TEN],
      [provider, '2027-03-02T11:00:00Z'],
    ] as const) {
      const { status, body } = await book(app, who, { ...wanted, starts_at })
      assert.deepEqual([status, body.details], [201, all])
    }
  })

  it('is not for a colleague who comes as a client: neither seen nor written by them', async () => {
    const { stage, provider, desk } = await arrange()
    const colleague = await newProvider(app, stage)
    const wanted = { provider_id: provider.id, starts_at: TEN }
    assert.equal(said(await book(app, colleague, { ...wanted, details: all })), '422 invalid_input')
    const { id } = (await book(app, colleague, { ...wanted, details: theirs })).body
    await patch(desk, id, all)
    assert.deepEqual((await app.get(`/appointments/${id}`, { token: colleague.token })).body.details, theirs)
    assert.equal(said(await patch(colleague, id, { closed: 'mine' })), '422 invalid_input')
    assert.deepEqual((await patch(colleague, id, { open: 'new' })).body.details, { open: 'new' })
    const { body } = await app.get(`/appointments/${id}`, { token: desk.token })
    assert.equal(body.details.closed, 'for the staff')
  })
})

/** A client has an appointment at nine. */
async function arrange() {
  const rules = { grid: 'none', length: 'service', slot_minutes: 30, clients_may_overlap: true } as const
  const stage = await newOrganization(app, { rules })
  const appointment = [field('open'), field('closed', { visible_to: 'staff' })]
  await app.connection.db
    .updateTable('organizations')
    .set({ fields: JSON.stringify({ client: [], dependent: [], provider: [], appointment }) })
    .where('id', '=', stage.organization.id)
    .execute()
  const location = await newLocation(app, stage)
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const desk = await newPerson(app, stage.organization, ['reception'])
  for (const who of [provider, desk]) await worksAt(app, stage, who, location)
  const answer = await book(app, client, { provider_id: provider.id, starts_at: NINE, details: theirs })
  assert.equal(said(answer), '201')
  return { stage, provider, client, desk, location, booked: answer.body as { id: string } }
}
