import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { act, agreed, type Agreed, bookFor, phoneOf, recordsOf } from '../../test/agreed.ts'
import { startApp } from '../../test/app.ts'
import { newClient } from '../../test/cast.ts'
import { workOff } from '../../test/working.ts'
import { readOrganization } from '../organizations/organizations.ts'
import { codeOf } from './codes.ts'
import { planFollowUps, planSummaries } from './daily.ts'
import { removeOldMessages } from './keeping.ts'
import { planReminders } from './reminders.ts'
import { startCatcher } from './testing/catcher.ts'
import { startMailServer } from './testing/mail-server.ts'

const mail = await startMailServer()
const phones = await startCatcher()
const app = await startApp({ env: { ...mail.env, SMS_URL: `${phones.url}/sms`, PUSH_BASE_URL: phones.url } })
after(async () => {
  await app.stop()
  await Promise.all([mail.stop(), phones.stop()])
})

const MONDAY = '2027-03-01T08:00:00Z'
const WEDNESDAY = '2027-03-03T10:00:00Z'
const THURSDAY = '2027-03-04T10:00:00Z'
/** A day before Wednesday's appointment. */
const DUE = '2027-03-02T10:00:00Z'
beforeEach(() => {
  app.setClock(MONDAY)
  mail.hangsUp = false
})

let count = 0
const newPhone = () => `+44163296${3000 + ++count}`

/** An appointment on Wednesday at ten, whose booking has been told. */
async function settled(options: Parameters<typeof agreed>[1] = {}): Promise<Agreed> {
  const at = await agreed(app, { starts_at: WEDNESDAY, ...options })
  await workOff(app)
  return at
}

/** What the clockwork does each minute: plans what is due; answers how many there are. */
async function planAt({ organization }: Agreed, instant?: string): Promise<number> {
  if (instant) app.setClock(instant)
  const { db } = app.connection
  return planReminders(db, await readOrganization(db, organization.id), app.now())
}

async function remind(at: Agreed, instant?: string): Promise<number> {
  const planned = await planAt(at, instant)
  await workOff(app)
  return planned
}
const reminders = (at: Agreed, query = '') => recordsOf(app, at, `&kind=reminder${query}`)
const mailed = ({ client }: Agreed) =>
  mail.mailsTo(client.email).filter((received) => received.header('Subject').startsWith('Reminder'))

