import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  newSlot,
  type Person,
  type Stage,
} from '../../test/cast.ts'
import { said } from '../../test/free.ts'
import { type Actor, type Role, roles } from '../permissions.ts'
import { retireGuardian, retireProvider } from './retiring.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

const at = (time: string) => `2027-03-02T${time}:00Z`
const details = { meeting_mode: 'online' }

describe('a provider who retires', () => {
  it('is not offered and not booked any more', async () => {
    const { stage, teacher, mother } = await arrange()
    const query = 'from=2027-03-02&to=2027-03-02'
    const free = async () => (await app.get(`/slots?${query}`, mother)).body.items
    assert.equal((await free())[0].provider_id, teacher.id)
    await retireProvider(db, actorOf(stage), teacher.id, app.now())
    assert.deepEqual(await free(), [])
    assert.equal(said(await bookAt(mother, teacher, '10:00')), '422 not_bookable')
    const { body } = await app.get('/providers', { token: mother.token })
    assert.deepEqual(body.items, [])
  })

  it('comes back when an administrator says so', async () => {
    const { stage, teacher, mother } = await arrange()
    await retireProvider(db, actorOf(stage), teacher.id, app.now())
    const { token } = stage.admin
    await app.request('PATCH', `/providers/${teacher.id}`, { token, body: { is_active: true } })
    assert.equal(said(await bookAt(mother, teacher, '10:00')), '201')
  })

  it('has first to meet, move or cancel what is to come, and is told how much that is', async () => {
    const { stage, teacher, mother } = await arrange()
    const ids: string[] = []
    for (const time of ['10:00', '11:00']) ids.push((await bookAt(mother, teacher, time)).body.id)
    const retire = () => retireProvider(db, actorOf(stage), teacher.id, app.now())
    await assert.rejects(retire(), { code: 'appointments_to_come', message: /are 2 appointments/ })
    await app.post(`/appointments/${ids[0]}/decline`, { token: stage.admin.token })
    await assert.rejects(retire(), { code: 'appointments_to_come', message: /is an appointment/ })
    app.setClock(at('11:30'))
    await retire()
    assert.equal((await app.get(`/appointments/${ids[1]}`, mother)).body.state, 'pending')
  })

  it('is not kept by what was closed before its time', async () => {
    const { stage, teacher, mother } = await arrange()
    const { id } = (await bookAt(mother, teacher, '10:00')).body
    const done = await app.post(`/appointments/${id}/complete`, { token: teacher.token })
    assert.equal(said(done), '200')
    await retireProvider(db, actorOf(stage), teacher.id, app.now())
  })

  it('takes back the slots to come, also those that somebody holds, and leaves the past as it was', async () => {
    const { stage, teacher, mother } = await arrange()
    const colleague = await newProvider(app, stage)
    const publish = (starts: string, ends: string, { id } = teacher) =>
      newSlot(app, stage, { provider_id: id, starts_at: at(starts), ends_at: at(ends) })
    const past = await publish('09:00', '09:30')
    await publish('10:00', '10:30')
    const held = await publish('11:00', '11:30')
    const met = await publish('12:00', '12:30')
    const theirs = await publish('10:00', '10:30', colleague)
    app.setClock(at('10:00'))
    const { token } = mother
    const { body: hold } = await app.post('/holds', { token, body: { slot_id: held } })
    const { id } = (await book(app, mother, { slot_id: met, details })).body
    assert.equal(said(await app.post(`/appointments/${id}/complete`, { token: teacher.token })), '200')
    await retireProvider(db, actorOf(stage), teacher.id, app.now())
    const listed = await app.get('/published-slots', { token: stage.admin.token })
    const left = listed.body.items.map((slot: { id: string }) => slot.id).toSorted()
    assert.deepEqual(left, [past, met, theirs].toSorted())
    const body = { hold_id: hold.id, details }
    assert.equal(said(await book(app, mother, body)), '404 not_found')
  })

  it('does so by an administrator of the same organization, who is remembered', async () => {
    const { stage, teacher, mother } = await arrange()
    const elsewhere = await arrange()
    for (const role of roles.filter((name) => name !== 'admin')) {
      const retire = retireProvider(db, actorOf(stage, role, teacher), teacher.id, app.now())
      await assert.rejects(retire, { code: 'not_allowed' }, role)
    }
    for (const { id } of [elsewhere.teacher, mother]) {
      await assert.rejects(retireProvider(db, actorOf(stage), id, app.now()), { code: 'not_found' })
    }
    await retireProvider(db, actorOf(stage), teacher.id, app.now())
    const [entry] = await auditOf(stage, teacher)
    assert.deepEqual([entry.action, entry.actor_id], ['provider.retired', stage.admin.id])
  })
})

