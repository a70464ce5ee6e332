import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, type Person } from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const NINE = '2027-03-02T09:00:00Z'

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('what is written about an appointment', () => {
  it('can be changed, and taken away', async () => {
    const { client, id } = await arrange()
    const changed = await change(client, id, { notes: 'By the back door' })
    assert.deepEqual([said(changed), changed.body.notes], ['200', 'By the back door'])
    const cleared = await change(client, id, { notes: null })
    assert.deepEqual([said(cleared), cleared.body.notes], ['200', null])
  })

  it('changes nothing else', async () => {
    const { client, appointment, id } = await arrange()
    app.setClock('2027-03-01T09:00:00Z')
    const { body } = await change(client, id, { notes: 'x' })
    assert.deepEqual(body, { ...appointment, notes: 'x', updated_at: '2027-03-01T09:00:00Z' })
  })

  it('changes by field: what is not named stays', async () => {
    const { client, id } = await arrange()
    const first = await change(client, id, { details: { symptoms: 'It limps' } })
    assert.deepEqual(first.body.details, { reason: 'A check', symptoms: 'It limps' })
    const second = await change(client, id, { details: { reason: 'A limp' } })
    assert.deepEqual(second.body.details, { reason: 'A limp', symptoms: 'It limps' })
  })

  it('is held to the fields of the trade', async () => {
    const { client, id } = await arrange()
    for (const details of [{ reason: '' }, { priority: 'at once' }, { colour: 'red' }, { reason: null }]) {
      const refused = await change(client, id, { details })
      assert.equal(said(refused), '422 invalid_input', JSON.stringify(details))
      assert.match(refused.body.errors[0].field, /^details\./)
    }
  })

  for (const [field, value] of Object.entries({
    starts_at: '2027-03-02T10:00:00Z',
    provider_id: '01890000-0000-7000-8000-000000000000',
    client_id: '01890000-0000-7000-8000-000000000000',
    state: 'completed',
    price: 0,
  })) {
    it(`is all that can be changed this way: ${field} is refused`, async () => {
      const { client, id } = await arrange()
      const refused = await change(client, id, { [field]: value })
      assert.equal(said(refused), '422 invalid_input')
      assert.equal(refused.body.errors[0].field, field)
    })
  }

  it('is for those concerned', async () => {
    const { stage, client, provider, id } = await arrange()
    const table = [
      [client, '200'],
      [provider, '200'],
      [stage.admin, '200'],
      [await newClient(app, stage), '404 not_found'],
      [await newProvider(app, stage), '404 not_found'],
    ] as const
    for (const [who, expected] of table) {
      assert.equal(said(await change(who, id, { notes: 'x' })), expected, who.name)
    }
  })

  it('stays as it is once the appointment has ended', async () => {
    const { client, id } = await arrange()
    await app.post(`/appointments/${id}/cancel`, { token: client.token })
    assert.equal(said(await change(client, id, { notes: 'x' })), '409 wrong_state')
  })
})

async function arrange() {
  const stage = await newOrganization(app, { trade: 'veterinary' })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const details = { reason: 'A check' }
  const { body } = await book(app, client, { provider_id: provider.id, starts_at: NINE, details })
  return { stage, provider, client, appointment: body, id: body.id as string }
}

const change = ({ token }: Person, id: string, body: object) =>
  app.request('PATCH', `/appointments/${id}`, { token, body })