describe('a reminder', () => {
  it('comes so long before the start as the rules say, and not a second earlier', async () => {
    const at = await settled()
    assert.equal(await remind(at, '2027-03-02T09:59:59Z'), 0)
    assert.equal(await remind(at, DUE), 1)
    assert.equal(mailed(at).length, 1)
    const [{ state, kind, channel, audience }] = await reminders(at)
    assert.deepEqual([state, kind, channel, audience], ['sent', 'reminder', 'email', 'client'])
  })

  it('comes once, though the clockwork runs again, and twice at the same time', async () => {
    const at = await settled()
    app.setClock(DUE)
    const planned = await Promise.all([planAt(at), planAt(at), planAt(at)])
    assert.equal(Math.max(...planned), 1)
    await workOff(app)
    await remind(at)
    await remind(at, '2027-03-03T09:00:00Z')
    assert.equal(mailed(at).length, 1)
  })

  it('is not for who booked later than it would have come, but for who booked just then', async () => {
    const at = await settled()
    const [first, second] = [await newClient(app, at), await newClient(app, at)]
    const { provider } = at
    app.setClock('2027-03-02T11:00:00Z')
    const just = await bookFor(app, { provider, client: first, starts_at: '2027-03-03T11:00:00Z' })
    app.setClock('2027-03-02T12:00:01Z')
    const late = await bookFor(app, { provider, client: second, starts_at: '2027-03-03T12:00:00Z' })
    await remind(at, '2027-03-02T13:00:00Z')
    assert.equal((await reminders({ ...at, id: just })).length, 1)
    assert.deepEqual(await reminders({ ...at, id: late }), [])
  })

  it('comes late rather than not at all, but not after the start', async () => {
    const [late, later] = [await settled(), await settled()]
    assert.equal(await remind(late, '2027-03-03T09:59:59Z'), 1)
    assert.equal(mailed(late).length, 1)
    assert.equal(await remind(later, WEDNESDAY), 0)
    assert.deepEqual(mailed(later), [])
  })

  it('that waited for its mail server until the start is not sent any more', async () => {
    const at = await settled()
    await mail.stop()
    await remind(at, DUE)
    assert.deepEqual([(await reminders(at))[0].state, (await reminders(at))[0].tries], ['planned', 0])
    await mail.comeBack()
    app.setClock(WEDNESDAY)
    await workOff(app)
    const [{ state, reason }] = await reminders(at)
    assert.deepEqual([state, reason], ['skipped', 'The appointment has begun.'])
    assert.deepEqual(mailed(at), [])
    // The channel rests until a mail gets through.
    await settled({ starts_at: THURSDAY })
  })

  it('that a mail server took before it died is not said again', async () => {
    const at = await settled()
    mail.hangsUp = true
    await remind(at, DUE)
    mail.hangsUp = false
    await remind(at, '2027-03-02T12:00:00Z')
    assert.deepEqual([(await reminders(at))[0].state, mailed(at).length], ['uncertain', 1])
  })

  it('never comes for what was cancelled, declined or closed', async () => {
    const [cancelled, declined, completed] = [
      await settled(),
      await settled({ trade: 'school', rules: { reminded_states: ['pending', 'confirmed'] } }),
      await settled({ trade: 'school' }),
    ]
    await act(app, cancelled.client, cancelled.id, 'cancel')
    await act(app, declined.provider, declined.id, 'decline', { reason: 'Ill' })
    await act(app, completed.provider, completed.id, 'confirm')
    await act(app, completed.provider, completed.id, 'complete')
    for (const at of [cancelled, declined, completed]) assert.equal(await remind(at, DUE), 0)
  })

  it('that is planned already does not come when it is cancelled before', async () => {
    const at = await settled()
    assert.equal(await planAt(at, DUE), 1)
    await act(app, at.client, at.id, 'cancel')
    await workOff(app)
    const [{ state, reason }] = await reminders(at)
    assert.deepEqual([state, reason], ['skipped', 'The appointment is cancelled.'])
    assert.deepEqual(mailed(at), [])
  })

  it('is for the new time only, after a move', async () => {
    const at = await settled()
    await act(app, at.client, at.id, 'reschedule', { starts_at: THURSDAY })
    assert.equal(await remind(at, DUE), 0)
    assert.equal(await remind(at, '2027-03-03T10:00:00Z'), 1)
    assert.match(mailed(at)[0]!.header('Subject'), /4 March/)
    assert.equal(mailed(at).length, 1)
  })

  it('for the old time does not come, though it was planned when it was moved, and the new one does', async () => {
    const at = await settled()
    assert.equal(await planAt(at, DUE), 1)
    await act(app, at.provider, at.id, 'reschedule', { starts_at: THURSDAY })
    await workOff(app)
    const [{ state, reason }] = await reminders(at)
    assert.deepEqual([state, reason], ['skipped', 'The appointment was moved.'])
    assert.equal(await remind(at, '2027-03-03T10:00:00Z'), 1)
    assert.deepEqual(
      mailed(at).map((received) => /\d+ March/.exec(received.header('Subject'))![0]),
      ['4 March'],
    )
  })

  it('of what was moved to a time that is near does not come: they were told just now', async () => {
    const at = await settled()
    app.setClock('2027-03-02T09:00:00Z')
    await act(app, at.client, at.id, 'reschedule', { starts_at: '2027-03-02T15:00:00Z' })
    assert.equal(await remind(at), 0)
  })

  it('waits where the rules say for the confirmation, and then comes late', async () => {
    const at = await settled({ trade: 'school' })
    assert.equal(await remind(at, DUE), 0)
    app.setClock('2027-03-02T14:00:00Z')
    await act(app, at.provider, at.id, 'confirm')
    assert.equal(await remind(at), 1)
    assert.equal(mailed(at).length, 1)
  })

  it('comes in the language and the zone of whoever is reminded', async () => {
    const at = await settled()
    const body = { locale: 'de-DE', time_zone: 'Europe/Berlin' }
    await app.request('PATCH', '/users/me', { token: at.client.token, body })
    await remind(at, DUE)
    const received = mail.mailsTo(at.client.email).at(-1)!
    assert.match(received.parts[0]!.text, /Mittwoch, 3\. März 2027/)
    assert.match(received.parts[0]!.text, /11:00.*Europe\/Berlin/s)
  })

  it('comes on all channels, a day and two hours before, each once, where the rules say so', async () => {
    const at = await settled({ trade: 'veterinary' })
    const phone = newPhone()
    await phoneOf(app, at.client, phone)
    assert.equal(await remind(at, DUE), 3)
    assert.equal(await remind(at, '2027-03-03T07:59:00Z'), 0)
    assert.equal(await remind(at, '2027-03-03T08:00:00Z'), 3)
    assert.equal(await remind(at, '2027-03-03T09:00:00Z'), 0)
    assert.deepEqual([mailed(at).length, phones.sentTo(phone).length], [2, 2])
    const [push] = await reminders(at, '&channel=push')
    assert.deepEqual([push.state, push.reason], ['skipped', 'No browser of theirs is known.'])
  })

  it('by SMS says what can be answered', async () => {
    const at = await settled({ trade: 'clinic' })
    const phone = newPhone()
    await phoneOf(app, at.client, phone)
    assert.equal(await remind(at, '2027-03-03T06:59:00Z'), 0)
    assert.equal(await remind(at, '2027-03-03T07:00:00Z'), 1)
    const text = phones.sentTo(phone).join()
    const code = codeOf(at.id)
    assert.ok(text.includes(`CONFIRM ${code}`) && text.includes(`CANCEL ${code}`), text)
  })

  it('comes by each of two rules that speak of the same moment', async () => {
    const rules = {
      reminders: [
        { minutes_before: 1440, channels: ['email' as const] },
        { minutes_before: 1440, channels: ['email' as const], to: ['provider' as const] },
      ],
    }
    const at = await settled({ rules })
    assert.equal(await remind(at, DUE), 2)
    assert.equal((await reminders(at, '&audience=provider')).length, 1)
    assert.equal(await remind(at), 0)
  })

  it('goes to the provider, too, where the rules say so', async () => {
    const rule = { minutes_before: 60, channels: ['email' as const], to: ['client', 'provider'] as const }
    const at = await settled({ rules: { reminders: [{ ...rule, to: [...rule.to] }] } })
    assert.equal(await remind(at, '2027-03-03T09:00:00Z'), 2)
    assert.match(mail.mailsTo(at.provider.email).at(-1)!.header('Subject'), new RegExp(at.client.name))
  })
})

