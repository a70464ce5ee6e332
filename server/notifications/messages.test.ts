import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import ICAL from 'ical.js'
import { startApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  type Stage,
} from '../../test/cast.ts'
import { workOff } from '../../test/working.ts'
import { quietUntil } from './recipients.ts'
import { startCatcher } from './testing/catcher.ts'
import { startMailServer } from './testing/mail-server.ts'

const mail = await startMailServer()
const phones = await startCatcher()
const env = { ...mail.env, SMS_URL: `${phones.url}/sms`, MESSAGE_RETRY_SECONDS: '60' }
const app = await startApp({ env })
after(async () => {
  await app.stop()
  await Promise.all([mail.stop(), phones.stop()])
})
beforeEach(() => {
  mail.refuses = null
  mail.holds = null
})

interface Agreed extends Stage {
  provider: Person
  client: Person
  id: string
}

const TEN = '2027-03-02T10:00:00Z'
const ELEVEN = '2027-03-02T11:00:00Z'

/** An appointment on Tuesday at ten, of which nothing has been said yet. */
async function agreed(trade = 'general', starts_at = TEN): Promise<Agreed> {
  const stage = await newOrganization(app, { trade })
  const provider = await newProvider(app, stage)
  const client = await newClient(app, stage)
  await workOff(app)
  mail.mails.length = 0
  phones.caught.length = 0
  const ends_at = Temporal.Instant.from(starts_at).add({ minutes: 30 }).toString()
  const details =
    trade === 'school' ? { meeting_mode: 'online' } : trade === 'general' ? {} : { reason: 'Cough' }
  const length = trade === 'general' || trade === 'veterinary' ? { ends_at } : {}
  const answer = await book(app, client, { provider_id: provider.id, starts_at, details, ...length })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return { ...stage, provider, client, id: answer.body.id }
}

const verb = (name: string, id: string, { token }: Person, body = {}) =>
  app.post(`/appointments/${id}/${name}`, { token, body })
const bodyOf = (to: Person, type = 'text/plain') =>
  mail
    .mailsTo(to.email)
    .at(-1)!
    .parts.find((part) => part.type.startsWith(type))!.text

async function recordsOf({ admin, id }: Agreed, query = '') {
  const { status, body } = await app.get(`/notifications?appointment_id=${id}${query}`, {
    token: admin.token,
  })
  assert.equal(status, 200)
  return body.items
}

async function phoneOf(person: Person, phone: string): Promise<void> {
  assert.equal(
    (await app.request('PATCH', '/users/me', { token: person.token, body: { phone } })).status,
    200,
  )
}

describe('a booking', () => {
  it('is told to the client and to the provider, as text, as a page and as an invitation', async () => {
    const { organization, client, provider, id } = await agreed()
    await workOff(app)
    assert.deepEqual([mail.mailsTo(client.email).length, mail.mailsTo(provider.email).length], [1, 1])
    const [one] = mail.mailsTo(client.email)
    assert.match(one!.header('From'), /appointments@punctual\.example/)
    assert.ok(one!.header('From').includes(organization.name))
    const types = one!.parts.map(({ type }) => type.split(';')[0])
    assert.deepEqual(types.slice(0, 3), ['text/plain', 'text/html', 'text/calendar'])
    assert.match(bodyOf(client), /Tuesday,? 2 March 2027/)
    assert.match(bodyOf(client), /10:00/)
    assert.ok(bodyOf(client).includes(provider.name) && bodyOf(provider).includes(client.name))
    const calendar = new ICAL.Component(ICAL.parse(bodyOf(client, 'text/calendar')))
    assert.equal(calendar.getFirstPropertyValue('method'), 'REQUEST')
    const event = calendar.getFirstSubcomponent('vevent')!
    assert.ok(String(event.getFirstPropertyValue('uid')).startsWith(id))
    assert.equal(event.getFirstPropertyValue('sequence'), 0)
  })

  it('is not held up by it, and leaves a record with what came back', async () => {
    const at = await agreed()
    assert.equal(mail.mails.length, 0)
    const records = await recordsOf(at)
    assert.deepEqual(records, [])
    await workOff(app)
    const [client] = await recordsOf(at, '&audience=client')
    assert.deepEqual(
      [client.state, client.kind, client.channel, client.service, client.tries],
      ['sent', 'booked', 'email', 'smtp', 1],
    )
    assert.equal(client.address, at.client.email)
    assert.equal(client.attempts[0].outcome, 'sent')
    assert.match(client.external_id, /@punctual\.example>$/)
    assert.equal(client.content.trim(), bodyOf(at.client).replaceAll('\r\n', '\n').trim())
  })

  it('that was refused is told to nobody', async () => {
    const { provider, client } = await agreed()
    await workOff(app)
    mail.mails.length = 0
    const again = await book(app, client, { provider_id: provider.id, starts_at: TEN, ends_at: ELEVEN })
    assert.equal(again.status, 409)
    await workOff(app)
    assert.deepEqual(mail.mails, [])
  })

  it('names nobody in the head of a mail but through their name', async () => {
    const stage = await newOrganization(app)
    const provider = await newProvider(app, stage)
    const email = 'sneaky@example.com'
    const name = 'Eve "x" <a@evil.example>, Bcc: all@evil.example'
    const body = { name, email }
    const client = (await app.post('/clients', { token: stage.admin.token, body })).body
    await book(app, stage.admin, {
      provider_id: provider.id,
      client_id: client.id,
      starts_at: TEN,
      ends_at: ELEVEN,
    })
    await workOff(app)
    const [one] = mail.mailsTo(email)
    assert.ok(one && !/^bcc:/im.test(one.raw.split('\r\n\r\n')[0]!))
    assert.ok(!bodyOf({ email } as Person, 'text/html').includes('<a@evil'))
  })
})

