import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import type { Rules } from '../presets/preset.ts'
import { MONDAY } from '../test/app.ts'
import { workOff } from '../test/working.ts'
import { newClinic, newVisit as newConsultation } from './clinic/testing/asking.ts'
import { from, newAppointment, newPractice as newBusiness } from './general/testing/asking.ts'
import { newCitizen, newOffices, newVisit } from './office/testing/asking.ts'
import { newMeeting, newSchool, newSlot, slotOn } from './school/testing/asking.ts'
import { type Addresses, FROM, isDone, isTold, type Side, startListening } from './testing/listening.ts'
import { newPractice, newVisit as newCheckUp } from './veterinary/testing/asking.ts'

const { app, mail, phones, reached, heard, told, toldAt, stop } = await startListening()
after(stop)
beforeEach(() => {
  app.setClock(MONDAY)
  mail.refuses = null
})

const byMail = ['client email', 'provider email']
const everywhere = (...sides: Side[]) =>
  sides.flatMap((side) => ['email', 'sms', 'push'].map((channel) => `${side} ${channel}`))

describe('a school', () => {
  it('tells parent and teacher by mail of a booking and of its end, and who ended it', async () => {
    const { api, parent, teacher } = await newSchool(app)
    const addresses = await reached(parent, teacher)
    const slot = await newSlot(api, teacher)
    for (const who of [parent, teacher]) {
      const { id } = await newMeeting(api, parent, slot)
      isTold(await told(addresses), byMail, /2 March 2027/, /10:00/)
      isDone(await api.delete(`/appointments/${id}`, who))
      const said = await told(addresses)
      isTold(said, byMail, /cancelled/)
      assert.match(
        said[`${who === parent ? 'provider' : 'client'} email`]!,
        new RegExp(`${who.name} has cancelled`),
      )
    }
    const { id } = await newMeeting(api, parent, slot)
    await told(addresses)
    isDone(await api.put(`/appointments/${id}/status`, teacher, { status: 'cancelled' }))
    isTold(await told(addresses), byMail, /cancelled/)
  })

  it('says that a booking waits, then that it is agreed, and reminds of that a day before', async () => {
    const { api, parent, teacher } = await newSchool(app)
    const addresses = await reached(parent, teacher)
    const times = ['10:00', '10:30', '11:00'] as const
    const slots = [
      await newSlot(api, teacher, slotOn(2, times[0], times[1])),
      await newSlot(api, teacher, slotOn(2, times[1], times[2])),
    ]
    const { id } = await newMeeting(api, parent, slots[0]!)
    isTold(await told(addresses), byMail, /not fixed yet/)
    isDone(await api.put(`/appointments/${id}/status`, teacher, { status: 'confirmed' }))
    isTold(await told(addresses), ['client email'], /is confirmed/)
    // What nobody has agreed to is not reminded of.
    await newMeeting(api, parent, slots[1]!)
    await told(addresses)
    isTold(await toldAt('2027-03-02T09:59:00Z', addresses), [])
    isTold(await toldAt('2027-03-02T10:30:00Z', addresses), ['client email'], /remind you/, /10:00/)
    isTold(await toldAt('2027-03-02T11:30:00Z', addresses), [])
    app.setClock('2027-03-03T10:40:00Z')
    isDone(await api.put(`/appointments/${id}/status`, teacher, { status: 'no_show' }))
    isTold(await told(addresses), [])
  })

  it('books although no mail can be sent, and sends it when it can', async () => {
    const { api, admin, parent, teacher } = await newSchool(app)
    const addresses = await reached(parent, teacher)
    mail.refuses = { code: 451, sentence: 'Not now' }
    const { id } = await newMeeting(api, parent, await newSlot(api, teacher))
    isTold(await told(addresses), [])
    const statuses = async () =>
      (await api.get(`/notifications/appointment/${id}`, admin)).body.map(
        (one: Record<string, string>) => one.status,
      )
    assert.deepEqual(await statuses(), ['pending', 'pending'])
    mail.refuses = null
    app.pass({ minutes: 1 })
    isTold(await told(addresses), byMail)
    assert.deepEqual(await statuses(), ['sent', 'sent'])
  })
})