describe('the summary of a day', () => {
  const summarize = async ({ organization }: Agreed, instant: string) => {
    app.setClock(instant)
    const { db } = app.connection
    return planSummaries(db, await readOrganization(db, organization.id), app.now())
  }
  const MORNING = '2027-03-03T06:00:00Z'
  const summaryFor = ({ provider }: Agreed) =>
    mail.mailsTo(provider.email).filter((received) => received.header('Subject').startsWith('Your day'))

  async function confirmed(): Promise<Agreed> {
    const at = await settled({ trade: 'school' })
    await act(app, at.provider, at.id, 'confirm')
    await workOff(app)
    return at
  }

  it('tells a teacher once what is agreed, and says nothing of a day that is free', async () => {
    const at = await confirmed()
    assert.equal(await summarize(at, '2027-03-02T06:00:00Z'), 0)
    assert.equal(await summarize(at, MORNING), 1)
    assert.equal(await summarize(at, MORNING), 0)
    await workOff(app)
    assert.equal(summaryFor(at).length, 1)
    assert.ok(summaryFor(at)[0]!.parts[0]!.text.includes(at.client.name))
  })

  it('leaves out what is only asked for, and what was moved or cancelled since', async () => {
    const at = await confirmed()
    const { provider } = at
    const stays = await newClient(app, at)
    const asks = await newClient(app, at)
    app.setClock(MONDAY)
    const wanted = { trade: 'school', provider }
    const other = await bookFor(app, { ...wanted, client: stays, starts_at: '2027-03-03T11:00:00Z' })
    await bookFor(app, { ...wanted, client: asks, starts_at: '2027-03-03T12:00:00Z' })
    await act(app, provider, other, 'confirm')
    assert.equal(await summarize(at, MORNING), 1)
    await act(app, at.client, at.id, 'reschedule', { starts_at: THURSDAY })
    await workOff(app)
    const text = summaryFor(at)[0]!.parts[0]!.text
    assert.deepEqual(
      [stays, at.client, asks].map(({ name }) => text.includes(name)),
      [true, false, false],
    )
  })

  it('does not come when nothing is left of the day', async () => {
    const at = await confirmed()
    assert.equal(await summarize(at, MORNING), 1)
    await act(app, at.client, at.id, 'cancel')
    await workOff(app)
    assert.deepEqual(summaryFor(at), [])
  })
})

