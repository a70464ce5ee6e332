import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, beforeEach, describe, it } from 'node:test'
import type { Smtp } from '../../message-settings.ts'
import { type MailServer, startMailServer } from '../testing/mail-server.ts'
import { startCatcher } from '../testing/catcher.ts'
import { NotSent, type Outgoing, Refused, Unclear, Unreachable } from './channel.ts'
import { switchedOff } from './log.ts'
import { isOutside, mayBeCalled, postOutside } from './outside.ts'
import { resend } from './resend.ts'
import { catcher, twilio } from './sms.ts'
import { smtp } from './smtp.ts'

const service = await startCatcher()
const mail = await startMailServer()
after(() => Promise.all([service.stop(), mail.stop()]))
const { answer } = service
beforeEach(() => {
  Object.assign(service, { answer, holds: null, hangsUp: () => false })
  Object.assign(mail, { refuses: null, holds: null, hangsUp: false })
  service.caught.length = mail.mails.length = 0
})

/** Where an answer is waited for; where none comes, so long that a busy machine has said all there is to say. */
const PATIENCE = 20_000
const IMPATIENCE = 1500
/** Where somebody was and nobody listens any more. */
const gone = await startCatcher()
await gone.stop()
const never = new Promise<void>(() => {})
let count = 0

function message(of: Partial<Outgoing> = {}): Outgoing {
  return {
    id: `message-${++count}`,
    audience: 'client',
    to: { name: 'Ada Lovelace', address: '+441632960001' },
    from_name: 'The "Corner" Studio',
    subject: 'Booked',
    text: 'Your appointment is booked.',
    html: '<p>Your appointment is booked.</p>',
    short: 'Booked: Tuesday at ten.',
    ...of,
  }
}
const letter = (of: Partial<Outgoing> = {}) =>
  message({ to: { name: 'Ada Lovelace', address: 'ada@example.com' }, ...of })

const account = {
  service: 'twilio',
  account_sid: 'AC1',
  auth_token: 'a:token',
  from_client: '+15005550006',
  from_provider: '+15005550009',
} as const
const byTwilio = (base_url = service.url, patience = PATIENCE) => twilio({ ...account, base_url }, patience)
const byCatcher = (url = `${service.url}/sms`, patience = PATIENCE) =>
  catcher({ service: 'http', url, from: 'Punctual', api_key: 'key' }, patience)
const byResend = (base_url = service.url, patience = PATIENCE) =>
  resend({ service: 'resend', api_key: 're_1', base_url, from: 'desk@corner.example' }, patience)

describe('Twilio', () => {
  it('gets an SMS as a form, from the number that clients or providers know, and its id is kept', async () => {
    const sent = await byTwilio().send(message())
    await byTwilio().send(message({ audience: 'provider' }))
    const [one, other] = service.caught
    assert.equal(one!.path, '/2010-04-01/Accounts/AC1/Messages.json')
    assert.equal(one!.headers.authorization, `Basic ${Buffer.from('AC1:a:token').toString('base64')}`)
    assert.match(one!.headers['content-type']!, /^application\/x-www-form-urlencoded/)
    const [To, Body] = ['+441632960001', 'Booked: Tuesday at ten.']
    assert.deepEqual(one!.fields, { To, Body, From: account.from_client })
    assert.equal(other!.fields.From, account.from_provider)
    assert.match(sent.external_id!, /^SM\d+$/)
    assert.equal(sent.answer, 'queued')
  })
})

describe('a plain catcher of SMS', () => {
  it('gets to, message and from as JSON', async () => {
    const { external_id } = await byCatcher().send(message())
    const [one] = service.caught
    assert.equal(one!.path, '/sms')
    assert.deepEqual(one!.fields, {
      to: '+441632960001',
      message: 'Booked: Tuesday at ten.',
      from: 'Punctual',
    })
    assert.equal(one!.headers.authorization, 'Bearer key')
    assert.match(external_id!, /^m-\d+$/)
  })

  it('may answer with whatever it likes', async () => {
    service.answer = () => ({ status: 200, body: 'OK, thanks' })
    assert.deepEqual(await byCatcher().send(message()), { answer: 'OK, thanks' })
  })
})

