import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { after, before, describe, it, type TestContext } from 'node:test'
import { startApp, type TestApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  type Stage,
  worksAt,
} from '../../test/cast.ts'
import { book as take } from '../appointments/booking.ts'
import { inTransaction } from '../database/transactions.ts'
import type { Role } from '../permissions.ts'
import { type Browser, hears, openBrowser, soon } from './testing/browser.ts'

const PAGE = 'https://book.example.org'
let app: TestApp
before(async () => (app = await startApp({ queue: true, env: { CORS_ORIGINS: PAGE } })))
after(() => app.stop())

async function newClinic() {
  const stage = await newOrganization(app, { rules: { confirm_by: 'provider' } })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  return { stage, provider, client, admin: stage.admin }
}

/** Books as a client, at nine on Tuesday unless another time is given; answers with the id. */
async function booked(client: Person, provider: Person, hour = '09', content: object = {}): Promise<string> {
  const wanted = { provider_id: provider.id, starts_at: `2027-03-02T${hour}:00:00Z`, ...content }
  const { status, body } = await book(app, client, wanted)
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

async function act(person: Person, id: string, verb: string, body?: object): Promise<void> {
  const answer = await app.post(`/appointments/${id}/${verb}`, { token: person.token, body })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
}

async function newDesk({ organization }: Stage, stage: Stage, role: Role = 'reception') {
  const location = await newLocation(app, stage)
  const person = await newPerson(app, organization, [role])
  await worksAt(app, stage, person, location)
  return { location, person }
}

/** Waits until a page was told that it may listen no longer, and was disconnected. */
async function isEnded(t: TestContext, { socket, heard }: Browser): Promise<void> {
  await t.waitFor(() => assert.equal(socket.connected, false), soon)
  const ended = heard.find(({ event }) => event === 'ended')
  assert.equal(ended?.told.code, 'token_invalid')
}

describe('a page that listens', () => {
  it('is told of everything that happens to an appointment, by whichever way it is connected', async (t) => {
    const { provider, client } = await newClinic()
    const pages = [
      await openBrowser(t, app, client.token),
      await openBrowser(t, app, provider.token, { transports: ['polling'] }),
      await openBrowser(t, app, provider.token, { transports: ['polling', 'websocket'] }),
    ]
    const id = await booked(client, provider)
    await act(provider, id, 'confirm')
    await act(client, id, 'reschedule', { starts_at: '2027-03-02T11:00:00Z' })
    await act(client, id, 'cancel', { reason: 'Secret' })
    const expected: [string, string][] = ['booked', 'confirmed', 'rescheduled', 'cancelled'].map(
      (happened) => [happened, id],
    )
    for (const page of pages) await hears(t, page, expected)
  })

  it('is told ids, times and the state, and no word about anybody', async (t) => {
    const { stage, provider, client } = await newClinic()
    const location = await newLocation(app, stage)
    const page = await openBrowser(t, app, client.token)
    const id = await booked(client, provider, '09', { location_id: location.id, notes: 'Secret' })
    await hears(t, page, [['booked', id]])
    const first = page.heard.find(({ event }) => event.startsWith('appointment:'))
    assert.deepEqual(first, {
      event: 'appointment:created',
      told: {
        id,
        happened: 'booked',
        state: 'pending',
        starts_at: '2027-03-02T09:00:00Z',
        ends_at: '2027-03-02T10:00:00Z',
        provider_id: provider.id,
        client_id: client.id,
        location_id: location.id,
      },
    })
    await act(client, id, 'cancel')
    await hears(t, page, [
      ['booked', id],
      ['cancelled', id],
    ])
    assert.equal(page.heard.findLast(({ event }) => event.startsWith('app'))?.event, 'appointment:updated')
  })

  it('is told whose times are others now, once for many, whoever took them', async (t) => {
    const { stage, provider, client, admin } = await newClinic()
    const page = await openBrowser(t, app, (await newClient(app, stage)).token)
    const slots = () => page.heard.filter(({ event }) => event === 'slots:changed').map(({ told }) => told)
    const location = await newLocation(app, stage)
    const id = await booked(client, provider, '09', { location_id: location.id })
    const taken = { provider_id: provider.id, location_id: location.id }
    await t.waitFor(() => assert.deepEqual(slots(), [taken]), soon)
    await act(provider, id, 'confirm')
    await act(client, id, 'cancel')
    await t.waitFor(() => assert.deepEqual(slots(), [taken, taken]), soon)
    const body = { provider_id: provider.id, weekday: 6, opens: '09:00', closes: '12:00' }
    assert.equal((await app.post('/hours', { token: admin.token, body })).status, 201)
    await t.waitFor(() => assert.equal(slots().length, 3), soon)
    const { status } = await app.post('/appointments/series', {
      token: client.token,
      body: {
        provider_id: provider.id,
        starts_at: '2027-03-02T14:00:00Z',
        repetition: { every: 'week', count: 4 },
      },
    })
    assert.equal(status, 201)
    await t.waitFor(() => assert.equal(slots().length, 4), soon)
    assert.deepEqual(page.appointments(), [])
  })

  it('is told nothing of a booking that did not come to be', async (t) => {
    const { stage, provider, client } = await newClinic()
    const page = await openBrowser(t, app, client.token)
    const actor = {
      organization_id: stage.organization.id,
      person_id: client.id,
      session_id: '',
      roles: ['client' as const],
      location_ids: [],
    }
    const starts_at = Temporal.Instant.from('2027-03-02T09:00:00Z')
    const failing = inTransaction(app.connection.db, async (trx) => {
      await take(trx, actor, { provider_id: provider.id, starts_at }, app.now())
      throw new Error('no')
    })
    await assert.rejects(failing, /^Error: no$/)
    const id = await booked(client, provider)
    await hears(t, page, [['booked', id]])
  })
})

describe('what a page is told', () => {
  it('is of its own appointments alone, where a client or a provider looks', async (t) => {
    const { stage, provider, client, admin } = await newClinic()
    const [other, colleague] = [await newClient(app, stage), await newProvider(app, stage)]
    const [own, others, of, ofColleague, all] = await Promise.all(
      [client, other, provider, colleague, admin].map(({ token }) => openBrowser(t, app, token)),
    )
    const first = await booked(client, provider)
    const second = await booked(other, colleague)
    await hears(t, all!, [
      ['booked', first],
      ['booked', second],
    ])
    await hears(t, own!, [['booked', first]])
    await hears(t, of!, [['booked', first]])
    await hears(t, others!, [['booked', second]])
    await hears(t, ofColleague!, [['booked', second]])
  })

  it('is of its own locations, where a desk looks, and never of another organization', async (t) => {
    const { stage, provider, client, admin } = await newClinic()
    const here = await newDesk(stage, stage)
    const there = await newDesk(stage, stage, 'secretary')
    for (const { location } of [here, there]) await worksAt(app, stage, provider, location)
    const elsewhere = await openBrowser(t, app, (await newOrganization(app)).admin.token)
    const stays = await openBrowser(t, app, provider.token)
    const [desk, another] = [
      await openBrowser(t, app, here.person.token),
      await openBrowser(t, app, there.person.token),
    ]
    const first = await booked(client, provider, '09', { location_id: here.location.id })
    const second = await booked(client, provider, '11', { location_id: there.location.id })
    await hears(t, another, [['booked', second]])
    await hears(t, desk, [['booked', first]])

    await act(admin, first, 'reschedule', {
      starts_at: '2027-03-02T14:00:00Z',
      location_id: there.location.id,
    })
    await hears(t, another, [
      ['booked', second],
      ['rescheduled', first],
    ])
    await hears(t, desk, [
      ['booked', first],
      ['left', first],
    ])
    // Whoever had it and has it still is told where it is now, and nothing else.
    await hears(t, stays, [
      ['booked', first],
      ['booked', second],
      ['rescheduled', first],
    ])
    assert.deepEqual(elsewhere.heard, [])
  })
})

describe('whoever wants to listen', () => {
  it('needs a token that is one of ours', async (t) => {
    const isRefused = (code: string) => (error: Error & { data?: object }) => {
      assert.deepEqual(error.data, { code })
      return true
    }
    const { client } = await newClinic()
    await assert.rejects(openBrowser(t, app), isRefused('not_logged_in'))
    await assert.rejects(openBrowser(t, app, 'made-up'), isRefused('token_invalid'))
    const headers = { authorization: `Bearer ${client.token}` }
    await openBrowser(t, app, undefined, { headers })
    app.pass({ hours: 24 * 4000 })
    await assert.rejects(openBrowser(t, app, client.token), isRefused('token_invalid'))
    app.pass({ hours: -24 * 4000 })
  })

  it('may be a program with a key, as far as its scopes go', async (t) => {
    const { provider, client, admin } = await newClinic()
    const key = async (...scopes: string[]) => {
      const { body } = await app.post('/api-keys', { token: admin.token, body: { name: 'Screen', scopes } })
      return openBrowser(t, app, body.key)
    }
    const [reading, counting] = [await key('appointments:read'), await key('slots:read')]
    const id = await booked(client, provider)
    await hears(t, reading, [['booked', id]])
    await t.waitFor(() => assert.ok(counting.heard.length > 0), soon)
    assert.deepEqual([...new Set(counting.heard.map(({ event }) => event))], ['slots:changed'])
    assert.ok(reading.heard.every(({ event }) => event !== 'slots:changed'))
  })

  it('listens from a page of another address only where the settings name it', async () => {
    const allowed = async (origin: string) => {
      const answer = await fetch(`${app.address}/socket.io/?EIO=4&transport=polling`, { headers: { origin } })
      await answer.text()
      return answer.headers.get('access-control-allow-origin')
    }
    assert.equal(await allowed(PAGE), PAGE)
    assert.equal(await allowed('https://elsewhere.example.org'), null)
  })
})

describe('a page goes on listening', () => {
  it('until its log-in ends, its account is switched off, or its token is over', async (t) => {
    const { stage, provider, client, admin } = await newClinic()
    const [loggedOut, dismissed, late] = [client, provider, await newClient(app, stage)]
    const pages = await Promise.all(
      [loggedOut, dismissed, late].map(({ token }) => openBrowser(t, app, token)),
    )
    const stays = await openBrowser(t, app, admin.token)
    await app.post('/auth/logout', { token: loggedOut.token })
    const body = { is_active: false }
    await app.request('PATCH', `/users/${dismissed.id}`, { token: admin.token, body })
    await app.live.checkAgain()
    await isEnded(t, pages[0]!)
    await isEnded(t, pages[1]!)
    assert.ok(pages[2]!.socket.connected && stays.socket.connected)
    app.pass({ hours: 24 * 4000 })
    await app.live.checkAgain()
    await isEnded(t, pages[2]!)
    app.pass({ hours: -24 * 4000 })
  })

  it('and hears no more than it may by then, when a role is taken away or given', async (t) => {
    const { stage, provider, client, admin } = await newClinic()
    const desk = await newDesk(stage, stage)
    await worksAt(app, stage, provider, desk.location)
    const [leaving, all] = [
      await openBrowser(t, app, desk.person.token),
      await openBrowser(t, app, admin.token),
    ]
    const promoted = await newClient(app, stage)
    const rising = await openBrowser(t, app, promoted.token)
    const give = (person: Person, roles: Role[]) =>
      app.request('PATCH', `/users/${person.id}`, { token: admin.token, body: { roles } })
    assert.equal((await give(desk.person, ['client'])).status, 200)
    assert.equal((await give(promoted, ['admin'])).status, 200)
    await app.live.checkAgain()
    const id = await booked(client, provider, '09', { location_id: desk.location.id })
    await hears(t, all, [['booked', id]])
    await hears(t, rising, [['booked', id]])
    assert.deepEqual(leaving.appointments(), [])
  })
})

it('tells the page of docs/live.md as it says', async (t) => {
  const { provider, client } = await newClinic()
  const [, code = ''] = /```js\n([^]+?)```/.exec(readFileSync('docs/live.md', 'utf8')) ?? []
  const page = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    env: { PUNCTUAL: app.address, TOKEN: client.token },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => page.kill('SIGKILL'))
  let said = ''
  page.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  await t.waitFor(() => assert.match(said, /^listening/), soon)
  const id = await booked(client, provider)
  await act(client, id, 'cancel')
  const shown = new RegExp(`created [^]*${id}[^]*other times[^]*updated [^]*${id}[^]*happened: 'cancelled'`)
  await t.waitFor(() => assert.match(said, shown), soon)
  await app.post('/auth/logout', { token: client.token })
  await app.live.checkAgain()
  await t.waitFor(() => assert.match(said, /ended token_invalid\n$/), soon)
})

it('leaves whoever asks for another protocol in HTTP/1.1', async () => {
  const asked = request(`${app.address}/health/live`, {
    headers: {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA',
    },
  }).end()
  const [answer] = await once(asked, 'response')
  assert.equal(answer.statusCode, 200)
  answer.resume()
})
