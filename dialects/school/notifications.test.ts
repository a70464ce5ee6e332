import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import type { Person } from '../../test/cast.ts'
import { workOff } from '../../test/working.ts'
import { planReminders } from '../../server/notifications/reminders.ts'
import { newMeeting, newSchool, newSlot } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

/** A school with a meeting of which everybody was told. */
async function told() {
  const at = await newSchool(app)
  await workOff(app)
  const meeting = await newMeeting(at.api, at.parent, await newSlot(at.api, at.teacher))
  await workOff(app)
  return { ...at, meeting }
}

type Told = Awaited<ReturnType<typeof told>>
const listFor = async ({ api, admin }: Told, query = '') => {
  const { status, body } = await api.get(`/notifications?${query}`, admin)
  assert.equal(status, 200)
  return body as Record<string, string>[]
}

describe('the messages of a school', () => {
  it('are listed for the administrator: to whom, of what kind, whether they were sent, and what they said', async () => {
    const at = await told()
    const [one, ...rest] = await listFor(
      at,
      `appointment_id=${at.meeting.id}&notification_type=appointment_confirmation`,
    )
    assert.deepEqual(rest, [])
    assert.deepEqual(
      [one!.recipient_email, one!.recipient_name, one!.status, one!.error_message],
      [at.parent.email, at.parent.name, 'sent', null],
    )
    assert.ok(one!.subject && one!.content && one!.sent_at)
    const teacher = await listFor(at, `notification_type=teacher_notification&email=${at.teacher.email}`)
    assert.deepEqual(
      teacher.map(({ recipient_email }) => recipient_email),
      [at.teacher.email],
    )
    assert.deepEqual(await listFor(at, `status=failed&appointment_id=${at.meeting.id}`), [])
    assert.equal((await listFor(at, `appointment_id=${at.meeting.id}&limit=1`)).length, 1)
  })

  it('are counted, with the last that were sent', async () => {
    const at = await told()
    const { body } = await at.api.get('/notifications/summary', at.admin)
    assert.deepEqual([body.total_failed, body.total_pending], [0, 0])
    assert.equal(body.recent_notifications.length, Math.min(10, body.total_sent))
  })

  it('about a meeting are seen by its teacher and by its parent, each of whom sees what came to them', async () => {
    const at = await told()
    const path = `/notifications/appointment/${at.meeting.id}`
    const seen = async (person: Person) =>
      (await at.api.get(path, person)).body.map((one: Record<string, string>) => one.recipient_email)
    assert.deepEqual((await seen(at.admin)).toSorted(), [at.parent.email, at.teacher.email].toSorted())
    assert.deepEqual(await seen(at.parent), [at.parent.email])
    const other = await newSchool(app)
    assert.equal((await other.api.get(path, other.admin)).status, 404)
  })

  it('are the administrator’s to see and to send, and nobody else’s', async () => {
    const at = await told()
    for (const person of [at.teacher, at.parent]) {
      for (const path of ['', '/summary', '/failed']) {
        assert.equal((await at.api.get(`/notifications${path}`, person)).status, 403)
      }
      const body = { appointment_id: at.meeting.id, notification_type: 'reminder' }
      assert.equal((await at.api.post('/notifications/send', person, body)).status, 403)
      assert.equal((await at.api.post(`/notifications/send-reminder/${at.meeting.id}`, person)).status, 403)
    }
  })

  it('are sent by hand: a confirmation, a reminder, and a cancellation of what is cancelled', async () => {
    const at = await told()
    const send = (notification_type: string) =>
      at.api.post('/notifications/send', at.admin, { appointment_id: at.meeting.id, notification_type })
    for (const type of ['confirmation', 'reminder']) {
      const { status, body } = await send(type)
      assert.deepEqual([status, body.appointment_id], [200, at.meeting.id])
    }
    assert.equal((await send('cancellation')).status, 400)
    assert.equal((await send('greeting')).status, 400)
    assert.equal((await at.api.post(`/notifications/send-reminder/${at.meeting.id}`, at.admin)).status, 200)
    await workOff(app)
    const reminders = await listFor(at, 'notification_type=appointment_reminder')
    assert.deepEqual(
      reminders.map(({ status }) => status),
      ['sent', 'sent'],
    )

    await at.api.delete(`/appointments/${at.meeting.id}`, at.parent)
    assert.equal((await at.api.post(`/notifications/send-reminder/${at.meeting.id}`, at.admin)).status, 400)
    assert.equal((await send('cancellation')).status, 200)
    const nobody = await at.api.post(`/notifications/send-reminder/${at.parent.id}`, at.admin)
    assert.equal(nobody.status, 404)
  })

  it('that failed are listed, and tried again as the same record', async () => {
    const at = await told()
    const [one] = await listFor(at, `appointment_id=${at.meeting.id}`)
    const retry = () => at.api.post(`/notifications/retry/${one!.id}`, at.admin)
    assert.equal((await retry()).status, 400)
    await app.connection.pool.query(
      `update notifications set state = 'failed', reason = 'Nobody there' where id = $1`,
      [one!.id],
    )
    const { body: failed } = await at.api.get('/notifications/failed', at.admin)
    assert.deepEqual(
      failed.map((message: Record<string, string>) => [message.id, message.error_message]),
      [[one!.id, 'Nobody there']],
    )
    assert.deepEqual((await retry()).body.notification_id, one!.id)
    await workOff(app)
    assert.deepEqual((await at.api.get('/notifications/failed', at.admin)).body, [])
  })

  it('say of a meeting that its reminder was sent', async () => {
    const at = await told()
    await at.api.put(`/appointments/${at.meeting.id}/status`, at.teacher, { status: 'confirmed' })
    const seen = async () =>
      (await at.api.get(`/appointments/${at.meeting.id}`, at.parent)).body.reminder_sent
    assert.equal(await seen(), false)
    app.pass({ hours: 3 })
    await planReminders(app.connection.db, at.stage.organization, app.now())
    await workOff(app)
    assert.equal(await seen(), true)
  })
})
