import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import type { Rules } from '../../presets/preset.ts'
import { MONDAY, startApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, type Person, type Stage } from '../../test/cast.ts'
import { workOff } from '../../test/working.ts'

const app = await startApp({ alone: true })
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

const WEDNESDAY_AT_TEN = '2027-03-03T10:00:00Z'
const aDayBefore = [{ minutes_before: 1440, channels: ['email' as const] }]

/** Somebody with a provider; who books does so for Wednesday at ten unless they say otherwise. */
async function arrange(rules: Partial<Rules> = {}, trade = 'general') {
  const stage = await newOrganization(app, {
    trade,
    rules: { confirm_by: 'nobody', length: 'service', grid: 'windows', slot_minutes: 30, ...rules },
  })
  const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
  const bookAt = async (starts_at = WEDNESDAY_AT_TEN): Promise<string> => {
    const details = { school: { meeting_mode: 'online' }, veterinary: { reason: 'Cough' } }[trade] ?? {}
    const { status, body } = await book(app, client, { provider_id: provider.id, starts_at, details })
    assert.equal(status, 201, JSON.stringify(body))
    return body.id
  }
  return { stage, provider, client, bookAt }
}

async function goTo(instant: string) {
  app.setClock(instant)
  await app.tick()
  await workOff(app)
}

/** What of one kind was said in an organization: to whom, and what became of it. */
async function said({ organization }: Stage, kind: string) {
  return app.connection.db
    .selectFrom('notifications')
    .select(['recipient_id', 'state', 'appointment_id'])
    .where('organization_id', '=', organization.id)
    .where('kind', '=', kind)
    .execute()
}
const times = async (stage: Stage, kind: string) => (await said(stage, kind)).length
const step = (id: string, name: string, { token }: Person, body = {}) =>
  app.post(`/appointments/${id}/${name}`, { token, body })

describe('a reminder', () => {
  it('is sent by the clock so long before, not a minute earlier, and once', async () => {
    const { stage, client, bookAt } = await arrange({ reminders: aDayBefore })
    const id = await bookAt()
    await goTo('2027-03-02T09:59:00Z')
    assert.equal(await times(stage, 'reminder'), 0)
    for (const minute of ['00', '01', '02']) await goTo(`2027-03-02T10:${minute}:00Z`)
    assert.deepEqual(await said(stage, 'reminder'), [
      { recipient_id: client.id, state: 'sent', appointment_id: id },
    ])
  })

  it('that was due in an outage is sent after it, as long as there is something to come to', async () => {
    const { stage, bookAt } = await arrange({ reminders: aDayBefore, after_the_end: 'leave' })
    await bookAt()
    await bookAt('2027-03-03T09:00:00Z')
    await goTo('2027-03-03T09:30:00Z')
    assert.equal(await times(stage, 'reminder'), 1)
  })

  it('is sent to nobody who booked later than that, or who called it off', async () => {
    const { stage, client, bookAt } = await arrange({ reminders: aDayBefore })
    await step(await bookAt(), 'cancel', client)
    app.setClock('2027-03-02T10:30:00Z')
    await bookAt('2027-03-03T10:00:00Z')
    await goTo('2027-03-02T10:31:00Z')
    assert.equal(await times(stage, 'reminder'), 0)
  })

  it('is sent for the states that the rules name', async () => {
    const reminded = async (reminded_states: Rules['reminded_states']) => {
      app.setClock(MONDAY)
      const { stage, bookAt } = await arrange({
        reminders: aDayBefore,
        reminded_states,
        confirm_by: 'provider',
      })
      await bookAt()
      await goTo('2027-03-02T10:00:00Z')
      return times(stage, 'reminder')
    }
    assert.deepEqual([await reminded(['confirmed']), await reminded(['pending', 'confirmed'])], [0, 1])
  })

  it('is sent a day and two hours before at the vet, three hours before in a clinic', async () => {
    const lengths: number[][] = []
    for (const trade of ['veterinary', 'clinic', 'school', 'general', 'office']) {
      const { organization } = await newOrganization(app, { trade })
      lengths.push(organization.rules.reminders.map(({ minutes_before }) => minutes_before))
    }
    assert.deepEqual(lengths, [[1440, 120], [180], [1440], [1440], [1440]])
  })
})

describe('the morning', () => {
  it('tells each teacher of the meetings of the day, and nobody who has none', async () => {
    const { stage, provider, bookAt } = await arrange({}, 'school')
    await newProvider(app, stage)
    await step(await bookAt(), 'confirm', provider)
    await goTo('2027-03-02T06:00:00Z')
    assert.equal(await times(stage, 'summary'), 0)
    await goTo('2027-03-03T05:59:00Z')
    assert.equal(await times(stage, 'summary'), 0)
    await goTo('2027-03-03T06:00:00Z')
    await goTo('2027-03-03T06:01:00Z')
    assert.deepEqual(
      (await said(stage, 'summary')).map(({ recipient_id }) => recipient_id),
      [provider.id],
    )
  })

  it('tells whose pet should come again, shortly before', async () => {
    const { stage, provider, client, bookAt } = await arrange({}, 'veterinary')
    const id = await bookAt('2027-03-01T10:00:00Z')
    const details = { follow_up_required: true, follow_up_date: '2027-03-15' }
    const changed = await app.request('PATCH', `/appointments/${id}`, {
      token: provider.token,
      body: { details },
    })
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    for (const name of ['start', 'complete']) assert.equal((await step(id, name, provider)).status, 200, name)
    await goTo('2027-03-11T09:00:00Z')
    assert.equal(await times(stage, 'follow_up'), 0)
    await goTo('2027-03-12T09:00:00Z')
    const told = new Set((await said(stage, 'follow_up')).map(({ recipient_id }) => recipient_id))
    assert.deepEqual([...told], [client.id])
    const count = await times(stage, 'follow_up')
    await goTo('2027-03-13T09:00:00Z')
    assert.equal(await times(stage, 'follow_up'), count)
  })
})

describe('the record of a message', () => {
  it('is removed at two in the night when it is as old as the rules say', async () => {
    const { stage, bookAt } = await arrange({}, 'school')
    await bookAt()
    await workOff(app)
    const count = await times(stage, 'booked')
    assert.ok(count > 0)
    await goTo('2027-03-31T02:00:00Z')
    assert.equal(await times(stage, 'booked'), count)
    await goTo('2027-04-01T02:00:00Z')
    assert.equal(await times(stage, 'booked'), 0)
  })

  it('of a reminder stays as long as it would otherwise be sent again', async () => {
    const early = [{ minutes_before: 60 * 1440, channels: ['email' as const] }]
    const { stage, bookAt } = await arrange({
      reminders: early,
      notifications_kept_days: 1,
      after_the_end: 'leave',
    })
    await bookAt('2027-05-26T10:00:00Z')
    await goTo('2027-03-27T10:00:00Z')
    assert.equal(await times(stage, 'reminder'), 1)
    await goTo('2027-04-28T03:00:00Z')
    await goTo('2027-04-28T03:01:00Z')
    assert.equal(await times(stage, 'reminder'), 1)
    const { items } = (await app.get('/jobs/runs?job=clean-up-notifications', { token: stage.admin.token }))
      .body
    assert.equal(items[0].state, 'completed')
  })
})