describe('what becomes of an appointment', () => {
  it('is told with the old time and the new one', async () => {
    const { client, provider, id } = await agreed()
    await verb('reschedule', id, provider, { starts_at: ELEVEN })
    await workOff(app)
    assert.equal(mail.mailsTo(client.email).length, 2)
    assert.match(bodyOf(client), /10:00/)
    assert.match(bodyOf(client), /11:00/)
    const calendar = new ICAL.Component(ICAL.parse(bodyOf(client, 'text/calendar')))
    assert.equal(calendar.getFirstSubcomponent('vevent')!.getFirstPropertyValue('sequence'), 1)
  })

  it('is told to both when it is cancelled, with who did and why, and taken out of the calendar', async () => {
    const { client, provider, id } = await agreed()
    await workOff(app)
    await verb('cancel', id, client, { reason: 'The car broke down' })
    await workOff(app)
    for (const person of [client, provider]) assert.match(bodyOf(person), /The car broke down/)
    assert.ok(bodyOf(provider).includes(client.name))
    assert.match(bodyOf(provider, 'text/calendar'), /METHOD:CANCEL/)
  })

  it('is told to whom it was taken from, who hears that it is off and not where it went', async () => {
    const at = await agreed()
    await workOff(app)
    const other = await newProvider(app, at)
    await verb('reschedule', at.id, at.admin, { starts_at: ELEVEN, provider_id: other.id })
    await workOff(app)
    assert.match(bodyOf(at.provider), /10:00/)
    assert.ok(!bodyOf(at.provider).includes('11:00') && !bodyOf(at.provider).includes(other.name))
    assert.match(bodyOf(at.provider, 'text/calendar'), /METHOD:CANCEL/)
    assert.match(bodyOf(other), /11:00/)
    assert.match(bodyOf(other, 'text/calendar'), /METHOD:REQUEST/)
  })

  it('is told by SMS where the rules say so, to whose phone is known', async () => {
    const at = await agreed('clinic')
    await phoneOf(at.provider, '+441632960777')
    await verb('confirm', at.id, at.client)
    await workOff(app)
    assert.equal(phones.sentTo('+441632960777').length, 1)
    await verb('cancel', at.id, at.client)
    await workOff(app)
    assert.equal(phones.sentTo('+441632960777').length, 2)
    const [skipped] = await recordsOf(at, '&channel=sms&audience=client')
    assert.deepEqual([skipped.state, skipped.reason], ['skipped', 'No phone of theirs is known.'])
  })

  it('is told in the language and the zone of whoever reads it', async () => {
    const at = await agreed()
    const body = { locale: 'de-DE', time_zone: 'Europe/Berlin' }
    await app.request('PATCH', '/users/me', { token: at.client.token, body })
    await workOff(app)
    assert.match(bodyOf(at.client), /Dienstag, 2\. März 2027/)
    assert.match(bodyOf(at.client), /11:00/)
    assert.match(bodyOf(at.client, 'text/html'), /lang="de"/)
  })

  it('is told once, however often the queue says it', async () => {
    const at = await agreed()
    await workOff(app)
    await app.connection.pool.query('update events set relayed_at = null where organization_id = $1', [
      at.organization.id,
    ])
    await workOff(app)
    assert.equal(mail.mailsTo(at.client.email).length, 1)
  })
})

