import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, it, type TestContext } from 'node:test'
import { Redis as RedisClient } from 'ioredis'
import { pino } from 'pino'
import { buildPunctual, type Punctual } from '../../app.ts'
import { listen } from '../../dialects/office/testing/stream.ts'
import { newOffices, newVisit } from '../../dialects/office/testing/asking.ts'
import { SECRET, startApp, type TestApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, type Person } from '../../test/cast.ts'
import { howToInstallRedis, type Redis, redisBinary, startRedis } from '../../test/redis.ts'
import { readSettings } from '../settings.ts'
import { hears, openBrowser, soon } from './testing/browser.ts'

const isMissing = redisBinary() === null
if (isMissing && process.env.CI === 'true') throw new Error(howToInstallRedis)
if (isMissing) console.log(`\n!!! Live updates between programs were NOT tested. ${howToInstallRedis}`)

interface Program extends Punctual {
  address: string
  logged: string[]
}

describe('two programs with a Redis between them', { skip: isMissing && howToInstallRedis }, () => {
  let redis: Redis
  /** The one whose queue hands on what happens. */
  let app: TestApp
  let other: Program
  before(async () => {
    redis = await startRedis()
    app = await startApp({ queue: true, env: { REDIS_URL: redis.url } })
    other = await startBeside(app, redis.url)
    await areConnected(redis, 2)
  })
  after(async () => {
    await other?.app.close()
    await app?.stop()
    await redis?.stop()
  })

  async function newBusiness() {
    const stage = await newOrganization(app)
    return { stage, provider: await newProvider(app, stage), client: await newClient(app, stage) }
  }

  async function booked(client: Person, provider: Person, hour: string): Promise<string> {
    const wanted = { provider_id: provider.id, starts_at: `2027-03-02T${hour}:00:00Z` }
    const { status, body } = await book(app, client, wanted)
    assert.equal(status, 201, JSON.stringify(body))
    return body.id
  }

  it('tell the pages of both, each what it may know', async (t) => {
    const { stage, provider, client } = await newBusiness()
    const stranger = await newClient(app, stage)
    const pages = [
      await openBrowser(t, other, client.token),
      await openBrowser(t, other, provider.token),
      await openBrowser(t, app, client.token),
    ]
    const strange = await openBrowser(t, other, stranger.token)
    const id = await booked(client, provider, '09')
    for (const page of pages) await hears(t, page, [['booked', id]])
    await t.waitFor(
      () =>
        assert.deepEqual(
          strange.heard.map(({ event }) => event),
          ['slots:changed'],
        ),
      soon,
    )
  })

  it('tell the streams of an office in both', async (t) => {
    const offices = await newOffices(app)
    const { token } = offices.receptionist
    const streams = [await listen(t, other, offices, { token }), await listen(t, app, offices, { token })]
    const { id } = await newVisit(offices)
    for (const stream of streams) await stream.hears([['new_appointment', id]])
  })

  it('go on when Redis is away, say so once, and find each other again when it is back', async (t) => {
    const { provider, client } = await newBusiness()
    const [near, far] = [await openBrowser(t, app, client.token), await openBrowser(t, other, client.token)]
    await redis.stop()
    const isTold = (logged: () => string[], text: string) =>
      t.waitFor(() => assert.equal(logged().filter((line) => line.startsWith(text)).length, 1), soon)
    const logs = [() => app.logged.map(({ msg }) => msg), () => other.logged]
    for (const logged of logs) await isTold(logged, 'Redis cannot be reached')
    const alone = await booked(client, provider, '09')
    await hears(t, near, [['booked', alone]])

    const third = await startBeside(app, redis.url)
    t.after(() => third.app.close())
    const late = await openBrowser(t, third, client.token)

    await redis.start()
    for (const logged of [...logs, () => third.logged]) {
      await isTold(logged, 'Redis cannot be reached')
      await isTold(logged, 'Redis can be reached again')
    }
    await areConnected(redis, 3)
    const together = await booked(client, provider, '11')
    await hears(t, far, [['booked', together]])
    await hears(t, late, [['booked', together]])
    await hears(t, near, [
      ['booked', alone],
      ['booked', together],
    ])
  })

  it('end without waiting for a page that has fallen silent', { timeout: 20_000 }, async (t) => {
    const { client } = await newBusiness()
    const leaving = await startBeside(app, redis.url)
    const page = await openBrowser(t, leaving, client.token)
    const offices = await newOffices(app)
    const stream = await listen(t, leaving, offices, { token: offices.host.token })
    const silent = await upgraded(t, leaving)
    const gone = once(silent, 'close')
    await leaving.app.close()
    await Promise.all([gone, stream.ended])
    await t.waitFor(() => assert.equal(page.socket.connected, false), soon)
  })
})

/** One more program on the same database, without a queue: it answers, and hears of what happens from the other. */
async function startBeside(app: TestApp, redis_url: string): Promise<Program> {
  const logged: string[] = []
  const logger = pino({}, { write: (line: string) => logged.push(JSON.parse(line).msg) })
  const settings = readSettings({ ENVIRONMENT: 'local', REDIS_URL: redis_url })
  const { connection, now } = app
  const punctual = await buildPunctual({ connection, now, settings, secret_key: SECRET, logger })
  return { ...punctual, logged, address: await punctual.app.listen({ port: 0, host: '127.0.0.1' }) }
}

/** Waits until so many programs hear what Redis carries. */
async function areConnected({ url }: Redis, programs: number): Promise<void> {
  const client = new RedisClient(url)
  const deadline = performance.now() + 20_000
  for (;;) {
    const [, count] = (await client.pubsub('NUMSUB', 'punctual-request#/#')) as [string, number]
    if (count === programs) break
    if (performance.now() > deadline)
      throw new Error(`${count} of ${programs} programs hear what Redis carries`)
  }
  client.disconnect()
}

/** A connection that has become a WebSocket and says nothing, not even that it ends. */
async function upgraded(t: TestContext, { address }: { address: string }) {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  t.after(() => socket.destroy())
  socket.write(
    [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      `Host: ${hostname}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '\r\n',
    ].join('\r\n'),
  )
  const [answer] = await once(socket, 'data')
  assert.match(String(answer), /^HTTP\/1\.1 101 /)
  socket.on('data', () => {})
  return socket
}
