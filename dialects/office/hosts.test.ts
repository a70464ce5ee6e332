import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startApp } from '../../test/app.ts'
import { newClient, newPerson, type Person } from '../../test/cast.ts'
import { isFailure, newOffice, newOffices } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())

describe('assigning a host to an office', () => {
  it('makes them a member of it in that position, and tells all of it', async () => {
    const { api, admin, office, newcomer, assign } = await arrange()
    const { status, body } = await assign({ is_primary: true })
    assert.equal(status, 201)
    assert.deepEqual(body, {
      host_id: newcomer.id,
      office_id: office.id,
      host_name: newcomer.name,
      host_email: newcomer.email,
      office_name: office.name,
      is_primary: true,
      assigned_at: '2027-03-01T08:00:00',
      is_active: true,
    })
    const { body: members } = await api.get(`/offices/${office.id}/memberships`, admin)
    const member = members.find(({ user_id }: { user_id: string }) => user_id === newcomer.id)
    assert.deepEqual([member.position, member.is_primary], ['Host', true])
  })

  it('is done once, also by two at once', async () => {
    const { assign } = await arrange()
    const answers = await Promise.all([assign(), assign()])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409])
    isFailure(await assign(), 409)
  })

  it('is for users who have that role', async () => {
    const { stage, assign } = await arrange()
    const clerk = await newPerson(app, stage.organization, ['secretary'])
    isFailure(await assign({ host_id: clerk.id }), 400, /role of a host/)
    isFailure(await assign({ host_id: stage.admin.id }), 400, /role of a host/)
  })

  it('finds neither who nor what there is not here', async () => {
    const [{ assign }, elsewhere] = [await arrange(), await arrange()]
    for (const host_id of [crypto.randomUUID(), elsewhere.newcomer.id]) {
      isFailure(await assign({ host_id }), 404)
    }
    for (const office_id of [crypto.randomUUID(), elsewhere.office.id]) {
      isFailure(await assign({ office_id }), 404)
    }
    isFailure(await assign({ host_id: 'anna' }), 422, /^host_id /)
  })
})

describe('assigning several hosts', () => {
  it('assigns all of them', async () => {
    const { api, admin, office, newcomers } = await arrange()
    const [ids, body] = await wanted(office, newcomers)
    const { status, body: assigned } = await api.post('/offices/hosts/bulk-assign', admin, body)
    assert.equal(status, 201)
    assert.deepEqual(hostsOf(assigned), ids)
    const { body: there } = await api.get(`/offices/hosts?office_id=${office.id}`, admin)
    for (const id of ids) assert.ok(hostsOf(there).includes(id))
  })

  it('or none, where one of them cannot be', async () => {
    const offices = await arrange()
    const { api, admin, office, newcomers } = offices
    const before = hostsOf((await api.get(`/offices/hosts?office_id=${office.id}`, admin)).body)
    for (const [id, status] of [
      [offices.secretary.id, 400],
      [offices.host.id, 409],
      [crypto.randomUUID(), 404],
    ] as const) {
      const [, body] = await wanted(office, newcomers, id)
      isFailure(await api.post('/offices/hosts/bulk-assign', admin, body), status)
      const after = hostsOf((await api.get(`/offices/hosts?office_id=${office.id}`, admin)).body)
      assert.deepEqual(after, before, String(status))
    }
  })

  it('takes from one to fifty', async () => {
    const { api, admin, office, newcomer } = await arrange()
    const asking = (count: number) =>
      api.post('/offices/hosts/bulk-assign', admin, {
        office_id: office.id,
        host_ids: Array.from({ length: count }, () => newcomer.id),
      })
    isFailure(await asking(0), 422, /^host_ids /)
    isFailure(await asking(51), 422, /^host_ids /)
    const { status, body } = await asking(50)
    assert.deepEqual([status, hostsOf(body)], [201, [newcomer.id]])
  })

  const wanted = async (office: { id: string }, people: Person[], ...more: string[]) => {
    const ids = people.map(({ id }) => id)
    return [ids, { office_id: office.id, host_ids: [...ids, ...more] }] as const
  }
})

