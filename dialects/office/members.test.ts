import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newClient, newPerson, type Person } from '../../test/cast.ts'
import { isFailure, newOffice, newOffices, type Offices } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('making somebody a member of an office', () => {
  it('tells everything that is known of it then', async () => {
    const { api, admin, office, newcomer, join } = await arrange()
    const { status, body } = await join({ position: 'Clerk', is_primary: true })
    assert.equal(status, 201)
    const [first_name, last_name] = newcomer.name.split(' ')
    assert.match(body.membership_id, /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/)
    assert.deepEqual(body, {
      membership_id: body.membership_id,
      user_id: newcomer.id,
      office_id: office.id,
      office_name: office.name,
      first_name,
      last_name,
      email: newcomer.email,
      user_active: true,
      position: 'Clerk',
      is_primary: true,
      membership_active: true,
      assigned_at: '2027-03-01T08:00:00',
      ended_at: null,
      assigned_by_id: admin.id,
    })
    const { body: listed } = await api.get(`/offices/${office.id}/memberships`, admin)
    assert.deepEqual(listed.filter(isOf(newcomer)), [body])
  })

  it('is done once', async () => {
    const { join } = await arrange()
    assert.equal((await join()).status, 201)
    isFailure(await join(), 409, /a member of the office already/)
  })

  it('succeeds for one of two who do it at once', async () => {
    const { join } = await arrange()
    const answers = await Promise.all([join(), join()])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409])
  })

  it('lets them act for it, and no longer once it ends', async () => {
    const { api, admin, office, newcomer, join, path } = await arrange()
    const hours = async () => (await api.get(`/availability/hosts/${office.id}`, newcomer)).status
    assert.equal(await hours(), 403)
    await join()
    assert.equal(await hours(), 200)
    await api.delete(path, admin)
    assert.equal(await hours(), 403)
  })

  it('refuses what there is not, and what cannot be', async () => {
    const { api, admin, office, newcomer, join } = await arrange()
    const elsewhere = await newOffices(app)
    for (const user_id of [crypto.randomUUID(), elsewhere.host.id]) {
      isFailure(await api.post(`/offices/${office.id}/memberships`, admin, { user_id }), 404)
    }
    const body = { user_id: newcomer.id }
    for (const id of [crypto.randomUUID(), elsewhere.office.id]) {
      isFailure(await api.post(`/offices/${id}/memberships`, admin, body), 404)
    }
    isFailure(await join({ position: 'p'.repeat(101) }), 422, /^position /)
    isFailure(await join({ user_id: 'somebody' }), 422, /^user_id /)
    assert.equal((await join({ position: 'p'.repeat(100) })).status, 201)
  })
})

