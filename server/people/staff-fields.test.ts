import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { Field, Fields } from '../../presets/preset.ts'
import { startApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  visiting,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'

const app = await startApp()
after(() => app.stop())

const SECRET = 'for the staff'
const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: name,
  kind: 'text',
  ...more,
})
const both = [field('open'), field('closed', { visible_to: 'staff' })]
const fields: Fields = { client: both, dependent: both, provider: both, appointment: both }
const all = { open: 'for all', closed: SECRET }

const patch = ({ token }: Person, path: string, body: object) => app.request('PATCH', path, { token, body })

describe('what only the staff sees of a client', () => {
  it('is shown to the desk and to their provider, and to themself nowhere', async () => {
    const { client, desk, provider } = await arrange()
    const path = `/clients/${client.id}`
    assert.deepEqual((await patch(desk, path, { details: all, notes: 'Late payer' })).body.details, all)
    for (const who of [desk, provider]) {
      const { body } = await app.get(path, { token: who.token })
      assert.deepEqual([body.details, body.notes], [all, 'Late payer'])
    }
    await hidden(client, [path, '/clients', '/users/me'], ['Late payer'])
    const changed = await patch(client, path, { phone: '+441632960001' })
    assert.deepEqual([changed.body.details, changed.body.notes], [{ open: 'for all' }, null])
  })

  it('is refused when they write it, as if it were not there, and stays when they write the rest', async () => {
    const { client, desk } = await arrange()
    const path = `/clients/${client.id}`
    await patch(desk, path, { details: all, notes: 'Late payer' })
    const refused = await patch(client, path, { details: { closed: 'mine' } })
    const unknown = await patch(client, path, { details: { nothing: 'mine' } })
    assert.deepEqual([said(refused), said(unknown)], ['422 invalid_input', '422 invalid_input'])
    assert.equal(refused.body.errors[0].message, unknown.body.errors[0].message)
    assert.equal(said(await patch(client, path, { notes: 'Pays early' })), '422 invalid_input')
    const changed = await patch(client, path, { details: { open: 'new' } })
    assert.deepEqual(changed.body.details, { open: 'new' })
    const { body } = await app.get(path, { token: desk.token })
    assert.deepEqual([body.details, body.notes], [{ open: 'new', closed: SECRET }, 'Late payer'])
  })

  it('does not keep them from changing the rest where the staff must fill it in', async () => {
    const required = [field('open'), field('closed', { visible_to: 'staff', required: true })]
    const { client } = await arrange({ ...fields, client: required })
    assert.equal(said(await patch(client, `/clients/${client.id}`, { details: { open: 'new' } })), '200')
  })
})

describe('what only the staff sees of a dependent', () => {
  it('is shown to the desk and to the provider, not to a guardian, who may write the rest', async () => {
    const { client, desk, provider } = await arrange()
    const { token } = client
    const body = { name: 'Kim', client_id: client.id, details: all, notes: 'Shy' }
    const { id } = (await app.post('/dependents', { token: desk.token, body })).body
    const path = `/dependents/${id}`
    await visit(client, provider, { dependent_id: id })
    for (const who of [desk, provider]) {
      assert.deepEqual((await app.get(path, { token: who.token })).body.details, all)
    }
    await hidden(client, [path, '/dependents', '/appointments'], ['Shy'])
    const own = await app.post('/dependents', { token, body: { name: 'Robin', details: all } })
    assert.equal(said(own), '422 invalid_input')
    assert.equal(said(await patch(client, path, { details: { closed: 'mine' } })), '422 invalid_input')
    assert.deepEqual((await patch(client, path, { details: { open: 'new' } })).body.details, { open: 'new' })
    const { details } = (await app.get(path, { token: desk.token })).body
    assert.deepEqual(details, { open: 'new', closed: SECRET })
  })
})

describe('what only the staff sees of a provider', () => {
  it('is shown to colleagues and to themself, not to clients and visitors', async () => {
    const { stage, client, desk, provider } = await arrange()
    const path = `/providers/${provider.id}`
    assert.deepEqual((await patch(provider, path, { details: all })).body.details, all)
    for (const who of [desk, stage.admin, provider]) {
      assert.deepEqual((await app.get(path, { token: who.token })).body.details, all)
    }
    await hidden(client, [path, '/providers'])
    for (const open of [path, '/providers']) {
      const { status, body } = await app.get(open, { headers: visiting(stage.organization) })
      assert.equal(status, 200)
      assert.doesNotMatch(JSON.stringify(body), new RegExp(SECRET))
      assert.match(JSON.stringify(body), /for all/)
    }
    const added = { name: 'Ada', details: all }
    const { body } = await app.post('/providers', { token: stage.admin.token, body: added })
    assert.deepEqual(body.details, all)
  })
})

/** None of these answers tells somebody what they may not see; each tells them the rest. */
async function hidden({ token }: Person, paths: string[], more: string[] = []) {
  for (const path of paths) {
    const { status, body } = await app.get(path, { token })
    assert.equal(status, 200, path)
    const text = JSON.stringify(body)
    for (const secret of [SECRET, ...more]) assert.ok(!text.includes(secret), `${path} tells ${secret}`)
  }
}

async function visit(client: Person, provider: Person, more: object = {}) {
  const answer = await book(app, client, {
    provider_id: provider.id,
    starts_at: '2027-03-02T10:00:00Z',
    ...more,
  })
  assert.equal(said(answer), '201')
}

/** An organization with these fields, in which a client has been to a provider. */
async function arrange(own: Fields = fields) {
  const stage = await newOrganization(app, { rules: { clients_may_overlap: true } })
  await app.connection.db
    .updateTable('organizations')
    .set({ fields: JSON.stringify(own) })
    .where('id', '=', stage.organization.id)
    .execute()
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const desk = await newPerson(app, stage.organization, ['reception'])
  await newService(app, stage)
  const first = { provider_id: provider.id, starts_at: '2027-03-03T10:00:00Z' }
  assert.equal(said(await book(app, client, first)), '201')
  return { stage, provider, client, desk }
}