describe('Resend', () => {
  it('gets a mail with a key by which it sends it once, and the invitation beside it', async () => {
    const calendar = { method: 'REQUEST', content: 'BEGIN:VCALENDAR' } as const
    const sent = await byResend().send(letter({ id: 'n-1', calendar }))
    const [one] = service.caught
    assert.deepEqual(
      [one!.path, one!.headers.authorization, one!.headers['idempotency-key']],
      ['/emails', 'Bearer re_1', 'n-1'],
    )
    const { from, to, subject, text, headers, attachments } = JSON.parse(one!.body.toString())
    assert.deepEqual(
      [from, to, subject, text],
      ['"The Corner Studio" <desk@corner.example>', ['ada@example.com'], 'Booked', letter().text],
    )
    assert.deepEqual(headers, { 'Message-ID': '<n-1@corner.example>' })
    assert.equal(attachments[0].filename, 'appointment.ics')
    assert.match(attachments[0].content_type, /text\/calendar.*method=REQUEST/)
    assert.equal(Buffer.from(attachments[0].content, 'base64').toString(), 'BEGIN:VCALENDAR')
    assert.match(sent.external_id!, /^m-\d+$/)
  })
})

describe('a service over HTTP', () => {
  const ways = { Twilio: byTwilio, 'a catcher': byCatcher, Resend: byResend }
  for (const [name, by] of Object.entries(ways)) {
    it(`that says no has refused it, and what it said is kept (${name})`, async () => {
      for (const status of [400, 404, 500, 503]) {
        service.answer = () => ({ status, body: 'not this one' })
        const sending = by().send(message())
        await assert.rejects(sending, new Refused(`${status} not this one`))
      }
    })

    it(`that is not there has heard nothing (${name})`, async () => {
      await assert.rejects(by(gone.url).send(message()), Unreachable)
      await assert.rejects(by('http://nobody.invalid').send(message()), Unreachable)
    })

    it(`that does not answer, or hangs up, may have done it (${name})`, async () => {
      service.holds = never
      await assert.rejects(by(undefined, IMPATIENCE).send(message()), Unclear)
      service.holds = null
      service.hangsUp = () => true
      await assert.rejects(by().send(message()), Unclear)
      assert.equal(service.caught.length, 2)
    })
  }

  it('that has too much to do has not listened', async () => {
    service.answer = () => ({ status: 429, body: 'slowly' })
    await assert.rejects(byTwilio().send(message()), new Unreachable('429 slowly'))
  })

  it('that has no right certificate is not spoken to', async () => {
    const [address] = [service.url.replace('http:', 'https:')]
    await assert.rejects(byTwilio(address).send(message()), Unreachable)
    assert.equal(service.caught.length, 0)
  })

  it('cannot lead what was meant for it elsewhere', async () => {
    service.answer = () => ({ status: 307, body: '', headers: { location: `${service.url}/elsewhere` } })
    await assert.rejects(byTwilio().send(message()), Refused)
    assert.equal(service.caught.length, 1)
  })

  it('that is switched off gets nothing, and the record says so', async () => {
    await assert.rejects(switchedOff().send(message()), NotSent)
  })
})

const byMail = (server: MailServer, settings: Partial<Smtp> = {}, patience_ms?: number) => {
  const common = { encryption: 'if_offered', from: 'desk@corner.example' } as const
  const port = Number(server.env.MAIL_PORT)
  return smtp({ service: 'smtp', host: '127.0.0.1', port, ...common, ...settings }, patience_ms)
}