describe('the hosts', () => {
  it('are listed with their offices: of one office, of one host, or all; and no other staff', async () => {
    const { api, admin, stage, office, host, newcomer, assign } = await arrange()
    const other = await newOffice(app, stage)
    await assign()
    await assign({ office_id: other.id })
    const listed = async (query: string) => {
      const { body } = await api.get(`/offices/hosts${query}`, admin)
      return body.map((one: Host) => `${one.host_id} ${one.office_id}`).toSorted()
    }
    const pair = (person: Person, { id }: { id: string }) => `${person.id} ${id}`
    const all = [pair(host, office), pair(newcomer, office), pair(newcomer, other)].toSorted()
    assert.deepEqual(await listed(''), all)
    assert.deepEqual(await listed(`?office_id=${other.id}`), [pair(newcomer, other)])
    assert.deepEqual(await listed(`?host_id=${host.id}`), [pair(host, office)])
    assert.deepEqual(await listed(`?host_id=${host.id}&office_id=${other.id}`), [])
  })

  it('of an office are shown to whoever has logged in; all else about hosts is an administrator’s', async () => {
    const offices = await arrange()
    const { api, stage, office, host, newcomer } = offices
    const table = [
      ['a visitor', undefined, 401, 401],
      ['a user', await newClient(app, stage), 200, 403],
      ['a host', host, 200, 403],
      ['a secretary', offices.secretary, 200, 403],
      ['the reception', offices.receptionist, 200, 403],
      ['an administrator', stage.admin, 200, 200],
    ] as const
    for (const [who, person, read, others] of table) {
      const shown = await api.get(`/offices/${office.id}/hosts`, person)
      assert.equal(shown.status, read, who)
      if (read === 200) assert.deepEqual(hostsOf(shown.body), [host.id])
      assert.equal((await api.get('/offices/hosts', person)).status, others, who)
      assert.equal((await api.get(`/offices/users/${host.id}/host-status`, person)).status, others, who)
      if (others === 200) continue
      const bulk = { office_id: office.id, host_ids: [newcomer.id] }
      const one = { office_id: office.id, host_id: newcomer.id }
      assert.equal((await api.post('/offices/hosts/assign', person, one)).status, others, who)
      assert.equal((await api.post('/offices/hosts/bulk-assign', person, bulk)).status, others, who)
      const path = `/offices/hosts/${host.id}/office/${office.id}`
      assert.equal((await api.put(path, person, {})).status, others, who)
      assert.equal((await api.delete(path, person)).status, others, who)
    }
  })

  it('say whether they are, and where', async () => {
    const { api, admin, secretary, host, office } = await arrange()
    const status = async ({ id }: Person) => (await api.get(`/offices/users/${id}/host-status`, admin)).body
    const { body: there } = await api.get(`/offices/hosts?host_id=${host.id}`, admin)
    assert.deepEqual(await status(host), { user_id: host.id, is_host: true, offices: there })
    assert.equal(there[0].office_id, office.id)
    assert.deepEqual(await status(secretary), { user_id: secretary.id, is_host: false, offices: [] })
    for (const what of ['host-status', 'offices']) {
      isFailure(await api.get(`/offices/users/${crypto.randomUUID()}/${what}`, admin), 404)
    }
  })
})

describe('the unassigned', () => {
  it('are the staff who work nowhere yet, or no longer', async () => {
    const { api, admin, stage, office, newcomers, assign, ...staff } = await arrange()
    await newClient(app, stage)
    const unassigned = async () =>
      (await api.get('/offices/unassigned', admin)).body.map(({ id }: Person) => id).toSorted()
    const idsOf = (people: Person[]) => people.map(({ id }) => id).toSorted()
    assert.deepEqual(await unassigned(), idsOf(newcomers))
    for (const { id } of newcomers) await assign({ host_id: id })
    assert.deepEqual(await unassigned(), [])
    const gone = [...newcomers, staff.host, staff.secretary, staff.receptionist]
    for (const { id } of gone) await api.delete(`/offices/${office.id}/memberships/${id}`, admin)
    assert.deepEqual(await unassigned(), idsOf(gone))
  })
})

describe('an assignment', () => {
  it('changes in what is named, ends, and begins again', async () => {
    const { api, admin, office, newcomer, assign } = await arrange()
    const path = `/offices/hosts/${newcomer.id}/office/${office.id}`
    const { body: before } = await assign()
    const primary = await api.put(path, admin, { is_primary: true })
    assert.deepEqual([primary.status, primary.body], [200, { ...before, is_primary: true }])
    assert.deepEqual((await api.put(path, admin, { is_primary: false })).body, before)
    assert.deepEqual((await api.put(path, admin, { is_active: false })).body, { ...before, is_active: false })
    isFailure(await api.put(path, admin, { is_primary: true }), 404)
    assert.deepEqual((await api.put(path, admin, { is_active: true })).body, before)
  })

  it('is none of whoever is not a host there', async () => {
    const { api, admin, office, secretary, newcomer } = await arrange()
    for (const person of [newcomer.id, secretary.id, crypto.randomUUID()]) {
      const path = `/offices/hosts/${person}/office/${office.id}`
      isFailure(await api.put(path, admin, { is_primary: true }), 404)
      isFailure(await api.delete(path, admin), 404)
    }
  })
})

interface Host {
  host_id: string
  office_id: string
}

const hostsOf = (hosts: Host[]) => hosts.map(({ host_id }) => host_id)

/** An office with its staff, and hosts who belong to none yet. */
async function arrange() {
  const offices = await newOffices(app)
  const { api, admin, stage, office } = offices
  const newcomers = [
    await newPerson(app, stage.organization, ['provider']),
    await newPerson(app, stage.organization, ['provider']),
  ]
  const newcomer = newcomers[0]!
  const assign = (wanted: object = {}) =>
    api.post('/offices/hosts/assign', admin, { host_id: newcomer.id, office_id: office.id, ...wanted })
  return { ...offices, newcomer, newcomers, assign }
}
