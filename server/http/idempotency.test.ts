import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  type Stage,
  visiting,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } })
const addClient = ({ token }: Person, name: string, key: string) =>
  app.post('/clients', { token, body: { name }, ...withKey(key) })

async function namesOf({ admin }: Stage): Promise<string[]> {
  const { body } = await app.get('/clients', { token: admin.token })
  return body.items.map(({ name }: { name: string }) => name)
}

describe('a creating request with a key', () => {
  it('that is repeated gets the first answer, and makes nothing more', async () => {
    const stage = await newOrganization(app)
    const first = await addClient(stage.admin, 'Ada', 'key-1')
    app.pass({ minutes: 10 })
    const second = await addClient(stage.admin, 'Ada', 'key-1')
    assert.equal(first.status, 201)
    assert.equal(second.status, 201)
    assert.deepEqual(second.body, first.body)
    assert.deepEqual(await namesOf(stage), ['Ada'])
  })

  it('is refused with another body, and with another address', async () => {
    const stage = await newOrganization(app)
    await addClient(stage.admin, 'Ada', 'key-1')
    const { token } = stage.admin
    const answers = [
      await addClient(stage.admin, 'Bob', 'key-1'),
      await app.post('/providers', { token, body: { name: 'Ada' }, ...withKey('key-1') }),
    ]
    for (const { status, body } of answers) {
      assert.equal(status, 422)
      assert.equal(body.code, 'idempotency_key_reused')
    }
    assert.deepEqual(await namesOf(stage), ['Ada'])
  })

  it('has nothing to do with the same key of somebody else', async () => {
    const stage = await newOrganization(app)
    const desk = await newPerson(app, stage.organization, ['reception'])
    const other = await newOrganization(app)
    for (const person of [stage.admin, desk, other.admin]) {
      assert.equal((await addClient(person, `by ${person.id}`, 'key-1')).status, 201)
    }
    assert.equal((await namesOf(stage)).length, 2)
    assert.equal((await namesOf(other)).length, 1)
  })

  it('that was refused leaves the key free for another try', async () => {
    const stage = await newOrganization(app)
    const { token } = stage.admin
    const { name } = await newService(app, stage)
    const add = (service: object) => app.post('/services', { token, body: service, ...withKey('key-1') })
    assert.equal((await add({ name, minutes: 30 })).status, 409)
    assert.equal((await add({ name: 'Other' })).status, 422)
    assert.equal((await add({ name: 'Other', minutes: 30 })).status, 201)
  })

  it('sent twice at once makes one record, and both are told of it', async () => {
    const stage = await newOrganization(app)
    const answers = await Promise.all(Array.from({ length: 8 }, () => addClient(stage.admin, 'Ada', 'key-1')))
    for (const { status, body } of answers) {
      assert.equal(status, 201)
      assert.deepEqual(body, answers[0]!.body)
    }
    assert.deepEqual(await namesOf(stage), ['Ada'])
  })

  it('books once for a double click, and a retry learns of that booking', async () => {
    const stage = await newOrganization(app)
    const provider = await newProvider(app, stage)
    const client = await newClient(app, stage)
    const { id: service_id } = await newService(app, stage)
    const starts_at = app.now().add({ hours: 26 }).toString()
    const click = () =>
      book(app, client, { provider_id: provider.id, service_id, starts_at }, withKey('click'))
    const answers = [...(await Promise.all([click(), click(), click()])), await click()]
    for (const { status, body } of answers) {
      assert.equal(status, 201, JSON.stringify(body))
      assert.equal(body.id, answers[0]!.body.id)
    }
    const mine = await app.get('/appointments', { token: client.token })
    assert.equal(mine.body.items.length, 1)
  })

  it('is refused with a key that is none', async () => {
    const stage = await newOrganization(app)
    for (const key of ['', 'x'.repeat(201)]) {
      const { status, body } = await addClient(stage.admin, 'Ada', key)
      assert.equal(status, 422)
      assert.equal(body.errors[0].field, 'Idempotency-Key')
    }
    assert.equal((await addClient(stage.admin, 'Ada', 'x'.repeat(200))).status, 201)
  })

  it('leaves nothing by which a password could be guessed', async () => {
    const { organization } = await newOrganization(app)
    const body = { email: 'ada@example.com', password: 'Correct-Horse-9', name: 'Ada' }
    const headers = { ...visiting(organization), 'idempotency-key': 'key-1' }
    assert.equal((await app.post('/auth/register', { headers, body })).status, 201)
    assert.equal((await app.post('/auth/register', { headers, body })).status, 201)
    const other = await app.post('/auth/register', {
      headers,
      body: { ...body, password: 'Correct-Horse-8' },
    })
    assert.equal(other.body.code, 'idempotency_key_reused')

    const request = JSON.stringify(['POST', '/api/v1/auth/register', body])
    const guess = createHash('sha256').update(request).digest('base64url')
    const kept = await app.connection.db.selectFrom('idempotency_keys').selectAll().execute()
    assert.ok(kept.length > 0)
    assert.ok(!kept.some(({ request_hash }) => request_hash === guess))
  })
})

describe('a creating request without a key', () => {
  it('creates each time', async () => {
    const stage = await newOrganization(app)
    const { token } = stage.admin
    for (const time of [1, 2]) {
      assert.equal((await app.post('/clients', { token, body: { name: 'Ada' } })).status, 201, `${time}`)
    }
    assert.deepEqual(await namesOf(stage), ['Ada', 'Ada'])
  })
})