describe('an office', () => {
  /** A citizen who never logs in, with a visit on Wednesday at ten. */
  async function withCitizen() {
    const offices = await newOffices(app)
    const citizen = { ...newCitizen(), email: `of-${offices.host.email}` }
    const addresses: Addresses = new Map([
      [citizen.email, 'client'],
      [citizen.phone, 'client'],
      [offices.host.email, 'provider'],
    ])
    await heard()
    const wanted = { appointment_date: '2027-03-03', purpose: 'A passport' }
    const { id } = await newVisit(offices, wanted, citizen)
    isTold(await told(addresses), ['client email'], /not fixed yet/)
    const say = async (path: string, body: object, by = offices.host) =>
      isDone(await offices.api.post(`/appointments/${id}/${path}`, by, body))
    return { ...offices, citizen, addresses, id, say }
  }
  const both = ['client email', 'client sms']

  it('tells the citizen by mail and SMS: approved, to come ten minutes early; postponed, from when to when; cancelled, and why', async () => {
    const { api, addresses, id, say, secretary, receptionist } = await withCitizen()
    await say('decision', { decision: 'approved' })
    isTold(await told(addresses), both, /is confirmed/, /come 10 minutes early/)
    const to = { new_appointment_date: '2027-03-04', new_time_slot: '11:00', reason: 'The host is ill' }
    await say('postpone', to, secretary)
    isTold(await told(addresses), both, /3 March 2027/, /10:00/, /4 March 2027/, /11:00/)
    const cancelled = { token: receptionist.token, body: { reason: 'We are closed' } }
    isDone(await api.ask('DELETE', `/appointments/${id}`, cancelled))
    isTold(await told(addresses), both, /cancelled/, /We are closed/)
  })

  it('sends its SMS to a catcher, which gets to, message and from', async () => {
    const { citizen, say } = await withCitizen()
    await say('decision', { decision: 'approved' })
    await workOff(app)
    const { path, fields } = phones.caught.find((one) => one.fields.to === citizen.phone)!
    const { message, ...rest } = fields
    assert.deepEqual({ path, ...rest }, { path: '/sms', to: citizen.phone, from: FROM })
    assert.match(message!, /is confirmed/)
    await heard()
  })

  it('tells the citizen that a visit is denied, with the reason', async () => {
    const { addresses, say } = await withCitizen()
    await say('decision', { decision: 'denied', reason: 'Papers are missing' })
    isTold(await told(addresses), both, /sorry/, /Papers are missing/)
  })

  it('reminds of what is approved by SMS, a day before, and says nothing of who did not come', async () => {
    const { addresses, say } = await withCitizen()
    await say('decision', { decision: 'approved' })
    await told(addresses)
    isTold(await toldAt('2027-03-02T09:59:00Z', addresses), [])
    isTold(await toldAt('2027-03-02T10:00:00Z', addresses), ['client sms'], /10:00/, /10 minutes early/)
    isTold(await toldAt('2027-03-03T10:00:00Z', addresses), [])
    app.setClock('2027-03-03T10:20:00Z')
    await say('no-show', {})
    isTold(await told(addresses), [])
  })
})

describe('a clinic', () => {
  const both = ['client sms', 'provider sms']

  it('tells by SMS: the doctor that the patient comes, both that they do not, or did not', async () => {
    const clinic = await newClinic(app)
    const { api, patient, doctor } = clinic
    const addresses = await reached(patient, doctor)
    const { _id: id } = await newConsultation(clinic)
    isTold(await told(addresses), ['client email'], /please confirm/)
    isDone(await api.patch(`/appointments/${id}/confirm`, patient))
    isTold(await told(addresses), ['provider sms'], /confirmed/)
    for (const who of [patient, doctor]) {
      const visit = await newConsultation(clinic, { start: '2027-03-02T11:00:00Z' })
      await told(addresses)
      isDone(await api.patch(`/appointments/${visit._id}/cancel`, who))
      isTold(await told(addresses), both, /cancelled/)
    }
    isTold(await toldAt('2027-03-02T07:00:00Z', addresses), ['client sms'], /CANCEL [A-Z0-9]{6}/)
    isTold(await toldAt('2027-03-02T10:14:00Z', addresses), [])
    const said = await toldAt('2027-03-02T10:15:00Z', addresses)
    isTold(said, both)
    assert.match(said['client sms']!, /missed you/)
    assert.match(said['provider sms']!, /did not come/)
  })
})

