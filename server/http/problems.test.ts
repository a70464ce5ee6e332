import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { type Answer, startApp } from '../../test/app.ts'
import { newClient, newLocation, newOrganization, newPerson, newService, visiting } from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

function isProblem({ status, body, headers }: Answer, expected: { status: number; code: string }): void {
  assert.equal(status, expected.status, JSON.stringify(body))
  assert.equal(headers.get('content-type'), 'application/problem+json')
  assert.equal(body.code, expected.code)
  assert.equal(body.status, status)
  assert.equal(body.type, 'about:blank')
  assert.match(body.title, /^[A-Z][a-z ]+$/)
  assert.match(body.detail, /\w/)
}

const fieldsOf = ({ body }: Answer) => body.errors.map(({ field }: { field: string }) => field).toSorted()

describe('a failure', () => {
  it('has one shape and a code that never changes, whatever failed', async () => {
    const stage = await newOrganization(app)
    const { token } = stage.admin
    const client = await newClient(app, stage)
    const { name } = await newService(app, stage)
    const service = { name, minutes: 30 }
    const id = crypto.randomUUID()

    isProblem(await app.get('/nothing/here', { token }), { status: 404, code: 'no_such_address' })
    isProblem(await app.get('//nothing'), { status: 404, code: 'no_such_address' })
    isProblem(await app.request('DELETE', '/services', { token }), { status: 404, code: 'no_such_address' })
    isProblem(await app.get('/auth/me'), { status: 401, code: 'not_logged_in' })
    isProblem(await app.get('/auth/me', { token: 'x' }), { status: 401, code: 'token_invalid' })
    isProblem(await app.get('/users', { token: client.token }), { status: 403, code: 'not_allowed' })
    isProblem(await app.get(`/services/${id}`, { token }), { status: 404, code: 'not_found' })
    isProblem(await app.get('/services/7', { token }), { status: 404, code: 'not_found' })
    isProblem(await app.post('/services', { token, body: {} }), { status: 422, code: 'invalid_input' })
    isProblem(await app.post('/services', { token, body: service }), {
      status: 409,
      code: 'service_name_taken',
    })
  })

  it('says by fixed codes what is wrong with the request itself', async () => {
    const { token } = (await newOrganization(app)).admin
    const json = { 'content-type': 'application/json' }
    const send = (headers: Record<string, string>, body: string) =>
      app.post('/services', { token, headers, body })

    isProblem(await send(json, '{"name": '), { status: 400, code: 'malformed_request' })
    isProblem(await send(json, ''), { status: 422, code: 'invalid_input' })
    isProblem(await send(json, '{"__proto__": {"admin": true}}'), { status: 400, code: 'malformed_request' })
    const large = JSON.stringify({ name: 'x'.repeat(17_000_000) })
    isProblem(await send(json, large), { status: 413, code: 'too_large' })
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense']) {
      const answer = await send({ 'content-type': type }, '{"name": "Visit", "minutes": 30}')
      isProblem(answer, { status: 415, code: 'unsupported_media_type' })
    }
  })

  it('of the person is told before a failure of what they send', async () => {
    const stage = await newOrganization(app)
    const client = await newClient(app, stage)
    const broken = { headers: { 'content-type': 'application/json' }, body: '{"broken' }
    assert.equal((await app.post('/services', broken)).status, 401)
    assert.equal((await app.post('/services', { ...broken, token: client.token })).status, 403)
    assert.equal((await app.post('/services', { ...broken, token: stage.admin.token })).status, 400)
  })

  it('tells nothing of the inside when it is one that nobody foresaw', async () => {
    const { organization, admin } = await newOrganization(app)
    const { pool } = app.connection
    await pool.query('alter table services rename to services_elsewhere')
    try {
      const answer = await app.get('/services', { token: admin.token, headers: visiting(organization) })
      isProblem(answer, { status: 500, code: 'unexpected' })
      assert.doesNotMatch(JSON.stringify(answer.body), /services|relation|sql/i)
      assert.ok(app.logged.some(({ msg, err }) => msg === 'unexpected failure' && String(err) !== ''))
    } finally {
      await pool.query('alter table services_elsewhere rename to services')
    }
  })
})

describe('a body', () => {
  it('may be absent where nothing has to be said, also from who says that it is JSON', async () => {
    const { organization } = await newOrganization(app)
    for (const asking of [{}, { headers: { 'content-type': 'application/json' }, body: '' }]) {
      const { token } = await newPerson(app, organization, ['client'])
      assert.equal((await app.post('/auth/logout', { token, ...asking })).status, 204)
    }
  })

  const post = (token: string, body: unknown) => app.post('/services', { token, body })

  it('is taken as it is: text is no number, null is no word, one is no list', async () => {
    const { token } = (await newOrganization(app)).admin
    const service = { name: 'Visit', minutes: 30 }
    for (const [field, value] of Object.entries({
      minutes: '30',
      name: 7,
      is_active: 'true',
      buffer_after_minutes: null,
      price: true,
      description: ['long'],
    })) {
      const answer = await post(token, { ...service, [field]: value })
      assert.equal(answer.status, 422, field)
      assert.ok(fieldsOf(answer).includes(field), JSON.stringify(answer.body))
    }
    for (const whole of [[service], 7, null, true]) {
      assert.equal((await post(token, whole)).status, 422, JSON.stringify(whole))
    }
  })

  it('with a property that is not known is refused, and says which', async () => {
    const { token } = (await newOrganization(app)).admin
    const answer = await post(token, { name: 'Visit', minutes: 30, organization_id: crypto.randomUUID() })
    assert.equal(answer.status, 422)
    assert.deepEqual(answer.body.errors, [{ field: 'organization_id', message: 'is not known here' }])
  })

  it('with several faults names them all at once', async () => {
    const { token } = (await newOrganization(app)).admin
    const answer = await post(token, { minutes: 0, price: -1, currency: 'euro', colour: 'red' })
    assert.equal(answer.status, 422)
    assert.deepEqual(fieldsOf(answer), ['colour', 'currency', 'minutes', 'name', 'price'])
  })

  it('says of a field within a field where it stands', async () => {
    const { token } = (await newOrganization(app)).admin
    const body = { rules: { reminders: [{ minutes_before: 5, channels: ['pigeon'] }], grid: 'round' } }
    const answer = await app.request('PATCH', '/organization', { token, body })
    assert.deepEqual(fieldsOf(answer), ['rules.grid', 'rules.reminders.0.channels.0'])
  })
})

describe('an address', () => {
  it('is the same with a slash at its end', async () => {
    const stage = await newOrganization(app)
    const location = await newLocation(app, stage)
    const { token } = stage.admin
    for (const path of ['/services/', `/locations/${location.id}/`, '/users/me/']) {
      assert.equal((await app.get(path, { token })).status, 200, path)
    }
    assert.equal((await app.post('/services/', { token, body: { name: 'Visit', minutes: 5 } })).status, 201)
  })

  it('may have numbers in its query, and nothing that is not known there', async () => {
    const { token } = (await newOrganization(app)).admin
    assert.equal((await app.get('/services?limit=2&include_inactive=true', { token })).status, 200)
    const wrong = [
      'limit=0',
      'limit=201',
      'limit=two',
      'limit=2&limit=3',
      'colour=red',
      'include_inactive=maybe',
    ]
    for (const query of wrong) {
      const [field] = query.split('=')
      const answer = await app.get(`/services?${query}`, { token })
      assert.equal(answer.status, 422, query)
      assert.deepEqual(fieldsOf(answer), [field])
    }
  })
})
