import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { allPages, startApp } from '../../test/app.ts'
import { book, newClient, newOrganization, newProvider, newService, type Stage } from '../../test/cast.ts'

const app = await startApp()
after(() => app.stop())

const cursorOf = (...position: unknown[]) => Buffer.from(JSON.stringify(position)).toString('base64url')

async function post({ admin }: Stage, path: string, body: object): Promise<{ id: string }> {
  const answer = await app.post(path, { token: admin.token, body })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}

async function sevenAppointments(stage: Stage): Promise<{ id: string }[]> {
  const provider = await newProvider(app, stage, { weekdays: [2] })
  const { id: service_id } = await newService(app, stage)
  const client = await newClient(app, stage)
  const booked = []
  for (const hour of [15, 9, 12, 10, 14, 11, 13]) {
    const starts_at = `2027-03-02T${String(hour).padStart(2, '0')}:00:00Z`
    const { status, body } = await book(app, client, { provider_id: provider.id, service_id, starts_at })
    assert.equal(status, 201)
    booked.push(body)
  }
  return booked.toSorted((a, b) => a.starts_at.localeCompare(b.starts_at))
}

const idsOf = (items: { id: string }[]) => items.map(({ id }) => id)

describe('a list', () => {
  it('shows everything once, page after page, also where names are the same', async () => {
    const stage = await newOrganization(app)
    for (const path of ['/clients', '/providers']) {
      const made = []
      for (const name of ['Bo', 'Bo', 'Ann', 'Bo', 'Zoë', 'ann', 'Bo'])
        made.push(await post(stage, path, { name }))
      for (const limit of [1, 2, 3, 7]) {
        const shown = idsOf(await allPages(app, `${path}?limit=${limit}`, stage.admin.token))
        assert.equal(shown.length, 7, `${path} in pages of ${limit}`)
        assert.deepEqual(shown.toSorted(), idsOf(made).toSorted())
      }
    }
  })

  it('keeps its order over the pages', async () => {
    const stage = await newOrganization(app)
    const booked = await sevenAppointments(stage)
    for (const limit of [1, 2, 6, 7, 50]) {
      const shown = await allPages(app, `/appointments?limit=${limit}`, stage.admin.token)
      assert.deepEqual(idsOf(shown), idsOf(booked), `in pages of ${limit}`)
    }
    for (const name of ['C', 'B', 'A']) await newService(app, stage, { name })
    const whole = (await app.get('/services', { token: stage.admin.token })).body.items
    assert.deepEqual(await allPages(app, '/services?limit=2', stage.admin.token), whole)
    assert.deepEqual(
      whole.slice(0, 3).map(({ name }: { name: string }) => name),
      ['A', 'B', 'C'],
    )
  })

  it('says that nothing follows on its last page, also when that is full', async () => {
    const stage = await newOrganization(app)
    for (const name of ['A', 'B']) await post(stage, '/clients', { name })
    const { token } = stage.admin
    const page = async (limit: number) => (await app.get(`/clients?limit=${limit}`, { token })).body
    assert.equal((await page(2)).next_cursor, null)
    assert.equal((await page(3)).next_cursor, null)
    assert.notEqual((await page(1)).next_cursor, null)
  })

  it('neither repeats nor leaves out what was there, while others are added between two pages', async () => {
    const stage = await newOrganization(app)
    const { token } = stage.admin
    for (const name of ['B', 'D', 'F']) await post(stage, '/clients', { name })
    const first = (await app.get('/clients?limit=2', { token })).body
    for (const name of ['A', 'C', 'E']) await post(stage, '/clients', { name })
    const second = (await app.get(`/clients?limit=9&cursor=${first.next_cursor}`, { token })).body
    const names = [...first.items, ...second.items].map(({ name }) => name)
    assert.deepEqual(names, ['B', 'D', 'E', 'F'])
  })

  it('refuses a cursor that is broken or of another kind of list', async () => {
    const stage = await newOrganization(app)
    await sevenAppointments(stage)
    const { token } = stage.admin
    const id = crypto.randomUUID()
    const ofAppointments = (await app.get('/appointments?limit=2', { token })).body.next_cursor
    const ofClients = cursorOf('Ada', id)
    const refused = [
      ['/users', 'nonsense'],
      ['/users', ''],
      ['/users', cursorOf()],
      ['/users', cursorOf('Ada')],
      ['/users', cursorOf('Ada', id, 'more')],
      ['/users', cursorOf(7, id)],
      ['/users', cursorOf('Ada', `${id}'; drop table people; --`)],
      ['/users', cursorOf('A\0da', id)],
      ['/users', 'x'.repeat(501)],
      ['/appointments', ofClients],
      ['/appointments', cursorOf('2027-99-99T99:99:99Z', id)],
      ['/appointments', cursorOf('0000-01-01T00:00:00Z', id)],
      ['/appointments', cursorOf('2027-03-01T09:00:00Z', '7')],
    ]
    for (const [path, cursor] of refused) {
      const { status, body } = await app.get(`${path}?cursor=${cursor}`, { token })
      assert.equal(status, 422, `${path} ${cursor}`)
      assert.equal(body.errors[0].field, 'cursor')
    }
    assert.equal((await app.get(`/appointments?cursor=${ofAppointments}`, { token })).status, 200)
    assert.equal((await app.get(`/clients?cursor=${ofClients}`, { token })).status, 200)
  })

  it('shows nothing of another organization to whoever brings its cursor', async () => {
    const stage = await newOrganization(app)
    const other = await newOrganization(app)
    for (const name of ['A', 'B', 'C']) await post(stage, '/clients', { name })
    const { next_cursor } = (await app.get('/clients?limit=1', { token: stage.admin.token })).body
    const { body } = await app.get(`/clients?cursor=${next_cursor}`, { token: other.admin.token })
    assert.deepEqual(body, { items: [], next_cursor: null })
  })
})
