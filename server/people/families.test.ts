import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { MONDAY, startApp } from '../../test/app.ts'
import {
  book,
  newClient,
  newOrganization,
  newPerson,
  newProvider,
  type Person,
  type Stage,
} from '../../test/cast.ts'
import type { Actor, Role } from '../permissions.ts'
import { type FamiliesWanted, listFamilies, readFamilies } from './families.ts'

const app = await startApp()
after(() => app.stop())
beforeEach(() => app.setClock(MONDAY))

describe('a family', () => {
  it('is a client with the one whom they were the guardian of first', async () => {
    const { stage, mother, add } = await arrange()
    const first = await add(mother, { name: 'Robin', details: { class: '4b' } })
    app.pass({ minutes: 1 })
    await add(mother, { name: 'Alex' })
    const { items } = await listFamilies(db, by(stage, 'reception'), {})
    const [{ created_at, updated_at, ...family }] = items as [Awaited<typeof items>[number]]
    assert.deepEqual(family, {
      id: mother.id,
      name: mother.name,
      phone: null,
      details: {},
      dependent_id: first,
      dependent_name: 'Robin',
      dependent_details: { class: '4b' },
      total: 1,
    })
    assert.deepEqual([`${created_at}`, `${updated_at}`], [MONDAY, MONDAY])
  })

  it('is without those who are not looked after any more, and ends with the last', async () => {
    const { stage, mother, add, set } = await arrange()
    const first = await add(mother, { name: 'Robin' })
    app.pass({ minutes: 1 })
    const second = await add(mother, { name: 'Alex' })
    await set(first, { is_active: false })
    assert.deepEqual(await names(stage), ['Alex'])
    await set(second, { is_active: false })
    assert.deepEqual(await names(stage), [])
    assert.deepEqual(await readFamilies(db, stage.organization.id, [mother.id]), [])
    await set(first, { is_active: true })
    assert.deepEqual(await names(stage), ['Robin'])
  })

  it('is there for each guardian of the same child', async () => {
    const { stage, mother, father, add, guard } = await arrange()
    const child = await add(mother, { name: 'Robin' })
    await guard(child, father)
    const { items, total } = await listFamilies(db, by(stage, 'reception'), {})
    assert.deepEqual(items.map(({ id }) => id).toSorted(), [mother.id, father.id].toSorted())
    assert.deepEqual([items[0]!.dependent_id, items[1]!.dependent_id, total], [child, child, 2])
  })

  it('is found by its first child alone, for that is the one who is shown', async () => {
    const { stage, mother, add } = await arrange()
    await add(mother, { name: 'Robin', details: { class: '4b' } })
    app.pass({ minutes: 1 })
    await add(mother, { name: 'Alex', details: { class: '5c' } })
    assert.deepEqual(await names(stage, { dependent_name: 'ROB' }), ['Robin'])
    assert.deepEqual(await names(stage, { dependent_name: 'Alex' }), [])
    assert.deepEqual(await names(stage, { dependent_details: { class: '5' } }), [])
  })
})

describe('who sees which families', () => {
  it('the desk all, providers those who come to them, clients their own', async () => {
    const { stage, mother, father, teacher, add } = await arrange()
    const robin = await add(mother, { name: 'Robin' })
    await add(father, { name: 'Alex' })
    const starts_at = '2027-03-02T10:00:00Z'
    const wanted = { provider_id: teacher.id, dependent_id: robin, starts_at }
    const booked = await book(app, mother, { ...wanted, details: { meeting_mode: 'online' } })
    assert.equal(booked.status, 201)
    const stranger = await newProvider(app, stage)
    const table: [Role, Person, string[]][] = [
      ['admin', stage.admin, ['Alex', 'Robin']],
      ['secretary', stage.admin, ['Alex', 'Robin']],
      ['reception', stage.admin, ['Alex', 'Robin']],
      ['provider', teacher, ['Robin']],
      ['provider', stranger, []],
      ['client', mother, ['Robin']],
      ['client', father, ['Alex']],
    ]
    for (const [role, person, expected] of table) {
      const { items, total } = await listFamilies(db, by(stage, role, person), {})
      assert.deepEqual(items.map(({ dependent_name }) => dependent_name).toSorted(), expected, role)
      assert.equal(total, expected.length)
    }
  })

  it('nobody those of another organization', async () => {
    const [here, there] = [await arrange(), await arrange()]
    await there.add(there.mother, { name: 'Robin' })
    assert.deepEqual(await names(here.stage), [])
    assert.deepEqual(await readFamilies(db, here.stage.organization.id, [there.mother.id]), [])
    assert.equal((await readFamilies(db, there.stage.organization.id, [there.mother.id])).length, 1)
  })
})

it('families come by the names of the clients, in pages that count all of them', async () => {
  const { stage, add } = await arrange()
  const children: string[] = []
  for (let n = 0; n < 5; n++) {
    const client = await newClient(app, stage)
    await add(client, { name: `Of ${client.name}` })
    children.push(`Of ${client.name}`)
  }
  const page = async (wanted: FamiliesWanted) => {
    const { items, total } = await listFamilies(db, by(stage, 'reception'), wanted)
    return [items.map(({ dependent_name }) => dependent_name), total]
  }
  const all = await names(stage)
  assert.deepEqual(all.toSorted(), children.toSorted())
  assert.deepEqual(await page({ limit: 2 }), [all.slice(0, 2), 5])
  assert.deepEqual(await page({ limit: 2, skip: 2 }), [all.slice(2, 4), 5])
  assert.deepEqual(await page({ limit: 2, skip: 4 }), [all.slice(4), 5])
})

const { db } = app.connection

function by({ organization, admin }: Stage, role: Role, { id }: Person = admin): Actor {
  return { organization_id: organization.id, person_id: id, session_id: '', roles: [role], location_ids: [] }
}

async function names(stage: Stage, wanted: FamiliesWanted = {}): Promise<string[]> {
  const { items } = await listFamilies(db, by(stage, 'reception'), wanted)
  return items.map(({ dependent_name }) => dependent_name)
}

/** A school that grants its teachers nothing beyond the table of permissions. */
async function arrange() {
  const stage = await newOrganization(app, { trade: 'school', rules: { grants: {} } })
  const [mother, father] = [await newClient(app, stage), await newClient(app, stage)]
  const { token } = await newPerson(app, stage.organization, ['reception'])
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await app.request(method, `/dependents${path}`, { token, body })
    assert.ok(answer.status < 300, JSON.stringify(answer.body))
    return answer.body
  }
  return {
    stage,
    mother,
    father,
    teacher: await newProvider(app, stage),
    add: async ({ id: client_id }: Person, body: object): Promise<string> =>
      (await ask('POST', '', { client_id, ...body })).id,
    set: (id: string, change: object) => ask('PATCH', `/${id}`, change),
    guard: (id: string, guardian: Person) => ask('PUT', `/${id}/guardians/${guardian.id}`),
  }
}
