import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newOrganization, newProvider, type Stage } from '../../test/cast.ts'
import { trades } from './trades.ts'

const app = await startApp()
after(() => app.stop())

const change = ({ admin }: Stage, body: object) =>
  app.request('PATCH', '/organization', { token: admin.token, body })
const read = async ({ admin }: Stage) => (await app.get('/organization', { token: admin.token })).body

describe('an organization', () => {
  it('begins with what the preset of its trade says', async () => {
    for (const trade of Object.keys(trades)) {
      const stage = await newOrganization(app, { trade })
      const shown = await read(stage)
      const { rules, words, fields, services } = trades[trade]!
      assert.deepEqual(
        { rules: shown.rules, words: shown.words, fields: shown.fields },
        { rules, words, fields },
      )
      const offered = (await app.get('/services', { token: stage.admin.token })).body.items
      assert.equal(offered.length, services.length)
      const places = (await app.get('/locations', { token: stage.admin.token })).body.items
      assert.deepEqual(
        places.map(({ name }: { name: string }) => name),
        [shown.name],
      )
    }
  })

  it('gets the rules that are named, and keeps the others', async () => {
    const stage = await newOrganization(app)
    const before = await read(stage)
    const rules = { notice_minutes: 60, horizon_minutes: 10_080, email_domains: ['city.example'] }
    const changed = await change(stage, { name: 'New name', rules })
    assert.equal(changed.status, 200)
    assert.deepEqual(changed.body, { ...before, name: 'New name', rules: { ...before.rules, ...rules } })
    assert.deepEqual(await read(stage), changed.body)
    assert.equal((await change(stage, { rules: { horizon_minutes: null } })).body.rules.horizon_minutes, null)
  })

  it('keeps its rules when one of those that are named is wrong, and says which', async () => {
    const stage = await newOrganization(app)
    const before = await read(stage)
    for (const [rule, value] of Object.entries({
      grid: 'round',
      notice_minutes: -1,
      hold_minutes: '5',
      slot_minutes: null,
      confirm_by: ['client'],
      sign_up_as: ['admin'],
      email_domains: ['@city.example'],
      reminders: [{ minutes_before: 0, channels: ['email'] }],
      completes_from: ['cancelled'],
      shoe_size: 43,
    })) {
      const { status, body } = await change(stage, { rules: { notice_minutes: 60, [rule]: value } })
      assert.equal(status, 422, rule)
      assert.ok(body.errors[0].field.startsWith(`rules.${rule}`), JSON.stringify(body.errors))
    }
    assert.deepEqual(await read(stage), before)
  })

  it('grants its roles more than they have everywhere, from the next request on', async () => {
    const stage = await newOrganization(app)
    const [provider, client] = [await newProvider(app, stage), await newClient(app, stage)]
    const look = async () => (await app.get(`/clients/${client.id}`, { token: provider.token })).status
    assert.equal(await look(), 404)
    await change(stage, { rules: { grants: { provider: { 'clients:read': 'all' } } } })
    assert.equal(await look(), 200)
    await change(stage, { rules: { grants: {} } })
    assert.equal(await look(), 404)
  })

  it('grants nobody what is the administrators’ own', async () => {
    const stage = await newOrganization(app)
    for (const grants of [
      { provider: { 'users:manage': 'all' } },
      { admin: { 'clients:read': 'all' } },
      { visitor: { 'clients:read': 'all' } },
      { provider: { 'clients:read': 'everything' } },
    ]) {
      assert.equal((await change(stage, { rules: { grants } })).status, 422, JSON.stringify(grants))
    }
  })

  it('does not take rules that contradict each other', async () => {
    const stage = await newOrganization(app, { rules: { least_minutes: 15, most_minutes: 60 } })
    const refused = await change(stage, { rules: { least_minutes: 61 } })
    assert.equal(refused.status, 422)
    assert.equal(refused.body.errors[0].field, 'rules.least_minutes')
    assert.equal((await change(stage, { rules: { most_minutes: 14 } })).status, 422)
    assert.equal((await change(stage, { rules: { least_minutes: 61, most_minutes: 61 } })).status, 200)
  })

  it('lets two who change different rules at once both have their way', async () => {
    const stage = await newOrganization(app)
    const before = (await read(stage)).rules
    const wanted = {
      notice_minutes: 11,
      hold_minutes: 12,
      slot_minutes: 13,
      refresh_token_days: 14,
      most_minutes: 99,
    }
    const answers = await Promise.all(
      Object.entries(wanted).map(([rule, value]) => change(stage, { rules: { [rule]: value } })),
    )
    assert.ok(answers.every(({ status }) => status === 200))
    assert.deepEqual((await read(stage)).rules, { ...before, ...wanted })
  })

  it('moves only to a time zone that there is', async () => {
    const stage = await newOrganization(app)
    for (const time_zone of ['Mars/Olympus', '+02:00', '', 'Europe/London; --']) {
      const { status, body } = await change(stage, { time_zone })
      assert.equal(status, 422, time_zone)
      assert.equal(body.errors[0].field, 'time_zone')
    }
    assert.equal((await change(stage, { time_zone: 'america/new_york' })).body.time_zone, 'America/New_York')
  })

  it('keeps its slug, its trade and its id', async () => {
    const stage = await newOrganization(app)
    for (const name of ['slug', 'trade', 'id', 'fields', 'words']) {
      assert.equal((await change(stage, { [name]: 'x' })).status, 422, name)
    }
  })

  it('shows a visitor what a booking page needs', async () => {
    const { organization } = await newOrganization(app)
    const { status, body } = await app.get('/organization', {
      headers: { 'x-organization': organization.slug },
    })
    assert.equal(status, 200)
    assert.equal(body.name, organization.name)
  })
})