describe('a mail server', () => {
  it('that refuses is asked three times more, ever later, and then the message has failed', async () => {
    const at = await agreed()
    mail.refuses = { code: 550, sentence: 'No such user here' }
    await workOff(app)
    const record = async () => (await recordsOf(at, '&audience=client'))[0]
    assert.deepEqual([(await record()).state, (await record()).tries], ['planned', 1])
    for (const seconds of [60, 120, 240]) {
      assert.equal(
        Temporal.Instant.from((await record()).next_try_at).toString(),
        app.now().add({ seconds }).toString(),
      )
      app.pass({ seconds })
      await workOff(app)
    }
    const failed = await record()
    assert.deepEqual([failed.state, failed.tries], ['failed', 4])
    assert.match(failed.reason, /No such user here/)
    assert.equal(failed.attempts[0].times, 4)
    assert.equal(
      (await app.get(`/appointments/${at.id}`, { token: at.client.token })).body.state,
      'confirmed',
    )

    mail.refuses = null
    const again = await app.post(`/notifications/${failed.id}/retry`, { token: at.admin.token })
    assert.deepEqual([again.status, again.body.state], [200, 'planned'])
    await workOff(app)
    assert.equal((await record()).state, 'sent')
    assert.equal((await app.post(`/notifications/${failed.id}/retry`, { token: at.admin.token })).status, 409)
    app.setClock('2027-03-01T08:00:00Z')
  })

  it('that is down for ten minutes costs nothing but time, and the record tells of it', async () => {
    await mail.stop()
    const at = await agreed()
    await workOff(app)
    const record = async () => (await recordsOf(at, '&audience=client'))[0]
    assert.deepEqual([(await record()).state, (await record()).tries], ['planned', 0])
    for (let minute = 0; minute < 10; minute++) {
      app.pass({ minutes: 1 })
      await workOff(app)
    }
    await mail.comeBack()
    app.pass({ minutes: 1 })
    await workOff(app)
    const sent = await record()
    // The invitation to have an account has waited with it.
    const booked = mail.mailsTo(at.client.email).filter(({ raw }) => raw.includes('text/calendar'))
    assert.deepEqual([sent.state, sent.tries, booked.length], ['sent', 1, 1])
    const [unreachable, last] = sent.attempts
    assert.deepEqual([unreachable.outcome, last.outcome, sent.attempts.length], ['unreachable', 'sent', 2])
    assert.ok(unreachable.times > 5)
    app.setClock('2027-03-01T08:00:00Z')
  })
})

describe('a person', () => {
  it('says on which channels they want to hear of us', async () => {
    const at = await agreed()
    const path = '/users/me/preferences'
    const { token } = at.client
    assert.deepEqual((await app.get(path, { token })).body, {
      channels: ['email', 'sms', 'push'],
      quiet_from: null,
      quiet_until: null,
    })
    const changed = await app.request('PATCH', path, { token, body: { channels: ['sms'] } })
    assert.deepEqual([changed.status, changed.body.channels], [200, ['sms']])
    await workOff(app)
    assert.deepEqual(mail.mailsTo(at.client.email), [])
    const [skipped] = await recordsOf(at, '&audience=client')
    assert.deepEqual(
      [skipped.state, skipped.reason],
      ['skipped', 'They do not want messages on this channel.'],
    )
  })

  it('is left alone in their quiet hours, and told after them', async () => {
    const at = await agreed('clinic')
    await phoneOf(at.provider, '+441632960778')
    const body = { quiet_from: '07:00', quiet_until: '09:30' }
    assert.equal(
      (await app.request('PATCH', '/users/me/preferences', { token: at.provider.token, body })).status,
      200,
    )
    await verb('confirm', at.id, at.client)
    await workOff(app)
    assert.deepEqual(phones.sentTo('+441632960778'), [])
    const [waiting] = await recordsOf(at, '&kind=confirmed')
    assert.deepEqual([waiting.state, waiting.next_try_at], ['planned', '2027-03-01T09:30:00Z'])
    app.setClock('2027-03-01T09:30:00Z')
    await workOff(app)
    assert.equal(phones.sentTo('+441632960778').length, 1)
    app.setClock('2027-03-01T08:00:00Z')
    const half = await app.request('PATCH', '/users/me/preferences', {
      token: at.provider.token,
      body: { quiet_until: null },
    })
    assert.equal(half.status, 422)
  })
})

