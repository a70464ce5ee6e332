import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../test/app.ts'
import { newClient, newOrganization, newPerson, visiting } from '../test/cast.ts'
import { generalApi, isFailure } from './general/testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('inside a dialect', () => {
  it('what goes beyond its shapes is passed over, and text is taken for a number; the core is strict', async () => {
    const { stage, staff } = await arrange()
    const { token } = staff
    const body = {
      staff_id: staff.id,
      day_of_week: '5',
      start_time: '09:00',
      end_time: '12:00',
      colour: 'red',
    }
    const tolerated = await generalApi(app, stage).post('/availability', staff, body)
    assert.equal(tolerated.status, 201)
    assert.equal(tolerated.body.day_of_week, 5)
    assert.equal('colour' in tolerated.body, false)
    const hours = { provider_id: staff.id, weekday: 5, opens: '09:00', closes: '12:00' }
    for (const wrong of [{ weekday: '5' }, { colour: 'red' }]) {
      const refused = await app.post('/hours', { token, body: { ...hours, ...wrong } })
      assert.equal(refused.status, 422, JSON.stringify(wrong))
      assert.equal(refused.headers.get('content-type'), 'application/problem+json')
    }
  })

  it('a failure is one sentence; the core says it as a problem', async () => {
    const stage = await newOrganization(app)
    const api = generalApi(app, stage)
    const client = await newClient(app, stage)
    isFailure(await api.get('/auth/me'), 401, /Log in/)
    isFailure(await api.get('/auth/users', client), 403)
    isFailure(await api.post('/appointments', client, {}), 422, /staff_id is missing; start_time is missing/)
    isFailure(await api.patch(`/appointments/${crypto.randomUUID()}`, client, {}), 404)
    isFailure(await api.patch('/appointments/7', client, {}), 404)
    const problem = await app.get('/auth/me')
    assert.equal(problem.headers.get('content-type'), 'application/problem+json')
    assert.equal(problem.body.code, 'not_logged_in')
  })

  it('an address that there is not is a failure of its own; outside, one of the core', async () => {
    for (const path of [
      '//general/api/v1/nothing',
      '//general/nothing',
      '//general/api/v1',
      '//general/api/v2/auth/me',
    ]) {
      isFailure(await app.get(path), 404, /^Not Found$/)
    }
    isFailure(await app.request('PUT', '//general/api/v1/auth/login'), 404, /^Not Found$/)
    for (const path of ['//generals/api/v1/auth/me', '//nothing', '/general/auth/me']) {
      const { status, headers, body } = await app.get(path)
      assert.equal(status, 404, path)
      assert.equal(headers.get('content-type'), 'application/problem+json', path)
      assert.equal(body.code, 'no_such_address', path)
    }
  })

  it('who asks is judged before what they send', async () => {
    const { stage, staff, client } = await arrange()
    const api = generalApi(app, stage)
    const headers = { ...visiting(stage.organization), 'content-type': 'application/json' }
    for (const body of ['{}', '{"broken']) {
      isFailure(await api.ask('POST', '/availability', { headers, body }), 401)
      isFailure(await api.ask('POST', '/availability', { headers, body, token: 'made-up' }), 401)
      isFailure(await api.ask('POST', '/availability', { headers, body, token: client.token }), 403)
    }
    isFailure(await api.ask('POST', '/availability', { headers, body: '{"broken', token: staff.token }), 400)
    isFailure(await api.ask('POST', '/availability', { headers, body: '{}', token: staff.token }), 422)
  })

  it('whoever repeats a request with its Idempotency-Key gets the first answer', async () => {
    const { stage, staff } = await arrange()
    const api = generalApi(app, stage)
    const send = (day_of_week: number) =>
      api.ask('POST', '/availability', {
        token: staff.token,
        headers: { 'idempotency-key': 'the same' },
        body: { staff_id: staff.id, day_of_week, start_time: '09:00', end_time: '12:00' },
      })
    const [first, again] = [await send(0), await send(0)]
    assert.deepEqual([again.status, again.body], [201, first.body])
    assert.equal((await api.get(`/availability?staff_id=${staff.id}`)).body.length, 1)
    isFailure(await send(1), 422, /Idempotency-Key/)
  })

  it('tells nothing of the inside when something fails that nobody foresaw', async () => {
    const { stage } = await arrange()
    const { pool } = app.connection
    await pool.query('alter table hours rename to hours_elsewhere')
    try {
      const answer = await generalApi(app, stage).get('/availability')
      isFailure(answer, 500)
      assert.doesNotMatch(answer.body.detail, /hours|relation|sql/i)
      assert.ok(app.logged.some(({ msg, err }) => msg === 'unexpected failure' && String(err) !== ''))
    } finally {
      await pool.query('alter table hours_elsewhere rename to hours')
    }
  })
})

describe('an address of a dialect', () => {
  const operations = app.operations.filter(({ trade }) => trade === 'general')

  it('is there with and without a slash at its end, and sends nobody elsewhere', async () => {
    const { admin } = await newOrganization(app)
    const headers = { authorization: `Bearer ${admin.token}` }
    assert.ok(operations.length > 20)
    for (const { method, url } of operations) {
      const path = url.replace(':id', crypto.randomUUID())
      const answers = []
      for (const slash of ['', '/']) {
        const answer = await fetch(`${app.address}${path}${slash}`, { method, headers, redirect: 'manual' })
        const text = await answer.text()
        assert.ok(answer.status < 300 || answer.status >= 400, `${method} ${path}${slash}: ${answer.status}`)
        assert.doesNotMatch(text, /^\{"detail":"Not Found"\}$/, `${method} ${path}${slash}`)
        answers.push(answer.status)
      }
      assert.equal(answers[0], answers[1], `${method} ${path}`)
    }
  })

  it('that is a word is never taken for an id', async () => {
    const { stage, staff } = await arrange()
    const api = generalApi(app, stage)
    const exported = await api.get('/appointments/export-all.ics', staff)
    assert.match(exported.headers.get('content-type')!, /^text\/calendar/)
    const slots = await api.get(`/availability/slots?staff_id=${staff.id}&date=2027-03-01`)
    assert.deepEqual([slots.status, slots.body.staff_id], [200, staff.id])
  })
})

async function arrange() {
  const stage = await newOrganization(app)
  const staff = await newPerson(app, stage.organization, ['provider'])
  return { stage, staff, client: await newClient(app, stage) }
}
