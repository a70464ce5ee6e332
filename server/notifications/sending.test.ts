import assert from 'node:assert/strict'
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import { after, beforeEach, describe, it, type TestContext } from 'node:test'
import { act, agreed, type Agreed, phoneOf, recordsOf } from '../../test/agreed.ts'
import { startApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import { workOff } from '../../test/working.ts'
import { newId } from '../ids.ts'
import { takeOver } from './taking-over.ts'
import { type Caught, startCatcher } from './testing/catcher.ts'

let service = await startCatcher()
const env = {
  TWILIO_ACCOUNT_SID: 'AC1',
  TWILIO_AUTH_TOKEN: 'token',
  TWILIO_FROM_PATIENT: '+15005550006',
  TWILIO_BASE_URL: service.url,
  RESEND_API_KEY: 're_1',
  RESEND_BASE_URL: service.url,
  SENDER_EMAIL: 'desk@corner.example',
  PUSH_BASE_URL: service.url,
  VAPID_SUBJECT: 'mailto:desk@corner.example',
  SMS_SKIP_TEST_NUMBERS: 'true',
}
const app = await startApp({ env })
after(async () => {
  await app.stop()
  await service.stop()
})
const { answer } = service
beforeEach(() => {
  Object.assign(service, { answer, holds: null, hangsUp: () => false })
  app.setClock('2027-03-01T08:00:00Z')
})

let count = 0
const newPhone = () => `+44163296${2000 + ++count}`

/** A visit that was cancelled: the doctor's phone is to hear of it. */
async function cancelled(phone = newPhone()): Promise<Agreed & { phone: string }> {
  const at = await agreed(app, { trade: 'clinic' })
  await phoneOf(app, at.provider, phone)
  await workOff(app)
  await act(app, at.client, at.id, 'cancel')
  return { ...at, phone }
}
const record = async (at: Agreed) => (await recordsOf(app, at, '&audience=provider&channel=sms'))[0]

describe('an SMS', () => {
  it('is kept with the id by which the service knows it', async () => {
    const at = await cancelled()
    await workOff(app)
    const { state, service: by, external_id, address } = await record(at)
    assert.deepEqual([state, by, address], ['sent', 'twilio', at.phone])
    assert.match(external_id, /^SM\d+$/)
  })

  it('that was refused is tried again, and what was said each time is kept', async () => {
    const at = await cancelled()
    service.answer = () => ({ status: 503, body: 'busy' })
    await workOff(app)
    assert.deepEqual([(await record(at)).state, (await record(at)).tries], ['planned', 1])
    service.answer = answer
    app.pass({ minutes: 1 })
    await workOff(app)
    const { state, tries, attempts } = await record(at)
    assert.deepEqual([state, tries], ['sent', 2])
    assert.deepEqual(
      attempts.map(({ outcome }: { outcome: string }) => outcome),
      ['refused', 'sent'],
    )
    assert.equal(attempts[0].answer, '503 busy')
  })

  it('to a service that is not there waits for it, which is no try', async () => {
    const at = await cancelled()
    const port = Number(new URL(service.url).port)
    await service.stop()
    await workOff(app)
    assert.deepEqual([(await record(at)).state, (await record(at)).tries], ['planned', 0])
    service = await startCatcher(port)
    app.pass({ minutes: 1 })
    await workOff(app)
    assert.deepEqual([(await record(at)).state, (await record(at)).tries], ['sent', 1])
    assert.equal(service.sentTo(at.phone).length, 1)
  })

  it('that may have been sent is shown as uncertain and not said again, unless somebody asks for it', async () => {
    const at = await cancelled()
    service.hangsUp = () => true
    await workOff(app)
    service.hangsUp = () => false
    app.pass({ hours: 3 })
    await workOff(app, { delayed: true })
    assert.equal(service.sentTo(at.phone).length, 1)
    const shown = await app.get('/notifications?state=uncertain', { token: at.admin.token })
    const { id, attempts } = shown.body.items.find(({ channel }: { channel: string }) => channel === 'sms')
    assert.equal(attempts[0].outcome, 'unclear')
    assert.equal((await app.post(`/notifications/${id}/retry`, { token: at.admin.token })).status, 200)
    await workOff(app)
    assert.equal(service.sentTo(at.phone).length, 2)
  })

  it('about an appointment that has begun is tried for two days, and then when somebody asks for it', async () => {
    const at = await agreed(app, { trade: 'clinic' })
    await phoneOf(app, at.provider, newPhone())
    await workOff(app)
    app.setClock('2027-03-02T10:20:00Z')
    await act(app, at.provider, at.id, 'no-show')
    service.answer = () => ({ status: 429, body: '' })
    await workOff(app)
    assert.equal((await record(at)).state, 'planned')
    app.pass({ hours: 48 })
    await workOff(app)
    const { id, state } = await record(at)
    assert.equal(state, 'failed')

    service.answer = answer
    await app.post(`/notifications/${id}/retry`, { token: at.admin.token })
    await workOff(app)
    assert.equal((await record(at)).state, 'sent')
  })

  it('goes to no number that was made for trying things out, where the settings say so', async () => {
    const at = await cancelled('+15550100001')
    await workOff(app)
    const { state, reason } = await record(at)
    assert.equal(state, 'skipped')
    assert.match(reason, /\+1 555/)
    assert.deepEqual(service.sentTo('+15550100001'), [])
  })
})

/** Lets somebody begin to speak, and stops at the moment at which the service has heard it and not answered. */
async function beginToSay(t: TestContext, isIt: (caught: Caught) => boolean) {
  const { promise, resolve } = Promise.withResolvers<void>()
  service.holds = promise
  const saying = workOff(app)
  await t.waitFor(() => assert.ok(service.caught.some(isIt)), { interval: 5 })
  return async () => {
    service.holds = null
    resolve()
    await saying
  }
}
const takeOverFromAllBut = (...living: string[]) =>
  takeOver(app.connection.db, living.length > 0 ? living : [newId()], app.now())

describe('what a process had begun to say when it died', () => {
  it('by SMS is uncertain and not said again, whatever that process would write down', async (t) => {
    const at = await cancelled()
    const goOn = await beginToSay(t, ({ fields }) => fields.To === at.phone)
    await takeOverFromAllBut()
    await goOn()
    const { state, attempts } = await record(at)
    assert.deepEqual([state, attempts.at(-1).outcome], ['uncertain', 'interrupted'])
    app.pass({ hours: 1 })
    await takeOverFromAllBut()
    await workOff(app)
    assert.equal(service.sentTo(at.phone).length, 1)
  })

  it('by mail about a change goes again, with the id by which it is known', async (t) => {
    const at = await agreed(app, { trade: 'clinic' })
    const isIt = ({ path, body }: Caught) => path === '/emails' && body.includes(at.client.email)
    service.caught.length = 0
    const goOn = await beginToSay(t, isIt)
    await takeOverFromAllBut()
    await goOn()
    await workOff(app)
    const [one, other, ...more] = service.caught.filter(isIt).map(({ headers }) => headers['idempotency-key'])
    assert.ok(one && one === other)
    assert.deepEqual(more, [])
    assert.equal((await recordsOf(app, at, '&channel=email'))[0].state, 'sent')
  })

  it('is left to those who live, but not for ever', async (t) => {
    const at = await cancelled()
    const goOn = await beginToSay(t, ({ fields }) => fields.To === at.phone)
    const { rows } = await app.connection.pool.query(
      `select worker_id from notifications where appointment_id = $1 and state = 'sending'`,
      [at.id],
    )
    const { worker_id } = rows[0]
    app.pass({ seconds: 119 })
    await takeOverFromAllBut(worker_id)
    assert.equal((await record(at)).state, 'sending')
    app.pass({ seconds: 1 })
    await takeOverFromAllBut(worker_id)
    assert.equal((await record(at)).state, 'uncertain')
    await goOn()
  })

  it('or was to say soon, and the queue has lost, is said all the same', async () => {
    const at = await cancelled()
    service.answer = () => ({ status: 503, body: 'busy' })
    await workOff(app)
    service.answer = answer
    await app.connection.pool.query(`update events set relayed_at = created_at where kind like 'message.%'`)
    app.pass({ seconds: 180 })
    await workOff(app)
    assert.equal((await record(at)).state, 'planned')
    await takeOverFromAllBut()
    await workOff(app)
    assert.deepEqual([(await record(at)).state, service.sentTo(at.phone).length], ['sent', 2])
  })
})

interface Browser {
  endpoint: string
  keys: { p256dh: string; auth: string }
  open(body: Buffer): { title: string; body: string }
}

/** A browser that can open what was meant for it and nobody else (RFC 8291). */
function newBrowser(): Browser {
  const ecdh = createECDH('prime256v1')
  const mine = ecdh.generateKeys()
  const auth = randomBytes(16)
  return {
    endpoint: `https://push.example.com/send/${++count}`,
    keys: { p256dh: mine.toString('base64url'), auth: auth.toString('base64url') },
    open(body) {
      const [salt, theirs, content] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)]
      const shared = ecdh.computeSecret(theirs)
      const about = Buffer.concat([Buffer.from('WebPush: info\0'), mine, theirs])
      const secret = Buffer.from(hkdfSync('sha256', shared, auth, about, 32))
      const part = (name: string, length: number) =>
        Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${name}\0`, length))
      const cipher = createDecipheriv('aes-128-gcm', part('aes128gcm', 16), part('nonce', 12))
      cipher.setAuthTag(content.subarray(-16))
      const plain = Buffer.concat([cipher.update(content.subarray(0, -16)), cipher.final()])
      // The last record ends with a two, and nothing pads it.
      assert.equal(plain.at(-1), 2)
      return JSON.parse(plain.subarray(0, -1).toString())
    },
  }
}

async function subscribe({ token }: Person, { endpoint, keys }: Browser): Promise<void> {
  const answered = await app.post('/users/me/push-subscriptions', { token, body: { endpoint, keys } })
  assert.equal(answered.status, 201, JSON.stringify(answered.body))
}
const subscriptions = async ({ token }: Person) =>
  (await app.get('/users/me/push-subscriptions', { token })).body
const pushesTo = ({ endpoint }: Browser) =>
  service.caught.filter(({ path }) => path === new URL(endpoint).pathname)

/** A visit to the vet whose owner has these browsers. */
async function visitOf(...browsers: Browser[]): Promise<Agreed> {
  const at = await agreed(app, { trade: 'veterinary' })
  for (const browser of browsers) await subscribe(at.client, browser)
  return at
}
const pushed = async (at: Agreed) => (await recordsOf(app, at, '&audience=client&channel=push'))[0]

describe('a push', () => {
  it('reaches a browser, which alone can read it', async () => {
    const browser = newBrowser()
    const at = await visitOf(browser)
    await workOff(app)
    const [one] = pushesTo(browser)
    const { title, body } = browser.open(one!.body)
    assert.match(`${title} ${body}`, /10:00/)
    assert.equal(one!.headers['content-encoding'], 'aes128gcm')
    assert.ok(Number(one!.headers.ttl) > 0)
    assert.throws(() => newBrowser().open(one!.body))
    assert.deepEqual([(await pushed(at)).state, (await pushed(at)).service], ['sent', 'push'])
  })

  it('is signed with the key that browsers are given, for the service that they named', async () => {
    const browser = newBrowser()
    const { client } = await visitOf(browser)
    await workOff(app)
    const { public_key } = await subscriptions(client)
    const said = pushesTo(browser)[0]!.headers.authorization!
    const [, head, claims, signature, key] = /^vapid t=([^.]+)\.([^.]+)\.([^,]+), ?k=(.+)$/.exec(said)!
    assert.equal(key, public_key)
    const point = Buffer.from(public_key, 'base64url')
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'))
    const jwk = { kty: 'EC', crv: 'P-256', x, y }
    const verifier = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const
    assert.ok(
      verify('sha256', Buffer.from(`${head}.${claims}`), verifier, Buffer.from(signature!, 'base64url')),
    )
    const { aud, sub } = JSON.parse(Buffer.from(claims!, 'base64url').toString())
    assert.deepEqual([aud, sub], ['https://push.example.com', 'mailto:desk@corner.example'])
  })

  it('to a browser that has gone is the last one there', async () => {
    const browser = newBrowser()
    const at = await visitOf(browser)
    service.answer = (caught) =>
      caught.path.startsWith('/send') ? { status: 410, body: 'gone' } : answer(caught)
    await workOff(app)
    assert.deepEqual((await subscriptions(at.client)).items, [])
    assert.deepEqual([(await pushed(at)).state, pushesTo(browser).length], ['skipped', 1])
  })

  it('reaches those that are left', async () => {
    const [left, here] = [newBrowser(), newBrowser()]
    const at = await visitOf(left, here)
    const isFor = (path: string, { endpoint }: Browser) => endpoint.endsWith(path)
    service.answer = (caught) => (isFor(caught.path, left) ? { status: 404, body: 'gone' } : answer(caught))
    await workOff(app)
    const { items } = await subscriptions(at.client)
    assert.deepEqual([items.length, pushesTo(here).length], [1, 1])
    assert.equal((await pushed(at)).state, 'sent')
  })

  it('that may have reached one of them is not said again to any', async () => {
    const [silent, busy] = [newBrowser(), newBrowser()]
    const at = await visitOf(busy, silent)
    service.answer = () => ({ status: 429, body: 'busy' })
    service.hangsUp = ({ path }) => silent.endpoint.endsWith(path)
    await workOff(app)
    service.hangsUp = () => false
    app.pass({ hours: 1 })
    await workOff(app)
    assert.deepEqual([(await pushed(at)).state, pushesTo(silent).length], ['uncertain', 1])
  })

  it('is asked for only by browsers whose service can be called', async () => {
    const { token } = (await agreed(app)).client
    const { keys } = newBrowser()
    for (const endpoint of [
      'https://127.0.0.1/x',
      'http://push.example.com/x',
      'https://[::ffff:10.0.0.1]/x',
    ]) {
      const { status } = await app.post('/users/me/push-subscriptions', { token, body: { endpoint, keys } })
      assert.equal(status, 422, endpoint)
    }
  })
})