describe('messages', () => {
  it('are sent by hand as often as somebody asks, and only where they are true', async () => {
    const at = await agreed()
    await workOff(app)
    const send = (body: object, { token } = at.admin) => app.post('/notifications/send', { token, body })
    const sent = await send({ appointment_id: at.id, kind: 'reminder' })
    assert.deepEqual([sent.status, sent.body.items.length], [201, 1])
    await send({ appointment_id: at.id, kind: 'reminder' })
    await workOff(app)
    assert.equal(mail.mailsTo(at.client.email).length, 3)
    assert.equal((await send({ appointment_id: at.id, kind: 'cancelled' })).status, 409)
    assert.equal((await send({ appointment_id: at.client.id, kind: 'reminder' })).status, 404)
    assert.equal((await send({ appointment_id: at.id, kind: 'reminder' }, at.client)).status, 403)
    assert.equal((await send({ appointment_id: at.id, kind: 'reminder' }, at.provider)).status, 403)
    const both = await send({
      appointment_id: at.id,
      kind: 'booked',
      to: ['provider', 'client'],
      channels: ['email'],
    })
    assert.equal(both.body.items.length, 2)
  })

  it('are listed, counted and looked for by those who keep the desk, each for their own locations', async () => {
    const at = await agreed()
    await workOff(app)
    const { admin, client } = at
    const get = (query: string, { token } = admin) => app.get(`/notifications${query}`, { token })
    const found = await get(`?search=${client.email}&kind=booked`)
    assert.equal(found.body.items.length, 1)
    assert.equal((await get(`?state=failed`)).body.items.length, 0)
    const { body: summary } = await get('/summary')
    assert.deepEqual(
      [summary.total, summary.states.sent, summary.recent.length],
      [summary.states.sent, summary.total, summary.total],
    )
    const [first] = (await get('?limit=1')).body.items
    assert.equal((await get(`/${first.id}`)).body.id, first.id)
    assert.equal((await get('', client)).status, 403)
    const reception = await newPerson(app, at.organization, ['reception'])
    assert.deepEqual((await get('', reception)).body.items, [])
    assert.equal((await get(`/${first.id}`, reception)).status, 404)
    const { admin: other } = await newOrganization(app)
    assert.equal((await get(`/${first.id}`, other)).status, 404)
  })
})

describe('quiet hours', () => {
  const quiet = (from: string, until: string, now: string) =>
    quietUntil({ quiet: { from, until } }, 'Europe/Berlin', Temporal.Instant.from(now))?.toString()

  it('end at their time on the wall clock, before midnight or after it', () => {
    assert.equal(quiet('22:00', '07:00', '2027-03-01T22:00:00Z'), '2027-03-02T06:00:00Z')
    assert.equal(quiet('22:00', '07:00', '2027-03-02T05:59:00Z'), '2027-03-02T06:00:00Z')
    assert.equal(quiet('12:00', '13:00', '2027-03-01T11:30:00Z'), '2027-03-01T12:00:00Z')
    assert.equal(quiet('22:00', '07:00', '2027-03-02T06:00:00Z'), undefined)
  })

  it('end ahead of now also in the hour that comes twice', () => {
    assert.equal(quiet('22:00', '02:30', '2026-10-25T00:15:00Z'), '2026-10-25T01:30:00Z')
    assert.equal(quiet('22:00', '02:30', '2026-10-25T01:15:00Z'), '2026-10-25T01:30:00Z')
  })
})
