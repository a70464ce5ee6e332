import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import { newClient, type Person } from '../../test/cast.ts'
import { from, newPractice } from './testing/asking.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('the list of users', () => {
  it('is for administrators', async () => {
    const { api, admin, staff, client } = await arrange()
    const table = [
      ['an administrator', admin, 200],
      ['staff', staff, 403],
      ['a client', client, 403],
      ['a visitor', undefined, 401],
    ] as const
    for (const [who, person, expected] of table) {
      assert.equal((await api.get('/auth/users', person)).status, expected, who)
    }
  })

  it('has everybody of the organization, or those of one role', async () => {
    const { api, admin, staff, client } = await arrange()
    await arrange()
    const seen = async (query: string) => idsOf((await api.get(`/auth/users${query}`, admin)).body)
    assert.deepEqual((await seen('')).toSorted(), [admin.id, staff.id, client.id].toSorted())
    assert.deepEqual(await seen('?role=admin'), [admin.id])
    assert.deepEqual(await seen('?role=staff'), [staff.id])
    assert.deepEqual(await seen('?role=client'), [client.id])
    assert.equal((await api.get('/auth/users?role=boss', admin)).status, 422)
  })

  it('comes in pages, none of which shows anybody twice', async () => {
    const { api, stage, admin } = await arrange()
    for (let more = 0; more < 4; more++) await newClient(app, stage)
    const page = async (query: string) => idsOf((await api.get(`/auth/users?${query}`, admin)).body)
    const all = await page('')
    assert.equal(all.length, 7)
    const pages = [await page('limit=3'), await page('skip=3&limit=3'), await page('skip=6&limit=3')]
    assert.deepEqual(pages, [all.slice(0, 3), all.slice(3, 6), all.slice(6)])
    assert.deepEqual(await page('skip=7'), [])
    for (const wrong of ['limit=0', 'limit=1001', 'skip=-1', 'limit=x']) {
      assert.equal((await api.get(`/auth/users?${wrong}`, admin)).status, 422, wrong)
    }
  })
})

describe('a client who missed three appointments', () => {
  it('is shown as blocked, with how many they missed', async () => {
    const { api, admin, client } = await arrangeBlocked()
    const me = await api.get('/auth/me', client)
    assert.deepEqual([me.body.no_show_count, me.body.is_blocked], [3, true])
    const { body } = await api.get('/auth/users?role=client', admin)
    assert.deepEqual(body, [me.body])
  })

  it('can be unblocked by an administrator, and by nobody else', async () => {
    const { api, admin, staff, client } = await arrangeBlocked()
    const table = [
      ['a visitor', undefined, 401],
      ['the client', client, 403],
      ['staff', staff, 403],
    ] as const
    for (const [who, person, expected] of table) {
      const { status } = await api.post(`/auth/users/${client.id}/unblock`, person)
      assert.equal(status, expected, who)
    }
    assert.equal((await api.get('/auth/me', client)).body.is_blocked, true)
    const unblocked = await api.post(`/auth/users/${client.id}/unblock`, admin)
    assert.equal(unblocked.status, 200)
    const { id, no_show_count, is_blocked } = unblocked.body
    assert.deepEqual([id, no_show_count, is_blocked], [client.id, 0, false])
    assert.deepEqual((await api.get('/auth/me', client)).body, unblocked.body)
  })

  it('books again once unblocked, and is blocked again by three more', async () => {
    const blocked = await arrangeBlocked()
    const { api, admin, client, staff, book, miss } = blocked
    assert.equal((await book('2027-03-05')).status, 403)
    await api.post(`/auth/users/${client.id}/unblock`, admin)
    const booked = await book('2027-03-05')
    assert.deepEqual([booked.status, booked.body.staff_id], [201, staff.id])
    for (const date of ['2027-03-08', '2027-03-09']) await miss(date)
    assert.equal((await api.get('/auth/me', client)).body.is_blocked, false)
    await miss('2027-03-10')
    assert.equal((await api.get('/auth/me', client)).body.is_blocked, true)
  })

  it('is found by their id in their own organization alone', async () => {
    const [{ api, admin }, other] = [await arrange(), await arrangeBlocked()]
    for (const id of [crypto.randomUUID(), other.client.id, '7']) {
      assert.equal((await api.post(`/auth/users/${id}/unblock`, admin)).status, 404, id)
    }
    assert.equal((await other.api.get('/auth/me', other.client)).body.is_blocked, true)
  })
})

const idsOf = (users: Person[]): string[] => users.map(({ id }) => id)

async function arrange() {
  const practice = await newPractice(app)
  return { ...practice, admin: practice.stage.admin }
}

/** A client who booked three times, in the first week of March, and came to none. */
async function arrangeBlocked() {
  const cast = await arrange()
  const { api, staff, client } = cast
  const book = (date: string) =>
    api.post('/appointments', client, { staff_id: staff.id, ...from('09:00', '10:00', date) })
  const miss = async (date: string) => {
    app.setClock(`${date}T07:00:00Z`)
    const { body } = await book(date)
    app.setClock(`${date}T11:00:00Z`)
    const missed = await api.post(`/appointments/${body.id}/mark-no-show`, staff)
    assert.equal(missed.status, 200, JSON.stringify(missed.body))
  }
  for (const date of ['2027-03-02', '2027-03-03', '2027-03-04']) await miss(date)
  return { ...cast, book, miss }
}