describe('the word that it is time to come again', () => {
  it('comes once, three days ahead, to those for whom a day was noted', async () => {
    const at = await settled({ trade: 'veterinary', rules: { completes_from: ['confirmed', 'pending'] } })
    const details = { reason: 'Cough', follow_up_required: true, follow_up_date: '2027-04-01' }
    const { token } = at.provider
    const noted = await app.request('PATCH', `/appointments/${at.id}`, { token, body: { details } })
    assert.equal(noted.status, 200, JSON.stringify(noted.body))
    app.setClock('2027-03-03T10:30:00Z')
    await act(app, at.provider, at.id, 'complete')
    const { db } = app.connection
    const follow = async (instant: string) => {
      app.setClock(instant)
      return planFollowUps(db, await readOrganization(db, at.organization.id), app.now())
    }
    assert.equal(await follow('2027-03-28T09:00:00Z'), 0)
    assert.equal(await follow('2027-03-29T09:00:00Z'), 3)
    assert.equal(await follow('2027-03-30T09:00:00Z'), 0)
    await workOff(app)
    assert.match(mail.mailsTo(at.client.email).at(-1)!.header('Subject'), /^Time to come again/)
  })
})

describe('old messages', () => {
  it('are removed, but not what is still to be sent, nor what would be said again without them', async () => {
    const rules = { reminders: [{ minutes_before: 60 * 24 * 60, channels: ['email' as const] }] }
    const at = await settled({ rules, starts_at: '2027-05-12T10:00:00Z' })
    assert.equal(await remind(at, '2027-03-13T10:00:00Z'), 1)
    const body = { appointment_id: at.id, kind: 'booked', to: ['client'] }
    assert.equal((await app.post('/notifications/send', { token: at.admin.token, body })).status, 201)
    assert.equal((await recordsOf(app, at)).length, 4)

    app.setClock('2027-04-20T10:00:00Z')
    const before = app.now().subtract({ hours: 30 * 24 })
    await removeOldMessages(app.connection.db, at.organization.id, before)
    const left: { kind: string; state: string }[] = await recordsOf(app, at)
    assert.deepEqual(left.map(({ kind, state }) => `${kind} ${state}`).toSorted(), [
      'booked planned',
      'reminder sent',
    ])
    assert.equal(await remind(at), 0)
    assert.equal(mailed(at).length, 1)

    app.setClock('2027-07-01T10:00:00Z')
    await removeOldMessages(app.connection.db, at.organization.id, app.now().subtract({ hours: 30 * 24 }))
    assert.deepEqual(await recordsOf(app, at), [])
  })
})
