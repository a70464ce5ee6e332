import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../../test/app.ts'
import { book, newClient, newOrganization, newProvider, type Person, type Stage } from '../../../test/cast.ts'
import { workOff } from '../../../test/working.ts'
import { codeOf } from '../codes.ts'
import { startCatcher } from '../testing/catcher.ts'
import { signatureOf } from './signature.ts'
import { understand } from './understanding.ts'

const TOKEN = 'twilio-auth-token'
const PUBLIC = 'https://book.example.org'
const phones = await startCatcher()
const app = await startApp({
  env: { PUBLIC_URL: PUBLIC, TWILIO_AUTH_TOKEN: TOKEN, SMS_URL: `${phones.url}/sms` },
})
after(async () => {
  await app.stop()
  await phones.stop()
})

let count = 0
const newPhone = () => `+44163296${String(1000 + ++count)}`

interface Patient extends Stage {
  doctor: Person
  patient: Person
  phone: string
}

async function newPatient(rules = {}): Promise<Patient> {
  const stage = await newOrganization(app, { trade: 'clinic', rules })
  const doctor = await newProvider(app, stage)
  const patient = await newClient(app, stage)
  const phone = newPhone()
  const changed = await app.request('PATCH', '/users/me', { token: patient.token, body: { phone } })
  assert.equal(changed.status, 200)
  return { ...stage, doctor, patient, phone }
}