describe('a membership', () => {
  it('says who is at which office: a user may belong to several, of which one is the main one', async () => {
    const { api, admin, stage, office, newcomer, join } = await arrange()
    const other = await newOffice(app, stage)
    await join({ is_primary: true })
    const body = { user_id: newcomer.id, is_primary: true }
    assert.equal((await api.post(`/offices/${other.id}/memberships`, admin, body)).status, 201)
    const { body: both } = await api.get(`/offices/users/${newcomer.id}/offices`, admin)
    const shown = new Map(both.map((one: Shown) => [one.office_id, one.is_primary]))
    assert.deepEqual(shown, new Map([office, other].map(({ id }) => [id, id === other.id])))
    const main = { is_primary: true }
    await api.patch(`/offices/${office.id}/memberships/${newcomer.id}`, admin, main)
    const { body: after } = await api.get(`/offices/users/${newcomer.id}/offices`, admin)
    const primary = after.filter((one: Shown) => one.is_primary)
    assert.deepEqual(
      primary.map((one: Shown) => one.office_id),
      [office.id],
    )
  })

  it('changes in what is named, and stays otherwise as it was', async () => {
    const { api, admin, join, path } = await arrange()
    const { body: before } = await join({ position: 'Clerk', is_primary: true })
    app.pass({ hours: 1 })
    const promoted = await api.patch(path, admin, { position: 'Head' })
    assert.deepEqual([promoted.status, promoted.body], [200, { ...before, position: 'Head' }])
    const { body: nameless } = await api.patch(path, admin, { position: null, is_primary: false })
    assert.deepEqual(nameless, { ...before, position: null, is_primary: false })
    assert.deepEqual((await api.patch(path, admin, {})).body, nameless)
  })

  it('ends softly: it stays in the list, as one that has ended', async () => {
    const { api, admin, office, newcomer, join, path } = await arrange()
    const { body: before } = await join({ position: 'Clerk', is_primary: true })
    app.pass({ hours: 1 })
    const ended = await api.delete(path, admin)
    assert.deepEqual([ended.status, ended.body], [204, ''])
    const { body: all } = await api.get(`/offices/${office.id}/memberships`, admin)
    const expected = {
      ...before,
      is_primary: false,
      membership_active: false,
      ended_at: '2027-03-01T09:00:00',
    }
    assert.deepEqual(all.filter(isOf(newcomer)), [expected])
    assert.deepEqual((await api.get(`/offices/users/${newcomer.id}/offices`, admin)).body, [])
    isFailure(await api.delete(path, admin), 404)
    isFailure(await api.patch(path, admin, { position: 'Head' }), 404)
  })

  it('ends by a change as well', async () => {
    for (const change of [{ is_active: false }, { ended_at: '2027-03-01T08:00:00' }]) {
      const { api, admin, join, path } = await arrange()
      await join()
      const { status, body } = await api.patch(path, admin, change)
      assert.deepEqual(
        [status, body.membership_active, body.ended_at],
        [200, false, '2027-03-01T08:00:00'],
        JSON.stringify(change),
      )
    }
  })

  it('does not end by what is no moment, or lies ahead', async () => {
    const { api, admin, join, path } = await arrange()
    const { body: before } = await join()
    for (const ended_at of ['soon', '2027-02-30', '2027-03-03T00:00:00']) {
      isFailure(await api.patch(path, admin, { ended_at }), 422, /^ended_at must/)
    }
    for (const ended_at of [null, '']) {
      assert.deepEqual((await api.patch(path, admin, { ended_at })).body, before)
    }
  })

  it('begins anew under the same id for somebody who comes back, also when two bring them back at once', async () => {
    const { api, admin, stage, join, path } = await arrange()
    const { body: before } = await join({ position: 'Clerk' })
    await api.delete(path, admin)
    app.pass({ hours: 1 })
    const other = await newPerson(app, stage.organization, ['admin'])
    const answers = await Promise.all([join({ position: 'Head' }, other), join({ position: 'Head' }, other)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409])
    const again = answers.find(({ status }) => status === 201)!
    assert.deepEqual(again.body, {
      ...before,
      position: 'Head',
      assigned_at: '2027-03-01T09:00:00',
      assigned_by_id: other.id,
    })
    await api.delete(path, admin)
    assert.equal((await join()).body.position, null)
    await api.delete(path, admin)
    const revived = await api.patch(path, admin, { is_active: true })
    assert.deepEqual([revived.status, revived.body.membership_active], [200, true])
  })

  it('is not found of whoever is no member', async () => {
    const { api, admin, office, newcomer, path } = await arrange()
    for (const at of [path, `/offices/${crypto.randomUUID()}/memberships/${newcomer.id}`]) {
      isFailure(await api.patch(at, admin, { position: 'Head' }), 404)
      isFailure(await api.delete(at, admin), 404)
    }
    const elsewhere = await newOffices(app)
    const theirs = `/offices/${elsewhere.office.id}/memberships/${elsewhere.host.id}`
    isFailure(await api.delete(theirs, admin), 404)
    isFailure(await api.delete(`/offices/${office.id}/memberships/${elsewhere.host.id}`, admin), 404)
  })
})

describe('memberships', () => {
  it('are an administrator’s affair alone', async () => {
    const offices = await arrange()
    const { api, stage, office, newcomer, path } = offices
    const table = [
      ['a visitor', undefined, 401],
      ['a user', await newClient(app, stage), 403],
      ['a host', offices.host, 403],
      ['a secretary', offices.secretary, 403],
      ['the reception', offices.receptionist, 403],
      ['somebody themself', newcomer, 403],
    ] as const
    for (const [who, person, expected] of table) {
      const answers = [
        await api.post(`/offices/${office.id}/memberships`, person, { user_id: newcomer.id }),
        await api.get(`/offices/${office.id}/memberships`, person),
        await api.patch(path, person, { position: 'Head' }),
        await api.delete(path, person),
        await api.get(`/offices/users/${newcomer.id}/offices`, person),
        await api.get('/offices/unassigned', person),
      ]
      assert.deepEqual(
        answers.map(({ status }) => status),
        answers.map(() => expected),
        who,
      )
    }
  })
})

interface Shown {
  user_id: string
  office_id: string
  is_primary: boolean
}

const isOf =
  ({ id }: Person) =>
  ({ user_id }: Shown) =>
    user_id === id

/** An office with its staff, and a secretary who is not a member yet. */
async function arrange() {
  const offices: Offices = await newOffices(app)
  const { api, admin, stage, office } = offices
  const newcomer = await newPerson(app, stage.organization, ['secretary'])
  const join = (wanted: object = {}, by = admin) =>
    api.post(`/offices/${office.id}/memberships`, by, { user_id: newcomer.id, ...wanted })
  return { ...offices, newcomer, join, path: `/offices/${office.id}/memberships/${newcomer.id}` }
}
