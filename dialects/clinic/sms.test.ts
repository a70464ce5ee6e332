import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import { workOff } from '../../test/working.ts'
import { signatureOf } from '../../server/notifications/inbound/signature.ts'
import { planReminders } from '../../server/notifications/reminders.ts'
import { startCatcher } from '../../server/notifications/testing/catcher.ts'
import { type Clinic, isFailure, newClinic, newVisit } from './testing/asking.ts'

const TOKEN = 'twilio-auth-token'
const WEBHOOK = 'https://clinic.example.org/clinic/api/v1/twilio/webhook'
const twilio = await startCatcher()
const app = await startApp({
  env: {
    TWILIO_ACCOUNT_SID: 'AC1',
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_FROM_PATIENT: '+15005550006',
    TWILIO_FROM_DOCTOR: '+15005550007',
    TWILIO_BASE_URL: twilio.url,
    TWILIO_WEBHOOK_URL: WEBHOOK,
  },
})
after(async () => {
  await app.stop()
  await twilio.stop()
})

let count = 0
async function withPhones() {
  const clinic = await newClinic(app)
  const phones = { patient: `+44163296${1000 + ++count}`, doctor: `+44163297${1000 + count}` }
  for (const [who, phone] of Object.entries(phones) as ['patient' | 'doctor', string][]) {
    const { status } = await app.request('PATCH', '/users/me', { token: clinic[who].token, body: { phone } })
    assert.equal(status, 200)
  }
  return { ...clinic, phones }
}

type WithPhones = Awaited<ReturnType<typeof withPhones>>

async function remind({ stage }: Clinic): Promise<void> {
  await planReminders(app.connection.db, stage.organization, app.now())
  await workOff(app)
}

function answer(
  { api, phones }: WithPhones,
  text: string,
  signed: 'rightly' | 'wrongly' | 'not' = 'rightly',
) {
  const form = { From: phones.patient, To: '+15005550006', Body: text, MessageSid: `SM${++count}` }
  const signature = signatureOf(signed === 'rightly' ? TOKEN : 'another', WEBHOOK, form)
  const headers = signed === 'not' ? undefined : { 'x-twilio-signature': signature }
  return api.ask('POST', '/twilio/webhook', { body: new URLSearchParams(form), headers })
}

const visitOf = async ({ api }: Clinic, who: Person, id: string) =>
  (await api.get(`/appointments/${id}`, who)).body

describe('an SMS of the clinic', () => {
  it('reminds three hours before, with what can be answered, and the answer confirms and tells the doctor', async (t) => {
    t.after(() => app.setClock('2027-03-01T08:00:00Z'))
    const at = await withPhones()
    const { _id: id } = await newVisit(at)
    await workOff(app)
    app.setClock('2027-03-02T06:59:00Z')
    await remind(at)
    assert.deepEqual(twilio.sentTo(at.phones.patient), [])
    app.setClock('2027-03-02T07:00:00Z')
    await remind(at)
    await remind(at)
    const [reminder, ...more] = twilio.sentTo(at.phones.patient)
    assert.deepEqual(more, [])
    const [, code = ''] = /CONFIRM ([A-Z0-9]{6})/.exec(reminder!) ?? []
    assert.ok(reminder!.includes(`CANCEL ${code}`))
    const reminded = await visitOf(at, at.patient, id)
    assert.equal(reminded.reminder3hSent, true)
    assert.equal(reminded.reminderJobMeta.scheduled_at, '2027-03-02T07:00:00Z')

    const { status, body } = await answer(at, `confirm ${code}`)
    assert.equal(status, 200)
    assert.match(String(body), /<Response><Message>.*confirmed/)
    await workOff(app)
    const told = twilio.caught.find(({ fields }) => fields.To === at.phones.doctor)
    assert.equal(told!.fields.From, '+15005550007')
    const visit = await visitOf(at, at.patient, id)
    assert.equal(visit.status, 'confirmed')
    const logs = visit.twilioLogs.map((log: Record<string, string>) => `${log.direction} ${log.status}`)
    assert.deepEqual(logs.toSorted(), ['inbound received', 'outbound sent'])
    assert.match(visit.twilioLogs[0].twilioSid, /^SM/)
    const heard = visit.twilioLogs.find((log: Record<string, string>) => log.direction === 'inbound')
    assert.deepEqual(
      [heard.from, heard.to, heard.body],
      [at.phones.patient, '+15005550006', `confirm ${code}`],
    )
    const { twilioLogs } = await visitOf(at, at.doctor, id)
    const toDoctor = twilioLogs.find((log: Record<string, string>) => log.to === at.phones.doctor)
    assert.deepEqual(
      [toDoctor.direction, toDoctor.errorCode, toDoctor.body],
      ['outbound', null, told!.fields.Body],
    )
  })

  it('to the doctor is nothing that a patient sees, nor the number it went to', async () => {
    const at = await withPhones()
    const { _id: id } = await newVisit(at)
    await at.api.patch(`/appointments/${id}/confirm`, at.patient)
    await workOff(app)
    const logs = async (who: Person) =>
      (await visitOf(at, who, id)).twilioLogs.map(({ to }: { to: string }) => to)
    assert.deepEqual(await logs(at.patient), [])
    assert.deepEqual(await logs(at.doctor), [at.phones.doctor])
  })

  it('takes the id of the appointment for its code', async () => {
    const at = await withPhones()
    const { _id: id } = await newVisit(at)
    await answer(at, `CANCEL ${id}`)
    assert.equal((await visitOf(at, at.patient, id)).status, 'cancelled')
  })

  it('that is not signed, or wrongly, is refused in this system’s words', async () => {
    const at = await withPhones()
    const { _id: id } = await newVisit(at)
    isFailure(await answer(at, 'CONFIRM', 'wrongly'), 403, /signature/)
    isFailure(await answer(at, 'CONFIRM', 'not'), 403, /X-Twilio-Signature/)
    assert.equal((await visitOf(at, at.patient, id)).status, 'scheduled')
  })

  it('is not sent of what was booked less than three hours ahead', async (t) => {
    t.after(() => app.setClock('2027-03-01T08:00:00Z'))
    const at = await withPhones()
    app.setClock('2027-03-02T07:00:01Z')
    const { _id: id } = await newVisit(at)
    await remind(at)
    app.setClock('2027-03-02T09:00:00Z')
    await remind(at)
    assert.deepEqual(twilio.sentTo(at.phones.patient), [])
    assert.equal((await visitOf(at, at.patient, id)).reminder3hSent, false)
  })
})