async function newVisit({ patient, doctor }: Patient, starts_at = '2027-03-02T10:00:00Z'): Promise<string> {
  const { status, body } = await book(app, patient, {
    provider_id: doctor.id,
    starts_at,
    details: { reason: 'Cough' },
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

const stateOf = async (id: string, { patient }: Patient) =>
  (await app.get(`/appointments/${id}`, { token: patient.token })).body.state

interface Sms {
  from: string
  text: string
  sid?: string
  path?: string
  signature?: string | null
}

/** An SMS as Twilio hands it in. */
async function say({ from, text, sid = `SM${++count}`, path = '/api/v1/messages/inbound', signature }: Sms) {
  const form = { From: from, To: '+15005550006', Body: text, MessageSid: sid }
  const signed = signature === undefined ? signatureOf(TOKEN, `${PUBLIC}${path}`, form) : signature
  const headers = signed === null ? undefined : { 'x-twilio-signature': signed }
  const answer = await app.post(path.startsWith('/api/') ? path : `/${path}`, {
    body: new URLSearchParams(form),
    headers,
  })
  const [, reply = ''] = /<Message>([^]*)<\/Message>/.exec(String(answer.body)) ?? []
  return { ...answer, reply }
}

describe('an SMS that comes in', () => {
  it('confirms or cancels by the code of an appointment, or by its id, in capitals or not', async () => {
    const at = await newPatient()
    const [first, second] = [await newVisit(at), await newVisit(at, '2027-03-02T11:00:00Z')]
    const confirmed = await say({ from: at.phone, text: `Confirm ${codeOf(first).toLowerCase()}` })
    assert.equal(confirmed.status, 200)
    assert.match(confirmed.headers.get('content-type') ?? '', /^text\/xml/)
    assert.match(confirmed.reply, /is confirmed/)
    await say({ from: at.phone, text: `CANCEL ${second}` })
    assert.deepEqual([await stateOf(first, at), await stateOf(second, at)], ['confirmed', 'cancelled'])
    const { body } = await app.get(`/appointments/${first}/history`, { token: at.admin.token })
    assert.equal(body.items.at(-1).actor_id, at.patient.id)
  })

  it('without a right signature is refused and changes nothing', async () => {
    const at = await newPatient()
    const id = await newVisit(at)
    for (const signature of [
      null,
      '',
      'd3Jvbmc=',
      signatureOf('another token', `${PUBLIC}/api/v1/messages/inbound`, {}),
    ]) {
      const { status, body } = await say({ from: at.phone, text: 'CONFIRM', signature })
      assert.deepEqual([status, body.code], [403, 'signature_wrong'])
    }
    assert.equal(await stateOf(id, at), 'pending')
  })

  it('with a signature for another address is refused', async () => {
    const at = await newPatient()
    const form = { From: at.phone, To: '+15005550006', Body: 'CONFIRM', MessageSid: 'SMx' }
    const signature = signatureOf(TOKEN, 'https://elsewhere.example/api/v1/messages/inbound', form)
    assert.equal((await say({ from: at.phone, text: 'CONFIRM', sid: 'SMx', signature })).status, 403)
  })

  it('means the one appointment there is, and asks where there are two', async () => {
    const at = await newPatient()
    const first = await newVisit(at)
    assert.match((await say({ from: at.phone, text: 'confirm' })).reply, /is confirmed/)
    assert.match((await say({ from: at.phone, text: 'confirm' })).reply, /confirmed already/)
    const second = await newVisit(at, '2027-03-02T11:00:00Z')
    const asked = await say({ from: at.phone, text: 'Cancel' })
    for (const id of [first, second]) assert.ok(asked.reply.includes(`CANCEL ${codeOf(id)}: `))
    assert.deepEqual([await stateOf(first, at), await stateOf(second, at)], ['confirmed', 'pending'])
  })

  it('from another phone says nothing of an appointment and does nothing to it', async () => {
    const [at, other] = [await newPatient(), await newPatient()]
    const id = await newVisit(at)
    for (const from of [other.phone, newPhone()]) {
      const { status, reply } = await say({ from, text: `CANCEL ${codeOf(id)}` })
      assert.equal(status, 200)
      assert.match(reply, /no appointment/)
    }
    assert.equal(await stateOf(id, at), 'pending')
  })

  it('is heard once, however often it comes', async () => {
    const at = await newPatient()
    const id = await newVisit(at)
    const sms = { from: at.phone, text: `CONFIRM ${codeOf(id)}`, sid: 'SM-twice' }
    const answers = await Promise.all([say(sms), say(sms), say(sms)])
    assert.deepEqual(new Set(answers.map(({ reply }) => reply)).size, 1)
    const { rows } = await app.connection.pool.query(
      `select command, outcome, sender, content, appointment_id from inbound_messages where external_id = 'SM-twice'`,
    )
    assert.deepEqual(rows, [
      { command: 'confirm', outcome: 'confirmed', sender: at.phone, content: sms.text, appointment_id: id },
    ])
    const { rows: entries } = await app.connection.pool.query(
      `select from appointment_events where appointment_id = $1 and action = 'confirm'`,
      [id],
    )
    assert.equal(entries.length, 1)
  })

  it('is kept with its answer, for those who keep the desk to read', async () => {
    const at = await newPatient()
    const id = await newVisit(at)
    const { reply } = await say({ from: at.phone, text: 'CONFIRM' })
    const get = (query: string, { token } = at.admin) => app.get(`/messages/inbound${query}`, { token })
    const { body } = await get(`?appointment_id=${id}`)
    const [{ sender, content, command, outcome, person_id, ...rest }] = body.items
    assert.deepEqual([sender, content, command, outcome], [at.phone, 'CONFIRM', 'confirm', 'confirmed'])
    assert.deepEqual([person_id, rest.reply, rest.appointment_id], [at.patient.id, reply, id])
    assert.equal((await get('', at.patient)).status, 403)
    const { admin: other } = await newOrganization(app)
    assert.deepEqual((await get('', other)).body.items, [])
  })

  it('obeys the rules that hold for the client', async () => {
    const at = await newPatient({ change_notice_minutes: 2880 })
    const id = await newVisit(at)
    assert.match((await say({ from: at.phone, text: 'CANCEL' })).reply, /too late/)
    assert.equal(await stateOf(id, at), 'pending')
    const { rows } = await app.connection.pool.query(
      'select outcome from inbound_messages where appointment_id = $1',
      [id],
    )
    assert.deepEqual(rows, [{ outcome: 'too_late_to_change' }])
  })

  it('that says STOP ends SMS to that phone until START', async () => {
    const at = await newPatient()
    await workOff(app)
    assert.match((await say({ from: at.phone, text: 'Stop.' })).reply, /no more SMS/)
    const id = await newVisit(at)
    const cancelled = { token: at.doctor.token, body: {} }
    await app.post(`/appointments/${id}/cancel`, cancelled)
    await workOff(app)
    assert.deepEqual(phones.sentTo(at.phone), [])
    const { body } = await app.get(`/notifications?appointment_id=${id}&channel=sms&audience=client`, {
      token: at.admin.token,
    })
    assert.deepEqual(
      body.items.map(({ state, reason }: Record<string, string>) => [state, reason]),
      [['skipped', 'They answered STOP.']],
    )
    await say({ from: at.phone, text: 'start' })
    await app.post(`/appointments/${await newVisit(at)}/cancel`, cancelled)
    await workOff(app)
    assert.equal(phones.sentTo(at.phone).length, 1)
  })

  it('that says STOP is meant for everybody who sends from that number, unless one was named', async () => {
    const at = await newPatient()
    const body = { phone: at.phone }
    const general = await newOrganization(app)
    const client = await newClient(app, general)
    await app.request('PATCH', '/users/me', { token: client.token, body })
    const stopped = async () => {
      const { rows } = await app.connection.pool.query(
        'select organization_id from stopped_phones where phone = $1',
        [at.phone],
      )
      return rows.map(({ organization_id }) => organization_id).toSorted()
    }
    const both = [at.organization.id, general.organization.id].toSorted()
    await say({ from: at.phone, text: 'STOP' })
    assert.deepEqual(await stopped(), both)
    const path = `/api/v1/messages/inbound?organization=${general.organization.slug}`
    await say({ from: at.phone, text: 'START', path })
    assert.deepEqual(await stopped(), [at.organization.id])
  })

  it('that cannot be understood, or asks for help, is told what can be said, in their language', async () => {
    const at = await newPatient()
    assert.match((await say({ from: at.phone, text: 'what?' })).reply, /answer CONFIRM or CANCEL/)
    await app.request('PATCH', '/users/me', { token: at.patient.token, body: { locale: 'de' } })
    assert.match((await say({ from: at.phone, text: 'Hilfe' })).reply, /BESTAETIGEN oder ABSAGEN/)
    const id = await newVisit(at)
    assert.match((await say({ from: at.phone, text: `bestätigen ${codeOf(id)}` })).reply, /ist bestätigt/)
    assert.equal(await stateOf(id, at), 'confirmed')
  })

  it('says what was said without what could be read as markup', async () => {
    const at = await newPatient()
    const { body } = await say({ from: at.phone, text: 'CONFIRM <b>&amp;</b>' })
    assert.ok(!String(body).includes('<b>'))
  })
})

describe('a word of an SMS', () => {
  it('is understood in any of our languages, and in English everywhere', () => {
    const cases = [
      ['en', 'CONFIRM AB23CD', 'confirm', 'AB23CD'],
      ['en', 'yes', 'confirm', ''],
      ['de', 'Bestätige: ab23cd', 'confirm', 'AB23CD'],
      ['de', 'cancel #ab23cd', 'cancel', 'AB23CD'],
      ['tr', 'iptal ab23cd', 'cancel', 'AB23CD'],
      ['tr', 'İPTAL', 'cancel', ''],
      ['tr', 'YARDIM', 'help', ''],
      ['en', 'confirmed?', null, ''],
      ['en', '', null, ''],
    ] as const
    for (const [language, text, command, named] of cases) {
      assert.deepEqual(understand(text, language), { command, named }, text)
    }
  })
})
