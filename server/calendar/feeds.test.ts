import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import ICAL from 'ical.js'
import { type Answer, startApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Person,
  type Stage,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

/** The secret address of somebody's calendar. */
async function newFeed({ token }: Person): Promise<string> {
  const { status, body } = await app.post('/calendar/feed', { token })
  assert.equal(status, 201)
  return body.url
}
const tokenOf = (url: string) => /([^/]+)\.ics$/.exec(url)![1]!
const change = ({ admin }: Stage, { id }: Person, body: object) =>
  app.request('PATCH', `/users/${id}`, { token: admin.token, body })

function titlesIn({ status, body }: Answer): string[] {
  assert.equal(status, 200, JSON.stringify(body))
  const calendar = new ICAL.Component(ICAL.parse(body))
  return calendar.getAllSubcomponents('vevent').map((event) => String(event.getFirstPropertyValue('summary')))
}

/** An organization in which a client has one appointment with a provider. */
async function newVisit() {
  const stage = await newOrganization(app)
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const { id: service_id, name } = await newService(app, stage)
  const wanted = { provider_id: provider.id, service_id, starts_at: '2027-03-02T10:00:00Z' }
  assert.equal((await book(app, client, wanted)).status, 201)
  return { stage, provider, client, service: name }
}

describe('the secret address of a calendar', () => {
  it('opens one’s own appointments without a log-in', async () => {
    const { provider, client, service } = await newVisit()
    const url = await newFeed(client)
    assert.match(url, /^\/api\/v1\/calendar\/feeds\/[0-9a-f]{32}_[\w-]{43}\.ics$/)
    const answer = await app.get(url)
    assert.deepEqual(titlesIn(answer), [`${service} – ${provider.name}`])
    assert.equal(answer.headers.get('content-type'), 'text/calendar; charset=utf-8')
    assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
    assert.deepEqual(titlesIn(await app.get(await newFeed(provider))), [`${service} – ${client.name}`])
  })

  it('opens one’s own and no more, however much its person may see', async () => {
    const { stage, client } = await newVisit()
    const desk = await newPerson(app, stage.organization, ['admin', 'secretary'])
    assert.deepEqual(titlesIn(await app.get(await newFeed(desk))), [])
    const url = await newFeed(desk)
    assert.equal((await app.get(`${url}?client_id=${client.id}`)).status, 200)
    assert.deepEqual(titlesIn(await app.get(`${url}?client_id=${client.id}`)), [])
  })

  it('is told once; afterwards it is only known that there is one', async () => {
    const { client } = await newVisit()
    const see = async () => (await app.get('/calendar/feed', { token: client.token })).body
    assert.deepEqual(await see(), { exists: false, made_at: null })
    const url = await newFeed(client)
    assert.deepEqual(await see(), { exists: true, made_at: app.now().toString() })
    const { rows } = await app.connection.pool.query(
      `select (select string_agg(t::text, '') from calendar_feeds t) ||
        coalesce((select string_agg(t::text, '') from idempotency_keys t), '') as kept`,
    )
    assert.equal(rows[0].kept.includes(tokenOf(url).slice(-43)), false)
  })

  it('ends when a new one is made, and when it is ended', async () => {
    const { client } = await newVisit()
    const old = await newFeed(client)
    const renewed = await newFeed(client)
    assert.notEqual(renewed, old)
    assert.equal((await app.get(old)).status, 404)
    assert.equal((await app.get(renewed)).status, 200)
    assert.equal((await app.request('DELETE', '/calendar/feed', { token: client.token })).status, 204)
    assert.equal((await app.get(renewed)).status, 404)
    assert.equal((await app.request('DELETE', '/calendar/feed', { token: client.token })).status, 204)
  })

  it('is closed with its person’s account, and shows what they still are', async () => {
    const { stage, provider } = await newVisit()
    const url = await newFeed(provider)
    await change(stage, provider, { roles: ['client'] })
    assert.deepEqual(titlesIn(await app.get(url)), [])
    await change(stage, provider, { is_active: false })
    assert.equal((await app.get(url)).status, 404)
  })

  it('is nothing that could be guessed or put together', async () => {
    const { client } = await newVisit()
    const elsewhere = await newVisit()
    const token = tokenOf(await newFeed(client))
    const other = tokenOf(await newFeed(elsewhere.client))
    const made = [
      `${other.slice(0, 32)}${token.slice(32)}`,
      `${token.slice(0, -1)}${token.endsWith('A') ? 'E' : 'A'}`,
      token.slice(0, -1),
      token.slice(33),
      client.id,
      '%00',
      'x'.repeat(99),
    ]
    for (const text of made) {
      const { status, body } = await app.get(`/calendar/feeds/${text}.ics`)
      assert.equal(status, 404, text)
      assert.match(body.code, /^(not_found|no_such_address)$/)
    }
  })

  it('opens nothing else, and changes nothing', async () => {
    const { client } = await newVisit()
    const url = await newFeed(client)
    const token = tokenOf(url)
    for (const path of ['/users/me', '/appointments', '/calendar.ics', '/calendar/feed']) {
      assert.equal((await app.get(path, { token })).status, 401, path)
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      assert.equal((await app.request(method, url)).status, 404, method)
    }
  })

  it('stands in no log, also where somebody mistypes it', async () => {
    const { client } = await newVisit()
    const url = await newFeed(client)
    const before = app.logged.length
    const asked = [url, `${url}?a=b`, url.slice(0, -4), `${url}/x`, url.replace('feeds', 'feed')]
    for (const path of asked) await app.get(path)
    await app.request('DELETE', url)
    const lines = app.logged.slice(before)
    assert.equal(lines.filter(({ msg }) => msg === 'answered').length, asked.length + 1)
    assert.equal(lines[0]!.url, '/api/v1/calendar/feeds/….ics')
    assert.equal(JSON.stringify(lines).includes(tokenOf(url).slice(-43)), false)
  })

  it('is made by a person for themself, never by a program with a key', async () => {
    const { stage } = await newVisit()
    const body = { name: 'Till', scopes: ['appointments:read', 'clients:read'] }
    const { key } = (await app.post('/api-keys', { token: stage.admin.token, body })).body
    assert.equal((await app.post('/calendar/feed', { token: key })).status, 403)
  })

  it('is not sent again to whoever has it already', async () => {
    const { client } = await newVisit()
    const url = await newFeed(client)
    const headers = { 'if-none-match': (await app.get(url)).headers.get('etag')! }
    assert.equal((await app.get(url, { headers })).status, 304)
  })
})