describe('a mail server', () => {
  it('gets a mail with an id that is always the same for one message', async () => {
    const sender = byMail(mail)
    const one = letter({ id: 'n-7' })
    await sender.send(one)
    await sender.send(one)
    sender.close!()
    assert.deepEqual(
      mail.mails.map((received) => received.header('Message-ID')),
      ['<n-7@corner.example>', '<n-7@corner.example>'],
    )
  })

  it('that refuses a message has refused it, now or for good', async () => {
    const sender = byMail(mail)
    for (const code of [451, 550]) {
      mail.refuses = { code, sentence: 'not this one' }
      await assert.rejects(sender.send(letter()), (error) => {
        return error instanceof Refused && error.message.includes('not this one')
      })
    }
    sender.close!()
  })

  it('that goes away, that nobody runs, or that has no such name has heard nothing', async () => {
    mail.refuses = { code: 421, sentence: 'going home' }
    for (const settings of [{}, { port: 1 }, { host: 'nobody.invalid' }]) {
      const sender = byMail(mail, settings)
      await assert.rejects(sender.send(letter()), Unreachable)
      sender.close!()
    }
  })

  it('that does not encrypt although we insist gets nothing', async () => {
    const sender = byMail(mail, { encryption: 'starttls' })
    await assert.rejects(sender.send(letter()), Unreachable)
    sender.close!()
    assert.deepEqual(mail.mails, [])
  })

  it('that does not let us in has heard nothing: the message is not at fault', async (t) => {
    const guarded = await startMailServer({ password: 'right' })
    t.after(() => guarded.stop())
    for (const given of [{ username: 'desk', password: 'wrong' }, {}]) {
      const sender = byMail(guarded, given)
      await assert.rejects(sender.send(letter()), Unreachable)
      sender.close!()
    }
    const sender = byMail(guarded, { username: 'desk', password: 'right' })
    await sender.send(letter())
    sender.close!()
    assert.equal(guarded.mails.length, 1)
  })

  it('that turns everybody away at the door has not looked at the message', async (t) => {
    const door = createServer((socket) => socket.on('error', () => {}).end('554 not today\r\n'))
    door.listen(0, '127.0.0.1')
    await once(door, 'listening')
    t.after(() => door.close())
    const sender = byMail(mail, { port: (door.address() as AddressInfo).port })
    await assert.rejects(sender.send(letter()), Unreachable)
    sender.close!()
  })

  it('that takes a message and dies may have it', async () => {
    mail.hangsUp = true
    const sender = byMail(mail)
    await assert.rejects(sender.send(letter()), Unclear)
    sender.close!()
    assert.equal(mail.mails.length, 1)
  })

  it('that takes a message and says nothing may have it', async () => {
    mail.holds = never
    const sender = byMail(mail, {}, IMPATIENCE)
    await assert.rejects(sender.send(letter()), Unclear)
    sender.close!()
  })

  it('that says nothing from the beginning has heard nothing', async (t) => {
    const silent = createServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    t.after(() => silent.close())
    const sender = byMail(mail, { port: (silent.address() as AddressInfo).port }, IMPATIENCE)
    await assert.rejects(sender.send(letter()), Unreachable)
    sender.close!()
  })
})

describe('an address that somebody gives us', () => {
  const ours = `0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 169.254.169.254 172.31.255.255 192.168.1.1 198.18.0.1
    224.0.0.1 255.255.255.255 :: ::1 ::ffff:10.0.0.1 ::ffff:7f00:1 ::10.0.0.1 64:ff9b::a00:1 2001::1 2002:a00:1::
    fc00::1 fd12::1 fe80::1 fec0::1 ff02::1`

  it('must not be one of our own network, in whatever way it is written', () => {
    for (const address of ours.split(/\s+/)) assert.equal(isOutside(address), false, address)
    for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111']) assert.ok(isOutside(address), address)
    assert.equal(isOutside('not an address'), false)
  })

  it('must be https, with a name that others know', () => {
    const not = `http://push.example.com/ ftp://push.example.com/ https://localhost/ https://localhost./ https://intranet/
      https://printer.local/ https://db.internal./ https://127.0.0.1/ https://2130706433/ https://0x7f.1/ https://127.1./
      https://[::1]/ https://[::ffff:127.0.0.1]/ https://10.1.2.3/x https://me:secret@push.example.com/ nonsense`
    for (const url of not.split(/\s+/)) assert.equal(mayBeCalled(url), false, url)
    assert.ok(mayBeCalled('https://push.example.com/send/1?x=2'))
  })

  it('is not called where its name leads inside, even if it led outside before', async () => {
    const asked: string[] = []
    const resolve = ((hostname: string, _: object, done: (error: null, found: object[]) => void) => {
      asked.push(hostname)
      const found = [
        { address: '8.8.8.8', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]
      done(null, found)
    }) as Parameters<typeof postOutside>[3] extends { resolve?: infer Resolve } | undefined ? Resolve : never
    const body = new Uint8Array()
    const url = service.url.replace('http://127.0.0.1', 'https://push.example.com')
    const inside = /push\.example\.com leads to 127\.0\.0\.1, inside our network/
    await assert.rejects(postOutside(url, {}, body, { resolve }), (error) => {
      return error instanceof Unreachable && inside.test(error.message)
    })
    assert.deepEqual(asked, ['push.example.com'])
    await assert.rejects(postOutside('https://127.0.0.1/', {}, body), Unreachable)
  })
})
