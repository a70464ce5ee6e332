import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newOrganization } from '../../test/cast.ts'
import { isFailure, newOffice, newOffices, newVisit, officeApi } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('an office', () => {
  it('is added with everything that is told of it, and found again', async () => {
    const { api, admin } = await newOffices(app)
    const told = { name: 'Registry', description: 'Births\nand deaths', location: '1 High Street' }
    const added = await api.post('/offices', admin, told)
    assert.equal(added.status, 201)
    const times = { created_at: '2027-03-01T08:00:00', updated_at: '2027-03-01T08:00:00' }
    assert.deepEqual(added.body, { id: added.body.id, ...told, is_active: true, status: 'active', ...times })
    assert.deepEqual((await api.get(`/offices/${added.body.id}`, admin)).body, added.body)
  })

  it('may be added by its name alone, and deactivated from the start', async () => {
    const { api, admin } = await newOffices(app)
    const { body: bare } = await api.post('/offices', admin, { name: 'Registry' })
    assert.deepEqual([bare.description, bare.location, bare.is_active], [null, null, true])
    const { body: closed } = await api.post('/offices', admin, { name: 'Archive', is_active: false })
    assert.deepEqual([closed.is_active, closed.status], [false, 'deactivated'])
  })

  it('has a name of 2 to 100 characters that begins with a letter of any alphabet', async () => {
    const { api, admin } = await newOffices(app)
    const long = 'a'.repeat(100)
    for (const name of ['It', long, 'Élysée', '市役所', "Select & 'drop' -- the union;"]) {
      const { status, body } = await api.post('/offices', admin, { name })
      assert.deepEqual([status, body.name], [201, name])
    }
    for (const name of ['A', `${long}a`, '1st Office', ' Office', '-Office', 'Two\nlines', '', null]) {
      isFailure(await api.post('/offices', admin, { name }), 422, /^name /)
    }
    isFailure(await api.post('/offices', admin, {}), 422, /^name is missing\.$/)
  })

  it('has a location of at least five characters where it has one, and up to 1000 of description', async () => {
    const { api, admin, office } = await newOffices(app)
    const change = (wanted: object) => api.patch(`/offices/${office.id}`, admin, wanted)
    assert.equal((await change({ location: 'Annex' })).body.location, 'Annex')
    assert.equal((await change({ location: null })).body.location, null)
    assert.equal((await change({ description: 'd'.repeat(1000) })).status, 200)
    isFailure(await change({ location: 'Here' }), 422, /^location /)
    isFailure(await change({ description: 'd'.repeat(1001) }), 422, /^description /)
  })

  it('has a name of its own, however it is written', async () => {
    const { api, admin } = await newOffices(app)
    const { body: registry } = await api.post('/offices', admin, { name: 'Registry' })
    const { body: archive } = await api.post('/offices', admin, { name: 'Archive' })
    isFailure(await api.post('/offices', admin, { name: 'REGISTRY' }), 409, /an office called "REGISTRY"/)
    isFailure(await api.patch(`/offices/${archive.id}`, admin, { name: 'registry' }), 409)
    assert.equal((await api.patch(`/offices/${registry.id}`, admin, { name: 'REGISTRY' })).status, 200)
    const elsewhere = await newOffices(app)
    assert.equal((await elsewhere.api.post('/offices', elsewhere.admin, { name: 'Registry' })).status, 201)
  })

  it('changes in what is named, and stays otherwise as it was', async () => {
    const { api, admin } = await newOffices(app)
    const told = { name: 'Registry', description: 'Births', location: '1 High Street' }
    const { body: before } = await api.post('/offices', admin, told)
    const changed = await api.patch(`/offices/${before.id}`, admin, { description: null, is_active: false })
    const expected = { ...before, description: null, is_active: false, status: 'deactivated' }
    assert.deepEqual([changed.status, changed.body], [200, expected])
    assert.deepEqual((await api.patch(`/offices/${before.id}`, admin, {})).body, expected)
    assert.deepEqual((await api.get(`/offices/${before.id}`, admin)).body, expected)
  })

  it('is switched off and on again', async () => {
    const { api, admin, office } = await newOffices(app)
    const off = await api.post(`/offices/${office.id}/deactivate`, admin)
    assert.deepEqual([off.status, off.body.is_active, off.body.status], [200, false, 'deactivated'])
    const on = await api.post(`/offices/${office.id}/activate`, admin)
    assert.deepEqual([on.status, on.body.is_active, on.body.status], [200, true, 'active'])
  })

  it('leaves a trace of whoever added, changed or removed it', async () => {
    const { api, admin } = await newOffices(app)
    const { body: office } = await api.post('/offices', admin, { name: 'Registry' })
    await api.patch(`/offices/${office.id}`, admin, { name: 'Archive' })
    await api.delete(`/offices/${office.id}`, admin)
    const { body } = await app.get(`/audit-log?subject_id=${office.id}`, { token: admin.token })
    const entries: { action: string; actor_id: string }[] = body.items
    const actions = ['location.removed', 'location.changed', 'location.added']
    assert.deepEqual(
      entries.map(({ action, actor_id }) => [action, actor_id]),
      actions.map((action) => [action, admin.id]),
    )
  })
})