describe('a veterinary practice', () => {
  it('tells owner and vet by mail, SMS and push: booked, confirmed, moved from when to when, cancelled and why', async () => {
    const practice = await newPractice(app)
    const { api, owner, vet } = practice
    const addresses = await reached(owner, vet)
    const { id } = await newCheckUp(practice)
    const step = async (name: string, body?: object) =>
      isDone(await api.post(`/appointments/${id}/${name}`, owner, body))
    const all = everywhere('client', 'provider')
    isTold(await told(addresses), all, /2 March 2027/, /10:00/)
    await step('confirm')
    isTold(await told(addresses), all, /confirm/)
    await step('reschedule', { new_scheduled_at: '2027-03-03T14:30:00Z', reason: 'The bus' })
    isTold(await told(addresses), all, /2 March 2027/, /10:00/, /3 March 2027/, /14:30/)
    await step('cancel', { cancellation_reason: 'Rex is well again' })
    isTold(await told(addresses), all, /cancelled/, /Rex is well again/)
  })

  it('reminds the owner on all three, a day and two hours before, and says that they were missed', async () => {
    const practice = await newPractice(app)
    const addresses = await reached(practice.owner, practice.vet)
    await newCheckUp(practice, { scheduled_at: '2027-03-03T10:00:00Z' })
    await told(addresses)
    const owner = everywhere('client')
    isTold(await toldAt('2027-03-02T09:59:00Z', addresses), [])
    isTold(await toldAt('2027-03-02T10:00:00Z', addresses), owner, /10:00/)
    isTold(await toldAt('2027-03-03T07:59:00Z', addresses), [])
    isTold(await toldAt('2027-03-03T08:00:00Z', addresses), owner, /10:00/)
    isTold(await toldAt('2027-03-03T10:30:00Z', addresses), owner, /missed|did not see/)
  })

  it('tells the owner that the vet has declined', async () => {
    const practice = await newPractice(app)
    const addresses = await reached(practice.owner, practice.vet)
    const { id } = await newCheckUp(practice)
    await told(addresses)
    const body = { reason: 'We see no snakes' }
    isDone(await app.post(`/appointments/${id}/decline`, { token: practice.vet.token, body }))
    isTold(await told(addresses), everywhere('client'), /We see no snakes/)
  })
})

describe('the general system', () => {
  it('tells both by mail: booked, moved from when to when and why, cancelled', async () => {
    const { api, client, staff } = await newBusiness(app)
    const addresses = await reached(client, staff)
    for (const who of [client, staff]) {
      const { id } = await newAppointment(api, client, staff)
      isTold(await told(addresses), byMail, /2 March 2027/, /10:00/)
      const { start_time: new_start_time, end_time: new_end_time } = from('14:00', '15:00', '2027-03-03')
      const move = { new_start_time, new_end_time, reason: 'The bus' }
      isDone(await api.post(`/appointments/${id}/reschedule`, who, move))
      isTold(await told(addresses), byMail, /2 March 2027/, /10:00/, /3 March 2027/, /14:00/, /The bus/)
      isDone(await api.patch(`/appointments/${id}`, who, { status: 'cancelled' }))
      isTold(await told(addresses), byMail, /cancelled/)
    }
  })

  it('reminds the client a day before, once, and tells nobody who did not come', async () => {
    const { api, client, staff } = await newBusiness(app)
    const addresses = await reached(client, staff)
    const { id } = await newAppointment(api, client, staff, from('10:00', '11:00', '2027-03-03'))
    await told(addresses)
    isTold(await toldAt('2027-03-02T09:59:00Z', addresses), [])
    isTold(await toldAt('2027-03-02T10:00:00Z', addresses), ['client email'], /remind you/)
    isTold(await toldAt('2027-03-02T11:00:00Z', addresses), [])
    app.setClock('2027-03-03T11:00:00Z')
    isDone(await api.post(`/appointments/${id}/mark-no-show`, staff))
    isTold(await told(addresses), [])
  })
})

describe('an organization', () => {
  it('decides whom it tells of what and through what, and whom it reminds', async () => {
    const rules: Partial<Rules> = {
      messages: [{ kind: 'booked', to: 'provider', channels: ['push'] }],
      reminders: [{ minutes_before: 60, channels: ['sms', 'email'], to: ['client', 'provider'] }],
    }
    const practice = await newPractice(app, { rules })
    const addresses = await reached(practice.owner, practice.vet)
    const { id } = await newCheckUp(practice)
    isTold(await told(addresses), ['provider push'])
    isDone(await practice.api.post(`/appointments/${id}/confirm`, practice.vet))
    isTold(await told(addresses), [])
    isTold(await toldAt('2027-03-02T08:59:00Z', addresses), [])
    const both = ['client email', 'client sms', 'provider email', 'provider sms']
    isTold(await toldAt('2027-03-02T09:00:00Z', addresses), both, /10:00/)
  })
})
