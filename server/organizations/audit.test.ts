import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import {
  newClient,
  newLocation,
  newOrganization,
  newPerson,
  newProvider,
  newService,
  type Stage,
} from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

interface Entry {
  action: string
  actor_id: string | null
  subject_id: string
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

/** What the log says, newest first. */
async function logOf({ admin }: Stage, query = ''): Promise<Entry[]> {
  const { status, body } = await app.get(`/audit-log?limit=200${query}`, { token: admin.token })
  assert.equal(status, 200)
  return body.items
}

const last = async (stage: Stage, action: string) =>
  (await logOf(stage)).find((entry) => entry.action === action)

describe('the audit log', () => {
  it('says who changed a rule, from what to what, and nothing of the other rules', async () => {
    const stage = await newOrganization(app, { rules: { notice_minutes: 10 } })
    const body = { rules: { notice_minutes: 60 }, name: 'Renamed' }
    await app.request('PATCH', '/organization', { token: stage.admin.token, body })
    const entry = (await last(stage, 'organization.changed'))!
    assert.equal(entry.actor_id, stage.admin.id)
    assert.equal((entry.after!.rules as Record<string, unknown>).notice_minutes, 60)
    assert.equal((entry.before!.rules as Record<string, unknown>).notice_minutes, 10)
    assert.equal(entry.after!.name, 'Renamed')
    assert.deepEqual(Object.keys(entry.after!).toSorted(), ['name', 'rules'])
  })

  const changes: [string, (stage: Stage) => Promise<[string, string, object | undefined]>][] = [
    ['service.added', async () => ['POST', '/services', { name: 'Massage', minutes: 30 }]],
    [
      'service.changed',
      async (stage) => ['PATCH', `/services/${(await newService(app, stage)).id}`, { minutes: 45 }],
    ],
    [
      'service.changed',
      async (stage) => {
        const { id } = await newService(app, stage)
        const provider = await newProvider(app, stage)
        return ['PUT', `/services/${id}/providers`, { providers: [{ provider_id: provider.id }] }]
      },
    ],
    ['resource.added', async () => ['POST', '/resources', { name: 'Room 1', kind: 'room' }]],
    ['location.added', async () => ['POST', '/locations', { name: 'Upstairs' }]],
    [
      'location.changed',
      async (stage) => [
        'PATCH',
        `/locations/${(await newLocation(app, stage)).id}`,
        { phone: '+441632960001' },
      ],
    ],
    [
      'user.added',
      async () => ['POST', '/users', { email: 'new@example.com', name: 'New', roles: ['reception'] }],
    ],
    [
      'user.changed',
      async (stage) => [
        'PATCH',
        `/users/${(await newClient(app, stage)).id}`,
        { roles: ['client', 'provider'] },
      ],
    ],
    [
      'user.invited',
      async (stage) => ['POST', `/users/${(await newClient(app, stage)).id}/invite`, undefined],
    ],
    [
      'user.unlocked',
      async (stage) => ['POST', `/users/${(await newClient(app, stage)).id}/unlock`, undefined],
    ],
    [
      'member.set',
      async (stage) => {
        const [location, provider] = [await newLocation(app, stage), await newProvider(app, stage)]
        return ['PUT', `/locations/${location.id}/members/${provider.id}`, { position: 'Chief' }]
      },
    ],
    ['provider.added', async () => ['POST', '/providers', { name: 'Anna' }]],
    [
      'provider.changed',
      async (stage) => [
        'PATCH',
        `/providers/${(await newProvider(app, stage)).id}`,
        { bio: 'Ten years here' },
      ],
    ],
    ['api_key.made', async () => ['POST', '/api-keys', { name: 'Till', scopes: ['services:read'] }]],
  ]
  for (const [action, ask] of changes) {
    it(`keeps ${action} with who did it`, async () => {
      const stage = await newOrganization(app)
      const [method, path, body] = await ask(stage)
      const answer = await app.request(method, path, { token: stage.admin.token, body })
      assert.ok(answer.status < 300, JSON.stringify(answer.body))
      assert.equal((await last(stage, action))?.actor_id, stage.admin.id, path)
    })
  }

  it('has no entry of a change that was refused or changed nothing', async () => {
    const stage = await newOrganization(app)
    const service = await newService(app, stage, { minutes: 30 })
    const before = (await logOf(stage)).length
    const { token } = stage.admin
    await app.request('PATCH', `/services/${service.id}`, { token, body: { minutes: 30 } })
    await app.request('PATCH', `/services/${service.id}`, { token, body: { minutes: -1 } })
    assert.equal((await logOf(stage)).length, before)
  })

  it('holds no secret: neither a password nor the text of a key', async () => {
    const stage = await newOrganization(app)
    const { token } = stage.admin
    const user = { email: 'keeper@example.com', name: 'New', roles: ['admin'], password: 'Correct-Horse-9' }
    await app.post('/users', { token, body: user })
    const made = await app.post('/api-keys', { token, body: { name: 'Till', scopes: ['services:read'] } })
    const { rows } = await app.connection.pool.query('select audit_log::text as text from audit_log')
    const text = rows.map((row) => row.text).join()
    assert.match(text, /keeper@example\.com/)
    assert.ok(!text.includes('Correct-Horse-9') && !text.includes('argon2') && !text.includes(made.body.key))
  })

  it('is found by whom and by what, page by page', async () => {
    const stage = await newOrganization(app)
    const other = await newPerson(app, stage.organization, ['admin'])
    const service = await newService(app, stage)
    for (const minutes of [10, 20, 30, 40]) {
      const { token } = minutes > 20 ? other : stage.admin
      await app.request('PATCH', `/services/${service.id}`, { token, body: { minutes } })
    }
    const ofOther = await logOf(stage, `&actor_id=${other.id}`)
    assert.deepEqual(
      ofOther.map(({ after }) => after!.minutes),
      [40, 30],
    )
    const first = await app.get(`/audit-log?limit=2&subject_id=${service.id}`, { token: other.token })
    assert.equal(first.body.items.length, 2)
    const next = `/audit-log?limit=2&subject_id=${service.id}&cursor=${first.body.next_cursor}`
    const second = await app.get(next, { token: other.token })
    assert.equal(second.body.items[0].after.minutes, 20)
  })

  it('is closed to everybody but administrators', async () => {
    const { organization } = await newOrganization(app)
    for (const role of ['secretary', 'reception', 'provider', 'client'] as const) {
      const { token } = await newPerson(app, organization, [role])
      assert.equal((await app.get('/audit-log', { token })).status, 403, role)
    }
  })
})
