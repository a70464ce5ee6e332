import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { startCatcher } from '../../server/notifications/testing/catcher.ts'
import { startMailServer } from '../../server/notifications/testing/mail-server.ts'
import { type Answer, startApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import { workOff } from '../../test/working.ts'

export type Side = 'client' | 'provider'
/** Whose a mailbox, a phone or a browser is. */
export type Addresses = Map<string, Side>
/** What was said: "client email", with its words; those of a push only a browser can read. */
export type Said = Record<string, string>

export const FROM = '+15005550006'
let count = 0

/** A program, and everything that it says to people: by SMTP, to a catcher of SMS, and to browsers. */
export async function startListening() {
  const [mail, phones, push] = [await startMailServer(), await startCatcher(), await startCatcher()]
  const { hostname: SMS_HOST, port: SMS_PORT } = new URL(phones.url)
  const sms = { SMS_PROVIDER: 'smscatcher', SMS_HOST, SMS_PORT, SMS_FROM: FROM }
  const app = await startApp({ env: { ...mail.env, ...sms, PUSH_BASE_URL: push.url } })
  return { app, mail, phones, reached, heard, told, toldAt, stop }

  /** From now on both have a mailbox, a phone and a browser in which they want to hear of us. */
  async function reached(client: Person, provider: Person): Promise<Addresses> {
    const addresses: Addresses = new Map()
    for (const [side, { token, email }] of Object.entries({ client, provider })) {
      const [phone, path] = [`+44163298${1000 + ++count}`, `/browser-${count}`]
      isDone(await app.request('PATCH', '/users/me', { token, body: { phone } }))
      const body = { endpoint: `https://push.example.com${path}`, keys: newKeys() }
      isDone(await app.post('/users/me/push-subscriptions', { token, body }))
      for (const address of [email, phone, path]) addresses.set(address, side as Side)
    }
    await heard()
    return addresses
  }

  /** Everything that is to be said by now: to which address, through what, in which words. */
  async function heard(): Promise<[address: string, channel: string, text: string][]> {
    await workOff(app)
    const mails = mail.mails.splice(0).map(({ to, parts }) => [to, 'email', parts[0]!.text] as const)
    const sent = phones.caught.splice(0).map(({ fields }) => [fields.to!, 'sms', fields.message!] as const)
    const pushed = push.caught.splice(0).map(({ path }) => [path, 'push', ''] as const)
    return [...mails, ...sent, ...pushed].map((one) => [...one])
  }

  /** What these people are told of what happened; whoever asked for it was answered before anything was said. */
  async function told(addresses: Addresses): Promise<Said> {
    assert.deepEqual([mail.mails.length, phones.caught.length, push.caught.length], [0, 0, 0])
    const theirs = (await heard()).filter(([address]) => addresses.has(address))
    const said = Object.fromEntries(
      theirs.map(([address, channel, text]) => [`${addresses.get(address)} ${channel}`, text]),
    )
    assert.equal(Object.keys(said).length, theirs.length, 'somebody is told twice on one channel')
    return said
  }

  /** What the clock alone makes happen by then. */
  async function toldAt(instant: string, addresses: Addresses): Promise<Said> {
    app.setClock(instant)
    await app.tick()
    return told(addresses)
  }

  async function stop(): Promise<void> {
    await app.stop()
    await Promise.all([mail.stop(), phones.stop(), push.stop()])
  }
}

/** The keys of a browser, as it makes them when it subscribes. */
function newKeys() {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  return { p256dh: ecdh.getPublicKey('base64url'), auth: Buffer.alloc(16, 7).toString('base64url') }
}

/** Nothing of this kind was refused. */
export function isDone({ status, body }: Answer) {
  assert.ok(status < 300, JSON.stringify(body))
  return body
}

/** These are told, on these channels and no others, and all of them of this. */
export function isTold(said: Said, whom: string[], ...words: RegExp[]): void {
  assert.deepEqual(Object.keys(said).toSorted(), whom.toSorted())
  for (const [to, text] of Object.entries(said).filter(([to]) => !to.endsWith('push'))) {
    for (const word of words) assert.match(text, word, to)
  }
}