describe('the offices', () => {
  it('are all listed to administrators and the reception, and to others those that are active', async () => {
    const offices = await newOffices(app)
    const { api, stage, admin, office } = offices
    const closed = await newOffice(app, stage)
    await api.post(`/offices/${closed.id}/deactivate`, admin)
    const [all, active] = [[office.id, closed.id].toSorted(), [office.id]]
    const table = [
      ['an administrator', admin, all],
      ['the reception', offices.receptionist, all],
      ['a secretary', offices.secretary, active],
      ['a host', offices.host, active],
      ['a user', await newClient(app, stage), active],
    ] as const
    const made = new Set(all)
    const shown = async (person: typeof admin, query = ''): Promise<string[]> => {
      const { body } = await api.get(`/offices${query}`, person)
      return body
        .map(({ id }: { id: string }) => id)
        .filter((id: string) => made.has(id))
        .toSorted()
    }
    for (const [who, person, expected] of table) {
      assert.deepEqual(await shown(person), expected, who)
      assert.deepEqual(await shown(person, '?status_filter=active'), active, who)
      const deactivated = expected.filter((id) => id === closed.id)
      assert.deepEqual(await shown(person, '?status_filter=deactivated'), deactivated, who)
    }
    isFailure(await api.get('/offices?status_filter=sleeping', admin), 422, /^status_filter /)
    isFailure(await api.get('/offices'), 401)
  })

  it('are those of one’s own authority: nobody sees or touches another’s', async () => {
    const [{ api, admin, receptionist }, other] = [await newOffices(app), await newOffices(app)]
    for (const id of [other.office.id, crypto.randomUUID(), '7']) {
      isFailure(await api.get(`/offices/${id}`, receptionist), 404)
      for (const [method, path] of [
        ['PATCH', ''],
        ['DELETE', ''],
        ['POST', '/activate'],
        ['POST', '/deactivate'],
        ['GET', '/stats'],
        ['GET', '/hosts'],
        ['GET', '/memberships'],
      ] as const) {
        const asking = { token: admin.token, ...(method === 'PATCH' && { body: { name: 'Mine' } }) }
        isFailure(await api.ask(method, `/offices/${id}${path}`, asking), 404)
      }
    }
    const { body } = await other.api.get(`/offices/${other.office.id}`, other.admin)
    assert.deepEqual([body.name, body.is_active], [other.office.name, true])
  })

  it('are read by whoever has logged in, and changed by administrators alone', async () => {
    const offices = await newOffices(app)
    const { api, stage, office } = offices
    const table = [
      ['a visitor', undefined, 401, 401],
      ['a user', await newClient(app, stage), 200, 403],
      ['a host', offices.host, 200, 403],
      ['a secretary', offices.secretary, 200, 403],
      ['the reception', offices.receptionist, 200, 403],
    ] as const
    for (const [who, person, read, changed] of table) {
      assert.equal((await api.get(`/offices/${office.id}`, person)).status, read, who)
      const refused = [
        await api.post('/offices', person, { name: 'Mine' }),
        await api.patch(`/offices/${office.id}`, person, { name: 'Mine' }),
        await api.delete(`/offices/${office.id}`, person),
        await api.post(`/offices/${office.id}/activate`, person),
        await api.post(`/offices/${office.id}/deactivate`, person),
      ]
      for (const answer of refused) isFailure(answer, changed)
    }
  })
})

describe('removing an office', () => {
  it('takes it out of sight, and gives its name back', async () => {
    const { api, admin, stage } = await newOffices(app)
    const office = await newOffice(app, stage)
    const removed = await api.delete(`/offices/${office.id}`, admin)
    assert.deepEqual([removed.status, removed.body], [204, ''])
    isFailure(await api.get(`/offices/${office.id}`, admin), 404)
    isFailure(await api.delete(`/offices/${office.id}`, admin), 404)
    const { body: left } = await api.get('/offices', admin)
    assert.ok(left.every(({ id }: { id: string }) => id !== office.id))
    assert.equal((await api.post('/offices', admin, { name: office.name })).status, 201)
  })

  it('waits until nobody works there any more', async () => {
    const { api, admin, office, ...staff } = await newOffices(app)
    for (const [person, left] of [
      [staff.host, /3 members/],
      [staff.secretary, /2 members/],
      [staff.receptionist, /a member/],
    ] as const) {
      isFailure(await api.delete(`/offices/${office.id}`, admin), 409, left)
      await api.delete(`/offices/${office.id}/memberships/${person.id}`, admin)
    }
    assert.equal((await api.delete(`/offices/${office.id}`, admin)).status, 204)
  })

  it('waits until nothing is to come there, and keeps what has been', async () => {
    const offices = await newOffices(app)
    const { api, admin, office } = offices
    const { id } = await newVisit(offices)
    for (const { id: person } of [offices.host, offices.secretary, offices.receptionist]) {
      await api.delete(`/offices/${office.id}/memberships/${person}`, admin)
    }
    isFailure(await api.delete(`/offices/${office.id}`, admin), 409, /an appointment to come/)
    await api.delete(`/appointments/${id}`, admin)
    assert.equal((await api.delete(`/offices/${office.id}`, admin)).status, 204)
    const { body: kept } = await api.get(`/appointments/${id}`, admin)
    assert.deepEqual([kept.status, kept.office_id], ['cancelled', office.id])
  })
})

describe('the documentation of the offices’ dialect', () => {
  const env = { ENVIRONMENT: 'production', SECRET_KEY: 'a secret of the thirty-two characters it needs' }

  it('is there while it is developed, and not in production; that of others is', async () => {
    const pages = ['docs', 'openapi.json', 'redoc', 'docs/json']
    for (const page of pages) assert.equal((await app.get(`//office/${page}`)).status, 200, page)
    const production = await startApp({ env })
    try {
      for (const page of pages) isFailure(await production.get(`//office/${page}`), 404)
      assert.equal((await production.get('//general/docs')).status, 200)
      assert.doesNotMatch((await production.get('//office')).body.message, /docs/)
      const stage = await newOrganization(production, { trade: 'office' })
      assert.equal((await officeApi(production, stage).get('/offices', stage.admin)).status, 200)
    } finally {
      await production.stop()
    }
  })
})