describe('a client who comes for nobody any more', () => {
  it('leaves those behind who have no other guardian, and what was is kept', async () => {
    const { stage, teacher, mother, father, childOf } = await arrange()
    const [only, shared] = [await childOf(mother), await childOf(mother, father)]
    const { body: met } = await bookAt(mother, teacher, '10:00', { dependent_id: only })
    app.setClock(at('11:00'))
    await retireGuardian(db, actorOf(stage), mother.id, app.now())
    assert.deepEqual(await stateOf(stage, only), { is_active: false, guardians: [] })
    assert.deepEqual(await stateOf(stage, shared), { is_active: true, guardians: [father.id] })
    assert.equal((await app.get(`/appointments/${met.id}`, mother)).body.dependent_id, only)
  })

  it('can still come for themself, and for somebody else again', async () => {
    const { stage, teacher, mother, childOf } = await arrange()
    await childOf(mother)
    await retireGuardian(db, actorOf(stage), mother.id, app.now())
    assert.equal(said(await bookAt(mother, teacher, '10:00')), '201')
    const dependent_id = await childOf(mother)
    assert.equal(said(await bookAt(mother, teacher, '11:00', { dependent_id })), '201')
  })

  it('has first to meet, move or cancel what is to come, for whomever it is', async () => {
    const { stage, teacher, mother, father, childOf } = await arrange()
    const child = await childOf(mother, father)
    await bookAt(father, teacher, '09:00', { dependent_id: child })
    const { id } = (await bookAt(mother, teacher, '10:00')).body
    const retire = () => retireGuardian(db, actorOf(stage), mother.id, app.now())
    await assert.rejects(retire(), { code: 'appointments_to_come', message: /is an appointment/ })
    assert.deepEqual((await stateOf(stage, child)).guardians.length, 2)
    await app.post(`/appointments/${id}/cancel`, { token: mother.token })
    await retire()
    assert.deepEqual(await stateOf(stage, child), { is_active: true, guardians: [father.id] })
  })

  it('leaves nobody with a guardian too few when both go at once', async () => {
    const { stage, mother, father, childOf } = await arrange()
    for (let round = 0; round < 8; round++) {
      const children = [await childOf(mother, father), await childOf(mother, father)]
      await Promise.all([mother, father].map(({ id }) => retireGuardian(db, actorOf(stage), id, app.now())))
      for (const child of children) {
        assert.deepEqual(await stateOf(stage, child), { is_active: false, guardians: [] })
      }
    }
  })

  it('does so by the desk or an administrator of the same organization, who is remembered', async () => {
    const { stage, teacher, mother } = await arrange()
    const elsewhere = await arrange()
    await assert.rejects(retireGuardian(db, actorOf(stage, 'client', mother), mother.id, app.now()), {
      code: 'not_allowed',
    })
    for (const [role, by] of [
      ['client', elsewhere.mother],
      ['provider', teacher],
    ] as const) {
      const retire = retireGuardian(db, actorOf(stage, role, by), mother.id, app.now())
      await assert.rejects(retire, { code: 'not_found' }, role)
    }
    for (const { id } of [elsewhere.mother, teacher]) {
      await assert.rejects(retireGuardian(db, actorOf(stage), id, app.now()), { code: 'not_found' })
    }
    await retireGuardian(db, actorOf(stage, 'reception'), mother.id, app.now())
    const [entry] = await auditOf(stage, mother)
    assert.deepEqual([entry.action, entry.actor_id], ['client.retired', stage.admin.id])
  })
})

const { db } = app.connection

function actorOf({ organization, admin }: Stage, role: Role = 'admin', { id } = admin): Actor {
  return {
    organization_id: organization.id,
    person_id: id,
    session_id: '',
    roles: [role],
    location_ids: [],
  }
}

function bookAt(client: Person, { id: provider_id }: Person, time: string, more: object = {}) {
  return book(app, client, { provider_id, starts_at: at(time), details, ...more })
}

async function stateOf({ admin: { token } }: Stage, id: string) {
  const { is_active, guardians } = (await app.get(`/dependents/${id}`, { token })).body
  return { is_active, guardians: guardians.map((one: { client_id: string }) => one.client_id) }
}

async function auditOf({ admin: { token } }: Stage, { id }: Person) {
  return (await app.get(`/audit-log?subject_id=${id}`, { token })).body.items
}

/** Nobody knows anybody here but by appointments: what the trade grants beyond that is taken back. */
async function arrange() {
  const stage = await newOrganization(app, { trade: 'school', rules: { grants: {} } })
  const [mother, father] = [await newClient(app, stage), await newClient(app, stage)]
  const { token } = (await newPerson(app, stage.organization, ['reception'])) as Person
  const childOf = async (...guardians: Person[]): Promise<string> => {
    const [first, ...others] = guardians
    const { body } = await app.post('/dependents', { token, body: { name: 'Kim', client_id: first!.id } })
    for (const { id } of others) {
      await app.request('PUT', `/dependents/${body.id}/guardians/${id}`, { token })
    }
    return body.id
  }
  return { stage, mother, father, teacher: await newProvider(app, stage), childOf }
}
